"""What cannot be helped however slots are chosen: meetings that exceed the time of people.

Each person has so many slots, each table and interpreter so many meetings. Which meetings could be
held, if slots were no matter, is a flow; with people on both sides of it the flow is that of the
fractional relaxation, whose value bounds the real one.
"""

from collections import deque
from collections.abc import Sequence

from meetings.solver.goals import Goal
from meetings.solver.task import Job, Task


def dropped_at_least(task: Task, goal: Goal, higher: int) -> int:
    """Return how many meetings of a class are dropped at least, if ``higher`` of higher classes
    are. Costs milliseconds for thousands of meetings."""
    jobs = [job for job in task.jobs if job.is_fixed or job.weight >= goal.weight]
    possible = [job for job in jobs if job.slots]
    fit = min(_fit_people(task, possible), sum(map(len, task.tables)))
    alone = [job for job in possible if job.interpreters is None]
    if len(alone) < len(possible):
        served = sum(map(len, task.there))
        fit = min(fit, _fit_people(task, alone) + min(len(possible) - len(alone), served))
    of_class = sum(job.weight == goal.weight and not job.is_fixed for job in jobs)
    return min(max(len(jobs) - fit - higher, 0), of_class)


def contradicts_itself(task: Task) -> bool:
    """Whether what is fixed breaks a rule: the same person, or too many meetings, at a time."""
    busy: set[tuple[int, int]] = set()
    fixed = [job for job in task.jobs if job.is_fixed]
    for job in fixed:
        seats = {(person, slot) for person in job.people for slot in job.slots}
        if len(job.slots) != 1 or seats & busy:
            return True
        busy |= seats
    at = [slot for job in fixed for slot in job.slots]
    if any(at.count(slot) > len(task.tables[slot]) for slot in set(at)):
        return True
    interpreted = [
        (slot, job.interpreters)
        for job in fixed
        for slot in job.slots
        if job.interpreters and len(job.interpreters) == 1
    ]
    return len(set(interpreted)) < len(interpreted)


def _fit_people(task: Task, jobs: Sequence[Job]) -> int:
    """Return how many of these meetings the slots of their people allow at most."""
    slots: list[set[int]] = [set() for _ in range(task.people)]
    for job in jobs:
        for person in job.people:
            slots[person] |= job.slots
    room = [min(len(each), task.most or len(each)) for each in slots]
    pairs = [job.people[:1] + job.people[-1:] for job in jobs if len(job.people) >= 2]
    alone = len(jobs) - len(pairs)
    return alone + _flow(room, pairs) // 2


def _flow(room: Sequence[int], pairs: Sequence[Sequence[int]]) -> int:
    """Return the value of the flow of the double cover: each pair once in each direction."""
    left, right = list(room), list(room)
    arcs: list[set[int]] = [set() for _ in room]
    back: list[set[int]] = [set() for _ in room]
    arcs_of = [*((one, other) for one, other in pairs), *((other, one) for one, other in pairs)]
    doubled: dict[tuple[int, int], int] = {}
    for arc in arcs_of:
        doubled[arc] = doubled.get(arc, 0) + 1
    free = dict(doubled)
    used: dict[tuple[int, int], int] = dict.fromkeys(doubled, 0)
    for one, other in doubled:
        arcs[one].add(other)
        back[other].add(one)
    value = 0
    for start in range(len(room)):
        while left[start] and _augment(start, arcs, back, free, used, right):
            left[start] -= 1
            value += 1
    return value


def _augment(
    start: int,
    arcs: Sequence[set[int]],
    back: Sequence[set[int]],
    free: dict[tuple[int, int], int],
    used: dict[tuple[int, int], int],
    right: list[int],
) -> bool:
    """Send one more unit from ``start``, if there is a way."""
    came_to_right: dict[int, int] = {}
    came_to_left: dict[int, int | None] = {start: None}
    queue = deque([start])
    while queue:
        one = queue.popleft()
        for other in arcs[one]:
            if other in came_to_right or not free[one, other]:
                continue
            came_to_right[other] = one
            if right[other]:
                right[other] -= 1
                _shift(other, came_to_right, came_to_left, free, used)
                return True
            for again in back[other]:
                if again not in came_to_left and used[again, other]:
                    came_to_left[again] = other
                    queue.append(again)
    return False


def _shift(
    end: int,
    came_to_right: dict[int, int],
    came_to_left: dict[int, int | None],
    free: dict[tuple[int, int], int],
    used: dict[tuple[int, int], int],
) -> None:
    at: int | None = end
    while at is not None:
        one = came_to_right[at]
        free[one, at] -= 1
        used[one, at] += 1
        before = came_to_left[one]
        if before is not None:
            free[one, before] += 1
            used[one, before] -= 1
        at = before
