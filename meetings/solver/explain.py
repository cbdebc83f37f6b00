"""Why a meeting is not held, as a reason in plain values: minimal where rules interact.

A meeting that is left out of a schedule could not be added to it, however the others are moved.
What counting shows is told by counting. Otherwise the rules are switched off one after the other
until none can be spared: what is left is the reason.
"""

import enum
import time
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from meetings.solver.clauses import Clauses
from meetings.solver.goals import Solution
from meetings.solver.model import Model
from meetings.solver.task import Task


class Cause(enum.StrEnum):
    NO_SLOT = "no_slot"
    PERSON_FULL = "person_full"
    TABLES_FULL = "tables_full"
    INTERPRETERS_FULL = "interpreters_full"
    RULES = "rules"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a job is not held. What is not of the cause is empty.

    ``person`` has ``free`` slots, ``held`` meetings and ``asked`` ones. ``slot`` is one in which
    the most meetings need what there are too few of. ``rules`` are what cannot be spared, each
    with the person, slot or job that it is about, and ``jobs`` the meetings that interact.
    """

    cause: Cause
    person: int | None = None
    free: int = 0
    held: int = 0
    asked: int = 0
    slot: int | None = None
    rules: Sequence[Hashable] = ()
    jobs: Sequence[int] = ()


def explain(
    task: Task, solution: Solution, jobs: Iterable[int], *, solver: Any, seconds: float
) -> dict[int, Reason]:
    """Return a reason for each of these jobs, which the solution does not hold.

    ``solver`` makes an incremental solver; without one only what counting shows is told. The
    search for minimal reasons ends after so many seconds: then they are ``UNKNOWN``.
    """
    ends = time.monotonic() + seconds
    counted = _Counts(task, solution)
    reasons: dict[int, Reason] = {}
    left = []
    for number in jobs:
        reason = counted.reason(number)
        if reason is None:
            left.append(number)
        else:
            reasons[number] = reason
    if left and solver is not None:
        search = _Search(task, solution, solver())
        for number in left:
            reasons[number] = search.reason(number, ends)
    return reasons | {number: Reason(Cause.UNKNOWN) for number in left if number not in reasons}


class _Counts:
    """What the numbers alone show."""

    def __init__(self, task: Task, solution: Solution) -> None:
        self.task = task
        self.times = solution.times
        self.jobs = task.jobs_of_people()
        self.used: list[int] = [0] * task.slots
        for slot in self.times.values():
            self.used[slot] += 1
        self.asked_of = [len(jobs) for jobs in self.jobs]

    def reason(self, number: int) -> Reason | None:
        job = self.task.jobs[number]
        if not job.slots:
            return Reason(Cause.NO_SLOT)
        for person in job.people:
            reason = self._full(person)
            if reason is not None:
                return reason
        if all(self.used[slot] >= len(self.task.tables[slot]) for slot in range(self.task.slots)):
            return Reason(
                Cause.TABLES_FULL, held=len(self.times), free=sum(map(len, self.task.tables))
            )
        return self._uninterpreted(number)

    def _full(self, person: int) -> Reason | None:
        """Every slot of the person is taken, whoever comes, or as many as may be."""
        slots = set[int]().union(*(self.task.jobs[each].slots for each in self.jobs[person]))
        held = sum(each in self.times for each in self.jobs[person])
        free = min(len(slots), self.task.most or len(slots))
        if held < free:
            return None
        return Reason(
            Cause.PERSON_FULL, person=person, free=free, held=held, asked=len(self.jobs[person])
        )

    def _uninterpreted(self, number: int) -> Reason | None:
        """All who could interpret do so in every slot that is left for such meetings."""
        need = self.task.jobs[number].interpreters
        if need is None:
            return None
        rivals = [
            other
            for other, job in enumerate(self.task.jobs)
            if job.interpreters is not None and job.interpreters <= need and other in self.times
        ]
        busy = [0] * self.task.slots
        for other in rivals:
            busy[self.times[other]] += 1
        there = [len(need & each) for each in self.task.there]
        if any(busy[slot] < there[slot] for slot in range(self.task.slots)):
            return None
        slot = max(range(self.task.slots), key=lambda each: busy[each])
        asked = sum(
            job.interpreters is not None and job.interpreters <= need for job in self.task.jobs
        )
        return Reason(
            Cause.INTERPRETERS_FULL, slot=slot, free=sum(there), held=len(rivals), asked=asked
        )


class _Search:
    """Finds which rules cannot be spared: the core of a contradiction, made smaller."""

    def __init__(self, task: Task, solution: Solution, engine: Any) -> None:
        self.task = task
        self.engine = engine
        clauses = Clauses(engine.add_clause, with_rules=True)
        self.model = Model(task, clauses, all_held=False)
        self.rule_of = {literal: rule for rule, literal in clauses.rules.items()}
        self.rules = list(clauses.rules.values())
        held = [self.model.held[each] for each in solution.times if each in self.model.held]
        self.held = held
        self.job_of = {literal: number for number, literal in self.model.held.items()}

    def reason(self, number: int, ends: float) -> Reason:
        asked = self.model.held.get(number)
        if asked is None:
            return Reason(Cause.UNKNOWN)
        if time.monotonic() > ends:
            return Reason(Cause.UNKNOWN)
        if self.engine.solve(assumptions=[*self.rules, *self.held, asked]):
            return Reason(Cause.POSSIBLE)
        core = self._smaller(self.engine.get_core(), asked, ends)
        rules = [self.rule_of[each] for each in core if each in self.rule_of]
        jobs = [self.job_of[each] for each in core if each in self.job_of and each != asked]
        return Reason(Cause.RULES, rules=tuple(sorted(rules, key=str)), jobs=tuple(sorted(jobs)))

    def _smaller(self, core: Sequence[int], asked: int, ends: float) -> list[int]:
        """Leave out what can be spared: rules first, then meetings, while there is time."""
        kept = sorted(core, key=lambda literal: literal not in self.rule_of)
        for literal in list(kept):
            if literal == asked or literal not in kept:
                continue
            if time.monotonic() > ends:
                break
            rest = [each for each in kept if each != literal]
            if not self.engine.solve(assumptions=rest):
                smaller = set(self.engine.get_core())
                kept = [each for each in rest if each in smaller or each == asked]
        return kept
