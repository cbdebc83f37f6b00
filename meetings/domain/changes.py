"""What a move would break, and whose day differs between two versions of a schedule."""

from collections import defaultdict
from dataclasses import dataclass

from meetings.domain.plan import Place, Plan, Schedule, Span
from meetings.domain.validation import Broken, broken_rules


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a meeting: ``before`` is None for a new one, ``after`` for one taken out."""

    meeting: int
    before: Place | None
    after: Place | None


def newly_broken(plan: Plan, schedule: Schedule, meeting: int, place: Place | None) -> list[Broken]:
    """Return the rules that putting a meeting there breaks beside those that are broken already.

    With ``None`` it is taken out. Costs two validations of the schedule.
    """
    moved = {key: each for key, each in schedule.items() if key != meeting}
    if place is not None:
        moved[meeting] = place
    known = set(broken_rules(plan, schedule))
    return [broken for broken in broken_rules(plan, moved) if broken not in known]


def changes(before: Schedule, after: Schedule) -> list[Change]:
    """Return the meetings that are new, elsewhere, of other people or gone, by their keys."""
    return [
        Change(key, before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def changes_of_people(before: Schedule, after: Schedule) -> dict[int, list[Change]]:
    """Return whom to tell of what: those in a meeting that they leave, join or find elsewhere.

    A person is told of another time or table, not of another interpreter or of who else comes.
    """
    told: dict[int, list[Change]] = defaultdict(list)
    for change in changes(before, after):
        for person in _people(change.before) | _people(change.after):
            if _where(change.before, person) != _where(change.after, person):
                told[person].append(change)
    return dict(told)


def changes_of_interpreters(before: Schedule, after: Schedule) -> dict[int, list[Change]]:
    """Return which interpreter to tell of what."""
    told: dict[int, list[Change]] = defaultdict(list)
    for change in changes(before, after):
        ends = [change.before, change.after]
        for key in {each.interpreter for each in ends if each and each.interpreter is not None}:
            was, now = (_interprets(place, key) for place in ends)
            if was != now:
                told[key].append(change)
    return dict(told)


def _people(place: Place | None) -> frozenset[int]:
    return place.people if place else frozenset()


def _where(place: Place | None, person: int) -> tuple[Span, int] | None:
    return (place.slot, place.table) if place and person in place.people else None


def _interprets(place: Place | None, key: int | None) -> tuple[Span, int] | None:
    return (place.slot, place.table) if place and place.interpreter == key else None
