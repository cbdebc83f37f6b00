"""What the solver proves of events like ours: a large one, one with interpreters, a new absence."""

import dataclasses
import datetime as dt
import random
import time
from zoneinfo import ZoneInfo

from meetings.domain.fill import fill
from meetings.domain.plan import Interpreter, Meeting, Person, Plan, Schedule, Side, Span, Table
from meetings.domain.validation import broken_rules
from meetings.solver.explain import Cause, explain
from meetings.solver.goals import Kind, goals_of
from meetings.solver.solve import Answer, engine, installed, solve
from meetings.solver.translate import Translation, translate
from scripts.benches.measuring import verdict

_ZONE = ZoneInfo("Asia/Shanghai")
FEASIBLE, LARGE, EXPLAINED, WUHAN, REPLANNED = 10, 60, 10, 10, 10


def run() -> bool:
    if not installed():
        print("\nProofs: not measured, since the solver is not installed.")
        return True
    good = all([_large(seed) for seed in (1, 2)])
    good = all([_wuhan(seed) for seed in (1, 2)]) and good
    return all([_replanned(seed) for seed in (1, 2)]) and good


def _large(seed: int) -> bool:
    """300 people, 1,500 meetings, 24 slots, 80 tables, 9 interpreters."""
    plan = event(seed, people=300, meetings=1500, slots=24, tables=80, interpreters=9, experts=60)
    began = time.monotonic()
    filled = fill(plan, {}).schedule
    feasible = time.monotonic() - began
    translation = translate(plan, filled)
    answer, proven_in = _solved(translation, filled, LARGE)
    schedule = translation.schedule_of(answer.solution, filled)
    broken = broken_rules(plan, schedule)
    left = [n for n in range(len(translation.task.jobs)) if n not in answer.solution.times][:50]
    began = time.monotonic()
    reasons = explain(
        translation.task, answer.solution, left, solver=engine, seconds=EXPLAINED
    ).values()
    explained = time.monotonic() - began
    known = sum(each.cause not in (Cause.UNKNOWN, Cause.POSSIBLE) for each in reasons)
    good = not broken and proven_in is not None and known == len(left)
    print(f"\nLarge event, seed {seed}: {len(schedule)} of {len(plan.meetings)} held")
    print(f"  feasible in {feasible:.1f} s (aim {FEASIBLE}), {len(broken)} rules broken")
    print(f"  fewest dropped: {_proven(proven_in)} (aim {LARGE} s)")
    print(f"  {known} of {len(left)} dropped explained in {explained:.1f} s (aim {EXPLAINED})")
    print(f"  {_goals(answer)}: {verdict(good)}")
    return good


def _wuhan(seed: int) -> bool:
    """10 foreign projects, 100 representatives, 9 interpreters, one afternoon."""
    plan = afternoon(seed)
    filled = fill(plan, {}).schedule
    translation = translate(plan, filled)
    answer, proven_in = _solved(translation, filled, 30)
    broken = broken_rules(plan, translation.schedule_of(answer.solution, filled))
    good = not broken and proven_in is not None
    print(f"\nAn afternoon with interpreters, seed {seed}: {len(plan.meetings)} asked for")
    print(f"  fewest dropped: {_proven(proven_in)} (aim {WUHAN} s), {len(broken)} rules broken")
    print(f"  {_goals(answer)}: {verdict(good)}")
    return good


def _replanned(seed: int) -> bool:
    """A published schedule of 300 meetings, and five people with new absences."""
    plan = event(seed, people=80, meetings=300, slots=16, tables=24, interpreters=9, experts=20)
    filled = fill(plan, {}).schedule
    translation = translate(plan, filled)
    answer = solve(translation.task, translation.solution_of(filled), seconds=10)
    published = translation.schedule_of(answer.solution, filled)
    changed = _with_absences(plan, published, seed)
    hit = {key for broken in broken_rules(changed, published) for key in broken.meetings}
    began = time.monotonic()
    start = fill(changed, {k: v for k, v in published.items() if k not in hit}).schedule
    translation = translate(changed, published, is_replanned=True)
    answer, _proven_in = _solved(translation, start, REPLANNED)
    spent = time.monotonic() - began
    schedule = translation.schedule_of(answer.solution, published)
    broken = broken_rules(changed, schedule)
    moved = next(each for each in answer.results if each.goal.kind is Kind.MOVED)
    print(f"\nFive absences in a published schedule of {len(published)}, seed {seed}")
    print(
        f"  {len(hit)} meetings hit, {moved.found} moved, at least {moved.least}, in {spent:.1f} s "
        f"(aim {REPLANNED}), {len(broken)} rules broken: {verdict(not broken)}"
    )
    return not broken


def _solved(
    translation: Translation, start: Schedule, seconds: float
) -> tuple[Answer, float | None]:
    """Return the answer, and after how long the fewest dropped meetings were proven."""
    began = time.monotonic()
    proven_in: list[float] = []
    classes = sum(each.kind is Kind.DROPPED for each in goals_of(translation.task))

    def note(answer: Answer) -> None:
        dropped = [each for each in answer.results if each.goal.kind is Kind.DROPPED]
        is_all = len(dropped) == classes
        if is_all and all(each.is_proven for each in dropped) and not proven_in:
            proven_in.append(time.monotonic() - began)

    answer = solve(translation.task, translation.solution_of(start), seconds=seconds, report=note)
    return answer, next(iter(proven_in), None)


def _proven(seconds: float | None) -> str:
    return "not proven" if seconds is None else f"proven in {seconds:.1f} s"


def _goals(answer: Answer) -> str:
    return ", ".join(
        f"{each.goal.kind.value} {each.found} (at least {each.least})" for each in answer.results
    )


def _half_hours(number: int, per_day: int) -> tuple[Span, ...]:
    half = dt.timedelta(minutes=30)
    starts = [
        dt.datetime(2027, 5, 12 + each // per_day, 9, tzinfo=_ZONE) + half * (each % per_day)
        for each in range(number)
    ]
    return tuple(Span(start, start + half) for start in starts)


def event(
    seed: int,
    *,
    people: int,
    meetings: int,
    slots: int,
    tables: int,
    interpreters: int,
    experts: int,
) -> Plan:
    """Return a made-up event of English-speaking experts and companies of whom half speak it."""
    chance = random.Random(seed)
    times = _half_hours(slots, 12)
    known = {
        key: Person(key, _tongues(key < experts, chance, 0.5), _ZONE, _absences(times, chance))
        for key in range(people)
    }
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < meetings:
        one, other = sorted(chance.sample(range(people), 2))
        pairs[one, other] = None
    return Plan(
        slots=times,
        people=known,
        tables=tuple(Table(key, seats=4) for key in range(tables)),
        interpreters=tuple(
            Interpreter(key, frozenset(["zh", "en"]), (Span(times[0].start, times[-1].end),))
            for key in range(interpreters)
        ),
        meetings=tuple(
            Meeting(key, (Side((one,)), Side((other,))), priority=chance.choice([0, 0, 0, 1]))
            for key, (one, other) in enumerate(pairs)
        ),
    )


def afternoon(seed: int) -> Plan:
    chance = random.Random(seed)
    times = _half_hours(8, 8)
    spoken = [*[["en"]] * 6, ["de"], ["de"], ["fr"], ["en", "fr"]]
    people = {key: Person(key, frozenset(each), _ZONE) for key, each in enumerate(spoken)}
    for key in range(10, 110):
        people[key] = Person(key, _tongues(False, chance, 0.1), _ZONE, _absences(times, chance))
    pairs = sorted(
        (host, key)
        for key in range(10, 110)
        for host in chance.sample(range(10), chance.choice([0, 1, 1, 1, 2]))
    )
    between = [*["zh en"] * 5, "zh en de", "zh de", "zh fr", "zh en fr"]
    return Plan(
        slots=times,
        people=people,
        tables=tuple(Table(key, seats=4) for key in range(10)),
        interpreters=tuple(
            Interpreter(key, frozenset(each.split()), (Span(times[0].start, times[-1].end),))
            for key, each in enumerate(between)
        ),
        meetings=tuple(
            Meeting(key, (Side((one,)), Side((other,))), priority=chance.choice([0, 0, 1]))
            for key, (one, other) in enumerate(pairs)
        ),
    )


def _tongues(is_expert: bool, chance: random.Random, share: float) -> frozenset[str]:
    if is_expert:
        return frozenset(["en"])
    return frozenset(["zh", "en"] if chance.random() < share else ["zh"])


def _absences(times: tuple[Span, ...], chance: random.Random) -> tuple[Span, ...]:
    return tuple(chance.sample(times, chance.choice([0, 0, 1, 2])))


def _with_absences(plan: Plan, published: Schedule, seed: int) -> Plan:
    chance = random.Random(seed + 100)
    people = dict(plan.people)
    for key in chance.sample(sorted(people), 5):
        slots = [place.slot for place in published.values() if key in place.people]
        gone = chance.sample(slots, min(3, len(slots)))
        people[key] = dataclasses.replace(people[key], away=(*people[key].away, *gone))
    return dataclasses.replace(plan, people=people)
