import threading
import time
from functools import partial

import pytest
from django.db import transaction

from events.domain import event as events
from registrations.domain import check_in as desk
from registrations.domain import door_counts, place, privacy
from registrations.models import CheckIn, Registration
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def standing():
    return CheckIn.objects.standing().count()


def test_two_desks_that_tap_at_once_count_one_arrival(mine, clerk, other_clerk):
    arrivals = at_once(*[partial(desk.check_in, mine, by=by) for by in (clerk, other_clerk)] * 4)

    assert sorted(arrival.is_new for arrival in arrivals) == [False] * 7 + [True]
    assert CheckIn.objects.count() == 1


def test_check_ins_and_undoing_at_once_leave_one_that_stands_or_none(mine, clerk, other_clerk):
    desk.check_in(mine, by=clerk)

    results = at_once(
        *[partial(desk.check_in, mine, by=clerk), partial(desk.undo, mine, by=other_clerk)] * 3
    )

    assert [result for result in results if isinstance(result, Exception)] == []
    made = 1 + sum(arrival.is_new for arrival in results[::2])
    undone = sum(map(len, results[1::2]))
    assert CheckIn.objects.count() == made
    assert standing() == made - undone <= 1


def test_a_person_is_undone_once_by_two_desks(mine, clerk, other_clerk):
    desk.check_in(mine, by=clerk)

    undone = at_once(*[partial(desk.undo, mine, by=by) for by in (clerk, other_clerk)])

    assert sorted(map(len, undone)) == [0, 1]


def test_whoever_is_being_erased_is_not_admitted_meanwhile(in_status, event, clerk):
    waiting = in_status(event, "waitlisted")
    erased, asked = threading.Event(), threading.Event()

    def erase():
        with transaction.atomic():
            privacy.erase([waiting])
            erased.set()
            asked.wait(timeout=10)
            time.sleep(0.3)  # until the other one waits, or has gone past

    def admit():
        erased.wait(timeout=10)
        asked.set()
        desk.admit(Registration.objects.get(pk=waiting.pk), by=clerk)

    _erasure, admission = at_once(erase, admit)

    kept = Registration.objects.get(pk=waiting.pk)
    assert isinstance(admission, desk.CheckInRefused)
    assert (kept.name, kept.erased_at is None) == ("", False)


def test_of_two_walk_ins_for_the_last_seat_one_has_it(clerk):
    event = factories.registration_settings(capacity=1).event

    results = at_once(
        *[partial(desk.walk_in, event, factories.applicant(), by=clerk) for _each in range(4)]
    )

    assert [type(result).__name__ for result in results].count("NoSeat") == 3
    assert door_counts.counts(event) == door_counts.Counts(expected=1, arrived=1, waiting=0)
    assert Registration.objects.count() == 1


def test_one_walk_in_that_is_sent_twice_at_once_counts_once(event, clerk):
    person = factories.applicant(email="", ticket="7K2M9QXR41")

    results = at_once(*[partial(desk.walk_in, event, person, by=clerk)] * 4)

    assert [result.ticket for result in results] == ["7K2M9QXR41"] * 4
    assert door_counts.counts(event) == door_counts.Counts(expected=1, arrived=1, waiting=0)


def test_of_two_who_wait_one_is_admitted_to_the_last_seat(clerk, in_status):
    event = factories.registration_settings(capacity=1).event
    waiting = [in_status(event, "waitlisted") for _each in range(2)]

    results = at_once(*[partial(desk.admit, each, by=clerk) for each in waiting])

    assert sorted(type(result).__name__ for result in results) == ["NoSeat", "Registration"]
    assert door_counts.counts(event).expected == 1


def test_a_check_in_and_a_cancellation_at_once_end_in_one_order_or_the_other(mine, clerk):
    results = at_once(partial(desk.check_in, mine, by=clerk), partial(place.cancel, mine, by=clerk))

    assert isinstance(results[0], desk.Arrival | desk.CheckInRefused)
    assert Registration.objects.get(pk=mine.pk).status == "cancelled"
    assert standing() == isinstance(results[0], desk.Arrival)


def test_an_event_cancelled_meanwhile_admits_nobody_by_what_the_desk_still_shows(
    event, clerk, in_status
):
    mine = in_status(event, "waitlisted")
    on_screen = Registration.objects.select_related("event").get(pk=mine.pk)
    events.cancel(event)

    with pytest.raises(desk.CheckInRefused):
        desk.admit(on_screen, by=clerk)
