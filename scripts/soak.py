"""Runs the production stack under mixed load and watches what grows.

    make soak MINUTES=30
    python scripts/soak.py --minutes 0.3

Needs ``initdb``; makes a PostgreSQL server, a mail server and a directory of its own,
which go afterwards. Ends with 1 where an answer was not the one expected, a process's memory grew
beyond the allowance once all was warm, or connections were left over.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.mail_server import MailServer
from tests.postgres import Cluster, find_binaries
from tests.production.world import BUSY_SITE, SIGN_IN
from tests.stack import Stack, children, memory
from tests.visitor import RegistrationForm, Visitor

VISITORS = 4
# What Python's allocator may still take after the warm-up, in which code and pages are loaded.
ALLOWANCE_MB = 20
# Two workers of four threads, the worker, the periodic process; each thread has one at most.
MOST_CONNECTIONS = 12
PAUSE = 0.02
EXPECTED = {"page 200", "register 302", "admin 200", "missing 404"}


def main() -> int:
    parser = argparse.ArgumentParser(description="Mixed load on the production stack.")
    parser.add_argument("--minutes", type=float, default=30)
    minutes = parser.parse_args().minutes
    binaries = find_binaries()
    if binaries is None:
        print("There is no initdb on the path or in /usr/lib/postgresql.")
        return 2
    with site(Cluster(binaries)) as stack:
        return 0 if Soak(stack, minutes * 60).run() else 1


@contextmanager
def site(cluster: Cluster) -> Iterator[Stack]:
    mail_server = MailServer()
    with tempfile.TemporaryDirectory(prefix="summit-soak-") as directory:
        mail = {"EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}", "LOG_LEVEL": "WARNING"}
        stack = Stack(cluster, "soak", Path(directory), **mail)
        try:
            cluster.start()
            cluster.create("soak")
            stack.run("scripts/release")
            yield stack
        finally:
            mail_server.close()
            stack.close()
            cluster.close()


class Soak:
    def __init__(self, stack: Stack, seconds: float) -> None:
        self.stack = stack
        self.seconds = seconds
        self.warm_up = min(120, max(20, seconds / 3))
        self.answers: Counter[str] = Counter()
        self.memory: list[tuple[float, dict[str, float]]] = []
        self.connections: list[int] = []
        self._numbers = iter(range(1, 10**9))
        self._lock = threading.Lock()
        self._until = 0.0

    def run(self) -> bool:
        """Load the site for the time given; print what was seen, and return whether all is well."""
        slug, *pages = self.stack.python(BUSY_SITE).split()
        cookie = self.stack.python(SIGN_IN)
        port = self.stack.web()
        self.master = self.stack.processes[-1].pid
        self.beside = {
            "worker": self.stack.worker().pid,
            "periodic": self.stack.periodic(PERIODIC_SECONDS="5").pid,
        }
        self.stack.wait_until(self._all_work, "worker and periodic process work")
        started = time.monotonic()
        self._until = started + self.warm_up + self.seconds
        threads = [
            threading.Thread(target=self._visit, args=[port, slug, pages, cookie, seed])
            for seed in range(VISITORS)
        ]
        for thread in threads:
            thread.start()
        while time.monotonic() < self._until:
            self._look(time.monotonic() - started)
            time.sleep(min(5, self.seconds / 20))
        for thread in threads:
            thread.join()
        self._look(self.warm_up + self.seconds)
        return self._report()

    def _all_work(self) -> bool:
        return self.stack.value("SELECT count(*) FROM mail_heartbeat") == len(self.beside)

    def _visit(self, port: int, slug: str, pages: list[str], cookie: str, seed: int) -> None:
        choose = random.Random(seed)
        visitor, staff = Visitor(port), Visitor(port).has(cookie)
        form = RegistrationForm(Visitor(port), slug)
        while time.monotonic() < self._until:
            kind = choose.choices(["page", "register", "admin", "missing"], [70, 15, 10, 5])[0]
            try:
                if kind == "page":
                    answer = visitor.get(choose.choice(pages))
                elif kind == "register":
                    answer = form.send(self._next())
                elif kind == "admin":
                    answer = staff.get("/admin/registrations/registration/")
                else:
                    answer = visitor.get(f"/en/projects/none-{choose.random()}/")
                what = f"{kind} {answer.status}"
            except (OSError, HTTPException) as error:
                what = f"{kind} {type(error).__name__}"
            with self._lock:
                self.answers[what] += 1
            time.sleep(PAUSE)

    def _next(self) -> int:
        with self._lock:
            return next(self._numbers)

    def _look(self, when: float) -> None:
        web = sorted(children(self.master))
        used = {f"web {number}": memory(pid) for number, pid in enumerate(web, 1)}
        used |= {name: memory(pid) for name, pid in self.beside.items()}
        self.memory.append((when, used))
        self.connections.append(self.stack.connections())

    def _report(self) -> bool:
        settled = [used for when, used in self.memory if when >= self.warm_up]
        grown = {name: settled[-1][name] - settled[0][name] for name in settled[0]}
        wrong = set(self.answers) - EXPECTED
        print(f"{sum(self.answers.values())} requests in {self.seconds / 60:.1f} minutes:")
        for what, count in sorted(self.answers.items()):
            print(f"  {what:24}{count:8}{'   WRONG' if what in wrong else ''}")
        print("Memory (PSS) at the end, and its growth once all was warm:")
        for name, megabytes in settled[-1].items():
            print(f"  {name:24}{megabytes:8.1f} MB {grown[name]:+7.1f} MB")
        print(
            f"Connections to PostgreSQL: at most {max(self.connections)} "
            f"(allowed {MOST_CONNECTIONS})"
        )
        is_well = (
            not wrong
            and max(grown.values()) <= ALLOWANCE_MB
            and max(self.connections) <= MOST_CONNECTIONS
        )
        print("All is well." if is_well else "NOT WELL.")
        return is_well


if __name__ == "__main__":
    sys.exit(main())
