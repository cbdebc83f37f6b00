"""Reads a schedule for the organizers' pages: five queries, however many meetings there are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import pgettext

from events.models import Event
from meetings.domain.fill import Why
from meetings.domain.loading import Read
from meetings.domain.plan import Meeting as PlannedMeeting
from meetings.domain.plan import Place, Plan, Rule, Side, Span, Table
from meetings.domain.validation import Broken
from meetings.domain.words import Names, Speaker, why_in_words
from meetings.models import (
    Meeting,
    MeetingPerson,
    MeetingSettings,
    MeetingSlot,
    MeetingTable,
    Placement,
    ScheduleVersion,
)


@dataclass(frozen=True, slots=True)
class Who:
    key: int
    name: str
    organization: str
    sort_name: str


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting and the people of its two sides: who has to come, and who may."""

    key: int
    status: str
    priority: int
    sides: tuple[list[int], list[int]]
    may: tuple[list[int], list[int]]
    least: tuple[int, int]
    within: Span | None


@dataclass(slots=True)
class Cell:
    """Where the shown version has a meeting."""

    meeting: int
    slot: int
    span: Span
    table: int
    table_name: str
    interpreter: int | None
    interpreter_name: str
    is_locked: bool
    people: set[int] = field(default_factory=set)

    @property
    def place(self) -> Place:
        return Place(self.span, self.table, frozenset(self.people), self.interpreter)


class Board:
    """A version of an event's schedule with all that the pages name of it."""

    def __init__(self, event: Event, *, needs_both: bool = False) -> None:
        self.event, self.needs_both = event, needs_both
        rows = ScheduleVersion.objects.filter(event=event).select_related("published_by")
        rows = rows.exclude(status=ScheduleVersion.Status.SUPERSEDED)
        versions = {each.status: each for each in rows}
        self.draft = versions.get(ScheduleVersion.Status.DRAFT)
        self.published = versions.get(ScheduleVersion.Status.PUBLISHED)
        self.shown = self.draft or self.published

    @cached_property
    def settings(self) -> MeetingSettings | None:
        return getattr(self.event, "meeting_settings", None)

    @cached_property
    def slots(self) -> list[MeetingSlot]:
        return list(MeetingSlot.objects.filter(event=self.event))

    @cached_property
    def tables(self) -> list[MeetingTable]:
        return list(MeetingTable.objects.filter(event=self.event))

    @cached_property
    def days(self) -> list[dt.date]:
        zone = self.event.zone
        return sorted({slot.starts_at.astimezone(zone).date() for slot in self.slots})

    def slots_of(self, day: dt.date | None) -> list[MeetingSlot]:
        zone = self.event.zone
        return [each for each in self.slots if each.starts_at.astimezone(zone).date() == day]

    @cached_property
    def cells(self) -> dict[int, Cell]:
        """Return where the shown version has each meeting."""
        return self._cells_of_versions.get(self.shown.pk, {}) if self.shown else {}

    @cached_property
    def published_cells(self) -> dict[int, Cell]:
        return self._cells_of_versions.get(self.published.pk, {}) if self.published else {}

    @cached_property
    def _cells_of_versions(self) -> dict[int, dict[int, Cell]]:
        # With a draft, who looks at the grid needs nothing of what is published.
        versions = [self.shown, *([self.published] if self.needs_both else [])]
        return read_cells([each.pk for each in versions if each])

    @cached_property
    def _people_of_meetings(self) -> tuple[dict[int, Who], dict[int, Met]]:
        people: dict[int, Who] = {}
        meetings: dict[int, Met] = {}
        rows = (
            MeetingPerson.objects.filter(meeting__event=self.event)
            .exclude(meeting__status=Meeting.Status.CANCELLED)
            .order_by("meeting", "side", "pk")
            .values_list(
                *("meeting", "meeting__status", "meeting__priority", "side", "must"),
                *("meeting__least_1", "meeting__least_2"),
                *("meeting__within_start", "meeting__within_end"),
                *("participant", "participant__registration__name"),
                *(
                    "participant__registration__organization_name",
                    "participant__registration__sort_name",
                ),
            )
        )
        for key, status, priority, side, must, one, other, start, end, person, *named in rows:
            if key not in meetings:
                within = Span(start, end) if start else None
                meetings[key] = Met(key, status, priority, ([], []), ([], []), (one, other), within)
            (meetings[key].sides if must else meetings[key].may)[side - 1].append(person)
            people[person] = Who(person, *named)
        return people, meetings

    @property
    def people(self) -> dict[int, Who]:
        return self._people_of_meetings[0]

    @property
    def meetings(self) -> dict[int, Met]:
        return self._people_of_meetings[1]

    @property
    def read(self) -> Read:
        """Return what a plan of the event need not read again."""
        to_place = [
            _planned(each)
            for each in self.meetings.values()
            if each.status != Meeting.Status.NO_SHOW
        ]
        return Read(self.settings, self.slots, to_place)

    @cached_property
    def open(self) -> list[Met]:
        """Return what is to be held and has no place, the most important first."""
        wanted = [
            each
            for each in self.meetings.values()
            if each.key not in self.cells and each.status == Meeting.Status.AGREED
        ]
        return sorted(wanted, key=lambda each: (-each.priority, each.key))

    @cached_property
    def names(self) -> Names:
        every = [cell for cells in self._cells_of_versions.values() for cell in cells.values()]
        return Names(
            self.event,
            {key: each.name for key, each in self.people.items()},
            {cell.table: cell.table_name for cell in every},
            {
                cell.interpreter: cell.interpreter_name
                for cell in every
                if cell.interpreter is not None
            },
        )

    @cached_property
    def speaker(self) -> Speaker:
        settings = self.settings
        plan = Plan(
            slots=(),
            people={},
            tables=tuple(Table(each.pk, each.seats) for each in self.tables),
            interpreters=(),
            meetings=tuple(_planned(each) for each in self.meetings.values()),
            most=settings.most if settings else None,
            most_in_a_row=settings.most_in_a_row if settings else None,
        )
        schedule = {key: cell.place for key, cell in self.cells.items()}
        return Speaker(plan, schedule, self.names)

    @cached_property
    def broken(self) -> list[tuple[str, list[int]]]:
        """Return a sentence for each rule that is broken, with the meetings that break it."""
        if self.shown is None:
            return []
        return [
            (self.speaker.say(Broken(Rule[rule], frozenset(keys), frozenset(whom))), keys)
            for rule, keys, whom in self.shown.problems
        ]

    @cached_property
    def problems_of(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        for sentence, keys in self.broken:
            for key in keys:
                if sentence not in found[key]:
                    found[key].append(sentence)
        return dict(found)

    @property
    def is_checked(self) -> bool:
        """Whether the rules were checked since the shown version was changed."""
        return self.shown is None or self.shown.checked_at_change == self.shown.changes

    def who(self, keys: Iterable[int]) -> str:
        """Return the names of people, as they are written together."""
        names = [self.names.person(key) for key in keys]
        return pgettext("between names", ", ").join(names)

    def title(self, key: int) -> str:
        """Return the names of who meets: who has to come, else who may."""
        met = self.meetings.get(key)
        if met is None:
            return "?"
        sides = zip(met.sides, met.may, strict=True)
        return self.names.both(key for must, may in sides for key in (must or may))

    @property
    def broken_count(self) -> int:
        return len(self.shown.problems) if self.shown else 0

    def why(self, key: int) -> str:
        """Return why a meeting has no place, as the last filling found it."""
        name = str(self.shown.left_out.get(str(key), "")) if self.shown else ""
        return why_in_words(Why[name]) if name in Why.__members__ else ""


def read_cells(versions: list[int]) -> dict[int, dict[int, Cell]]:
    """Return where versions have each meeting that was not called off. One query."""
    rows = (
        Placement.objects.filter(version__in=versions)
        .exclude(meeting__status=Meeting.Status.CANCELLED)
        .order_by()
        .values_list(
            *("version", "people", "meeting", "slot", "slot__starts_at", "slot__ends_at"),
            *("table", "table__name", "interpreter", "interpreter__name", "is_locked"),
        )
    )
    found: dict[int, dict[int, Cell]] = {key: {} for key in versions}
    for version, person, meeting, slot, start, end, *rest in rows:
        cells = found[version]
        if meeting not in cells:
            table, table_name, interpreter, name, is_locked = rest
            span = Span(start, end)
            cells[meeting] = Cell(
                meeting, slot, span, table, table_name, interpreter, name or "", is_locked
            )
        if person is not None:
            cells[meeting].people.add(person)
    return found


def _planned(met: Met) -> PlannedMeeting:
    first, second = (
        Side(tuple(must), tuple(may), max(least, len(must)))
        for must, may, least in zip(met.sides, met.may, met.least, strict=True)
    )
    return PlannedMeeting(met.key, (first, second), met.priority, met.within)
