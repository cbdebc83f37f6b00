"""Registrations per second for the seats of one event, and a wave from its waiting list."""

import time

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mail.models import OutboundMail
from registrations.domain import consent, waiting_list
from registrations.models import Registration, RegistrationSettings
from scripts.benches.client import rush_of
from scripts.benches.measuring import verdict
from scripts.benches.server import SITE, WORKERS, gunicorn, registration
from tests import factories

PEOPLE, SEATS, BROWSERS = 608, 150, 16
WAITING = 10_000
AIM = 60


def run() -> bool:
    print(f"\nRegistration on {connection.vendor}")
    fair = rush()
    return wave() and fair


def rush() -> bool:
    """Everybody wants the seats of one event at once."""
    event = factories.registration_settings(capacity=SEATS).event
    with gunicorn(SITE) as (port, _process, _started):
        load = registration(port, event)
        seconds = rush_of(load, PEOPLE, at_once=BROWSERS)
    confirmed = Registration.objects.filter(status="confirmed").count()
    # Each of them registers one person more beforehand.
    kept = Registration.objects.count() == PEOPLE + BROWSERS
    oversold = max(0, confirmed - SEATS)
    rate = PEOPLE / seconds
    print(
        f"  {rate:6.0f} registrations a second over HTTP, {WORKERS} workers, {BROWSERS} at once "
        f"(aim {AIM}: {verdict(rate >= AIM)}); {confirmed} of {SEATS} seats given, "
        f"{oversold} oversold, {'none lost' if kept else 'SOME LOST'}"
    )
    print(f"  {lock_share():6.1f} ms of each run under the event's lock, one at a time")
    return kept and oversold == 0


def lock_share() -> float:
    """Milliseconds that one registration takes in the domain, alone: what no worker can share."""
    from registrations.domain.registration import register

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
