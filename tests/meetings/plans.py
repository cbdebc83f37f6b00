"""Small plans of meetings: two people and a table on one morning, and what a test changes."""

import datetime as dt
from zoneinfo import ZoneInfo

from meetings.domain.plan import Interpreter, Meeting, Person, Place, Plan, Side, Span, Table

SHANGHAI = ZoneInfo("Asia/Shanghai")


def span(start: str, end: str, day: int = 12) -> Span:
    """Return the time from "09:00" to "09:30" in Shanghai, in May 2027."""
    first, last = (
        dt.datetime.combine(dt.date(2027, 5, day), dt.time.fromisoformat(each), SHANGHAI)
        for each in (start, end)
    )
    return Span(first, last)


MORNING = (span("09:00", "09:30"), span("09:30", "10:00"), span("10:00", "10:30"))
ALL_MORNING = (span("08:00", "12:00"),)


def person(key, *languages, away=(), zone=SHANGHAI):
    return Person(key, frozenset(languages or ("zh",)), zone, tuple(away))


def meeting(key, one, other, **options):
    """A meeting of two people, or of sides."""
    sides = tuple(each if isinstance(each, Side) else Side((each,)) for each in (one, other))
    return Meeting(key, sides, **options)


def interpreter(key, *languages, present=ALL_MORNING, away=()):
    return Interpreter(key, frozenset(languages or ("zh", "en")), tuple(present), tuple(away))


def plan(people=None, meetings=None, **options):
    people = people or [person(1), person(2)]
    given = {"slots": MORNING, "tables": (Table(1, seats=3),), "interpreters": ()} | options
    return Plan(
        people={each.key: each for each in people},
        meetings=tuple(meetings or [meeting(1, 1, 2)]),
        **given,
    )


def place(slot=MORNING[0], table=1, people=(1, 2), interpreter=None):
    return Place(slot, table, frozenset(people), interpreter)
