"""Reads the plan of an event and its schedules from the database, as plain values.

Whoever has a part in a session of the programme, or interprets it, is away at that time by itself.
Sessions of one-to-one talks are the time of the meetings: nobody is away for them.
"""

import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import BigIntegerField, CharField, F, Value
from django.utils import timezone

from events.models import Appearance, Event, ProgrammePerson, Session
from meetings.domain.plan import (
    Interpreter,
    Meeting,
    Person,
    Place,
    Plan,
    Side,
    Span,
    Table,
)
from meetings.models import Interpreter as InterpreterRow
from meetings.models import Meeting as MeetingRow
from meetings.models import (
    MeetingPerson,
    MeetingSettings,
    MeetingSlot,
    MeetingTable,
    Participant,
    Placement,
    ScheduleVersion,
)
from summit.lib.i18n.likeness import key

type Times = dict[int, set[Span]]
# From when to when everything is, where nothing narrower is said.
_ALWAYS = Span(dt.datetime(1900, 1, 1, tzinfo=dt.UTC), dt.datetime(2200, 1, 1, tzinfo=dt.UTC))
# Of these the place is free for others.
FREED = (MeetingRow.Status.CANCELLED, MeetingRow.Status.NO_SHOW)
_PARTS = (ProgrammePerson.Role.HOST, ProgrammePerson.Role.LEADER)


@dataclass(frozen=True, slots=True)
class Read:
    """What a page has read of an event already."""

    settings: MeetingSettings | None
    slots: Sequence[MeetingSlot]
    meetings: Sequence[Meeting]


def load_plan(
    event: Event, version: ScheduleVersion | None = None, *, read: Read | None = None
) -> Plan:
    """Return all that is to be placed at an event, and all that limits it.

    What is locked is locked in ``version``. Keys are primary keys; absences of people and of
    interpreters hold their parts in the programme. Eight queries at most, four where ``read`` has
    the rest.
    """
    if read is None:
        settings = MeetingSettings.objects.filter(event=event).first()
        read = Read(settings, list(MeetingSlot.objects.filter(event=event)), _meetings(event))
    settings = read.settings
    parts = _parts_in_programme(event)
    people, apart = _people(event, parts)
    locked = load_schedule(version, locked=True) if version else {}
    return Plan(
        slots=tuple(Span(slot.starts_at, slot.ends_at) for slot in read.slots),
        people=people,
        tables=tuple(
            Table(pk, seats, (Span(closed, _ALWAYS.end),) if closed else (), name)
            for pk, seats, closed, name in MeetingTable.objects.filter(event=event).values_list(
                "pk", "seats", "closed_from", "name"
            )
        ),
        interpreters=_interpreters(event, parts),
        meetings=tuple(read.meetings),
        apart=apart,
        locked=locked,
        most=settings.most if settings else None,
        most_in_a_row=settings.most_in_a_row if settings else None,
        now=timezone.now(),
    )


def load_schedule(version: ScheduleVersion, *, locked: bool = False) -> dict[int, Place]:
    """Return where a version puts each meeting, or only those that are locked. One query.

    Called off ones and those to which somebody did not come have no place any more.
    """
    rows = Placement.objects.filter(version=version).exclude(meeting__status__in=FREED).order_by()
    if locked:
        rows = rows.filter(is_locked=True)
    places: dict[int, tuple[Span, int, int | None]] = {}
    people: dict[int, set[int]] = defaultdict(set)
    for meeting, start, end, table, interpreter, person in rows.values_list(
        *("meeting", "slot__starts_at", "slot__ends_at", "table", "interpreter", "people")
    ):
        places[meeting] = Span(start, end), table, interpreter
        people[meeting] |= {person} - {None}
    return {
        meeting: Place(slot, table, frozenset(people[meeting]), interpreter)
        for meeting, (slot, table, interpreter) in places.items()
    }


def _people(event: Event, parts: "_Parts") -> tuple[dict[int, Person], frozenset[frozenset[int]]]:
    """Return who takes part, and the pairs that never meet. One query."""
    apart: set[frozenset[int]] = set()
    found: dict[int, tuple[list[str], str, int | None, str]] = {}
    away: Times = defaultdict(set)
    rows = (
        Participant.objects.filter(event=event)
        .order_by()
        .values_list(
            *("pk", "languages", "time_zone", "expert", "registration__name"),
            *("absences__starts_at", "absences__ends_at", "rather_nots__other"),
        )
    )
    for pk, languages, zone, expert, name, start, end, other in rows:
        if other is not None:
            apart.add(frozenset([pk, other]))
        found[pk] = languages, zone, expert, name
        if start:
            away[pk].add(Span(start, end))
    people = {
        pk: Person(
            pk,
            frozenset(languages),
            zoneinfo.ZoneInfo(zone) if zone else event.zone,
            tuple(_ordered(away[pk] | parts.of_expert[expert] | parts.of_name(name))),
            name,
        )
        for pk, (languages, zone, expert, name) in found.items()
    }
    return people, frozenset(apart)


def _interpreters(event: Event, parts: "_Parts") -> tuple[Interpreter, ...]:
    found: dict[int, tuple[list[str], str]] = {}
    present: Times = defaultdict(set)
    away: Times = defaultdict(set)
    rows = (
        InterpreterRow.objects.filter(event=event)
        .order_by("pk")
        .values_list(
            *("pk", "languages", "name", "presences__starts_at", "presences__ends_at"),
            *("sessions__starts_at", "sessions__ends_at"),
        )
    )
    for pk, languages, name, start, end, from_, until in rows:
        found[pk] = languages, name
        if start:
            present[pk].add(Span(start, end))
        if from_:
            away[pk].add(Span(from_, until))
    return tuple(
        Interpreter(
            pk,
            frozenset(languages),
            tuple(_ordered(present[pk])) or (_ALWAYS,),
            tuple(_ordered(away[pk] | parts.of_interpreter(name))),
            name,
        )
        for pk, (languages, name) in found.items()
    )


def _meetings(event: Event) -> tuple[Meeting, ...]:
    """Return those to be held, and those that were held, which keep the time of their people."""
    rows = (
        MeetingPerson.objects.filter(meeting__event=event)
        .exclude(meeting__status__in=FREED)
        .order_by("meeting", "side", "pk")
        .values_list(
            *("meeting", "side", "must", "participant", "meeting__least_1", "meeting__least_2"),
            *("meeting__priority", "meeting__within_start", "meeting__within_end"),
        )
    )
    sides: dict[int, dict[int, tuple[list[int], list[int]]]] = {}
    rest: dict[int, tuple[int, int, int, Span | None]] = {}
    for meeting, side, must, person, least_1, least_2, priority, start, end in rows:
        lists = sides.setdefault(meeting, {1: ([], []), 2: ([], [])})[side]
        lists[0 if must else 1].append(person)
        rest[meeting] = least_1, least_2, priority, Span(start, end) if start else None
    return tuple(
        Meeting(
            pk,
            (_side(sides[pk][1], least_1), _side(sides[pk][2], least_2)),
            priority,
            within,
        )
        for pk, (least_1, least_2, priority, within) in rest.items()
    )


def _side(lists: tuple[list[int], list[int]], least: int) -> Side:
    must, may = lists
    return Side(tuple(must), tuple(may), max(least, len(must)))


class _Parts:
    """Who has a part in which sessions: experts by their keys, others by their names."""

    def __init__(self) -> None:
        self.of_expert: dict[int | None, set[Span]] = defaultdict(set)
        self._by_name: dict[str, set[Span]] = defaultdict(set)
        self._interpreted_by: dict[str, set[Span]] = defaultdict(set)

    def add(self, role: str, names: Iterable[str], span: Span) -> None:
        is_interpreted = role == ProgrammePerson.Role.INTERPRETER
        known = self._interpreted_by if is_interpreted else self._by_name
        for name in filter(None, map(key, names)):
            known[name].add(span)

    def of_name(self, name: str) -> set[Span]:
        return self._by_name.get(key(name), set()) if self._by_name else set()

    def of_interpreter(self, name: str) -> set[Span]:
        return self._interpreted_by.get(key(name), set()) if self._interpreted_by else set()


def _parts_in_programme(event: Event) -> _Parts:
    parts = _Parts()
    no_name = Value("", output_field=CharField())
    appearances = (
        Appearance.objects.filter(session__event=event)
        .exclude(session__kind=Session.Kind.TALKS)
        .order_by()
        .annotate(of=F("expert_id"), part=no_name, en=no_name, zh=no_name)
    )
    people = (
        ProgrammePerson.objects.filter(event=event, session__isnull=False)
        .filter(role__in=[*_PARTS, ProgrammePerson.Role.INTERPRETER])
        .exclude(session__kind=Session.Kind.TALKS)
        .order_by()
        .annotate(of=Value(0, output_field=BigIntegerField()))
        .annotate(part=F("role"), en=F("name_en"), zh=F("name_zh_hans"))
    )
    columns = ("of", "part", "en", "zh", "session__starts_at", "session__ends_at")
    both = appearances.values_list(*columns).union(people.values_list(*columns), all=True)
    # Without the order of the model, which a union has no columns for.
    rows = both.order_by()
    for expert, role, en, zh, start, end in rows:
        if role:
            parts.add(role, (en, zh), Span(start, end))
        else:
            parts.of_expert[expert].add(Span(start, end))
    parts.of_expert[None] = set()
    return parts


def _ordered(spans: set[Span]) -> list[Span]:
    return sorted(spans, key=lambda span: (span.start, span.end))
