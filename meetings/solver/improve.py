"""Improves a schedule by small moves, which proves nothing: simulated annealing.

A move takes a meeting to another slot; whoever is in its way goes to the slot that it left. Every
schedule on the way keeps every rule. The same task and seed give the same moves, as many as the
time allows.
"""

import math
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence

from meetings.solver.goals import Goal, Kind, Solution, anchors, measure
from meetings.solver.task import Task

_HOT, _COLD = 0.5, 0.05
_LOOKS_AT_CLOCK = 64
_LONGEST_CHAIN = 60


def improve(
    task: Task,
    goal: Goal,
    start: Solution,
    bounds: Sequence[tuple[Goal, int]],
    *,
    seconds: float,
    stop: int = 0,
    seed: int = 1,
) -> Iterator[Solution]:
    """Give out ever better solutions for a goal, which leave the earlier goals as they are.

    It ends with the time, or as the goal is at ``stop``. Moved meetings and fairness are left as
    they are: moves of single meetings seldom help them.
    """
    ways = {Kind.DROPPED: _hold_more, Kind.INTERPRETERS: _stay, Kind.BREAKS: _close_gaps}
    way = ways.get(goal.kind)
    if way is None or seconds <= 0:
        return
    chance = random.Random(seed)  # noqa: S311  # moves, no secrets
    best = measure(task, goal, start)
    for solution in way(_Board(task, start), goal, _Clock(seconds), chance, stop):
        found = measure(task, goal, solution)
        if found < best and all(measure(task, each, solution) <= most for each, most in bounds):
            best = found
            yield solution


class _Clock:
    """How much of the time is gone, from 0 to 1. It is looked at now and then only."""

    def __init__(self, seconds: float) -> None:
        self.began = time.monotonic()
        self.seconds = seconds
        self.tries = 0
        self.gone = 0.0

    def is_over(self) -> bool:
        self.tries += 1
        if self.tries % _LOOKS_AT_CLOCK == 0:
            self.gone = (time.monotonic() - self.began) / self.seconds
        return self.gone >= 1


def _close_gaps(
    board: "_Board", goal: Goal, clock: _Clock, chance: random.Random, stop: int
) -> Iterator[Solution]:
    """Move meetings so that people have fewer gaps, and worse at first to be better in the end."""
    best = board.breaks
    free = [number for number in board.times if not board.task.jobs[number].is_fixed]
    while free and best > stop and not clock.is_over():
        temperature = _HOT * (_COLD / _HOT) ** clock.gone
        undo = board.try_move(chance.choice(free), chance)
        if undo is None:
            continue
        worse = board.breaks - undo.breaks
        if worse > 0 and chance.random() >= math.exp(-worse / temperature):
            board.take_back(undo)
        elif board.breaks < best:
            best = board.breaks
            yield board.solution()


def _hold_more(
    board: "_Board", goal: Goal, clock: _Clock, chance: random.Random, stop: int
) -> Iterator[Solution]:
    """Give dropped meetings a slot: a free one, one that a chain of others leaves, or that of
    another dropped in its place, which is tried again later."""
    jobs = board.task.jobs
    out = [
        number
        for number, job in enumerate(jobs)
        if number not in board.times and job.weight == goal.weight and job.slots
    ]
    hopeless = sum(not job.slots and job.weight == goal.weight for job in jobs)
    best = len(out)
    while out and len(out) + hopeless > stop and not clock.is_over():
        position = chance.randrange(len(out))
        out[position], out[-1] = out[-1], out[position]
        number = out[-1]
        slot = chance.choice(board.domain_of(number))
        if board.insert(number, slot) or board.insert_by_chain(number, slot, chance):
            out.pop()
        else:
            instead = board.insert_instead(number, slot, goal.weight)
            if instead is not None:
                out.pop()
                if jobs[instead].weight == goal.weight:
                    out.append(instead)
        if len(out) < best:
            best = len(out)
            yield board.solution()


def _stay(
    board: "_Board", goal: Goal, clock: _Clock, chance: random.Random, stop: int
) -> Iterator[Solution]:
    """Swap interpreters in a slot where that lets them stay by one person for longer."""
    task = board.task
    anchor = anchors(task)
    given = dict(board.start.interpreters)
    days = {slot: day for day, block in enumerate(task.blocks) for slot in block}
    by_slot: dict[int, list[int]] = defaultdict(list)
    counts: dict[tuple[int, int, int], int] = defaultdict(int)
    for number, interpreter in given.items():
        slot = board.times[number]
        by_slot[slot].append(number)
        counts[anchor[number], days[slot], interpreter] += 1
    found = best = len(counts)
    slots = sorted(by_slot)

    def change(number: int, to: int, day: int) -> int:
        """Give a meeting another interpreter; return by how much that changes the number."""
        key = anchor[number], day, given[number]
        counts[key] -= 1
        gone = not counts[key]
        if gone:
            del counts[key]
        given[number] = to
        new = (anchor[number], day, to) not in counts
        counts[anchor[number], day, to] += 1
        return new - gone

    while slots and best > stop and not clock.is_over():
        slot = chance.choice(slots)
        number = chance.choice(by_slot[slot])
        old = given[number]
        able = sorted((task.jobs[number].interpreters or frozenset()) & task.there[slot])
        new = chance.choice(able)
        other = next((each for each in by_slot[slot] if given[each] == new), None)
        if new == old or task.jobs[number].is_fixed:
            continue
        if other is not None and (
            task.jobs[other].is_fixed or old not in (task.jobs[other].interpreters or ())
        ):
            continue
        day = days[slot]
        moved = change(number, new, day) + (change(other, old, day) if other is not None else 0)
        temperature = _HOT * (_COLD / _HOT) ** clock.gone
        if moved > 0 and chance.random() >= math.exp(-moved / temperature):
            change(number, old, day)
            if other is not None:
                change(other, new, day)
            continue
        found += moved
        if found < best:
            best = found
            yield Solution(dict(board.times), board.start.comes, dict(given))


class _Undo:
    def __init__(self, times: list[tuple[int, int]], breaks: int) -> None:
        self.times, self.breaks = times, breaks


class _Board:
    """Where meetings are while they are moved. Sets of slots are bits of whole numbers."""

    def __init__(self, task: Task, start: Solution) -> None:
        self.task = task
        self.start = start
        self.times = dict(start.times)
        self.comes = dict(start.comes)
        self.people = {
            number: (*task.jobs[number].people, *start.comes.get(number, ()))
            for number in self.times
        }
        self.busy: dict[int, int] = defaultdict(int)
        self.who: dict[tuple[int, int], int] = {}
        self.here: dict[int, set[int]] = defaultdict(set)
        self.masks = [sum(1 << slot for slot in block) for block in task.blocks]
        self.domain = {number: self._domain(number) for number in self.times}
        self.all_slots: dict[int, list[int]] = {}
        for number, slot in self.times.items():
            self._put(number, slot)
        self.breaks = sum(map(self._breaks, self.busy))

    def _domain(self, number: int) -> list[int]:
        away = self.task.away
        return sorted(
            slot
            for slot in self.task.jobs[number].slots
            if not away or all(slot not in away[person] for person in self.people[number])
        )

    def domain_of(self, number: int) -> list[int]:
        """Return the slots of a job, whoever of those who may comes to it."""
        if number not in self.all_slots:
            self.all_slots[number] = sorted(self.task.jobs[number].slots)
        return self.all_slots[number]

    def _breaks(self, person: int) -> int:
        busy, breaks = self.busy[person], 0
        for mask in self.masks:
            part = busy & mask
            breaks += max((part & ~(part << 1)).bit_count() - 1, 0)
        return breaks

    def _put(self, number: int, slot: int) -> None:
        self.times[number] = slot
        self.here[slot].add(number)
        for person in self.people[number]:
            self.busy[person] |= 1 << slot
            self.who[person, slot] = number

    def _take(self, number: int) -> int:
        slot = self.times.pop(number)
        self.here[slot].discard(number)
        for person in self.people[number]:
            self.busy[person] &= ~(1 << slot)
            del self.who[person, slot]
        return slot

    # Meetings that are not held yet

    def _choose(self, number: int, slot: int) -> bool:
        """Choose who of those who may comes to a job in a slot; whether there are enough."""
        job, chosen = self.task.jobs[number], list[int]()
        for choice in job.choices:
            able = [
                person
                for person in choice.people
                if not self.busy[person] >> slot & 1 and slot not in self.task.away[person]
            ]
            if len(able) < choice.least:
                return False
            chosen += able[: choice.least]
        self.people[number] = (*job.people, *chosen)
        self.comes[number] = frozenset(chosen)
        self.domain[number] = self._domain(number)
        return True

    def _has_room(self, person: int) -> bool:
        most = self.task.most
        return most is None or self.busy[person].bit_count() < most

    def insert(self, number: int, slot: int) -> bool:
        """Hold a job in a slot where all of its people, a table and an interpreter are free."""
        if not self._choose(number, slot):
            return False
        people = self.people[number]
        if any(self.busy[person] >> slot & 1 or not self._has_room(person) for person in people):
            return False
        self._put(number, slot)
        if self._fits(slot) and self._in_limits(set(people)):
            return True
        self._take(number)
        return False

    def insert_by_chain(self, number: int, slot: int, chance: random.Random) -> bool:
        """Hold a job in a slot whose meetings in its way change places with those of another
        slot, and so on along a chain (Kempe's)."""
        if not self._choose(number, slot):
            return False
        people = self.people[number]
        if not all(map(self._has_room, people)):
            return False
        others = [each for each in range(self.task.slots) if each != slot]
        other = chance.choice(others) if others else slot
        chain, queue = {number: slot}, [(person, slot) for person in people]
        while queue:
            person, taken = queue.pop()
            in_way = self.who.get((person, taken))
            if in_way is None or in_way in chain:
                continue
            to = other if taken == slot else slot
            is_stuck = self.task.jobs[in_way].is_fixed or to not in self.domain[in_way]
            if is_stuck or len(chain) > _LONGEST_CHAIN:
                return False
            chain[in_way] = to
            queue += [(each, to) for each in self.people[in_way]]
        return self._apply(chain, {slot, other})

    def _apply(self, chain: dict[int, int], slots: set[int]) -> bool:
        """Put every job of a chain into its slot, or leave all as it was."""
        before = {number: self._take(number) for number in chain if number in self.times}
        seats = [(person, slot) for number, slot in chain.items() for person in self.people[number]]
        is_free = len(set(seats)) == len(seats) and not any(seat in self.who for seat in seats)
        if is_free:
            for number, slot in chain.items():
                self._put(number, slot)
            touched = {person for person, _slot in seats}
            if all(map(self._fits, slots)) and self._in_limits(touched):
                return True
            for number in chain:
                self._take(number)
        for number, slot in before.items():
            self._put(number, slot)
        return False

    def insert_instead(self, number: int, slot: int, weight: int) -> int | None:
        """Hold a job in the place of the one that is in its way, if that weighs no more.

        Return which one is held no longer.
        """
        if not self._choose(number, slot):
            return None
        in_way = {
            self.who[person, slot] for person in self.people[number] if (person, slot) in self.who
        }
        if len(in_way) != 1:
            return None
        (out,) = in_way
        job = self.task.jobs[out]
        if job.is_fixed or job.weight > weight:
            return None
        self._take(out)
        if self.insert(number, slot):
            return out
        self._put(out, slot)
        return None

    # Meetings that are held

    def try_move(self, number: int, chance: random.Random) -> _Undo | None:
        """Move a meeting somewhere else if the rules allow it, and whoever is in its way."""
        old = self.times[number]
        others = [slot for slot in self.domain[number] if slot != old]
        if not others:
            return None
        new = chance.choice(others)
        in_way = {
            self.who[person, new] for person in self.people[number] if (person, new) in self.who
        }
        if any(self.task.jobs[each].is_fixed or old not in self.domain[each] for each in in_way):
            return None
        for each in in_way:
            for person in self.people[each]:
                at_old = self.who.get((person, old))
                if at_old is not None and at_old != number:
                    return None
        touched = {person for each in (number, *in_way) for person in self.people[each]}
        before = sum(map(self._breaks, touched))
        undo = _Undo([(number, old), *((each, new) for each in in_way)], self.breaks)
        for each in (number, *in_way):
            self._take(each)
        self._put(number, new)
        for each in in_way:
            self._put(each, old)
        if not (self._fits(old) and self._fits(new) and self._in_limits(touched)):
            self.take_back(undo)
            return None
        self.breaks += sum(map(self._breaks, touched)) - before
        return undo

    def take_back(self, undo: _Undo) -> None:
        for number, _slot in undo.times:
            self._take(number)
        for number, slot in undo.times:
            self._put(number, slot)
        self.breaks = undo.breaks

    def _fits(self, slot: int) -> bool:
        """Whether the meetings of a slot have tables with enough seats, and interpreters."""
        jobs = [self.task.jobs[number] for number in self.here[slot]]
        tables = sorted(self.task.tables[slot], reverse=True)
        if len(jobs) > len(tables):
            return False
        needs = sorted((job.seats for job in jobs), reverse=True)
        if any(need > have for need, have in zip(needs, tables, strict=False)):
            return False
        return self._interpreters(slot) is not None

    def _interpreters(self, slot: int) -> dict[int, int] | None:
        """Return who interprets at each meeting of a slot; None if there are too few."""
        there = self.task.there[slot] if self.task.there else frozenset[int]()
        given: dict[int, int] = {}
        usual = self.start.interpreters

        def find(number: int, seen: set[int]) -> bool:
            need = self.task.jobs[number].interpreters or frozenset()
            able = sorted(need & there, key=lambda each: (usual.get(number) != each, each))
            for each in able:
                if each in seen:
                    continue
                seen.add(each)
                if each not in given or find(given[each], seen):
                    given[each] = number
                    return True
            return False

        for number in sorted(self.here[slot]):
            if self.task.jobs[number].interpreters is not None and not find(number, set()):
                return None
        return {number: interpreter for interpreter, number in given.items()}

    def _in_limits(self, people: set[int]) -> bool:
        row = self.task.most_in_a_row
        if row is None:
            return True
        for person in people:
            length = 0
            for slot in range(self.task.slots):
                is_busy = self.busy[person] >> slot & 1
                length = (length + 1 if self.task.follows(slot) else 1) if is_busy else 0
                if length > row:
                    return False
        return True

    def solution(self) -> Solution:
        interpreters: dict[int, int] = {}
        for slot in self.here:
            interpreters |= self._interpreters(slot) or {}
        comes = {number: self.comes.get(number, frozenset()) for number in self.times}
        return Solution(dict(self.times), comes, interpreters)
