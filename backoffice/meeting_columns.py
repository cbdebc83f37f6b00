"""What lists, pages and exports show of a meeting: who, when, where, and what came of it."""

import datetime as dt

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.kit.columns import state_mark, status_column
from backoffice.kit.deletion import page_of
from backoffice.kit.zones import short_moment
from backoffice.meeting_words import name_of
from meetings.models import Meeting, MeetingOutcome, MeetingPerson, Placement, ScheduleVersion
from summit.lib.i18n.languages import listed
from summit.lib.i18n.names import staff_name


def with_all(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Bring along people, place and outcome: three queries more, however many meetings."""
    people = MeetingPerson.objects.select_related("participant__registration")
    places = Placement.objects.filter(
        version__status=ScheduleVersion.Status.PUBLISHED
    ).select_related("slot", "table", "interpreter")
    return rows.select_related(
        "event", "outcome__intention", "outcome__recorded_by", "stands_in_for"
    ).prefetch_related(
        Prefetch("people", people.order_by("side", "-must", "pk")),
        Prefetch("placements", places, to_attr="published"),
        "projects",
    )


def outcome_of(meeting: Meeting) -> MeetingOutcome | None:
    return getattr(meeting, "outcome", None)


def place_of(meeting: Meeting) -> Placement | None:
    """Return where the published schedule puts it, as ``with_all`` has read it."""
    found: list[Placement] = meeting.published  # type: ignore[attr-defined]  # prefetched
    return found[0] if found else None


def begins_at(meeting: Meeting) -> dt.datetime | None:
    """Return when it began; before that, when the schedule says that it does."""
    place = place_of(meeting)
    return meeting.begun_at or (place.slot.starts_at if place else None)


def side_in_words(meeting: Meeting, side: int) -> list[str]:
    """Return who is on a side, each with the organization."""
    found = []
    for row in meeting.people.all():
        if row.side == side:
            name = name_of(row.participant)
            found.append(f"{name} · {gettext('did not come')}" if row.did_not_come else name)
    return found


class MeetingColumns:
    """What the list and the page of a meeting show: columns of an admin."""

    state = status_column

    @admin.display(description=pgettext_lazy("meeting", "people"))
    def people(self, meeting: Meeting) -> SafeString:
        lines = [(line,) for side in (1, 2) for line in side_in_words(meeting, side)]
        return format_html_join("", "<div>{}</div>", lines) or SafeString("—")

    @admin.display(description=pgettext_lazy("meeting", "first side"))
    def first_side(self, meeting: Meeting) -> SafeString:
        return self._side(meeting, 1)

    @admin.display(description=pgettext_lazy("meeting", "second side"))
    def second_side(self, meeting: Meeting) -> SafeString:
        return self._side(meeting, 2)

    def _side(self, meeting: Meeting, side: int) -> SafeString:
        lines = [(line,) for line in side_in_words(meeting, side)]
        return format_html_join("", "<div>{}</div>", lines) or SafeString("—")

    @admin.display(description=pgettext_lazy("meeting", "when"))
    def when(self, meeting: Meeting) -> SafeString:
        at = begins_at(meeting)
        return short_moment(at, meeting.event.zone) if at else SafeString("—")

    @admin.display(description=pgettext_lazy("meeting", "where"))
    def where(self, meeting: Meeting) -> str:
        place = place_of(meeting)
        if place is None:
            return "—"
        return listed(filter(None, (place.table.name, str(place.table.room))))

    @admin.display(description=_("interpreter"))
    def interpreter(self, meeting: Meeting) -> str:
        place = place_of(meeting)
        return place.interpreter.name if place and place.interpreter else "—"

    @admin.display(description=pgettext_lazy("meetings", "outcome"), ordering="outcome__kind")
    def result(self, meeting: Meeting) -> SafeString:
        outcome = outcome_of(meeting)
        if outcome is None:
            return SafeString("—")
        return state_mark(f"outcome-{outcome.kind}", outcome.get_kind_display())

    @admin.display(
        description=pgettext_lazy("meetings", "outcome and next step"), ordering="outcome__due_on"
    )
    def result_and_step(self, meeting: Meeting) -> SafeString:
        """The outcome, and below it what is to be done next, where there is something."""
        outcome = outcome_of(meeting)
        if outcome is None or not outcome.next_step:
            return self.result(meeting)
        return format_html("{}<div>{}</div>", self.result(meeting), self.step(meeting))

    @admin.display(description=pgettext_lazy("meeting", "when"), ordering="event__starts_at")
    def when_and_event(self, meeting: Meeting) -> SafeString:
        return format_html("<div>{}</div>{}", meeting.event.title, self.when(meeting))

    @admin.display(description=_("next step"), ordering="outcome__due_on")
    def step(self, meeting: Meeting) -> SafeString:
        """The next step, and below it by whom and until when, or on which day it was done."""
        outcome = outcome_of(meeting)
        if outcome is None or not outcome.next_step:
            return SafeString("—")
        mark = step_mark(outcome, meeting.event.today)
        return format_html(
            '<div>{}</div><div class="quiet">{} {}</div>',
            *(outcome.next_step, outcome.next_step_by, mark),
        )

    @admin.display(description=pgettext_lazy("meetings", "note"))
    def note(self, meeting: Meeting) -> str:
        outcome = outcome_of(meeting)
        return (outcome.note if outcome else "") or "—"

    @admin.display(description=_("cooperation intention"))
    def intention(self, meeting: Meeting) -> SafeString:
        outcome = outcome_of(meeting)
        if outcome is None or outcome.intention is None:
            return SafeString("—")
        made = outcome.intention
        link = format_html('<a href="{}">{}</a>', page_of(made), made)
        return format_html("{} {}", link, state_mark(made.status, made.get_status_display()))

    @admin.display(description=_("about the projects"))
    def about(self, meeting: Meeting) -> SafeString:
        found = [(page_of(row), row.title) for row in meeting.projects.all()]
        return format_html_join("", '<div><a href="{}">{}</a></div>', found) or SafeString("—")

    @admin.display(description=_("recorded by"))
    def recorded(self, meeting: Meeting) -> SafeString:
        outcome = outcome_of(meeting)
        if outcome is None:
            return SafeString("—")
        at = short_moment(outcome.recorded_at, meeting.event.zone)
        return format_html("{} {}", at, staff_name(outcome.recorded_by))

    @admin.display(description=_("stands in for"))
    def replaces(self, meeting: Meeting) -> SafeString:
        if meeting.stands_in_for_id is None:
            return SafeString("—")
        address = reverse("admin:meetings_meeting_change", args=[meeting.stands_in_for_id])
        return format_html('<a href="{}">{}</a>', address, meeting.stands_in_for)


def step_mark(outcome: MeetingOutcome, today: dt.date) -> SafeString:
    """Return where a next step stands: done, overdue, or due on a day."""
    if outcome.done_on is not None:
        day = outcome.done_on.isoformat()
        return state_mark("done", gettext("done on %(day)s") % {"day": day})
    if outcome.due_on is None:
        return SafeString("")
    is_late = outcome.due_on < today
    words = gettext("overdue since %(day)s") if is_late else gettext("until %(day)s")
    return state_mark("overdue" if is_late else "due", words % {"day": outcome.due_on.isoformat()})
