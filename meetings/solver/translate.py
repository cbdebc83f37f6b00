"""From a plan of meetings to a task in whole numbers, and back to a schedule."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from meetings.domain.fill import civil, hit, inside
from meetings.domain.plan import Meeting, Place, Plan, Schedule, Side, Span
from meetings.solver.goals import Solution, anchors
from meetings.solver.task import Choice, Job, Task

_NIGHT = dt.timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Translation:
    """A task, and what its numbers stand for. ``kept`` are the places that nothing moves."""

    plan: Plan
    task: Task
    people: Sequence[int]
    kept: Schedule

    def solution_of(self, schedule: Schedule) -> Solution:
        """Return a schedule as the solver counts it; what is not of the plan is left out."""
        slot = {each: number for number, each in enumerate(self.plan.slots)}
        person = {key: number for number, key in enumerate(self.people)}
        interpreter = {each.key: number for number, each in enumerate(self.plan.interpreters)}
        times, comes, interprets = dict[int, int](), dict[int, frozenset[int]](), dict[int, int]()
        for number, meeting in enumerate(self.plan.meetings):
            place = schedule.get(meeting.key)
            if place is None or place.slot not in slot:
                continue
            times[number] = slot[place.slot]
            here = frozenset(person[key] for key in place.people if key in person)
            comes[number] = here - set(self.task.jobs[number].people)
            if place.interpreter is not None and self.task.jobs[number].interpreters is not None:
                interprets[number] = interpreter[place.interpreter]
        return Solution(times, comes, interprets)

    def schedule_of(self, solution: Solution, before: Schedule) -> dict[int, Place]:
        """Return the schedule of a solution: at the table of before where it is free, else at
        that of the person by whom an interpreter stays, or where one of the people sits most."""
        seating = _Seating(self, before)
        by_slot: dict[int, list[int]] = defaultdict(list)
        for number, slot in solution.times.items():
            by_slot[slot].append(number)
        schedule: dict[int, Place] = {}
        for slot in sorted(by_slot):
            comes = {number: self._people_at(number, solution) for number in sorted(by_slot[slot])}
            seats = {
                number: len(people) + (number in solution.interpreters)
                for number, people in comes.items()
            }
            tables = seating.seat(slot, seats)
            for number, people in comes.items():
                key = self.plan.meetings[number].key
                interprets = solution.interpreters.get(number)
                schedule[key] = self.kept.get(key) or Place(
                    self.plan.slots[slot],
                    tables[number],
                    frozenset(self.people[each] for each in people),
                    None if interprets is None else self.plan.interpreters[interprets].key,
                )
        return schedule

    def _people_at(self, number: int, solution: Solution) -> frozenset[int]:
        job = self.task.jobs[number]
        come = solution.comes.get(number, frozenset())
        chosen = set(job.people)
        for choice in job.choices:
            chosen.update(sorted(come & set(choice.people))[: choice.least])
        return frozenset(chosen)


def translate(plan: Plan, schedule: Schedule, *, is_replanned: bool = False) -> Translation:
    """Return the task of a plan. What is locked or has begun stays where ``schedule`` has it.

    If ``is_replanned``, as few meetings as possible leave the slot that they have there.
    """
    kept = {
        key: place
        for key, place in {**schedule, **plan.locked}.items()
        if key in plan.locked or (plan.now is not None and place.slot.start < plan.now)
    }
    people = sorted(plan.people)
    person = {key: number for number, key in enumerate(people)}
    there = [
        frozenset(
            number
            for number, slot in enumerate(plan.slots)
            if not hit(slot, plan.people[key].away) and civil(slot, plan.people[key])
        )
        for key in people
    ]
    jobs = [_job(plan, meeting, person, there, kept.get(meeting.key)) for meeting in plan.meetings]
    slot_number = {each: number for number, each in enumerate(plan.slots)}
    before = {
        number: slot_number[schedule[meeting.key].slot]
        for number, meeting in enumerate(plan.meetings)
        if is_replanned and meeting.key in schedule and schedule[meeting.key].slot in slot_number
    }
    task = Task(
        slots=len(plan.slots),
        people=len(people),
        jobs=jobs,
        tables=[
            [table.seats for table in plan.tables if not hit(slot, table.closed)]
            for slot in plan.slots
        ],
        there=[
            frozenset(
                number
                for number, each in enumerate(plan.interpreters)
                if inside(slot, each.present) and not hit(slot, each.away)
            )
            for slot in plan.slots
        ],
        away=[frozenset(range(len(plan.slots))) - each for each in there],
        days=_days(plan.slots),
        joined=[
            number > 0 and plan.slots[number - 1].end == slot.start
            for number, slot in enumerate(plan.slots)
        ],
        most=plan.most,
        most_in_a_row=plan.most_in_a_row,
        before=before,
    )
    return Translation(plan, task, people, kept)


def _job(
    plan: Plan,
    meeting: Meeting,
    person: dict[int, int],
    there: Sequence[frozenset[int]],
    kept: Place | None,
) -> Job:
    need = _need(plan, meeting)
    if kept is not None:
        number = plan.slots.index(kept.slot)
        interpreter = _number_of(plan, kept.interpreter)
        return Job(
            people=tuple(sorted(person[key] for key in kept.people)),
            slots=frozenset({number}),
            weight=meeting.priority,
            interpreters=None if interpreter is None else frozenset({interpreter}),
            # It takes this table, whoever else would need one as large.
            seats=next(table.seats for table in plan.tables if table.key == kept.table),
            is_fixed=True,
        )
    must = [person[key] for side in meeting.sides for key in side.must]
    slots = frozenset(
        number
        for number, slot in enumerate(plan.slots)
        if (plan.now is None or slot.start >= plan.now)
        and (meeting.within is None or inside(slot, (meeting.within,)))
        and all(number in there[each] for each in must)
    )
    if _is_apart(plan, meeting) or (need is not None and not need):
        slots = frozenset()
    choices = tuple(_choices(plan, meeting, person))
    return Job(
        people=tuple(must),
        slots=slots,
        weight=meeting.priority,
        choices=choices,
        interpreters=need,
        seats=len(must) + sum(choice.least for choice in choices) + (need is not None),
    )


def _choices(plan: Plan, meeting: Meeting, person: dict[int, int]) -> "list[Choice]":
    found = []
    for side, other in (meeting.sides, meeting.sides[::-1]):
        least = max(side.least, 1) - len(side.must)
        if least <= 0:
            continue
        others = {*other.must, *other.may}
        able = [
            person[key]
            for key in side.may
            if not any(frozenset([key, each]) in plan.apart for each in others)
        ]
        found.append(Choice(tuple(able), least))
    return found


def _need(plan: Plan, meeting: Meeting) -> frozenset[int] | None:
    """Return who can interpret at a meeting; None where nobody has to."""
    one, other = (_languages(plan, side) for side in meeting.sides)
    if any(each & those for each in one for those in other) and len(one) == len(other) == 1:
        return None
    return frozenset(
        number
        for number, each in enumerate(plan.interpreters)
        if all(each.languages & those for those in one + other)
    )


def _languages(plan: Plan, side: Side) -> list[frozenset[str]]:
    """Return the languages that each of those who may be alone on a side has."""
    spoken = [plan.people[key].languages for key in side.must or side.may]
    return [frozenset().union(*spoken)] if side.must else sorted(set(spoken), key=sorted)


def _is_apart(plan: Plan, meeting: Meeting) -> bool:
    one, other = meeting.sides
    return any(frozenset([each, those]) in plan.apart for each in one.must for those in other.must)


def _number_of(plan: Plan, key: int | None) -> int | None:
    numbers = {each.key: number for number, each in enumerate(plan.interpreters)}
    return None if key is None else numbers[key]


def _days(slots: Sequence[Span]) -> list[range]:
    """Return the slots of each day; a night is between two of them, in whatever time zone."""
    starts = [
        number
        for number, slot in enumerate(slots)
        if not number or slot.start - slots[number - 1].end >= _NIGHT
    ]
    ends = [*starts[1:], len(slots)]
    return [range(start, end) for start, end in zip(starts, ends, strict=False)]


class _Seating:
    """Which table each meeting of a slot is at."""

    def __init__(self, translation: Translation, before: Schedule) -> None:
        self.plan = translation.plan
        self.task = translation.task
        self.kept = translation.kept
        self.before = before
        self.anchor = anchors(translation.task)
        self.known: dict[int, Counter[int]] = defaultdict(Counter)
        self.home: dict[int, int] = {}

    def seat(self, slot: int, seats: dict[int, int]) -> dict[int, int]:
        span = self.plan.slots[slot]
        free = {table.key: table.seats for table in self.plan.tables if not hit(span, table.closed)}
        found: dict[int, int] = {}
        for number in seats:
            kept = self.kept.get(self.plan.meetings[number].key)
            if kept is not None:
                found[number] = kept.table
                free.pop(kept.table, None)
        left = [each for each in seats if each not in found]
        # Those that stay keep their table, then the largest come first.
        for number in sorted(left, key=lambda each: (not self._stays(each, span), -seats[each])):
            rest = [seats[each] for each in left if each not in found and each != number]
            table = next(
                table
                for table in self._wishes(number, free)
                if table in free and free[table] >= seats[number] and _suffice(free, table, rest)
            )
            found[number] = table
            del free[table]
        for number, table in found.items():
            for person in self.task.jobs[number].people:
                self.known[person][table] += 1
            if number in self.anchor:
                self.home.setdefault(self.anchor[number], table)
        return found

    def _before(self, number: int) -> Place | None:
        return self.before.get(self.plan.meetings[number].key)

    def _stays(self, number: int, slot: Span) -> bool:
        before = self._before(number)
        return before is not None and before.slot == slot

    def _wishes(self, number: int, free: dict[int, int]) -> list[int]:
        before = self._before(number)
        wishes = [before.table] if before else []
        anchor = self.anchor.get(number)
        if anchor in self.home:
            wishes.append(self.home[anchor])
        known = Counter[int]()
        for person in self.task.jobs[number].people:
            known |= self.known[person]
        wishes += [table for table, _times in known.most_common()]
        # A table at which nobody sits yet leaves the others theirs.
        taken = {table for each in self.known.values() for table in each}
        return wishes + sorted(free, key=lambda table: (table in taken, free[table], table))


def _suffice(free: dict[int, int], table: int, rest: list[int]) -> bool:
    """Whether the other tables have enough seats for the other meetings of the slot."""
    others = sorted((seats for key, seats in free.items() if key != table), reverse=True)
    return all(have >= need for have, need in zip(others, sorted(rest, reverse=True), strict=False))
