"""Checks a schedule against every hard rule, whoever made it.

It shares no code with what makes schedules: it compares times and people one by one, where those
count slots, so that one mistake is not made twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from meetings.domain.plan import (
    EARLIEST,
    LATEST,
    Meeting,
    Person,
    Place,
    Plan,
    Rule,
    Schedule,
    Span,
)


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that meetings break, and the people, table or interpreter for whom they do."""

    rule: Rule
    meetings: frozenset[int]
    whom: frozenset[int] = frozenset()


def broken_rules(plan: Plan, schedule: Schedule) -> list[Broken]:
    """Return every hard rule that a schedule breaks, in the order of ``Rule``; none if it is valid.

    Two meetings at a time are named once for each person, table or interpreter that they share.
    Costs some milliseconds for a thousand meetings.
    """
    meetings = {meeting.key: meeting for meeting in plan.meetings}
    strange = [Broken(Rule.KNOWN, frozenset([key])) for key in schedule if key not in meetings]
    placed = {}
    for key, place in schedule.items():
        if key in meetings:
            if _is_of(plan, place):
                placed[key] = place
            else:
                strange.append(Broken(Rule.KNOWN, frozenset([key])))
    found = [
        *strange,
        *(broken for key, place in placed.items() for broken in _alone(plan, meetings[key], place)),
        *_together(plan, placed),
        *_locks(plan, schedule),
    ]
    order = list(Rule)
    return sorted(found, key=lambda broken: (order.index(broken.rule), sorted(broken.meetings)))


def _is_of(plan: Plan, place: Place) -> bool:
    return (
        place.slot in plan.slots
        and any(table.key == place.table for table in plan.tables)
        and all(key in plan.people for key in place.people)
        and (
            place.interpreter is None
            or any(interpreter.key == place.interpreter for interpreter in plan.interpreters)
        )
    )


def _alone(plan: Plan, meeting: Meeting, place: Place) -> Iterator[Broken]:
    """What one meeting breaks by itself."""
    this = frozenset([meeting.key])
    first, second = (_who_comes(side.must + side.may, place) for side in meeting.sides)
    if not _has_its_sides(meeting, place):
        yield Broken(Rule.SIDES, this)
    for one in first:
        for other in second:
            if frozenset([one, other]) in plan.apart:
                yield Broken(Rule.APART, this, frozenset([one, other]))
    for key in sorted(place.people):
        person = plan.people[key]
        if any(_meet(place.slot, away) for away in person.away):
            yield Broken(Rule.AWAY, this, frozenset([key]))
        if not _is_at_a_civil_hour(person, place.slot):
            yield Broken(Rule.HOURS, this, frozenset([key]))
    if meeting.within and not _lies_in(place.slot, meeting.within):
        yield Broken(Rule.WITHIN, this)
    table = next(table for table in plan.tables if table.key == place.table)
    chairs = len(place.people) + (place.interpreter is not None)
    if chairs > table.seats or any(_meet(place.slot, closed) for closed in table.closed):
        yield Broken(Rule.TABLE, this, frozenset([table.key]))
    yield from _languages(plan, meeting, place, first, second)


def _languages(
    plan: Plan, meeting: Meeting, place: Place, first: list[int], second: list[int]
) -> Iterator[Broken]:
    this = frozenset([meeting.key])
    one = {language for key in first for language in plan.people[key].languages}
    other = {language for key in second for language in plan.people[key].languages}
    if place.interpreter is None:
        if not one & other:
            yield Broken(Rule.LANGUAGE, this)
        return
    interpreter = next(each for each in plan.interpreters if each.key == place.interpreter)
    if not (one & interpreter.languages and other & interpreter.languages):
        yield Broken(Rule.LANGUAGE, this, frozenset([interpreter.key]))
    is_there = any(_lies_in(place.slot, present) for present in interpreter.present)
    if not is_there or any(_meet(place.slot, away) for away in interpreter.away):
        yield Broken(Rule.INTERPRETER, this, frozenset([interpreter.key]))


def _together(plan: Plan, placed: Schedule) -> Iterator[Broken]:
    """What meetings break between them: one person, table or interpreter, several at a time."""
    of_person, at_table, of_interpreter = defaultdict(list), defaultdict(list), defaultdict(list)
    for key, place in placed.items():
        at_table[place.table].append(key)
        if place.interpreter is not None:
            of_interpreter[place.interpreter].append(key)
        for person in place.people:
            of_person[person].append(key)
    yield from _at_a_time(Rule.ONCE, of_person, placed)
    yield from _at_a_time(Rule.TABLE, at_table, placed)
    yield from _at_a_time(Rule.INTERPRETER, of_interpreter, placed)
    for person, keys in of_person.items():
        if plan.most is not None and len(keys) > plan.most:
            yield Broken(Rule.MOST, frozenset(keys), frozenset([person]))
        if plan.most_in_a_row is not None:
            for row in _rows(keys, placed):
                if len(row) > plan.most_in_a_row:
                    yield Broken(Rule.IN_A_ROW, frozenset(row), frozenset([person]))


def _at_a_time(rule: Rule, shared: dict[int, list[int]], placed: Schedule) -> Iterator[Broken]:
    for whom, keys in shared.items():
        for one, other in combinations(keys, 2):
            if _meet(placed[one].slot, placed[other].slot):
                yield Broken(rule, frozenset([one, other]), frozenset([whom]))


def _rows(keys: list[int], placed: Schedule) -> list[list[int]]:
    """Return the meetings of one person, those together that follow each other without a pause."""
    in_order = sorted(keys, key=lambda key: placed[key].slot.start)
    rows = [in_order[:1]]
    for before, after in pairwise(in_order):
        if placed[before].slot.end == placed[after].slot.start:
            rows[-1].append(after)
        else:
            rows.append([after])
    return rows


def _locks(plan: Plan, schedule: Schedule) -> Iterator[Broken]:
    for key, place in plan.locked.items():
        if schedule.get(key) != place:
            yield Broken(Rule.LOCK, frozenset([key]))


def _has_its_sides(meeting: Meeting, place: Place) -> bool:
    known: set[int] = set()
    for side in meeting.sides:
        comes = _who_comes(side.must + side.may, place)
        if not set(side.must) <= set(comes) or len(comes) < max(side.least, 1):
            return False
        known |= set(comes)
    return known == place.people


def _who_comes(keys: Iterable[int], place: Place) -> list[int]:
    return [key for key in keys if key in place.people]


def _is_at_a_civil_hour(person: Person, slot: Span) -> bool:
    start, end = slot.start.astimezone(person.zone), slot.end.astimezone(person.zone)
    return start.date() == end.date() and start.time() >= EARLIEST and end.time() <= LATEST


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _lies_in(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
