"""The published schedule as desk, screens and paper show it: all read it here, so they agree."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone
from django.utils.safestring import SafeString

from events.models import Event
from meetings.models import (
    Interpreter,
    Meeting,
    MeetingPerson,
    MeetingSlot,
    MeetingTable,
    Participant,
    Placement,
    ScheduleVersion,
)
from summit.lib.i18n import clock

Status = Meeting.Status


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who comes to a meeting, and whether they are there."""

    person: Participant
    arrived_at: dt.datetime | None
    did_not_come: bool


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting at its place in the published schedule; ``sides`` are who comes."""

    meeting: Meeting
    slot: MeetingSlot
    table: MeetingTable
    interpreter: Interpreter | None
    sides: tuple[tuple[Seat, ...], tuple[Seat, ...]]
    # When the desk put it there, on the day.
    moved_at: dt.datetime | None

    @property
    def seats(self) -> tuple[Seat, ...]:
        return self.sides[0] + self.sides[1]

    @property
    def names(self) -> str:
        return " · ".join(seat.person.registration.name for seat in self.seats)

    @property
    def starts_at(self) -> dt.datetime:
        return self.slot.starts_at

    @property
    def ends_at(self) -> dt.datetime:
        return self.slot.ends_at + dt.timedelta(minutes=self.meeting.extra_minutes)

    @property
    def is_to_be_held(self) -> bool:
        return self.meeting.status in (Status.AGREED, Status.RUNNING)

    @property
    def has_both_sides(self) -> bool:
        """Whether somebody of each side is there, so that it could begin."""
        return all(any(seat.arrived_at for seat in side) for side in self.sides)

    @property
    def when(self) -> SafeString:
        """Its times in the event's zone, with the day where that is not today."""
        zone = self.meeting.event.zone
        span = clock.Span.of(self.starts_at, self.ends_at, zone)
        return clock.times(span, on=self.meeting.event.today)


@dataclass(slots=True)
class Row:
    """A table: what is held at it now, and what comes next."""

    table: MeetingTable
    now: list[Sitting] = field(default_factory=list)
    next: Sitting | None = None

    @property
    def state(self) -> str:
        """Return in one word how the table is: what the desk sees of it from afar."""
        found = {sitting.meeting.status for sitting in self.now}
        for status in (Status.RUNNING, Status.AGREED, Status.NO_SHOW, Status.HELD):
            if status in found:
                return status
        return "closed" if self.table.closed_from else "free"


def published(event: Event) -> ScheduleVersion | None:
    """Return the version of the schedule that is published, with what the desk has to enter.

    ``waits_for_entry`` and ``waits_for_outcome`` count its meetings. One query.
    """
    version = (
        ScheduleVersion.objects.filter(event=event)
        .published()
        .annotate(
            waits_for_entry=Count("placements", filter=without_entry("placements__")),
            waits_for_outcome=Count("placements", filter=without_outcome("placements__")),
        )
        .first()
    )
    if version is not None:
        version.event = event
    return version


def sittings(version: ScheduleVersion, *wanted: Q) -> list[Sitting]:
    """Return the meetings of a version in the order of slots and tables. Three queries.

    Called off ones are left out; ``wanted`` are conditions of placements.
    """
    rows = (
        Placement.objects.filter(*wanted, version=version)
        .exclude(meeting__status=Status.CANCELLED)
        .select_related("meeting__outcome", "slot", "table", "interpreter")
        .prefetch_related(
            Prefetch("people", Participant.objects.with_person().order_by("pk")),
            Prefetch("meeting__people", MeetingPerson.objects.order_by("side", "pk")),
        )
        .order_by("slot__starts_at", "table__order", "table__name", "pk")
    )
    return [_sitting(row, version.event) for row in rows]


def _sitting(row: Placement, event: Event) -> Sitting:
    row.meeting.event = row.table.event = event
    of_meeting = {each.participant_id: each for each in row.meeting.people.all()}
    sides: tuple[list[Seat], list[Seat]] = ([], [])
    for person in row.people.all():
        known = of_meeting.get(person.pk)
        sides[known.side - 1 if known else 0].append(
            Seat(
                person,
                known.arrived_at if known else None,
                known.did_not_come if known else False,
            )
        )
    first, second = (tuple(side) for side in sides)
    return Sitting(row.meeting, row.slot, row.table, row.interpreter, (first, second), row.moved_at)


def rows_of_now(version: ScheduleVersion) -> list[Row]:
    """Return every table with what is held at it now and next. Four queries."""
    now = timezone.now()
    ahead = Placement.objects.filter(
        version=version,
        table=OuterRef("pk"),
        slot__starts_at__gt=now,
        meeting__status=Status.AGREED,
    ).order_by("slot__starts_at", "pk")
    found = list(
        MeetingTable.objects.filter(event=version.event).annotate(
            next_place=Subquery(ahead.values("pk")[:1])
        )
    )
    tables = {table.pk: Row(table) for table in found}
    in_slot = Q(slot__starts_at__lte=now, slot__ends_at__gt=now)
    coming = Q(pk__in=[table.next_place for table in found if table.next_place])
    for sitting in sittings(version, in_slot | coming | Q(meeting__status=Status.RUNNING)):
        row = tables[sitting.table.pk]
        if sitting.slot.starts_at > now and sitting.meeting.status == Status.AGREED:
            row.next = sitting
        else:
            row.now.append(sitting)
    return list(tables.values())


def next_call(version: ScheduleVersion) -> list[Sitting]:
    """Return what begins next, to be called: the meetings of one slot. Four queries."""
    ahead = Placement.objects.filter(
        version=version, slot__starts_at__gt=timezone.now(), meeting__status=Status.AGREED
    )
    slot = ahead.order_by("slot__starts_at").values_list("slot", flat=True).first()
    if slot is None:
        return []
    found = sittings(version, Q(slot=slot))
    return [each for each in found if each.meeting.status == Status.AGREED]


def is_meeting(meeting: Meeting) -> Q:
    """Return the condition of the place of one meeting."""
    return Q(meeting=meeting)


def is_seen() -> Q:
    """Return the condition of what people may read: all but what somebody did not come to."""
    return ~Q(meeting__status=Status.NO_SHOW)


def without_entry(prefix: str = "") -> Q:
    """Return the condition of those whose time is over and of which the desk knows nothing."""
    return Q(
        (f"{prefix}slot__ends_at__lte", timezone.now()),
        (f"{prefix}meeting__status", Status.AGREED),
    )


def without_outcome(prefix: str = "") -> Q:
    """Return the condition of those that were held and whose outcome is not recorded."""
    return Q((f"{prefix}meeting__status", Status.HELD), (f"{prefix}meeting__outcome__isnull", True))


def sittings_of(version: ScheduleVersion, people: Iterable[int]) -> list[Sitting]:
    """Return the meetings of some participants, by their keys. Four queries."""
    keys = list(people)
    placements = Placement.people.through.objects.filter(participant__in=keys)
    return sittings(version, Q(pk__in=placements.values("placement")))
