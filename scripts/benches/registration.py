"""Registrations per second for the seats of one event, and a wave from its waiting list.

``BEFORE`` names a commit: the same rush is then measured on its code too, in turn with ours.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mail.models import OutboundMail
from registrations.domain import consent, waiting_list
from registrations.domain.registration import register
from registrations.models import Registration, RegistrationSettings
from scripts.benches.client import rush_of
from scripts.benches.measuring import count_queries, verdict
from scripts.benches.server import SITE, WORKERS, gunicorn, registration
from tests import factories
from tests.stack import ROOT

PEOPLE, SEATS, BROWSERS = 608, 150, 16
WAITING, GROUP = 10_000, 20
AIM, SHARE_AIM = 60, 0.8
RUSHES = int(os.environ.get("RUSHES", "3"))
# What the release before is asked to do, in its own tree, with a database of its own: a rush for
# each line that it is sent.
RUSH_THERE = """
import sys
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
from scripts.benches.registration import rush
for line in sys.stdin:
    rush()
    sys.stdout.flush()
"""


def run() -> bool:
    print(f"\nRegistration on {connection.vendor}")
    fair = rushes()
    print(f"  {lock_share():6.1f} ms of each run under the event's lock, one at a time")
    return all([group(), wave(), fair])


def rushes() -> bool:
    """Rush several times; with the release before, where one is named, in turn with ours."""
    before = os.environ.get("BEFORE", "")
    print(f"  {PEOPLE} people by phone number alone; limits of networks and held seats are off")
    rates: list[float] = []
    others: list[float] = []
    fair = True
    with release_before(before) if before else nullcontext() as other:
        for _number in range(RUSHES):
            if other:
                others.append(rate_of(other))
            rate, is_fair = rush()
            rates.append(rate)
            fair = fair and is_fair
    if before:
        share = median(rates) / median(others)
        print(
            f"  {median(rates):.0f} a second, {share:.0%} of the {median(others):.0f} of {before} "
            f"(aim {SHARE_AIM:.0%}: {verdict(share >= SHARE_AIM)})"
        )
    return fair


@contextmanager
def release_before(commit: str) -> Iterator[subprocess.Popen[str]]:
    """Start another commit's own bench, which waits for ``rate_of``."""
    with tempfile.TemporaryDirectory(prefix="summit-before-") as directory:
        tree = Path(directory, "tree")
        tree.mkdir()
        archive = subprocess.run(
            ["git", "archive", commit], cwd=ROOT, check=True, capture_output=True
        )
        subprocess.run(["tar", "-x"], cwd=tree, input=archive.stdout, check=True)
        with other_database(directory) as url:
            there = {
                "DATABASE_URL": url,
                "DATA_DIR": directory,
                "STATIC_ROOT": f"{directory}/static",
                "PYTHONPATH": str(tree),
            }
            process = subprocess.Popen(
                [sys.executable, "-c", RUSH_THERE],
                cwd=tree,
                env=os.environ | there,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            try:
                yield process
            finally:
                # At the end of its lines it ends.
                process.communicate()


def rate_of(other: subprocess.Popen[str]) -> float:
    """Let another commit rush once; return its registrations a second, which its bench prints."""
    if other.stdin is None or other.stdout is None:
        raise AssertionError("It was started without pipes")
    other.stdin.write("\n")
    other.stdin.flush()
    for line in other.stdout:
        if found := re.search(r"([0-9.]+) registrations a second", line):
            return float(found[1])
    raise AssertionError(f"The release before ended with {other.wait()}: what it says is above")


@contextmanager
def other_database(directory: str) -> Iterator[str]:
    """Make an empty database of the same kind, and drop it again."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{directory}/before.sqlite3"
        return
    server = urlsplit(os.environ["DATABASE_URL"])
    name = f"{server.path[1:]}_before"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            yield server._replace(path=f"/{name}").geturl()
        finally:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def rush() -> tuple[float, bool]:
    """Everybody wants the seats of one event at once; return the rate and whether it was fair."""
    event = factories.registration_settings(capacity=SEATS, contact="either", hold_hours=None).event
    with gunicorn(SITE) as (port, _process, _started):
        load = registration(port, event)
        seconds = rush_of(load, PEOPLE, at_once=BROWSERS)
    people = Registration.objects.filter(event=event)
    confirmed = people.filter(status="confirmed").count()
    # Each of them registers one person more beforehand.
    kept = people.count() == PEOPLE + BROWSERS
    oversold = max(0, confirmed - SEATS)
    rate = PEOPLE / seconds
    print(
        f"  {rate:6.0f} registrations a second over HTTP, {WORKERS} workers, {BROWSERS} at once "
        f"(aim {AIM}: {verdict(rate >= AIM)}); {confirmed} of {SEATS} seats given, "
        f"{oversold} oversold, {'none lost' if kept else 'SOME LOST'}"
    )
    return rate, kept and oversold == 0


def group() -> bool:
    """Twenty people of one secretary who have no contact of their own, in one transaction."""
    event = factories.registration_settings(capacity=None, contact="either").event
    twenty = [factories.applicant(email="") for _n in range(GROUP)]
    secretary = factories.contact_person()
    alone = count_queries(lambda: register(event, [factories.applicant()]))
    began = time.perf_counter()
    together = count_queries(lambda: register(event, twenty, contact_person=secretary))
    seconds = time.perf_counter() - began
    print(
        f"  a group of {GROUP} in {seconds * 1000:.0f} ms and {together} queries "
        f"(one person: {alone})"
    )
    return Registration.objects.filter(event=event).count() == GROUP + 1


def lock_share() -> float:
    """Milliseconds that one registration takes in the domain, alone: what no worker can share."""
    event = factories.registration_settings(capacity=0).event
    people = [factories.applicant() for _n in range(100)]
    start = time.perf_counter()
    for person in people:
        register(event, [person])
    return (time.perf_counter() - start) * 1000 / len(people)


def wave() -> bool:
    """Ten thousand people wait, and the hall turns out to be larger."""
    settings = factories.registration_settings(capacity=0)
    notice, now = consent.current_notice(), timezone.now()
    Registration.objects.bulk_create(
        (
            Registration(
                event=settings.event,
                status="waitlisted",
                name=f"Person {number}",
                email=f"wave{number}@example.org",
                email_key=f"wave{number}@example.org",
                category="company",
                language="en",
                privacy_notice=notice,
                consented_at=now,
                queued_at=now,
            )
            for number in range(WAITING)
        ),
        batch_size=1000,
    )
    RegistrationSettings.objects.filter(pk=settings.pk).update(capacity=WAITING)
    connection.force_debug_cursor = True
    with CaptureQueriesContext(connection) as queries:
        start = time.perf_counter()
        moved = waiting_list.refill(settings.event)
        seconds = time.perf_counter() - start
    mails = OutboundMail.objects.filter(registration__event=settings.event).count()
    batches = WAITING / waiting_list.BATCH
    print(
        f"  {moved} people moved up in {seconds:.1f} s with {mails} mails queued: "
        f"{len(queries)} queries, {len(queries) / batches:.1f} for each {waiting_list.BATCH}"
    )
    return moved == mails == WAITING and len(queries) <= 8 * batches
