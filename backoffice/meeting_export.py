"""What an exported list of meetings holds. It names people, so that it asks for what it is."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.kit.exporting import Column, ExportList, column
from backoffice.meeting_columns import begins_at, outcome_of, place_of, side_in_words
from meetings.models import Meeting, MeetingOutcome
from summit.lib.i18n.languages import Words, listed
from summit.lib.i18n.names import staff_name
from summit.lib.spreadsheets import Cell, Kind


def _side(side: int) -> Callable[[Meeting], str]:
    return lambda meeting: listed(side_in_words(meeting, side))


def _of_outcome(
    tell: Callable[[MeetingOutcome], Cell | Words],
) -> Callable[[Meeting], Cell | Words]:
    """Return what is told of an outcome; an empty cell where there is none."""

    def cell(meeting: Meeting) -> Cell | Words:
        outcome = outcome_of(meeting)
        return "" if outcome is None else tell(outcome)

    return cell


def _begins(meeting: Meeting) -> str:
    at = begins_at(meeting)
    return f"{at.astimezone(meeting.event.zone):%Y-%m-%d %H:%M}" if at else ""


def _table(meeting: Meeting) -> str:
    place = place_of(meeting)
    return listed(filter(None, (place.table.name, str(place.table.room)))) if place else ""


def _interpreter(meeting: Meeting) -> str:
    place = place_of(meeting)
    return place.interpreter.name if place and place.interpreter else ""


def _projects(meeting: Meeting) -> str:
    return listed(str(each.title) for each in meeting.projects.all())


MEETINGS = ExportList(
    "meetings",
    [
        Column.of(_("Event"), lambda row: row.event.title, width=28),
        Column.of(pgettext_lazy("meeting", "First side"), _side(1), width=30),
        Column.of(pgettext_lazy("meeting", "Second side"), _side(2), width=30),
        Column.of(_("Projects"), _projects, width=28),
        Column.of(_("Start (in the event’s time zone)"), _begins, width=17),
        Column.of(pgettext_lazy("meetings", "Table"), _table, width=12),
        Column.of(_("Interpreter"), _interpreter, width=14),
        column(Meeting, "status"),
        column(Meeting, "origin"),
        Column.of(
            pgettext_lazy("meetings", "Outcome"),
            _of_outcome(lambda row: row.get_kind_display()),
            width=16,
        ),
        Column.of(pgettext_lazy("meetings", "Note"), _of_outcome(lambda row: row.note), width=40),
        Column.of(_("Next step"), _of_outcome(lambda row: row.next_step), width=30),
        Column.of(_("By whom"), _of_outcome(lambda row: row.next_step_by), width=16),
        Column.of(
            pgettext_lazy("next step", "Until"), _of_outcome(lambda row: row.due_on), Kind.DAY
        ),
        Column.of(_("Done on"), _of_outcome(lambda row: row.done_on), Kind.DAY),
        Column.of(
            _("Cooperation intention"),
            _of_outcome(lambda row: row.intention.reference if row.intention else ""),
            width=16,
        ),
        Column.of(_("Recorded by"), _of_outcome(lambda row: staff_name(row.recorded_by)), width=16),
    ],
    is_numbered=True,
    permission="registrations.export_registration",
)
