"""Measures what the product promises, on data of its own, and leaves nothing behind.

    make bench                  everything, on SQLite and on PostgreSQL where one answers
    make bench ONLY=pages       one bench

Each bench has a process and a database of its own with production-like settings, so
that none pays for the rows of another, and a directory that goes afterwards;
``BENCH_DATABASE_URL`` names the PostgreSQL server.
Ends with 1 when an aim of structure, such as queries or weight, is missed. Times
depend on the machine: a missed one is printed and does not fail.
"""

import importlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

LOCAL_POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
# Each is a module of scripts.benches with a function run() -> bool, and a line for the list.
BENCHES = {
    "pages": "public pages: SQL queries, CPU, weight",
    "growth": "pages of a site of 2,000 events, 20,000 projects, 5,000 experts: SQL, CPU",
    "export": "100,000 attendees as CSV, as XLSX and in the admin's list",
    "door": "the search at the door among 100,000 people, by digits and by name",
    "backup": "backup and restore of 100,000 registrations, beside the database's own tools",
    "registration": "registrations per second for one event, a wave from the waiting list",
    "production": "requests per second, p99, memory and start-up under gunicorn on PostgreSQL",
    "report": "the report of a series of 50 events: SQL queries, CPU",
    "entry": "an organizer's clicks and minutes for a whole event, in a browser",
    "form": "a company's taps and minutes for a need, on a phone",
    "intentions": "the admin's list and search of 10,000 intentions, a ceremony of 200 drafts",
    "meetings": "a schedule of 1,500 meetings: filled, checked, proven; published instances",
    "matches": "requests and offers that fit, beside the judgement of two readers",
}
HOST = "summit.example"


def main() -> int:
    chosen = os.environ.get("ONLY", "").replace(",", " ").split() or list(BENCHES)
    unknown = [name for name in chosen if name not in BENCHES]
    if unknown:
        known = "\n".join(f"  {name:10} {what}" for name, what in BENCHES.items())
        print(f"There is no bench “{unknown[0]}”. There are:\n{known}")
        return 2
    if "BENCH_CHILD" in os.environ:
        return run_here(*chosen)
    if chosen == ["registration"]:
        # Twenty rushes take minutes: the bench of everything takes three.
        os.environ.setdefault("RUSHES", "20")
    return max(max(on_sqlite(name), on_postgresql(name)) for name in chosen)


def on_sqlite(name: str) -> int:
    with tempfile.TemporaryDirectory(prefix="summit-bench-") as directory:
        return run_on(f"sqlite:///{directory}/bench.sqlite3", name)


def on_postgresql(name: str) -> int:
    with postgres_database() as url:
        if url:
            return run_on(url, name)
        print("\nNo PostgreSQL answered; BENCH_DATABASE_URL names one. SQLite only.")
        return 0


def run_on(database_url: str, name: str) -> int:
    """Run a bench in a process whose settings read a fresh environment."""
    with tempfile.TemporaryDirectory(prefix="summit-bench-") as directory:
        environment = {
            **{key: value for key, value in os.environ.items() if key != "PAGE_CACHE"},
            "BENCH_CHILD": "1",
            "ONLY": name,
            "DJANGO_SETTINGS_MODULE": "summit.settings",
            "DATABASE_URL": database_url,
            "DATA_DIR": directory,
            "STATIC_ROOT": f"{directory}/static",
            "DEBUG": "false",
            "SECRET_KEY": "only-for-a-bench-that-goes-away-again-and-serves-nobody",
            "ALLOWED_HOSTS": HOST,
            "SITE_URL": f"https://{HOST}",
            "LOG_LEVEL": "ERROR",
            # Whoever asks for pages of the admin has logged in beforehand.
            "STAFF_OTP": "false",
            "TASKS_BACKEND": "",
        }
        return subprocess.run([sys.executable, __file__], env=environment, check=False).returncode


def run_here(name: str) -> int:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return 0 if importlib.import_module(f"scripts.benches.{name}").run() else 1


@contextmanager
def postgres_database() -> Iterator[str | None]:
    """Make a database on the server, if one answers, and drop it again."""
    server = os.environ.get("BENCH_DATABASE_URL") or LOCAL_POSTGRES
    try:
        connection = psycopg.connect(server, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        yield None
        return
    name = f"summit_bench_{os.getpid()}"
    with connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


if __name__ == "__main__":
    sys.exit(main())
