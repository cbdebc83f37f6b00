"""The published schedule as one person or one interpreter has it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from meetings.models import (
    Interpreter,
    Meeting,
    MeetingPerson,
    MeetingTable,
    Participant,
    Placement,
    ScheduleVersion,
)
from projects.models import Project


@dataclass(frozen=True, slots=True)
class Appointment:
    """A meeting in somebody's schedule. ``sides`` are who comes, the first side first.

    For a participant ``others`` are those of the other side, for an interpreter everybody.
    """

    meeting: Meeting
    starts_at: dt.datetime
    ends_at: dt.datetime
    table: MeetingTable
    interpreter: Interpreter | None
    sides: tuple[tuple[Participant, ...], tuple[Participant, ...]]
    others: tuple[Participant, ...]
    projects: tuple[Project, ...]

    @property
    def is_over(self) -> bool:
        return (
            self.meeting.status
            in (
                Meeting.Status.HELD,
                Meeting.Status.NO_SHOW,
            )
            or self.ends_at <= timezone.now()
        )

    @property
    def may_be_called_off(self) -> bool:
        """Whether the people themselves may still call it off: until it begins."""
        return self.meeting.status == Meeting.Status.AGREED and self.starts_at > timezone.now()


def appointments_of(participant: Participant) -> list[Appointment]:
    """Return a participant's meetings in their order. Five queries, however many there are."""
    return _appointments(Placement.objects.filter(people=participant), participant)


def appointments_of_interpreter(interpreter: Interpreter) -> list[Appointment]:
    """Return the meetings at which somebody interprets, in their order. Five queries."""
    return _appointments(Placement.objects.filter(interpreter=interpreter), None)


def _appointments(placements: QuerySet[Placement], reader: Participant | None) -> list[Appointment]:
    people = Participant.objects.with_person()
    rows = (
        placements.filter(version__status=ScheduleVersion.Status.PUBLISHED)
        .exclude(meeting__status=Meeting.Status.CANCELLED)
        .select_related("meeting__event", "slot", "table", "interpreter")
        .prefetch_related(
            Prefetch("people", people.order_by("pk")),
            Prefetch("meeting__people", MeetingPerson.objects.order_by("side", "pk")),
            "meeting__projects",
        )
        .order_by("slot__starts_at", "pk")
    )
    return [_appointment(row, reader) for row in rows]


def _appointment(row: Placement, reader: Participant | None) -> Appointment:
    side_of = {each.participant_id: each.side for each in row.meeting.people.all()}
    come = list(row.people.all())
    first = tuple(each for each in come if side_of.get(each.pk, 1) == 1)
    second = tuple(each for each in come if side_of.get(each.pk, 1) == 2)
    if reader is None:
        others: Iterable[Participant] = come
    else:
        others = second if side_of.get(reader.pk, 1) == 1 else first
    return Appointment(
        meeting=row.meeting,
        starts_at=row.slot.starts_at,
        ends_at=row.slot.ends_at + dt.timedelta(minutes=row.meeting.extra_minutes),
        table=row.table,
        interpreter=row.interpreter,
        sides=(first, second),
        others=tuple(others),
        projects=tuple(row.meeting.projects.all()),
    )
