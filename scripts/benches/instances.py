"""Published instances of scheduling meetings (Bofill et al., JAIR 74, 2022), solved and checked.

They lie in the folder that ``MEETING_INSTANCES`` names; without them nothing is measured.
"""

import os
import re
import resource
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from meetings.solver.solve import installed, solve
from meetings.solver.task import Job, Task, Times
from scripts.benches.measuring import verdict

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "meetings" / "instances"
# The optima of the paper's tables, with at most two breaks of difference between two people.
BREAKS = {
    **{"tic-12": 0, "tic-12crafc": 0, "tic-13": 0, "tic-13crafb": 0, "tic-13crafc": 4},
    **{"tic-14crafa": 0, "tic-14crafc": 0, "tic-14crafd": 0, "forumt-14": 5},
    **{"forumt-14crafc": 5, "forumt-14crafd": 4, "forumt-14crafe": 5, "forum-13": 0},
    **{"forum-13crafb": 6, "forum-13crafc": 1, "forum-14": 2, "ticf-13crafa": 0},
    **{"ticf-13crafb": 3, "ticf-13crafc": 1, "ticf-14crafa": 0},
}
MOST_BREAKS = 2
AIM_EACH, AIM_ALL, AIM_MEMORY = 60, 120, 300


@dataclass(frozen=True)
class Instance:
    """What a file says, in its own numbers from 1."""

    people: int
    slots: int
    morning: int
    tables: int
    requested: list[tuple[int, int, int]]
    forbidden: list[set[int]]
    fixed: list[int]
    before: list[set[int]]


def run() -> bool:
    folder = Path(os.environ.get("MEETING_INSTANCES", FOLDER))
    files = sorted(folder.glob("*.dzn")) if folder.is_dir() else []
    if not files or not installed():
        print("\nPublished instances: not measured, since they or the solver are not here.")
        return True
    print(f"\nPublished instances: {len(files)}, with {', '.join(installed())}")
    began, proven, slowest = time.monotonic(), 0, 0.0
    for file in files:
        started = time.monotonic()
        instance = read(file.read_text())
        answer = solve(task_of(instance), None, seconds=AIM_EACH)
        spent = time.monotonic() - started
        slowest = max(slowest, spent)
        result = answer.results[0]
        problems = check(instance, answer.solution.times)
        name = file.name.split(".")[0]
        good = result.is_proven and not problems and result.found == BREAKS.get(name)
        proven += good
        print(
            f"  {name:16} {result.found} breaks found, at least {result.least}, published "
            f"{BREAKS.get(name)}; {spent:5.1f} s {'' if good else problems or 'MISSED'}"
        )
    total = time.monotonic() - began
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(
        f"  {proven} of {len(files)} proven as published, {total:.0f} s in all (aim {AIM_ALL}), "
        f"the slowest {slowest:.0f} s (aim {AIM_EACH}), {memory} MB (aim {AIM_MEMORY}): "
        f"{verdict(proven == len(files) and memory < AIM_MEMORY)}"
    )
    return proven == len(files) and memory < AIM_MEMORY


def read(text: str) -> Instance:
    """Read a file of MiniZinc data."""
    body = text.split("requested", 1)[1].split("[|", 1)[1].split("|]", 1)[0]
    rows = [[int(each) for each in re.findall(r"\d+", row)] for row in body.split("|")]
    return Instance(
        people=_number(text, "nBusiness"),
        slots=_number(text, "nTotalSlots"),
        morning=_number(text, "nMorningSlots"),
        tables=_number(text, "nTables"),
        requested=[(row[0], row[1], row[2]) for row in rows if row],
        forbidden=[each - {0} for each in _sets(text, "forbidden")],
        fixed=[int(each) for each in re.findall(r"-?\d+", _list(text, "fixed"))],
        before=[each - {0} for each in _sets(text, "precedences")],
    )


def task_of(instance: Instance) -> Task:
    away = [frozenset(slot - 1 for slot in each) for each in instance.forbidden]
    halves = {
        1: range(instance.morning),
        2: range(instance.morning, instance.slots),
        3: range(instance.slots),
    }
    jobs = []
    for number, (one, other, half) in enumerate(instance.requested):
        slots = frozenset(halves[half]) - away[one - 1] - away[other - 1]
        fixed = instance.fixed[number] if number < len(instance.fixed) else 0
        jobs.append(Job((one - 1, other - 1), slots & {fixed - 1} if fixed > 0 else slots))
    return Task(
        slots=instance.slots,
        people=instance.people,
        jobs=jobs,
        tables=[[2] * instance.tables] * instance.slots,
        breaks=MOST_BREAKS,
        after=[
            (first - 1, second)
            for second, firsts in enumerate(instance.before)
            for first in sorted(firsts)
        ],
    )


def check(instance: Instance, times: Times) -> list[str]:
    """Return what a schedule breaks, worked out from the file's own numbers alone."""
    at = [times.get(number, -1) + 1 for number in range(len(instance.requested))]
    problems = []
    seats: dict[tuple[int, int], int] = {}
    for number, (one, other, half) in enumerate(instance.requested):
        slot = at[number]
        if not 1 <= slot <= instance.slots:
            problems.append(f"meeting {number + 1} is not held")
        if (half == 1 and slot > instance.morning) or (half == 2 and slot <= instance.morning):
            problems.append(f"meeting {number + 1} is in the wrong half of the day")
        for person in (one, other):
            seats[person, slot] = seats.get((person, slot), 0) + 1
            if slot in instance.forbidden[person - 1]:
                problems.append(f"person {person} is away in slot {slot}")
        if number < len(instance.fixed) and instance.fixed[number] not in (0, slot):
            problems.append(f"meeting {number + 1} is fixed elsewhere")
        if any(at[first - 1] >= slot for first in instance.before[number]):
            problems.append(f"meeting {number + 1} is too early")
    problems += [f"person {who} is in two meetings" for (who, _slot), n in seats.items() if n > 1]
    problems += [
        f"slot {slot} has too few tables"
        for slot in range(1, instance.slots + 1)
        if at.count(slot) > instance.tables
    ]
    breaks = [
        _breaks(sorted(slot for who, slot in seats if who == person))
        for person in range(1, instance.people + 1)
    ]
    if max(breaks) - min(breaks) > MOST_BREAKS:
        problems.append("somebody has many more breaks than somebody else")
    return problems


def _breaks(slots: list[int]) -> int:
    return sum(after - before > 1 for before, after in pairwise(slots))


def _number(text: str, name: str) -> int:
    return int(re.findall(rf"\b{name}\s*=\s*(\d+)", text)[0])


def _list(text: str, name: str) -> str:
    return str(re.findall(rf"\b{name}\s*=\s*\[(.*?)\]", text, re.DOTALL)[0])


def _sets(text: str, name: str) -> list[set[int]]:
    sets = re.findall(r"\{(.*?)\}", _list(text, name), re.DOTALL)
    return [{int(each) for each in re.findall(r"\d+", inside)} for inside in sets]
