"""Where one meeting fits into a schedule that stands, for who places it by hand."""

from dataclasses import replace

from meetings.domain.changes import newly_broken
from meetings.domain.plan import Interpreter, Meeting, Place, Plan, Schedule, Side, Span
from meetings.domain.validation import Broken


def broken_by(plan: Plan, schedule: Schedule, meeting: Meeting, place: Place) -> list[Broken]:
    """Return the rules that putting a meeting there breaks; it need not be one of the plan.

    Only what shares people, table or interpreter with it is looked at, so that this costs little
    however large the schedule is. Locks bind whoever fills a schedule, not the desk.
    """
    near = {
        key: each
        for key, each in schedule.items()
        if key != meeting.key
        and (
            each.table == place.table
            or each.people & place.people
            or (place.interpreter is not None and each.interpreter == place.interpreter)
        )
    }
    of_near = tuple(each for each in plan.meetings if each.key in near)
    part = replace(plan, meetings=(*of_near, meeting), locked={})
    return newly_broken(part, near, meeting.key, place)


def place_at(plan: Plan, schedule: Schedule, meeting: Meeting, slot: Span, table: int) -> Place:
    """Return how a meeting would be held there: with whom, and who interprets.

    It keeps the people and the interpreter whom the meeting has, where they are free. It promises
    nothing: ``broken_by`` says what is wrong with the place.
    """
    before = schedule.get(meeting.key)
    others = [
        each for key, each in schedule.items() if key != meeting.key and _meet(each.slot, slot)
    ]
    busy = {person for each in others for person in each.people}
    kept = before.people if before else frozenset()
    sides = [_who_comes(plan, side, slot, busy, kept) for side in meeting.sides]
    one, other = (
        frozenset(language for key in side for language in plan.people[key].languages)
        for side in sides
    )
    taken = {each.interpreter for each in others}
    people = frozenset(sides[0] + sides[1])
    free = [
        each
        for each in plan.interpreters
        if each.key not in taken and _is_there(each, slot) and _speaks(each, one, other)
    ]
    had = before.interpreter if before else None
    if had is not None and any(each.key == had for each in free):
        return Place(slot, table, people, had)
    needs_one = not one & other
    return Place(slot, table, people, free[0].key if free and needs_one else None)


def is_free(
    plan: Plan, schedule: Schedule, person: int, slot: Span, but: int | None = None
) -> bool:
    """Whether a person has neither a meeting nor an absence then; ``but`` is not counted."""
    is_taken = any(
        person in place.people and _meet(place.slot, slot)
        for key, place in schedule.items()
        if key != but
    )
    return not is_taken and not _is_away(plan, person, slot)


def _who_comes(
    plan: Plan, side: Side, slot: Span, busy: set[int], kept: frozenset[int]
) -> list[int]:
    """Return who has to come, and of those who may as many as are needed, who came before first."""
    free = [key for key in side.may if key not in busy and not _is_away(plan, key, slot)]
    free.sort(key=lambda key: key not in kept)
    needed = max(side.least - len(side.must), sum(key in kept for key in free), 0)
    return [*side.must, *free[:needed]]


def _is_away(plan: Plan, person: int, slot: Span) -> bool:
    return any(_meet(away, slot) for away in plan.people[person].away)


def _is_there(interpreter: Interpreter, slot: Span) -> bool:
    there = any(span.start <= slot.start and slot.end <= span.end for span in interpreter.present)
    return there and not any(_meet(away, slot) for away in interpreter.away)


def _speaks(interpreter: Interpreter, one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(interpreter.languages & one and interpreter.languages & other)


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
