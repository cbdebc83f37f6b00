"""What several benches measure in the same way."""

import time
from collections.abc import Callable
from statistics import median

from django.db import connection
from django.test import Client

from scripts.benches import wsgi


def verdict(passed: bool) -> str:
    return "PASS" if passed else "MISS"


def count_queries(call: Callable[[], object]) -> int:
    queries = wsgi.Queries()
    with connection.execute_wrapper(queries):
        call()
    return queries.number


def asking(client: Client, address: str) -> Callable[[], None]:
    def ask() -> None:
        answer = client.get(address, headers={"host": wsgi.HOST}, secure=True)
        if answer.status_code != 200:
            raise AssertionError(f"{address} answered {answer.status_code}")

    return ask


def measure(
    name: str, call: Callable[[], object], *, rounds: int, max_queries: int, max_ms: int
) -> bool:
    """Print queries, CPU and the time on the clock; return whether the queries are few."""
    call()
    queries, cpu, clock = count_queries(call), [], []
    for _round in range(rounds):
        began, used = time.perf_counter(), time.process_time()
        call()
        cpu.append((time.process_time() - used) * 1000)
        clock.append((time.perf_counter() - began) * 1000)
    print(
        f"  {name:20}{queries:4} queries (aim {max_queries}: {verdict(queries <= max_queries)}) "
        f"{median(cpu):7.1f} ms CPU (aim {max_ms}: {verdict(median(cpu) < max_ms)}) "
        f"{median(clock):7.1f} ms on the clock"
    )
    return queries <= max_queries
