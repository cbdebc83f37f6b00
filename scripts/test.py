"""Runs the whole test suite on every database and browser that this machine offers.

    python scripts/test.py [what pytest takes]

Ends by saying what ran and what was left out. ``SUMMIT_TEST_REQUIRE``, such as
``sqlite,postgres,production,nginx,caddy,browser,validator``, makes leaving one of them
out a failure.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser import find_chromium  # noqa: E402
from tests.postgres import Cluster, find_binaries  # noqa: E402
from tests.proxies import NAMES, find_proxy  # noqa: E402

NO_BINARIES = "no initdb is on the path or in /usr/lib/postgresql"
NO_TESTS_COLLECTED = 5
ON_A_DATABASE = "not browser and not production"
# The database is each run's own, and what a process has compiled the next ones need not.
LEFT_OUT = ("TEST_DATABASE_URL", "PYTHONDONTWRITEBYTECODE")


@dataclass
class Outcome:
    name: str
    title: str
    ran: bool
    passed: bool
    remark: str


def main(arguments: list[str]) -> int:
    outcomes = [
        run("sqlite", "SQLite", ["-m", ON_A_DATABASE, *arguments]),
        on_postgres(arguments),
        *in_production(arguments),
        *in_browser(arguments),
    ]
    return report(outcomes)


def run(name: str, title: str, arguments: list[str], **environment: str) -> Outcome:
    """Run pytest in a process of its own, its output going straight through."""
    print(f"\n━━ {title} ━━", flush=True)
    clean = {key: value for key, value in os.environ.items() if key not in LEFT_OUT}
    started = time.monotonic()
    parallel = ["-n", "auto", "--maxprocesses", "8", "--dist", "worksteal"]
    code = subprocess.run(
        [sys.executable, "-m", "pytest", *parallel, *arguments],
        cwd=ROOT,
        env=clean | environment,
        check=False,
    ).returncode
    seconds = time.monotonic() - started
    if code == NO_TESTS_COLLECTED:
        return Outcome(name, title, ran=False, passed=True, remark="no test was chosen")
    verdict = "passed" if code == 0 else "FAILED"
    return Outcome(name, title, True, code == 0, f"{verdict} in {seconds:.0f} s")


def on_postgres(arguments: list[str]) -> Outcome:
    """The same tests on the server that ``TEST_DATABASE_URL`` names, or on one of this run's own.

    Nothing in it needs to survive a crash, so it waits for no disk: it takes half the time.
    """
    url, binaries = os.environ.get("TEST_DATABASE_URL", ""), find_binaries()
    if not url and binaries is None:
        remark = "TEST_DATABASE_URL names no server, and " + NO_BINARIES
        return Outcome("postgres", "PostgreSQL", ran=False, passed=True, remark=remark)
    with contextlib.ExitStack() as stack:
        if not url and binaries is not None:
            cluster = stack.enter_context(contextlib.closing(Cluster(binaries, is_durable=False)))
            cluster.start()
            url = cluster.url("postgres")
        with psycopg.connect(url, connect_timeout=3) as connection:
            version = connection.info.server_version // 10000
        title = f"PostgreSQL {version}"
        return run("postgres", title, ["-m", ON_A_DATABASE, *arguments], TEST_DATABASE_URL=url)


def in_production(arguments: list[str]) -> list[Outcome]:
    """The production stack in processes of its own, which the tests kill, behind each proxy."""
    if find_binaries() is None:
        return [
            Outcome("production", "Production stack", ran=False, passed=True, remark=NO_BINARIES)
        ]
    production = run("production", "Production stack", ["-m", "production", *arguments])
    if not production.ran:
        return [production]
    return [production, *(behind(name) for name in NAMES)]


def behind(proxy: str) -> Outcome:
    has_proxy = find_proxy(proxy) is not None
    ran = "ran within the tests of the production stack"
    remark = ran if has_proxy else f"no {proxy} on the path or in /usr/sbin"
    return Outcome(proxy, f"Proxy {proxy}", has_proxy, True, remark)


def in_browser(arguments: list[str]) -> list[Outcome]:
    """The browser tests, on SQLite, and whether they could validate the HTML (in Java)."""
    if find_chromium() is None:
        remark = "no Chromium on the path; CHROMIUM names one"
        return [Outcome("browser", "Browser tests", ran=False, passed=True, remark=remark)]
    browser = run("browser", "Browser tests", ["-m", "browser", *arguments])
    if not browser.ran:
        return [browser]
    has_java = shutil.which("java") is not None
    remark = "ran within the browser tests" if has_java else "no Java on the path"
    return [browser, Outcome("validator", "HTML validator", has_java, True, remark)]


def report(outcomes: list[Outcome]) -> int:
    """Print what ran and what did not; return the exit code."""
    required = {name for name in os.environ.get("SUMMIT_TEST_REQUIRE", "").split(",") if name}
    ran = {outcome.name for outcome in outcomes if outcome.ran}
    print("\n━━ What ran ━━")
    for outcome in outcomes:
        if outcome.ran:
            print(f"  {outcome.title}: {outcome.remark}")
    if len(ran) < len(outcomes):
        print("━━ What was left out ━━")
        for outcome in outcomes:
            if not outcome.ran:
                print(f"  {outcome.title}: {outcome.remark}")
    missing = sorted(required - ran)
    if missing:
        print(f"Required, but did not run: {', '.join(missing)}")
    failed = [outcome.title for outcome in outcomes if not outcome.passed]
    if failed:
        print(f"FAILED: {', '.join(failed)}")
    elif not missing:
        print("All that ran has passed.")
    # A run in which nothing at all was tested proves nothing.
    return 1 if failed or missing or not ran else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
