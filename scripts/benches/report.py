"""The report of a series of 50 events, as a page and as files: SQL queries and CPU."""

import time
from collections.abc import Callable
from statistics import median

from django.db import connection
from django.urls import reverse

from projects.models import FollowUp
from projects.report import reading
from projects.report.scope import Scope
from registrations.models import Registration
from scripts.benches import register_world, wsgi
from tests.cast import Person, make_superuser

MAX_QUERIES, MAX_MS = 25, 400
ROUNDS = 9


def run() -> bool:
    world = register_world.build()
    if connection.vendor == "postgresql":
        # What autovacuum does by itself within a minute.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(f"\n━━ report · {connection.vendor} ━━")
    print(
        f"{len(world.events)} events, {len(world.projects)} projects, "
        f"{len(world.intentions)} intentions, {FollowUp.objects.count()} follow-ups, "
        f"{Registration.objects.filter(event__series=world.series).count()} registrations"
    )
    scope = Scope(world.series)
    reader = make_superuser()
    pages = {
        "the page": reverse("admin:report_series", args=[world.series.slug]),
        "in Chinese": reverse("admin:report_series", args=[world.series.slug])
        + "?language=zh-hans",
        "as XLSX": reverse("admin:report_series_xlsx", args=[world.series.slug]),
        "as CSV": reverse("admin:report_series_csv", args=[world.series.slug]),
        "of one event": reverse("admin:report_event", args=[world.events[7].slug]),
    }
    measure("counting alone", lambda: reading.read(scope))
    return all([measure(name, asking(reader, page)) for name, page in pages.items()])


def asking(reader: Person, address: str) -> Callable[[], None]:
    def ask() -> None:
        answer = reader.get(address, headers={"host": wsgi.HOST}, secure=True)
        if answer.status_code != 200:
            raise AssertionError(f"{address} answered {answer.status_code}")

    return ask


def measure(name: str, call: Callable[[], object]) -> bool:
    """Print queries, CPU and the time on the clock; return whether the queries are few."""
    call()
    queries, cpu, clock = count_queries(call), [], []
    for _round in range(ROUNDS):
        began, used = time.perf_counter(), time.process_time()
        call()
        cpu.append((time.process_time() - used) * 1000)
        clock.append((time.perf_counter() - began) * 1000)
    print(
        f"  {name:16}{queries:4} queries (aim {MAX_QUERIES}: {_verdict(queries <= MAX_QUERIES)}) "
        f"{median(cpu):7.1f} ms CPU (aim {MAX_MS}: {_verdict(median(cpu) < MAX_MS)}) "
        f"{median(clock):7.1f} ms on the clock"
    )
    return queries <= MAX_QUERIES


def count_queries(call: Callable[[], object]) -> int:
    count = 0

    def counting(execute: Callable, *args: object) -> object:
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counting):
        call()
    return count


def _verdict(is_met: bool) -> str:
    return "PASS" if is_met else "MISS"
