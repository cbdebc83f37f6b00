"""A client for benches: processes that ask over a kept connection, and say what they cost.

It knows nothing of the site and its settings, so that its processes start quickly and weigh
little.
"""

import http.client
import multiprocessing
import os
import threading
import time
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode

from django.core.signing import TimestampSigner

SECONDS, CLIENTS = 5, 4


@dataclass
class Load:
    """What a client process does: the same request over one connection, again and again."""

    port: int
    path: str
    headers: dict[str, str]
    fields: dict[str, str] | None = None
    expected: int = 200
    # By which each form gets a stamp of its own, as a page would hold it.
    stamp_key: str = ""
    stamp_salt: str = ""

    def ask(self, connection: http.client.HTTPConnection, number: int) -> None:
        body = None
        if self.fields:
            person = {"people-0-name": f"Person {number}", "people-0-phone": mobile(number)}
            body = urlencode(self.fields | person | {"shown_at": self._stamp(number)})
        connection.request("POST" if body else "GET", self.path, body, self.headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != self.expected:
            raise AssertionError(f"{self.path} answered {answer.status}")

    def _stamp(self, number: int) -> str:
        signer = TimestampSigner(key=self.stamp_key, salt=self.stamp_salt, fallback_keys=[])
        return signer.sign_object([str(number), 1.0, int(time.time())])


def mobile(number: int) -> str:
    """Return a mobile number of its own for each of the numbers that ``starts`` hands out."""
    prefix = number // 10**8 % 20
    return f"1{'38'[prefix // 10]}{prefix % 10}{number % 10**8:08}"


@dataclass
class Figures:
    requests: float
    p50: float
    p99: float
    client_share: float


def measure(load: Load) -> Figures:
    with multiprocessing.get_context("spawn").Pool(CLIENTS) as pool:
        # Once over first: every worker has its code loaded and its connections open.
        pool.starmap(work, [(load, first, 0.5) for first in starts()])
        parts = pool.starmap(work, [(load, first, SECONDS) for first in starts()])
    times = sorted(each for part, _cpu in parts for each in part)
    return Figures(
        requests=len(times) / SECONDS,
        p50=median(times) * 1000,
        p99=times[int(len(times) * 0.99)] * 1000,
        client_share=sum(cpu for _part, cpu in parts) / SECONDS / (os.cpu_count() or 1),
    )


def rush_of(load: Load, requests: int, *, at_once: int) -> float:
    """Send so many requests over so many connections; return the seconds of all together.

    Every connection sends one before that. Raises ``AssertionError`` for another answer
    than the expected one.
    """
    context = multiprocessing.get_context("spawn")
    with context.Pool(at_once, initializer=_ready, initargs=(context.Barrier(at_once),)) as pool:
        now = time.time_ns()
        firsts = [now + number * 10**8 for number in range(at_once)]
        spans = pool.starmap(send, [(load, first, requests // at_once) for first in firsts], 1)
    return max(ended for _began, ended in spans) - min(began for began, _ended in spans)


# Of the process of a pool, where it was made ready.
_barriers: list[threading.Barrier] = []


def _ready(barrier: threading.Barrier) -> None:
    """Let each process of a pool have one task, so that they begin together."""
    _barriers.append(barrier)


def send(load: Load, first: int, requests: int) -> tuple[float, float]:
    """Send so many and return when it began and ended, by the clock that processes share."""
    client = http.client.HTTPConnection("127.0.0.1", load.port, timeout=60)
    load.ask(client, first)
    _barriers[0].wait(60)
    began = time.monotonic()
    for number in range(requests):
        load.ask(client, first + 1 + number)
    client.close()
    return began, time.monotonic()


def starts() -> list[int]:
    """Numbers so far apart that no two clients, and no two rounds, register the same person."""
    now = time.time_ns()
    return [now + number * 10**8 for number in range(CLIENTS)]


def work(load: Load, first: int, seconds: float) -> tuple[list[float], float]:
    """Ask for as long as that; return the seconds of each answer and the CPU time it took."""
    client = http.client.HTTPConnection("127.0.0.1", load.port, timeout=60)
    times: list[float] = []
    used = time.process_time()
    until = time.perf_counter() + seconds
    while (began := time.perf_counter()) < until:
        load.ask(client, first + len(times))
        times.append(time.perf_counter() - began)
    client.close()
    return times, time.process_time() - used
