"""How much work something is: the lines of Python that run, and no clock."""

import os
import resource
import signal
import sys
import traceback
import warnings
from collections.abc import Callable

# Linear work on the longest texts of these tests takes a hundredth of it.
PROCESSOR_SECONDS = 3


class TooMuchWork(AssertionError):
    """The child was ended by the system, or by an error that it has printed."""


def lines_of(work: Callable[[], object]) -> int:
    """Return how many lines of Python ``work`` runs."""
    lines = 0

    def count(_frame, event, _argument):
        nonlocal lines
        lines += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        work()
    finally:
        sys.settrace(before)
    return lines


def lines_within_limit(work: Callable[[], object]) -> int:
    """Return the same of a child process that may use so many seconds of processor time.

    What goes on inside of one call, such as that of a regular expression, is no line of
    Python: the system ends the child where it is too much. ``work`` must not use the
    database, whose connection is the parent's. Raises ``TooMuchWork``.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Of threads in a process that is forked: the child needs none of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _tell(work, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        reason = signal.Signals(-status).name if status < 0 else "an error"
        raise TooMuchWork(f"It ended by {reason}, of {PROCESSOR_SECONDS} seconds at most.")
    return int(told)


def _tell(work: Callable[[], object], pipe: int) -> None:
    try:
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime) + 1 + PROCESSOR_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        os.write(pipe, str(lines_of(work)).encode())
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
