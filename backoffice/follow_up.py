"""Follow-ups: which are due, to whom they are assigned, and what each found."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import F, Model, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from backoffice.done_earlier import CLOSE
from backoffice.follow_up_actions import (
    ASSIGN,
    RECORD,
    RESCHEDULE,
    FollowUpColumns,
    iso,
    parties_of,
)
from backoffice.follow_up_filters import PersonFilter, WhenFilter, WhoseFilter
from backoffice.intention_exports import FOLLOW_UPS
from backoffice.kit.actions import Action
from backoffice.kit.edit_conflicts import VersionedAdmin
from backoffice.kit.searched_filters import by_event, by_series
from backoffice.report_selection import FigureFilter
from events.models import Event
from projects.domain import feed
from projects.models import FollowUp
from summit.lib.i18n.languages import Words
from summit.lib.i18n.names import staff_name
from summit.lib.web.requests import StaffRequest


@admin.register(FollowUp)
class FollowUpAdmin(FollowUpColumns, VersionedAdmin):
    """A page that tells, with buttons that do: nothing is typed over what was found."""

    actions = [RECORD, ASSIGN, RESCHEDULE, CLOSE, FOLLOW_UPS]
    list_display = ["due", "reference", "parties", "person", "state", "done"]
    list_filter = [
        WhenFilter,
        WhoseFilter,
        "outcome",
        ("assigned_to", PersonFilter),
        by_series("intention__event__series"),
        by_event("intention__event"),
        FigureFilter,
    ]
    list_select_related = ["intention__event", "assigned_to", "done_by"]
    list_per_page = 50
    show_full_result_count = False
    # What is to be done first, by its day; then what was done last.
    ordering = [F("done_on").desc(nulls_first=True), "due_on", "pk"]
    search_fields = [
        "intention__reference",
        "intention__company__search_text",
        "intention__expert__search_text",
    ]
    search_help_text = _("Reference, company or expert")
    fieldsets = [
        (None, {"fields": ["intention_link", "parties", "due_on", "state", "person"]}),
        (_("What it found"), {"fields": ["done", "note", "next_step"]}),
    ]
    readonly_fields = ["intention_link", "parties", "state", "person", "done"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.feed_view)
        return [path("feed/", view, name="projects_followup_feed"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        # They are planned on the page of an intention.
        return False

    def has_change_permission(self, request: HttpRequest, obj: FollowUp | None = None) -> bool:
        # Nobody edits a row: what may be done with it, the buttons do.
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: FollowUp | None = None) -> bool:
        return False

    def may_use(self, action: Action[Any], request: HttpRequest, obj: Model | None) -> bool:
        return self.has_change_permission(request)

    def event_in_sight(self, obj: FollowUp) -> Event:
        return obj.intention.event

    def get_queryset(self, request: HttpRequest) -> QuerySet[FollowUp]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def feed_view(self, request: StaffRequest) -> HttpResponse:
        """Make, replace or stop the calendar feed of whoever asks."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        do = request.POST.get("do", "")
        if do not in FEED:
            raise Http404
        run, done = FEED[do]
        run(request.user)
        messages.success(request, done)
        return HttpResponseRedirect(reverse("admin:index") + "#start-feed")

    @admin.display(description=_("reference"), ordering="intention__reference")
    def reference(self, follow_up: FollowUp) -> str | None:
        return follow_up.intention.reference

    @admin.display(description=_("parties"))
    def parties(self, follow_up: FollowUp) -> str:
        return parties_of(follow_up)

    @admin.display(description=_("cooperation intention"))
    def intention_link(self, follow_up: FollowUp) -> str:
        page = reverse("admin:projects_cooperationintention_change", args=[follow_up.intention_id])
        return format_html('<a href="{}">{}</a>', page, follow_up.intention.reference)

    @admin.display(description=_("done"), ordering="done_on")
    def done(self, follow_up: FollowUp) -> str:
        if follow_up.done_on is None:
            return "—"
        return format_html("{} {}", iso(follow_up.done_on), staff_name(follow_up.done_by))


FEED: dict[str, tuple[Callable[[User], object], Words]] = {
    "make": (feed.create, _("Your calendar feed has a link now.")),
    "replace": (feed.replace, _("Your calendar feed has a new link. The old one no longer works.")),
    "stop": (feed.stop, _("Your calendar feed is stopped.")),
}
