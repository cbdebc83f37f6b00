"""The process that computes a schedule is killed: nothing is lost, and it begins anew."""

import os
import signal
from pathlib import Path

import pytest

from meetings.solver.solve import installed
from tests.stack import children

pytestmark = [
    pytest.mark.production,
    pytest.mark.skipif(not installed(), reason="python-sat is not installed"),
]

# More meetings than two experts have slots for, and gaps that take a while to prove.
EVENT = """
from tests.meetings import rows
event = rows.meeting_event(slots=12, tables=20)
experts = [rows.owner(event, languages=["en"]) for _ in range(8)]
for _ in range(4):
    rows.interpreter(event)
for number in range(24):
    person = rows.participant(event)
    for step in range(4):
        rows.meeting(person, experts[(number + step * (1 + number % 3)) % 8])
print(event.pk)
"""


def press_compute(stack, event, seconds):
    return stack.python(
        "from events.models import Event\n"
        "from meetings.domain import computing\n"
        f"event = Event.objects.get(pk={event})\n"
        f"print(computing.start(event, by=None, way='anew', seconds={seconds}).pk)"
    )


def process_of(key):
    """Return the process that runs a computation, if it is there."""
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                words = (each / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[-3:-1] == [b"compute_schedule", key.encode()]:
                return int(each.name)
    return None


def status(stack, key):
    return stack.value("SELECT status FROM meetings_computation WHERE id = %s", key)


def test_killed_computation_loses_nothing_and_gives_way_to_the_next(stack):
    event = stack.python(EVENT)
    first = press_compute(stack, event, 60)
    stack.wait_until(
        lambda: stack.value("SELECT results::text FROM meetings_computation") != "[]",
        "it says how far it is",
    )
    pid = process_of(first)
    solvers = children(pid)

    os.kill(pid, signal.SIGKILL)
    for solver in solvers:
        os.kill(solver, signal.SIGKILL)

    assert status(stack, first) == "running"
    assert stack.value("SELECT count(*) FROM meetings_placement") == 0
    stack.rows("UPDATE meetings_computation SET beat_at = beat_at - interval '5 minutes'")
    second = press_compute(stack, event, 5)
    stack.wait_until(lambda: status(stack, second) == "done", "the next one is done")
    assert status(stack, first) == "failed"
    assert stack.value("SELECT count(*) FROM meetings_placement") > 0
    stack.wait_until(lambda: process_of(second) is None, "its process is gone")
