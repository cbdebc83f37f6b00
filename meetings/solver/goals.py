"""What a schedule is measured by, one goal after the other, and how it is counted.

What is counted here is counted from the schedule itself, not from the model of the solver.
"""

import enum
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from meetings.solver.task import Task, Times


class Kind(enum.StrEnum):
    """The goals in their order; the first ones are never given up for later ones."""

    DROPPED = "dropped"
    MOVED = "moved"
    INTERPRETERS = "interpreters"
    BREAKS = "breaks"
    FAIRNESS = "fairness"


@dataclass(frozen=True, slots=True)
class Goal:
    """As few as possible of one kind; of dropped meetings those of one class of priority."""

    kind: Kind
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Solution:
    """In which slot each job is held, who of those who may comes to it, and who interprets."""

    times: Times
    comes: Mapping[int, frozenset[int]] = field(default_factory=dict)
    interpreters: Mapping[int, int] = field(default_factory=dict)


def goals_of(task: Task) -> list[Goal]:
    """Return the goals of a task: what is dropped by its priority, then how good the rest is."""
    classes = sorted({job.weight for job in task.jobs if not job.is_fixed}, reverse=True)
    goals = [Goal(Kind.DROPPED, weight) for weight in classes]
    if task.before:
        goals.append(Goal(Kind.MOVED))
    if any(job.interpreters is not None for job in task.jobs):
        goals.append(Goal(Kind.INTERPRETERS))
    return [*goals, Goal(Kind.BREAKS), Goal(Kind.FAIRNESS)]


def measure(task: Task, goal: Goal, solution: Solution) -> int:
    """Return how many of what the goal counts a solution has."""
    match goal.kind:
        case Kind.DROPPED:
            return sum(
                job.weight == goal.weight and not job.is_fixed and number not in solution.times
                for number, job in enumerate(task.jobs)
            )
        case Kind.MOVED:
            return sum(
                number in task.before and task.before[number] != slot
                for number, slot in solution.times.items()
            )
        case Kind.INTERPRETERS:
            return interpreters_of_anchors(task, solution)
        case Kind.BREAKS:
            return sum(breaks_of_people(task, solution).values())
        case Kind.FAIRNESS:
            return max(breaks_of_people(task, solution).values(), default=0)


def anchors(task: Task) -> dict[int, int]:
    """Return for each job with an interpreter the person by whom the interpreter stays.

    It is whoever has most of these meetings, such as the expert at a table.
    """
    left = {
        number: job.people for number, job in enumerate(task.jobs) if job.interpreters is not None
    }
    found: dict[int, int] = {}
    counts = Counter(person for people in left.values() for person in people)
    while left:
        person = max(counts, key=lambda key: (counts[key], -key))
        for number in [number for number, people in left.items() if person in people]:
            found[number] = person
            for each in left.pop(number):
                counts[each] -= 1
        counts.pop(person)
    return found


def interpreters_of_anchors(task: Task, solution: Solution) -> int:
    """Return how many interpreters the anchors have on their days, added up.

    A day with two of them has one change at least.
    """
    of_job = anchors(task)
    return len(
        {
            (of_job[number], _day(task, solution.times[number]), interpreter)
            for number, interpreter in solution.interpreters.items()
            if number in solution.times and number in of_job
        }
    )


def changes_of_interpreter(task: Task, solution: Solution) -> int:
    """Return how often the interpreter of an anchor is another than in the meeting before."""
    of_job = anchors(task)
    day: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for number, interpreter in solution.interpreters.items():
        if number in solution.times and number in of_job:
            slot = solution.times[number]
            day.setdefault((of_job[number], _day(task, slot)), []).append((slot, interpreter))
    return sum(
        one != other
        for meetings in day.values()
        for (_slot, one), (_next, other) in zip(
            sorted(meetings), sorted(meetings)[1:], strict=False
        )
    )


def breaks_of_people(task: Task, solution: Solution) -> dict[int, int]:
    """Return how many gaps each person has between meetings of one day."""
    used: dict[int, set[int]] = {}
    for number, slot in solution.times.items():
        for person in (*task.jobs[number].people, *solution.comes.get(number, ())):
            used.setdefault(person, set()).add(slot)
    return {person: _breaks(task, slots) for person, slots in used.items()}


def _breaks(task: Task, slots: set[int]) -> int:
    breaks = 0
    for block in task.blocks:
        inside = sorted(slots.intersection(block))
        breaks += sum(after - before > 1 for before, after in zip(inside, inside[1:], strict=False))
    return breaks


def _day(task: Task, slot: int) -> int:
    return next(number for number, block in enumerate(task.blocks) if slot in block)
