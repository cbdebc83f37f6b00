"""Requests for meetings: who asked whom, and what organizers do about it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import Q, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.kit.actions import Action, Facts, ForSelected
from backoffice.kit.columns import status_column
from backoffice.kit.deletion import page_of
from backoffice.kit.guard import GuardedChangeList
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.private_search import PrivateChangeList, PrivateSearch
from backoffice.kit.read_only import ReadOnly
from backoffice.kit.searched_filters import by_event, of_row
from backoffice.kit.selected_rows import list_first
from backoffice.kit.zones import moment_column
from backoffice.meeting_words import name_of
from backoffice.participant_actions import PriorityField
from backoffice.report_selection import FigureFilter
from meetings.domain import request as requests
from meetings.models import MeetingRequest, MeetingRequestQuerySet, Participant
from summit.lib.i18n.languages import Words, listed_long
from summit.lib.i18n.names import staff_name
from summit.lib.web.requests import StaffRequest

Status = MeetingRequest.Status
MAY_CHANGE = "meetings.change_meetingrequest"

type Run = Callable[[ModelAdmin, StaffRequest, MeetingRequest, dict[str, Any]], Any]


def _who(row: MeetingRequest) -> tuple[str, str]:
    return (f"{name_of(row.asker)} → {name_of(row.asked)}", row.get_status_display())


def _facts(row: MeetingRequest) -> Facts:
    facts = [
        (_("Asked by"), name_of(row.asker)),
        (pgettext_lazy("meeting request", "To"), name_of(row.asked)),
        (_("Reason"), row.reason),
    ]
    return [(label, fact) for label, fact in facts if fact]


def _first_of(rows: QuerySet[MeetingRequest]) -> Facts:
    return list_first(rows.with_people(), _who)  # type: ignore[attr-defined]  # of requests


def _action(  # what differs from one to the next
    name: str,
    label: Words,
    explanation: Words,
    run: Run,
    done: Words,
    *,
    statuses: tuple[str, ...],
    selected: Words,
    all_done: Words,
    form: type[forms.Form] = forms.Form,
    is_main: bool = False,
    is_grave: bool = False,
) -> Action[MeetingRequest]:
    """Return an action for requests of these statuses, for one and for those selected."""
    return Action(
        name=name,
        label=label,
        explanation=explanation,
        run=run,
        done=done,
        offered=lambda admin, row: row.status in statuses,
        form=form,
        facts=_facts,
        permission=MAY_CHANGE,
        is_main=is_main,
        is_grave=is_grave,
        selected=ForSelected(
            label=selected,
            rows=lambda admin, request, rows: rows.filter(status__in=statuses),
            done=all_done,
            facts=_first_of,
        ),
    )


ACCEPT = _action(
    "accept",
    pgettext_lazy("meeting request", "Accept"),
    _("The meeting is agreed, and both sides are told. A schedule gives it a time and a table."),
    lambda admin, http, row, given: requests.accept(row, by=http.user),
    _("The meeting is agreed."),
    statuses=(Status.OPEN, Status.DECLINED, Status.EXPIRED),
    selected=_("Accept the selected requests"),
    all_done=ngettext_lazy(
        "%(count)d request is accepted.", "%(count)d requests are accepted.", "count"
    ),
    is_main=True,
)
DECLINE = _action(
    "decline",
    pgettext_lazy("meeting request", "Decline"),
    _(
        "Who asked is told. Where the meeting is agreed, it is called off and leaves the schedule. "
        "The same person cannot ask again at this event."
    ),
    lambda admin, http, row, given: requests.decline(row, by=http.user),
    _("The request is declined."),
    statuses=(Status.OPEN, Status.ACCEPTED),
    selected=_("Decline the selected requests"),
    all_done=ngettext_lazy(
        "%(count)d request is declined.", "%(count)d requests are declined.", "count"
    ),
    is_grave=True,
)
WITHDRAW = _action(
    "withdraw",
    pgettext_lazy("meeting request", "Withdraw"),
    _(
        "For who asked and changed their mind. Where the meeting is agreed, it is called off and "
        "leaves the schedule."
    ),
    lambda admin, http, row, given: requests.withdraw(row, by=http.user),
    _("The request is withdrawn."),
    statuses=(Status.OPEN, Status.ACCEPTED),
    selected=_("Withdraw the selected requests"),
    all_done=ngettext_lazy(
        "%(count)d request is withdrawn.", "%(count)d requests are withdrawn.", "count"
    ),
    is_grave=True,
)
TAKE_UP = _action(
    "take-up",
    _("Take up again"),
    _("It is open once more, with the full time to answer. The other side is told."),
    lambda admin, http, row, given: requests.take_up_again(row, by=http.user),
    _("The request is open again."),
    statuses=(Status.EXPIRED, Status.WITHDRAWN),
    selected=_("Take up the selected requests again"),
    all_done=ngettext_lazy(
        "%(count)d request is open again.", "%(count)d requests are open again.", "count"
    ),
)


class PriorityForm(forms.Form):
    priority = PriorityField()

    @staticmethod
    def initial_for(row: MeetingRequest) -> dict[str, Any]:
        return {"priority": row.priority}


PRIORITY = _action(
    "priority",
    _("Set the priority"),
    _("The higher it is, the earlier a schedule places the meeting. Participants do not see it."),
    lambda admin, http, row, given: requests.set_priority(row, given["priority"], by=http.user),
    _("The priority is set."),
    statuses=(Status.OPEN, Status.ACCEPTED),
    selected=_("Set the priority of the selected requests"),
    all_done=ngettext_lazy(
        "The priority of %(count)d request is set.",
        "The priority of %(count)d requests is set.",
        "count",
    ),
    form=PriorityForm,
)


class RequestChangeList(GuardedChangeList, PrivateChangeList):
    pass


def _of_participant(row: Participant, _user: Any) -> Q:
    return Q(asker=row) | Q(asked=row)


@admin.register(MeetingRequest)
class MeetingRequestAdmin(ReadOnly, PrivateSearch, SummitAdmin):
    """Participants ask on their personal page; an organizer asks on the page of a participant."""

    changelist_class = RequestChangeList
    actions = [ACCEPT, DECLINE, WITHDRAW, TAKE_UP, PRIORITY]
    list_display = ["who", "about", "state", "priority", "asked_on", "expires"]
    list_display_links = ["who"]
    list_filter = [
        *("status", "priority"),
        by_event("event"),
        of_row(Participant, _of_participant, name="participant"),
        FigureFilter,
    ]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["asker__registration__search_text", "asked__registration__search_text"]
    search_help_text = _("Name, pinyin or organization of one of the two.")
    ends_on = "meetings"
    fields = readonly_fields = (
        *("from_whom", "to_whom", "reason", "about_projects", "state", "priority"),
        *("asked_on", "expires", "answered_on", "by_organizer"),
    )

    asked_on = moment_column(MeetingRequest, "asked_at", zone=lambda row: row.event.zone)
    expires = moment_column(MeetingRequest, "expires_at", zone=lambda row: row.event.zone)
    answered_on = moment_column(MeetingRequest, "answered_at", zone=lambda row: row.event.zone)
    state = status_column

    def get_queryset(self, request: Any) -> MeetingRequestQuerySet:
        rows: MeetingRequestQuerySet = super().get_queryset(request)
        return rows.with_people().select_related(
            *("event", "asker__registration", "asked__registration"),
            *("entered_by", "answered_by"),
        )

    @admin.display(description=_("who would like to meet whom"))
    def who(self, row: MeetingRequest) -> SafeString:
        lines = (name_of(row.asker), f"→ {name_of(row.asked)}")
        return format_html_join("", "<div>{}</div>", [(line,) for line in lines])

    @admin.display(description=_("reason"))
    def about(self, row: MeetingRequest) -> str:
        return Truncator(row.reason).chars(80)

    @admin.display(description=pgettext_lazy("meeting request", "asked by"))
    def from_whom(self, row: MeetingRequest) -> SafeString:
        return _link(row.asker)

    @admin.display(description=pgettext_lazy("meeting request", "to"))
    def to_whom(self, row: MeetingRequest) -> SafeString:
        return _link(row.asked)

    @admin.display(description=_("about the projects"))
    def about_projects(self, row: MeetingRequest) -> str:
        return listed_long(row.projects.all()) or "—"

    @admin.display(description=pgettext_lazy("meeting request", "organizer"))
    def by_organizer(self, row: MeetingRequest) -> str:
        """Who of the staff asked or answered in somebody's name."""
        lines = []
        if row.entered_by:
            lines.append(gettext("entered by %(who)s") % {"who": staff_name(row.entered_by)})
        if row.answered_by:
            lines.append(gettext("answered by %(who)s") % {"who": staff_name(row.answered_by)})
        return listed_long(lines) or "—"


def _link(participant: Participant) -> SafeString:
    return format_html('<a href="{}">{}</a>', page_of(participant), name_of(participant))
