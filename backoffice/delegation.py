"""Delegations: people who come together to the meetings of an event."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

from backoffice.kit.columns import count_column
from backoffice.kit.deletion import page_of
from backoffice.kit.edit_conflicts import VersionedAdmin
from backoffice.kit.searched_filters import by_event
from backoffice.meeting_words import name_of
from meetings.models import Delegation, Participant


@admin.register(Delegation)
class DelegationAdmin(VersionedAdmin):
    """Its members are put into it on the list of participants, by an action."""

    unrecorded = ("name",)
    list_display = ["name", "event", "member_count"]
    list_filter = [by_event("event")]
    list_select_related = ["event"]
    ends_on = "delegations"
    fields = ["event", "name", "people"]
    readonly_fields = ["event", "people"]

    member_count = count_column("members_here", pgettext_lazy("delegation", "members"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delegation]:
        rows: QuerySet[Delegation] = super().get_queryset(request)
        return rows.select_related("event").annotate(members_here=Count("members"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        # On the page of the event, several at once.
        return False

    def lock_row(self, key: int) -> None:
        Delegation.objects.select_for_update(no_key=True).filter(pk=key).first()

    @admin.display(description=pgettext_lazy("delegation", "members"))
    def people(self, row: Delegation) -> SafeString | str:
        members = Participant.objects.filter(delegation=row).with_person()
        lines = [(page_of(each), name_of(each)) for each in members]
        return format_html_join("", '<div><a href="{}">{}</a></div>', lines) or "—"
