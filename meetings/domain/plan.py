"""A schedule of one-to-one meetings in plain values: who meets, when and where it can be.

It knows no database and decides nothing. ``fill.py`` makes schedules of it, ``validation.py``
checks them, and the two share these nouns alone.
"""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

# A meeting is at a civil hour for everybody in it, in the time zone where each one is.
EARLIEST, LATEST = dt.time(7), dt.time(21)


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment to a later one, both with a time zone; the end is no longer part of it."""

    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Person:
    key: int
    languages: frozenset[str]
    # Where the person is on the day: the event's zone, or that of somebody who joins online.
    zone: dt.tzinfo
    away: tuple[Span, ...] = ()
    # By which sentences call the person. No rule looks at names.
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a meeting: who has to come, and who may, up to a number of people in all."""

    must: tuple[int, ...]
    may: tuple[int, ...] = ()
    least: int = 1


@dataclass(frozen=True, slots=True)
class Meeting:
    key: int
    sides: tuple[Side, Side]
    # The higher, the earlier it is placed.
    priority: int = 0
    # The part of the event to which it is tied, such as the first morning.
    within: Span | None = None


@dataclass(frozen=True, slots=True)
class Table:
    key: int
    # Chairs, that of the interpreter among them.
    seats: int
    closed: tuple[Span, ...] = ()
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Interpreter:
    key: int
    languages: frozenset[str]
    present: tuple[Span, ...]
    away: tuple[Span, ...] = ()
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a meeting is: its slot, its table, who comes, and who interprets."""

    slot: Span
    table: int
    people: frozenset[int]
    interpreter: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is to be placed, and all that limits it.

    ``slots`` are in order and do not overlap. ``apart`` are the pairs that never meet. What is
    ``locked`` stays where it is. ``most`` and ``most_in_a_row`` bound the meetings of each person;
    two are in a row if one begins as the other ends. A meeting that begins before ``now`` is
    no longer moved.
    """

    slots: tuple[Span, ...]
    people: Mapping[int, Person]
    tables: tuple[Table, ...]
    interpreters: tuple[Interpreter, ...]
    meetings: tuple[Meeting, ...]
    apart: frozenset[frozenset[int]] = frozenset()
    locked: Mapping[int, Place] = field(default_factory=dict)
    most: int | None = None
    most_in_a_row: int | None = None
    now: dt.datetime | None = None


type Schedule = Mapping[int, Place]


class Rule(enum.Enum):
    """The hard rules: what no schedule may break. Their order is that of an explanation."""

    KNOWN = "the meeting, its slot, table, people or interpreter are not of this plan"
    SIDES = "somebody who has to come is missing, or somebody comes who is of neither side"
    APART = "the two never meet"
    AWAY = "somebody is away"
    WITHIN = "it lies outside of the part of the event to which it is tied"
    HOURS = "it is before 07:00 or after 21:00 for somebody"
    ONCE = "somebody is in two meetings at a time"
    MOST = "somebody has more meetings than agreed"
    IN_A_ROW = "somebody has more meetings in a row than agreed"
    TABLE = "the table has another meeting at that time, is closed, or has too few chairs"
    LANGUAGE = "the sides have no common language and nobody interprets between them"
    INTERPRETER = "the interpreter is not there, or interprets elsewhere"
    LOCK = "it was locked in another place"
