"""A list of 100,000 attendees: as CSV, as XLSX, beside a bare cursor, and in the admin.

Each export runs in a fresh process, whose memory is then its own.
"""

import csv
import datetime as dt
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from django.db import connection

from scripts.benches.measuring import verdict
from scripts.benches.wsgi import HOST, Queries

if TYPE_CHECKING:
    # They can be imported only once Django is set up.
    from django.test import Client

    from events.models import Event
    from registrations.exports.attendees import AttendeeList
    from registrations.models import Registration

PEOPLE, BATCH, ROUNDS = 100_000, 5_000, 3
CSV_AIM, XLSX_AIM, MEMORY_AIM = 2.5, 12, 60
EXPORT_QUERIES_AIM = 2
QUERIES_AIM, CPU_AIM, ADMIN_ROUNDS = 12, 300, 5
ADMIN_LIST = "/admin/registrations/registration/"
ROOT = Path(__file__).resolve().parent.parent.parent

# The columns of our list but for questions and sessions, as somebody in a hurry would do it.
BARE = """
SELECT r.ticket, r.name, r.sort_name, r.email, r.phone, r.organization_name, o.name_en,
       r.position, r.category, r.status, r.language, r.registered_at, r.queued_at,
       r.cancelled_at, r.consented_at, c.id IS NOT NULL, c.checked_in_at, door.username,
       r.staff_note, desk.username
FROM registrations_registration r
LEFT JOIN events_organization o ON o.id = r.organization_id
LEFT JOIN registrations_checkin c
       ON c.registration_id = r.id AND c.session_id IS NULL AND c.undone_at IS NULL
LEFT JOIN auth_user door ON door.id = c.checked_in_by_id
LEFT JOIN auth_user desk ON desk.id = r.registered_by_id
WHERE r.event_id = {} AND r.erased_at IS NULL
ORDER BY r.sort_name, r.name, r.id
"""


def run() -> bool:
    print(f"\nA list of {PEOPLE} attendees on {connection.vendor}, two questions, half checked in")
    event = crowd()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    exports = report_exports(event.pk, judged=connection.vendor == "postgresql")
    return report_admin() and exports


def crowd() -> "Event":
    """An event with its people, in the two languages, as registering would store them."""
    from django.contrib.auth.models import User

    from registrations.domain import consent
    from registrations.models import Answer, CheckIn, Registration
    from tests import factories

    settings = factories.registration_settings()
    questions = [
        factories.question(settings=settings, text_en="Diet"),
        factories.question(settings=settings, kind="choice", options_en="Bus\nTrain\nOn foot"),
    ]
    clerk = User.objects.create_user("clerk")
    known = {"organization": factories.organization(), "privacy_notice": consent.current_notice()}
    for numbers in batched(range(PEOPLE), BATCH):
        made = [_person(number, event=settings.event, **known) for number in numbers]
        people = Registration.objects.bulk_create(made)
        Answer.objects.bulk_create(
            Answer(registration=person, question=question, value=value)
            for person in people
            for question, value in zip(questions, ("素食 vegetarian", "2"), strict=True)
        )
        CheckIn.objects.bulk_create(
            CheckIn(registration=person, checked_in_by=clerk) for person in people[::2]
        )
    return settings.event


def _person(number: int, **fields: Any) -> "Registration":
    from django.utils import timezone

    from registrations.models import Registration

    chance = random.Random(number)
    family = chance.choice("王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗")
    given = chance.choice(("伟", "芳", "建国", "秀英", "明超", "静丽", "Ann", "Marie"))
    name = family + given if not given.isascii() else f"{given} {family}"
    address, phone = f"person{number}@example.org", f"+86 138 {number:08}"
    return Registration(
        status="confirmed",
        name=name,
        email=address,
        email_key=address,
        phone=phone,
        organization_name="石家庄海港生物科技有限公司",
        position="总经理",
        category=chance.choice(Registration.Category.values),
        language="zh-hans",
        consented_at=timezone.now(),
        registered_at=timezone.now() - dt.timedelta(seconds=number),
        **fields,
    )


# Exports


@dataclass(frozen=True)
class Figures:
    seconds: float
    megabytes: float
    queries: int
    written: int


def report_exports(event: int, *, judged: bool) -> bool:
    """Print what each export takes; aims of structure count where they are ``judged``."""
    taken: dict[str, list[Figures]] = {"bare": [], "csv": [], "xlsx": []}
    for _round in range(ROUNDS):
        for name, figures in taken.items():
            figures.append(in_a_process(name, event))
    bare = median(each.seconds for each in taken["bare"])
    print(f"  a bare cursor and csv.writer {bare:6.2f} s (median of {ROUNDS} rounds)")
    fits = True
    for name, aim in (("csv", CSV_AIM), ("xlsx", XLSX_AIM)):
        seconds = median(each.seconds for each in taken[name])
        memory, queries = max(each.megabytes for each in taken[name]), taken[name][0].queries
        is_small = memory <= MEMORY_AIM and queries <= EXPORT_QUERIES_AIM
        fits = fits and (is_small or not judged)
        print(
            f"  {name:4} {taken[name][0].written / 1e6:20.1f} MB {seconds:6.2f} s, "
            f"{seconds / bare:4.1f} × (aim {aim}: {verdict(seconds <= aim * bare)}), "
            f"{memory:3.0f} MB of memory (aim {MEMORY_AIM}) and {queries} queries "
            f"(aim {EXPORT_QUERIES_AIM}): {verdict(is_small)}"
        )
    return fits


def in_a_process(name: str, event: int) -> Figures:
    command = [sys.executable, "-m", "scripts.benches.export", name, str(event)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return Figures(**json.loads(done.stdout))


def measure(name: str, event: int) -> Figures:
    """Make one export, with code and connection ready, and say what it took."""
    from events.models import Event
    from registrations.exports.attendees import AttendeeList, columns_of, matching

    of = Event.objects.get(pk=event)
    attendees = AttendeeList(of, matching(of), columns_of(of))
    ways = {"bare": lambda: _bare(event), "csv": attendees.csv, "xlsx": lambda: _pieces(attendees)}
    queries = Queries()
    before, start, written = _memory_now(), time.perf_counter(), 0
    with connection.execute_wrapper(queries), Path(os.devnull).open("wb") as nowhere:
        for piece in ways[name]():
            written += nowhere.write(piece)
    seconds = time.perf_counter() - start
    return Figures(seconds, _memory_most() - before, queries.number, written)


def _bare(event: int) -> Iterator[bytes]:
    from django.db import transaction

    is_postgresql = connection.vendor == "postgresql"
    with (
        transaction.atomic(),
        Path(os.devnull).open("w", newline="", encoding="utf-8") as file,
    ):
        own = connection.connection
        rows = own.cursor(name="bare") if is_postgresql else own.cursor()
        if is_postgresql:
            rows.itersize = 2000
        csv.writer(file).writerows(rows.execute(BARE.format(event)))
        rows.close()
    yield b""


def _pieces(attendees: "AttendeeList") -> Iterator[bytes]:
    with attendees.xlsx() as file:
        while piece := file.read(65_536):
            yield piece


def _memory_now() -> float:
    # Linux counts the most from here on.
    Path("/proc/self/clear_refs").write_text("5")
    return _of_status("VmRSS")


def _memory_most() -> float:
    return _of_status("VmHWM")


def _of_status(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    [line] = [line for line in lines if line.startswith(f"{name}:")]
    return int(line.split()[1]) / 1024


# The admin


def report_admin() -> bool:
    """The list of all attendees, its first page, and searches that find one, many and nobody."""
    from tests.cast import make_superuser

    browser = make_superuser()
    fits = True
    for what, words in (
        ("first page", ""),
        ("by name", "王伟"),
        ("by pinyin", "wang wei"),
        ("by address", "person4711@example.org"),
        ("nobody", "nobody at all"),
    ):
        found = browser.post(ADMIN_LIST, {"q": words}, secure=True, SERVER_NAME=HOST)
        address = found.headers["Location"]
        if not address.startswith(ADMIN_LIST):
            raise AssertionError(f"{ADMIN_LIST} led to {address}")
        taken = [_asked(browser, address) for _n in range(ADMIN_ROUNDS)]
        cpu = median(each[0] for each in taken)
        database = median(each[1] for each in taken)
        queries = max(each[2] for each in taken)
        fits = fits and queries <= QUERIES_AIM
        print(
            f"  admin, {what:10} {queries:3} queries (aim {QUERIES_AIM}: "
            f"{verdict(queries <= QUERIES_AIM)}), {cpu:4.0f} ms of CPU (aim {CPU_AIM}: "
            f"{verdict(cpu < CPU_AIM)}), {database:4.0f} ms in the database"
        )
    return fits


def _asked(browser: "Client", address: str) -> tuple[float, float, int]:
    """Return CPU of this process and time in the database in milliseconds, and queries."""
    queries, before = Queries(), time.process_time()
    with connection.execute_wrapper(queries):
        answer = browser.get(address, secure=True, SERVER_NAME=HOST)
    cpu = time.process_time() - before
    if answer.status_code != 200:
        raise AssertionError(f"{address} answered {answer.status_code}")
    return cpu * 1000, queries.seconds * 1000, queries.number


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(vars(measure(sys.argv[1], int(sys.argv[2])))))
