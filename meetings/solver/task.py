"""A task for the solver: a plan of meetings in whole numbers, as the solver counts them.

People, slots, meetings and interpreters are numbers from 0. What makes a meeting impossible in a
slot (absences, hours, halves of a day, locks) is worked out before: each job has the slots that
are left for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# In which slot each job is; those that are missing are not held.
type Times = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """Of these people so many come at least, beside those who have to."""

    people: tuple[int, ...]
    least: int


@dataclass(frozen=True, slots=True)
class Job:
    """A meeting: who has to come, in which slots it can be, and what it needs.

    ``weight`` is its class: those of a higher class are never dropped for those of a lower one.
    ``interpreters`` are those who can interpret at it; None where nobody has to.
    ``fixed`` jobs are held in any case.
    """

    people: tuple[int, ...]
    slots: frozenset[int]
    weight: int = 0
    choices: tuple[Choice, ...] = ()
    interpreters: frozenset[int] | None = None
    seats: int = 2
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be scheduled.

    ``tables`` are the seats of each table that is open in a slot, for each slot. ``there`` are the
    interpreters who are free in a slot. ``days`` split the slots: a break is a gap between the
    meetings of a person on one day. ``joined`` says whether a slot begins as the one before ends.
    ``after`` are pairs of jobs of which the first is before the second. ``breaks`` is how many a
    person may have at most, if that is a rule. ``before`` is where jobs were in the schedule from
    which as few as possible move.
    """

    slots: int
    people: int
    jobs: Sequence[Job]
    tables: Sequence[Sequence[int]]
    there: Sequence[frozenset[int]] = ()
    away: Sequence[frozenset[int]] = ()
    days: Sequence[range] = ()
    joined: Sequence[bool] = ()
    most: int | None = None
    most_in_a_row: int | None = None
    breaks: int | None = None
    after: Sequence[tuple[int, int]] = ()
    before: Mapping[int, int] = field(default_factory=dict)

    @property
    def blocks(self) -> Sequence[range]:
        return self.days or (range(self.slots),)

    def follows(self, slot: int) -> bool:
        """Whether a slot begins as the one before ends; so they all do if nothing is said."""
        return slot > 0 and (not self.joined or self.joined[slot])

    def jobs_of_people(self) -> list[list[int]]:
        """Return for each person the jobs to which the person has to come."""
        found: list[list[int]] = [[] for _ in range(self.people)]
        for number, job in enumerate(self.jobs):
            for person in job.people:
                found[person].append(number)
        return found
