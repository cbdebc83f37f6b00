"""Answers that take the same time whatever was found, so that their pace tells nothing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

# Longer than any such work takes, and no wait to a person.
SECONDS = 0.4
# Longer than it nearly always takes: for who asks so often that threads would wait for nothing.
SHORT_SECONDS = 0.05


@contextmanager
def keep_pace(seconds: float | None = None) -> Iterator[None]:
    """Let what runs inside end ``SECONDS`` after it began, or later where it takes longer.

    A thread waits meanwhile: only for what is counted and rare.
    """
    until = time.monotonic() + (SECONDS if seconds is None else seconds)
    try:
        yield
    finally:
        time.sleep(max(0, until - time.monotonic()))
