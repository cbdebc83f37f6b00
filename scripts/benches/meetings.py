"""How long ``fill`` takes for a large event, whether a validator accepts it, and its pages."""

import datetime as dt
import random
import time
from collections.abc import Iterator
from itertools import islice
from zoneinfo import ZoneInfo

from django.db import connection

from meetings.domain.fill import fill
from meetings.domain.plan import Interpreter, Meeting, Person, Plan, Side, Span, Table
from meetings.domain.validation import broken_rules
from scripts.benches import instances, proofs, schedule_pages
from scripts.benches.measuring import verdict

PEOPLE, MEETINGS, SLOTS, TABLES, INTERPRETERS = 300, 1500, 24, 80, 40
AIM = 10
_ZONE = ZoneInfo("Asia/Shanghai")


def run() -> bool:
    plan = large_event()
    began = time.process_time()
    filled = fill(plan, {})
    spent = time.process_time() - began
    began = time.process_time()
    broken = broken_rules(plan, filled.schedule)
    checked = time.process_time() - began
    good = spent <= AIM and not broken
    reasons = sorted({why.name for why in filled.left_out.values()})
    print(f"\nMeetings: {PEOPLE} people, {MEETINGS} accepted, {SLOTS} slots, {TABLES} tables")
    print(
        f"  fill: {spent:.1f} s of CPU (aim {AIM}), {len(filled.schedule)} placed, "
        f"{len(filled.left_out)} left out ({', '.join(reasons) or 'none'})"
    )
    print(f"  validator: {checked:.2f} s, {len(broken)} rules broken (aim 0): {verdict(good)}")
    good = schedule_pages.run(plan, filled.schedule) and good
    if connection.vendor != "sqlite":
        # What follows knows no database, so that once is enough.
        return good
    return all([instances.run(), proofs.run()]) and good


def large_event() -> Plan:
    """Return a made-up event of two days: experts with English, companies with Chinese, who
    speak English in every second case, interpreters, absences; the same each time."""
    chance = random.Random(300)
    slots = tuple(islice(_half_hours(), SLOTS))
    experts = range(60)
    people = {
        key: Person(
            key,
            frozenset(_languages(key, key in experts, chance)),
            _ZONE,
            tuple(chance.sample(slots, chance.choice([0, 0, 1, 2]))),
        )
        for key in range(PEOPLE)
    }
    pairs: dict[tuple[int, int], None] = {}
    asked = dict.fromkeys(range(PEOPLE), 0)
    while len(pairs) < MEETINGS:
        one, other = sorted(chance.sample(range(PEOPLE), 2))
        if (one, other) not in pairs and max(asked[one], asked[other]) < SLOTS - 6:
            pairs[one, other] = None
            asked[one] += 1
            asked[other] += 1
    meetings = tuple(
        Meeting(key, (Side((one,)), Side((other,))), priority=chance.choice([0, 0, 0, 1]))
        for key, (one, other) in enumerate(pairs)
    )
    return Plan(
        slots=slots,
        people=people,
        tables=tuple(Table(key, seats=4) for key in range(TABLES)),
        interpreters=tuple(
            Interpreter(key, frozenset(["zh", "en"]), (Span(slots[0].start, slots[-1].end),))
            for key in range(INTERPRETERS)
        ),
        meetings=meetings,
    )


def _languages(key: int, is_expert: bool, chance: random.Random) -> list[str]:
    if is_expert:
        return ["en"]
    return ["zh", "en"] if chance.random() < 0.8 else ["zh"]


def _half_hours() -> Iterator[Span]:
    day = dt.datetime(2027, 5, 12, 9, tzinfo=_ZONE)
    while True:
        for number in range(12):
            # Lunch from 12:00 to 13:00.
            start = day + dt.timedelta(minutes=30 * number + (60 if number >= 6 else 0))
            yield Span(start, start + dt.timedelta(minutes=30))
        day += dt.timedelta(days=1)
