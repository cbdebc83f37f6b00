"""What visitors wrote: a list to work through, and a page for each with what is done with it.

Nobody but organizers sees it. The list finds people by words that stand in no address
(``private_search.py``), and nothing here writes a name into the admin's log.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.interest_actions import ASSIGN, CLOSE, ERASE, REOPEN, SPAM
from backoffice.interest_facts import told_answers, told_hand_overs
from backoffice.interest_steps import ANSWER, DRAFT, MEETING, PASS_ON
from backoffice.kit.columns import status_column
from backoffice.kit.deletion import page_of
from backoffice.kit.edit_conflicts import VersionedAdmin
from backoffice.kit.filters import ChoiceFilter, lately
from backoffice.kit.guard import GuardedChangeList
from backoffice.kit.private_search import PrivateChangeList, PrivateSearch
from backoffice.kit.searched_filters import by_event, by_series
from interests.models import Interest, InterestQuerySet
from summit.lib.i18n.languages import OWN_NAMES
from summit.lib.i18n.names import staff_name

Status = Interest.Status


def _of_status(value: str) -> Callable[[InterestQuerySet, User], InterestQuerySet]:
    return lambda rows, user: rows.filter(status=value)


class StateFilter(ChoiceFilter):
    title = _("status")
    parameter_name = "state"
    options = {
        "open": (_("all open"), lambda rows, user: rows.open()),
        **{value: (label, _of_status(value)) for value, label in Status.choices},
    }


class AboutFilter(ChoiceFilter):
    title = pgettext_lazy("interest", "about")
    parameter_name = "about"
    options = {
        "project": (_("a project"), lambda rows, user: rows.exclude(project=None)),
        "expert": (_("an expert"), lambda rows, user: rows.exclude(expert=None)),
        "event": (_("an event"), lambda rows, user: rows.filter(project=None, expert=None)),
    }


class WhoseFilter(ChoiceFilter):
    title = _("assigned to")
    parameter_name = "whose"
    options = {
        "mine": (
            pgettext_lazy("interest", "mine"),
            lambda rows, user: rows.filter(assigned_to=user),
        ),
        "nobody": (_("assigned to nobody"), lambda rows, user: rows.filter(assigned_to=None)),
    }


class ConsentFilter(ChoiceFilter):
    title = _("may be passed on")
    parameter_name = "agreed"
    options = {
        "yes": (_("yes"), lambda rows, user: rows.exclude(consented_at=None)),
        "no": (_("no"), lambda rows, user: rows.filter(consented_at=None)),
    }


class ReceivedFilter(ChoiceFilter):
    """What came lately: a wave of spam is there at once."""

    title = _("received")
    parameter_name = "received"
    options = lately("received_at")


class InterestChangeList(GuardedChangeList, PrivateChangeList):
    pass


class InterestColumns:
    """What lists and pages show of an expression of interest: columns of an admin."""

    state = status_column

    @admin.display(description=_("received"), ordering="received_at")
    def received(self, interest: Interest) -> SafeString:
        day = timezone.localdate(interest.received_at).isoformat()
        return format_html('<span class="when">{}</span>', day)

    @admin.display(description=pgettext_lazy("interest", "about"))
    def about(self, interest: Interest) -> SafeString:
        row = interest.about
        kind = row._meta.verbose_name
        link = format_html('<a href="{}">{}</a>', page_of(row), interest.about_title)
        return format_html('{} <span class="quiet">{}</span>', link, kind)

    @admin.display(description=pgettext_lazy("interest", "from"), ordering="sort_name")
    def sender(self, interest: Interest) -> SafeString:
        lines = (interest.name, interest.organization_name)
        return format_html_join("", "<div>{}</div>", [(line,) for line in lines if line])

    @admin.display(description=_("how to reach"))
    def ways(self, interest: Interest) -> SafeString:
        found = (interest.readable_phone, interest.readable_email)
        return format_html_join("", "<div>{}</div>", [(way,) for way in found if way])

    @admin.display(description=_("may be passed on"))
    def agreed(self, interest: Interest) -> str:
        if interest.is_agreed:
            return gettext("yes")
        return gettext("no, withdrawn") if interest.withdrawn_at else gettext("no")

    @admin.display(description=_("assigned to"), ordering="assigned_to__username")
    def person(self, interest: Interest) -> str:
        return staff_name(interest.assigned_to)

    @admin.display(description=_("kept until"))
    def kept_until(self, interest: Interest) -> SafeString:
        day = timezone.localdate(interest.kept_until).isoformat()
        return format_html('<span class="when">{}</span>', day)

    @admin.display(description=pgettext_lazy("interest", "answers"))
    def answers(self, interest: Interest) -> str:
        return told_answers(interest) or "—"

    @admin.display(description=_("passed on to"))
    def hand_overs(self, interest: Interest) -> str:
        return told_hand_overs(interest) or "—"

    @admin.display(description=_("draft intention"))
    def draft(self, interest: Interest) -> str:
        made = interest.intention
        return format_html('<a href="{}">{}</a>', page_of(made), made) if made else "—"

    @admin.display(description=_("language"))
    def language(self, interest: Interest) -> str:
        return OWN_NAMES.get(interest.language, interest.language)


@admin.register(Interest)
class InterestAdmin(InterestColumns, PrivateSearch, VersionedAdmin):
    """What was sent stays as it was sent; an organizer notes something, and says which event."""

    changelist_class = InterestChangeList
    actions = [ANSWER, PASS_ON, MEETING, DRAFT, ASSIGN, CLOSE, REOPEN, SPAM, ERASE]
    # What is typed, and what is done with it; no history keeps what it was.
    unrecorded = ("staff_note", "event", "status", "assigned_to", "consented_at", "last_step_at")
    list_display = ["sender", "about", "received", "progress"]
    list_display_links = ["sender"]
    list_filter = [
        StateFilter,
        AboutFilter,
        WhoseFilter,
        ConsentFilter,
        ReceivedFilter,
        by_event("event"),
        by_series("event__series"),
    ]
    ends_on = "interests"
    list_per_page = 50
    date_hierarchy = "received_at"
    show_full_result_count = False
    search_fields = ["search_text", "project__search_text", "expert__search_text"]
    search_help_text = _(
        "Name, pinyin, organization, e-mail, phone or words of the message, or the name of the "
        "project or expert."
    )
    autocomplete_fields = ["event"]
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget({"rows": 3})}}
    fieldsets = [
        (None, {"fields": ["about", "event", "state", "person"]}),
        (
            _("What was sent"),
            {
                "fields": [
                    *("sender", "ways", "message", "language", "received", "agreed", "kept_until"),
                ]
            },
        ),
        (_("What was done"), {"fields": ["answers", "hand_overs", "draft"]}),
        (pgettext_lazy("interest", "Note"), {"fields": ["staff_note"]}),
    ]
    readonly_fields = [
        *("about", "state", "person", "sender", "ways", "message", "language", "received"),
        *("agreed", "kept_until", "answers", "hand_overs", "draft"),
    ]

    def get_queryset(self, request: HttpRequest) -> InterestQuerySet:
        return super().get_queryset(request).with_about()

    @admin.display(description=_("status"), ordering="status")
    def progress(self, interest: Interest) -> SafeString:
        """The status, and below it to whom it is assigned and whether it may be passed on."""
        lines = [staff_name(interest.assigned_to)] if interest.assigned_to else []
        if interest.is_agreed:
            lines.append(pgettext("interest", "may be passed on"))
        below = format_html_join("", '<div class="quiet">{}</div>', [(line,) for line in lines])
        return format_html("{}{}", status_column(self, interest), below)

    def get_readonly_fields(self, request: HttpRequest, obj: Interest | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        # Without its event a question to the organizers would be about nothing.
        is_of_event = obj is not None and obj.project_id is None and obj.expert_id is None
        return [*fields, "event"] if is_of_event else fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Visitors send them.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Interest | None = None) -> bool:
        # With its mails and its traces: an action erases it.
        return False

    def lock_row(self, key: int) -> None:
        # It may be erased meanwhile: saving must not bring it back.
        Interest.objects.select_for_update(no_key=True).filter(pk=key).first()
