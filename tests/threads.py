"""Races, run for real."""

import threading
import time
from collections.abc import Callable

from django.db import connections, transaction


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Start every call at the same moment, each in a thread with its own connection.

    Returns what each returned or the exception it raised, in the order of the
    calls. Needs ``transactional_db``: other threads see only what is committed.
    """
    barrier = threading.Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def run(index: int) -> None:
        try:
            barrier.wait(timeout=10)
            results[index] = calls[index]()
        except Exception as error:
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[index]) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def before_commit(first: Callable[[], object], second: Callable[[], object]) -> object:
    """Start ``second`` once ``first`` is done and not committed, and let it wait for a while.

    Returns what ``second`` returned or raised. Needs ``transactional_db``.
    """
    is_done = threading.Event()

    def hold() -> None:
        with transaction.atomic():
            try:
                first()
            finally:
                is_done.set()
            time.sleep(0.7)

    def follow() -> object:
        is_done.wait(timeout=10)
        return second()

    held, followed = at_once(hold, follow)
    if held is not None:
        raise AssertionError("What comes first failed.") from held  # type: ignore[misc]
    return followed
