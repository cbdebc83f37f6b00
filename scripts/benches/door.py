"""The search at the door among 100,000 people: by the last digits of a number, and by a name."""

import time
from functools import partial
from statistics import median

from django.db import connection

from desk.views.people import search_people
from events.models import Event
from scripts.benches.export import PEOPLE, crowd
from scripts.benches.measuring import count_queries, verdict

ROUNDS, NOISE = 15, 0.1
QUERIES_AIM = 1
SEARCHES = {
    "by name": ("王建国", "Ann Li", "zhang wei"),
    "by last four digits": ("4711", "0042", "9999"),
}


def run() -> bool:
    print(f"\nThe search at the door among {PEOPLE} people on {connection.vendor}")
    event = crowd()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    cost = {name: [_cost(event, texts[0])] for name, texts in SEARCHES.items()}
    for number in range(ROUNDS):
        # In turns, so that what else the machine does meets both alike.
        for name, texts in SEARCHES.items():
            cost[name].append(_cost(event, texts[number % len(texts)]))
    few = True
    for name, texts in SEARCHES.items():
        queries = count_queries(partial(search_people, event, texts[0]))
        few = few and queries <= QUERIES_AIM
        print(f"  {name:20} {queries} query, {median(cost[name]):6.1f} ms of {_measured()}")
    by_name, by_digits = (median(cost[name]) for name in SEARCHES)
    ratio = by_digits / by_name
    print(f"  digits ÷ name: {ratio:.2f} (aim 1, {NOISE} of noise: {verdict(ratio <= 1 + NOISE)})")
    return few


def _cost(event: Event, text: str) -> float:
    """Milliseconds of one search, which finds somebody."""
    began = _used()
    found = search_people(event, text)
    used = (_used() - began) * 1000
    if not found:
        raise AssertionError(f"Nobody was found by {text}.")
    return used


def _used() -> float:
    # The CPU of SQLite is that of this process; PostgreSQL works in another one.
    return time.process_time() if connection.vendor == "sqlite" else time.perf_counter()


def _measured() -> str:
    return "CPU" if connection.vendor == "sqlite" else "the clock"
