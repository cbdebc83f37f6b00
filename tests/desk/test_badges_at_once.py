"""Badges that are printed while others change the same people."""

import threading
from functools import partial

import pytest
from django.db import connection, transaction

from desk.forms.badges import with_badge
from registrations.domain import badge_printing, place
from registrations.domain.admission import lock
from registrations.models import Registration
from tests import factories
from tests.cast import make_clerk, make_organizer
from tests.threads import at_once


def printing(event, by):
    return partial(badge_printing.record_printing, with_badge(event), event=event, by=by, most=100)


def test_printing_takes_no_row_that_somebody_with_the_events_lock_may_need(transactional_db, event):
    if connection.vendor == "sqlite":
        pytest.skip("has one writer at a time")
    row = factories.registered(event)
    is_locked, is_printed = threading.Event(), threading.Event()

    @transaction.atomic
    def change():
        lock(event)
        is_locked.set()
        is_printed.wait(timeout=1)
        rows = Registration.objects.filter(pk=row.pk)
        return rows.select_for_update(nowait=True).get().badge_printed_at

    @transaction.atomic
    def print_badges():
        is_locked.wait(timeout=10)
        printing(event, clerk)()
        is_printed.set()
        threading.Event().wait(timeout=1)

    clerk = make_clerk(event).user

    assert at_once(change, print_badges) == [None, None]
    assert Registration.objects.get().badge_printed_at is not None


def test_printing_and_cancelling_everybody_at_once_do_not_block_each_other(transactional_db, event):
    rows = [factories.registered(event, name=f"Person {number:02}") for number in range(20)]
    clerk, organizer = make_clerk(event).user, make_organizer().user

    found = at_once(
        printing(event, clerk),
        partial(place.cancel_all, rows, by=organizer, tell=False),
        printing(event, clerk),
    )

    assert not [each for each in found if isinstance(each, Exception)]
    assert {row.status for row in Registration.objects.all()} == {"cancelled"}
