"""A task as clauses: every hard rule, and the counters by which goals are bounded.

The model follows Bofill, Coll, Garcia, Giráldez-Cru, Pesant, Suy and Villaret, "Constraint Solving
Approaches to the Business-to-Business Meeting Scheduling Problem", JAIR 74 (2022), with breaks
counted as runs of used slots, and with what our plans have besides: meetings that may be dropped,
interpreters, delegations, limits of each person.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain, combinations

from meetings.solver.clauses import Clauses
from meetings.solver.goals import Goal, Kind, Solution, anchors
from meetings.solver.task import Task

# Sets of pairs of languages are all bounded up to so many pairs; beyond, each interpreter is.
_PAIRS_BOUNDED = 6


class Model:
    """The clauses of a task. ``at[m, t]``: job m is in slot t; ``held[m]``: it is held.

    With ``all_held`` no job may be dropped.
    """

    def __init__(self, task: Task, clauses: Clauses, *, all_held: bool) -> None:
        self.task = task
        self.all_held = all_held
        self.clauses = clauses
        self.at: dict[tuple[int, int], int] = {}
        self.held: dict[int, int] = {}
        self.comes: dict[tuple[int, int], int] = {}
        self.used: dict[tuple[int, int], int] = {}
        self.used_slots: dict[int, list[int]] = {}
        self.anchors = anchors(task)
        # Anchor, interpreter and slot: that the one is by the other then.
        self.stays: dict[tuple[int, int, int], int] = {}
        self.breaks_of: list[list[int]] = []
        self.slots_of = presolved(task) if all_held else [set(job.slots) for job in task.jobs]
        self._place_jobs()
        self._use_people()
        if not clauses.with_rules:
            self._link_counts()
        self._limit_people()
        self._limit_tables()
        self._limit_interpreters()
        self._order()
        self._count_breaks()

    def _place_jobs(self) -> None:
        add = self.clauses
        for number, job in enumerate(self.task.jobs):
            slots = sorted(self.slots_of[number])
            literals = [add.new() for _ in slots]
            self.at.update(
                ((number, slot), made) for slot, made in zip(slots, literals, strict=True)
            )
            add.at_most_one(literals)
            if self.all_held or job.is_fixed:
                add.add(*literals)
            else:
                self.held[number] = made = add.new()
                add.define(-made, *literals)
                for each in literals:
                    add.define(-each, made)

    def _use_people(self) -> None:
        """Nobody is in two meetings at a time; who may come does so for as many as are needed."""
        busy: dict[tuple[int, int], list[int]] = defaultdict(list)
        away = self.task.away
        for number, job in enumerate(self.task.jobs):
            slots = sorted(self.slots_of[number])
            for person in job.people:
                for slot in slots:
                    busy[person, slot].append(self.at[number, slot])
            for choice in job.choices:
                come = [self.clauses.new() for _ in choice.people]
                # A meeting that is dropped needs nobody: its people are free by its slots.
                with self.clauses.under("comes", number):
                    self.clauses.at_least(come, choice.least)
                for person, literal in zip(choice.people, come, strict=True):
                    self.comes[number, person] = literal
                    for slot in slots:
                        here = self.at[number, slot]
                        if away and slot in away[person]:
                            with self.clauses.under("away", person):
                                self.clauses.add(-here, -literal)
                            continue
                        both = self.clauses.new()
                        self.clauses.define(-here, -literal, both)
                        self.clauses.define(-both, here)
                        self.clauses.define(-both, literal)
                        busy[person, slot].append(both)
        for key in sorted(busy):
            with self.clauses.under("once", key[0]):
                self.clauses.at_most_one(busy[key])
            self.used[key] = self.clauses.either(busy[key])
            self.used_slots.setdefault(key[0], []).append(key[1])

    def _link_counts(self) -> None:
        """As many slots of a person are used as meetings of the person are held."""
        for person, jobs in enumerate(self.task.jobs_of_people()):
            if any((number, person) in self.comes for number in range(len(self.task.jobs))):
                continue
            slots = self.used_slots.get(person, [])
            used = [self.used[person, slot] for slot in slots]
            if len(jobs) <= 1 or not used:
                continue
            if self.all_held or all(self.task.jobs[number].is_fixed for number in jobs):
                if len(jobs) == len(used):
                    for each in used:
                        self.clauses.add(each)
                else:
                    out = self.clauses.count(used, most=len(jobs) + 1, up=True, down=True)
                    if len(jobs) <= len(out):
                        self.clauses.add(out[len(jobs) - 1])
                    else:
                        self.clauses.add()
                    if len(jobs) < len(out):
                        self.clauses.add(-out[len(jobs)])
            elif len(jobs) > len(used):
                # More are asked for than fit: no more than the slots are held.
                kept = [self.held[number] for number in jobs if number in self.held]
                sure = len(jobs) - len(kept)
                if sure > len(used):
                    self.clauses.add()
                else:
                    self.clauses.at_most(kept, len(used) - sure)

    def _limit_people(self) -> None:
        most, in_a_row = self.task.most, self.task.most_in_a_row
        for person, slots in self.used_slots.items():
            with self.clauses.under("most", person):
                if most is not None:
                    self.clauses.at_most([self.used[person, slot] for slot in slots], most)
            if in_a_row is None:
                continue
            with self.clauses.under("in_a_row", person):
                for window in self._windows(in_a_row + 1):
                    literals = [self.used.get((person, slot)) for slot in window]
                    if all(literals):
                        self.clauses.add(*(-each for each in literals if each))

    def _windows(self, length: int) -> Iterable[range]:
        """Give out the stretches of so many slots of which each begins as the one before ends."""
        for start in range(self.task.slots - length + 1):
            if all(map(self.task.follows, range(start + 1, start + length))):
                yield range(start, start + length)

    def _limit_tables(self) -> None:
        """Tables twice: by clusters that share a person, and by the people who sit at them."""
        task, add = self.task, self.clauses
        clusters = list(self._clusters())
        total = sum(map(len, task.tables))
        pairs_only = all(len(job.people) == 2 and not job.choices for job in task.jobs)
        for slot in range(task.slots):
            cap = len(task.tables[slot])
            inside = []
            for cluster in clusters:
                here = [self.at[job, slot] for job in cluster if (job, slot) in self.at]
                if here:
                    inside.append(add.either(here) if len(here) > 1 else here[0])
            with add.under("tables", slot):
                add.at_most(inside, cap)
                self._limit_seats(slot)
            if not pairs_only:
                continue
            used = [
                self.used[person, slot]
                for person in range(task.people)
                if (person, slot) in self.used
            ]
            least = 2 * (len(task.jobs) - (total - cap)) if self.all_held else 0
            self._between(used, least, 2 * cap)

    def _between(self, literals: list[int], least: int, most: int) -> None:
        if most >= len(literals) and least <= 0:
            return
        bound = min(max(most + 1, least), len(literals))
        out = self.clauses.count(literals, most=bound, up=True, down=least > 0)
        if most < len(out):
            self.clauses.add(-out[most])
        if least > 0:
            self.clauses.add(*out[least - 1 : least])

    def _limit_seats(self, slot: int) -> None:
        """Meetings of many people need tables with many seats."""
        seats = self.task.tables[slot]
        for size in sorted({job.seats for job in self.task.jobs} - {2}):
            large = [
                self.at[number, slot]
                for number, job in enumerate(self.task.jobs)
                if job.seats >= size and (number, slot) in self.at
            ]
            fit = sum(each >= size for each in seats)
            if fit < len(seats):
                self.clauses.at_most(large, fit)

    def _clusters(self) -> Iterable[list[int]]:
        """Split the jobs into stars: of one person no two are at a time."""
        left = {number: set(jobs) for number, jobs in enumerate(self.task.jobs_of_people())}
        open_jobs = set(range(len(self.task.jobs)))
        while open_jobs:
            person = max(left, key=lambda key: (len(left[key]), -key))
            cluster = sorted(left[person])
            if not cluster:
                yield from ([number] for number in sorted(open_jobs))
                return
            yield cluster
            open_jobs -= set(cluster)
            for jobs in left.values():
                jobs.difference_update(cluster)

    def _limit_interpreters(self) -> None:
        """Each interpreter stays by one anchor at a time, and each meeting that needs one has one.

        For every set of needs as many meetings at a time as interpreters can serve: that follows,
        but the solver finds it only by counting.
        """
        task, add = self.task, self.clauses
        needs: dict[frozenset[int], list[int]] = defaultdict(list)
        for number, anchor in self.anchors.items():
            need = task.jobs[number].interpreters or frozenset()
            needs[need].append(number)
            for slot in self.slots_of[number]:
                for interpreter in sorted(need & task.there[slot]):
                    if (anchor, interpreter, slot) not in self.stays:
                        self.stays[anchor, interpreter, slot] = add.new()
                able = [
                    self.stays[anchor, interpreter, slot]
                    for interpreter in sorted(need & task.there[slot])
                ]
                with add.under("interpreters", slot):
                    add.add(-self.at[number, slot], *able)
        by_one: dict[tuple[int, int], list[int]] = defaultdict(list)
        for (_anchor, interpreter, slot), literal in self.stays.items():
            by_one[interpreter, slot].append(literal)
        for (_interpreter, slot), literals in by_one.items():
            with add.under("interpreters", slot):
                add.at_most_one(literals)
        for able_ones in _unions(list(needs)):
            jobs = [number for need in needs if need <= able_ones for number in needs[need]]
            for slot in range(task.slots):
                here = [self.at[number, slot] for number in jobs if (number, slot) in self.at]
                with add.under("interpreters", slot):
                    add.at_most(here, len(able_ones & task.there[slot]))

    def _order(self) -> None:
        for first, second in self.task.after:
            for early in self.slots_of[first]:
                for late in self.slots_of[second]:
                    if early >= late:
                        self.clauses.add(-self.at[first, early], -self.at[second, late])

    def _count_breaks(self) -> None:
        """Of a person as many literals are true as there are breaks, at least."""
        for person, slots in sorted(self.used_slots.items()):
            has = set(slots)
            own: list[int] = []
            for block in self.task.blocks:
                inside = [slot for slot in block if slot in has]
                if len(inside) > 2:
                    most = (len(inside) - 1) // 2 if self.task.breaks is None else self.task.breaks
                    own += self._runs(person, block, has, most)
            if own:
                if self.task.breaks is not None:
                    self.clauses.at_most(own, self.task.breaks)
                self.breaks_of.append(own)

    def _runs(self, person: int, block: range, has: set[int], most: int) -> list[int]:
        """Return literals for the second and further runs of used slots of a person on a day."""
        add = self.clauses
        runs: list[int] = []
        for slot in block:
            if slot not in has:
                continue
            used = self.used[person, slot]
            before = self.used[person, slot - 1] if slot - 1 in has and slot > block[0] else None
            starts = [-used] + ([before] if before else [])
            grown = []
            for i in range(min(most + 1, len(runs) + 1)):
                made = add.new()
                if i < len(runs):
                    add.define(-runs[i], made)
                if i == 0:
                    add.define(*starts, made)
                elif i - 1 < len(runs):
                    add.define(*starts, -runs[i - 1], made)
                grown.append(made)
            if self.task.breaks is not None and len(runs) > most:
                add.add(*starts, -runs[most])
            runs = grown
        return runs[1:]

    # Goals, and what a solution says

    def terms(self, goal: Goal) -> list[int]:
        """Return literals of which as many are true as the goal counts, at least."""
        match goal.kind:
            case Kind.DROPPED:
                return [
                    -held
                    for number, held in self.held.items()
                    if self.task.jobs[number].weight == goal.weight
                ]
            case Kind.MOVED:
                return list(self._moved())
            case Kind.INTERPRETERS:
                return self._interpreters()
            case Kind.BREAKS:
                return [literal for own in self.breaks_of for literal in own]
            case Kind.FAIRNESS:
                return self._worst()

    def _moved(self) -> Iterable[int]:
        for number, slot in self.task.before.items():
            stays = self.at.get((number, slot))
            held = self.held.get(number)
            made = self.clauses.new()
            given = ([-held] if held else []) + ([stays] if stays else [])
            self.clauses.add(*given, made)
            yield made

    def _interpreters(self) -> list[int]:
        days: dict[tuple[int, int, int], int] = {}
        for (anchor, interpreter, slot), literal in self.stays.items():
            day = next(number for number, block in enumerate(self.task.blocks) if slot in block)
            key = anchor, interpreter, day
            if key not in days:
                days[key] = self.clauses.new()
            self.clauses.add(-literal, days[key])
        return list(days.values())

    def _worst(self) -> list[int]:
        worst: list[int] = []
        for own in self.breaks_of:
            counted = self.clauses.count(own, most=len(own)) if len(self.task.blocks) > 1 else own
            for number, literal in enumerate(counted):
                if number == len(worst):
                    worst.append(self.clauses.new())
                self.clauses.add(-literal, worst[number])
        for more, fewer in zip(worst[1:], worst, strict=False):
            self.clauses.add(-more, fewer)
        return worst

    def solution(self, true: set[int]) -> Solution:
        """Return the schedule that is true, with one interpreter where a meeting needs one."""
        times = {number: slot for (number, slot), made in self.at.items() if made in true}
        comes: dict[int, set[int]] = defaultdict(set)
        for (number, person), literal in self.comes.items():
            if literal in true and number in times:
                comes[number].add(person)
        interpreters = {}
        for number, anchor in self.anchors.items():
            if number in times:
                slot = times[number]
                need = self.task.jobs[number].interpreters or frozenset()
                interpreters[number] = next(
                    each
                    for each in sorted(need & self.task.there[slot])
                    if self.stays[anchor, each, slot] in true
                )
        return Solution(times, {key: frozenset(each) for key, each in comes.items()}, interpreters)


def presolved(task: Task) -> list[set[int]]:
    """Return the slots that are left for each job where every job is held."""
    slots = [set(job.slots) for job in task.jobs]
    of_people = task.jobs_of_people()
    changed = True
    while changed:
        changed = False
        for number, job in enumerate(task.jobs):
            if len(slots[number]) != 1:
                continue
            (only,) = slots[number]
            for other in set(chain.from_iterable(of_people[each] for each in job.people)):
                if other != number and only in slots[other]:
                    slots[other].discard(only)
                    changed = True
        for first, second in task.after:
            if slots[first] and slots[second]:
                late = {slot for slot in slots[second] if slot <= min(slots[first])}
                early = {slot for slot in slots[first] if slot >= max(slots[second])}
                slots[second] -= late
                slots[first] -= early
                changed = changed or bool(late or early)
    return slots


def _unions(needs: list[frozenset[int]]) -> set[frozenset[int]]:
    if len(needs) > _PAIRS_BOUNDED:
        needs = sorted(needs, key=lambda need: (len(need), sorted(need)))
        grown = {
            frozenset(chain.from_iterable(needs[:number])) for number in range(1, len(needs) + 1)
        }
        return grown | set(needs)
    return {
        frozenset().union(*some)
        for number in range(1, len(needs) + 1)
        for some in combinations(needs, number)
    }
