"""Small tasks for the solver, and what trying everything finds of them."""

import itertools
import random

from meetings.solver.goals import Solution, goals_of, measure
from meetings.solver.task import Job, Task


def job(*people, slots=(0, 1, 2), **fields):
    return Job(tuple(people), frozenset(slots), **fields)


def task(jobs, *, slots=3, people=4, tables=2, there=None, **fields):
    """A task with so many tables of four seats in each slot."""
    return Task(
        slots=slots,
        people=people,
        jobs=jobs,
        tables=[[4] * tables] * slots,
        there=there or [frozenset()] * slots,
        away=[frozenset()] * people,
        **fields,
    )


def random_task(seed):
    """Five people, up to five jobs, three slots, one interpreter or two, and odd limits."""
    chance = random.Random(seed)
    jobs = [
        job(
            *chance.sample(range(5), 2),
            slots=chance.sample(range(3), chance.choice([1, 2, 3])),
            weight=chance.choice([0, 0, 1]),
            interpreters=chance.choice([None, None, frozenset({0}), frozenset({0, 1})]),
        )
        for _ in range(chance.choice([3, 4, 5]))
    ]
    return task(
        jobs,
        people=5,
        tables=chance.choice([1, 2]),
        there=[frozenset(chance.sample([0, 1], chance.choice([1, 2]))) for _ in range(3)],
        most=chance.choice([None, None, 2]),
        most_in_a_row=chance.choice([None, None, 1]),
    )


def best_by_trying(of):
    """Return the values of the goals of the best schedule, found by trying every one."""
    goals = goals_of(of)
    return min([measure(of, goal, solution) for goal in goals] for solution in all_solutions(of))


def all_solutions(of):
    for places in itertools.product(*([None, *sorted(each.slots)] for each in of.jobs)):
        times = {number: slot for number, slot in enumerate(places) if slot is not None}
        if not keeps_rules_of_people(of, times):
            continue
        needing = [n for n in times if of.jobs[n].interpreters is not None]
        able = [sorted(of.jobs[n].interpreters & of.there[times[n]]) for n in needing]
        for given in itertools.product(*able):
            busy = list(zip((times[n] for n in needing), given, strict=True))
            if len(set(busy)) == len(busy):
                yield Solution(times, {}, dict(zip(needing, given, strict=True)))


def keeps_rules_of_people(of, times):
    used = {}
    for number, slot in times.items():
        for person in of.jobs[number].people:
            if slot in used.setdefault(person, set()):
                return False
            used[person].add(slot)
    slots = list(times.values())
    if any(slots.count(slot) > len(of.tables[slot]) for slot in slots):
        return False
    if of.most is not None and any(len(each) > of.most for each in used.values()):
        return False
    row = of.most_in_a_row
    return row is None or not any(
        all(slot + step in each for step in range(row + 1))
        for each in used.values()
        for slot in range(of.slots)
    )


def nothing_held(of):
    return Solution({})
