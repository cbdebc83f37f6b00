"""What a hall may read of the schedule: tables and who meets there, as far as people agreed.

Somebody who agreed to be seen by the other participants is named with the organization. Of
anybody else only the initials of the organization stand there, by which they find their table.
The screen and the paper on the wall both read this, so that they agree.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString

from events.models import Event
from meetings.domain.loading import FREED
from meetings.domain.timetable import Sitting, is_seen, sittings
from meetings.models import (
    Meeting,
    MeetingSlot,
    MeetingTable,
    Participant,
    QueueEntry,
    ScheduleVersion,
)
from summit.lib.i18n import clock

Status = Meeting.Status


@dataclass(frozen=True, slots=True)
class Line:
    """A table in a slot: who meets there, as the hall may read it."""

    table: MeetingTable
    who: tuple[str, ...]
    is_changed: bool
    is_running: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A slot with its tables."""

    slot: MeetingSlot
    event_zone: dt.tzinfo
    lines: tuple[Line, ...]

    @property
    def when(self) -> SafeString:
        start = self.slot.starts_at.astimezone(self.event_zone)
        end = self.slot.ends_at.astimezone(self.event_zone)
        return SafeString(f"{clock.hours(start)}–{clock.hours(end)}")

    @property
    def day(self) -> dt.date:
        return self.slot.starts_at.astimezone(self.event_zone).date()

    @property
    def is_now(self) -> bool:
        return self.slot.starts_at <= timezone.now()


@dataclass(frozen=True, slots=True)
class Called:
    """A table with a queue: its host, the number that is called or sits there, and who waits."""

    table: MeetingTable
    host: str
    number: int | None
    is_called: bool
    waiting: int


def queues(event: Event) -> list[Called]:
    """Return the queues of an event as a hall may read them: numbers, no guests. Two queries."""
    entries = QueueEntry.objects.filter(table__event=event)
    standing: dict[int, tuple[int, str]] = {}
    waiting: Counter[int] = Counter()
    for table, number, status in entries.filter(status__in=QueueEntry.PRESENT).values_list(
        "table", "number", "status"
    ):
        if status == QueueEntry.Status.WAITING:
            waiting[table] += 1
        else:
            standing[table] = number, status
    tables = MeetingTable.objects.filter(event=event, closed_from=None)
    return [
        Called(
            table,
            shown(table.host) if table.host else "",
            standing[table.pk][0] if table.pk in standing else None,
            standing.get(table.pk, (0, ""))[1] == QueueEntry.Status.CALLED,
            waiting[table.pk],
        )
        for table in tables.select_related("host__registration")
    ]


def whole_day(version: ScheduleVersion) -> list[Block]:
    """Return every slot of the schedule, for the paper on the wall. Three queries."""
    return _blocks(version, sittings(version, is_seen()))


def now_and_next(version: ScheduleVersion, table: str = "") -> list[Block]:
    """Return the slot that is on and the next one, for the screen. Four queries.

    A meeting that runs beyond its slot is still in it. Of one ``table``, by its name, they are
    the slots in which something is held at it.
    """
    slots = MeetingSlot.objects.filter(event=version.event, ends_at__gt=timezone.now())
    here = Q()
    if table:
        here = Q(table__name=table)
        at_it = version.placements.filter(here).exclude(meeting__status__in=FREED)
        slots = slots.filter(pk__in=at_it.order_by().values("slot"))
    keys = list(slots.order_by("starts_at").values_list("pk", flat=True)[:2])
    wanted = Q(slot__in=keys) | Q(meeting__status=Status.RUNNING)
    return _blocks(version, sittings(version, is_seen(), wanted & here))


def _blocks(version: ScheduleVersion, found: Iterable[Sitting]) -> list[Block]:
    slots: dict[int, tuple[MeetingSlot, list[Line]]] = {}
    for sitting in found:
        _slot, lines = slots.setdefault(sitting.slot.pk, (sitting.slot, []))
        lines.append(
            Line(
                sitting.table,
                tuple(dict.fromkeys(shown(seat.person) for seat in sitting.seats)),
                sitting.moved_at is not None,
                sitting.meeting.status == Status.RUNNING,
            )
        )
    zone = version.event.zone
    return [Block(slot, zone, tuple(lines)) for slot, lines in slots.values()]


def shown(person: Participant) -> str:
    """Return how a hall names somebody."""
    registration = person.registration
    is_listed = person.listed_at is not None and person.status == Participant.Status.ADMITTED
    if is_listed and registration.erased_at is None:
        return " · ".join(filter(None, (registration.name, registration.organization_name)))
    return initials(registration.organization_name)


def initials(name: str) -> str:
    """Return the first letters of a name: ``U. L.``; of a Chinese one its first character."""
    words = name.split()
    if not words:
        return "—"
    if any(letter > "\u2e7f" for letter in name):
        return f"{words[0][0]}…"
    return " ".join(f"{word[0].upper()}." for word in words if word[0].isalnum()) or "—"
