"""Which day an arrival is of, and how days are given to what has none."""

import datetime as dt
import importlib

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.migrations.loader import MigrationLoader

from registrations.domain import check_in as desk
from registrations.domain.door_counts import arrivals_by_day, counts, counts_of
from registrations.domain.event_days import counted_day, day_at, days_of, fill_days
from registrations.models import CheckIn
from tests import factories

MIGRATION = "_arrivals_are_of_their_day"
FIRST, SECOND, THIRD = (dt.date(2027, 5, day) for day in (10, 11, 12))


def at(day, hour, minute=0):
    """A moment on the wall clock of the place, eight hours ahead of UTC."""
    there = dt.timezone(dt.timedelta(hours=8))
    return dt.datetime(2027, 5, day, hour, minute, tzinfo=there)


def made(first, last, **fields):
    event = factories.event(starts_at=first, ends_at=last, time_zone="Asia/Shanghai", **fields)
    factories.registration_settings(event=event)
    return event


@pytest.fixture
def event(db):
    """Three days in May, whose dinner ends after midnight."""
    return made(at(10, 9), at(13, 1))


@pytest.fixture
def clerk(event, django_user_model):
    return django_user_model.objects.create_user("clerk")


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (at(10, 9), at(10, 17), [FIRST]),
        (at(10, 18), at(11, 1), [FIRST]),
        (at(10, 9), at(11, 0), [FIRST]),
        (at(10, 20), at(11, 8), [FIRST]),
        (at(10, 14), at(11, 12), [FIRST, SECOND]),
        (at(10, 9), at(13, 1), [FIRST, SECOND, THIRD]),
        (at(10, 2), at(10, 3), [FIRST]),
    ],
)
def test_a_night_is_no_day_of_its_own(db, first, last, days):
    event = made(first, last)

    assert days_of(event) == days
    assert (counted_day(event, first) is None) is (len(days) == 1)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (at(8, 12), FIRST),
        (at(10, 8), FIRST),
        (at(11, 3, 59), FIRST),
        (at(11, 4), SECOND),
        (at(12, 23), THIRD),
        (at(13, 0, 30), THIRD),
        (at(20, 9), THIRD),
    ],
)
def test_an_arrival_is_of_the_day_at_the_place(event, moment, day):
    assert day_at(event, moment) == day


def test_a_person_arrives_once_on_each_day(event, clerk):
    person = factories.registered(event)
    with time_machine.travel(at(10, 9), tick=False):
        first = desk.check_in(person, by=clerk)
        again = desk.check_in(person, by=clerk)
    with time_machine.travel(at(11, 9), tick=False):
        before = counts(event).arrived
        second = desk.check_in(person, by=clerk)

        assert (before, counts(event).arrived) == (0, 1)
    assert (first.is_new, again.is_new, second.is_new) == (True, False, True)
    assert again.check_in == first.check_in
    assert [each.day for each in CheckIn.objects.order_by("pk")] == [FIRST, SECOND]
    assert arrivals_by_day(event) == {FIRST: 1, SECOND: 1, THIRD: 0}


def test_a_day_is_undone_by_itself_with_its_sessions(event, clerk):
    person = factories.registered(event)
    on_first = factories.session(event=event, starts_at=at(10, 10), ends_at=at(10, 11))
    on_second = factories.session(event=event, starts_at=at(11, 10), ends_at=at(11, 11))
    with time_machine.travel(at(10, 9, 50), tick=False):
        desk.check_in(person, by=clerk, session=on_first)
    with time_machine.travel(at(11, 9, 50), tick=False):
        desk.check_in(person, by=clerk, session=on_second)

        undone = desk.undo(person, by=clerk)

    assert {(each.day, each.session) for each in undone} == {(SECOND, None), (SECOND, on_second)}
    left = CheckIn.objects.standing()
    assert {(each.day, each.session) for each in left} == {(FIRST, None), (FIRST, on_first)}


def test_what_was_on_the_screen_says_which_day_is_undone(event, clerk):
    person = factories.registered(event)
    with time_machine.travel(at(10, 9), tick=False):
        first = desk.check_in(person, by=clerk).check_in
    with time_machine.travel(at(11, 9), tick=False):
        second = desk.check_in(person, by=clerk).check_in

        assert desk.undo(person, by=clerk, seen=first.pk) == [first]
        assert desk.undo(person, by=clerk, seen=first.pk) == []
    assert list(CheckIn.objects.standing()) == [second]


def test_a_tap_that_is_sent_later_counts_for_its_own_day(event, clerk):
    person = factories.registered(event)
    with time_machine.travel(at(11, 8), tick=False):
        late = desk.check_in(person, by=clerk, tapped_at=at(10, 18))
        today = desk.check_in(person, by=clerk)

    assert (late.check_in.day, today.check_in.day) == (FIRST, SECOND)
    assert late.check_in.checked_in_at == at(10, 18)


def test_of_an_event_of_one_day_every_arrival_counts(db, django_user_model):
    event = made(at(10, 9), at(10, 17))
    clerk = django_user_model.objects.create_user("clerk")
    person = factories.registered(event)
    with time_machine.travel(at(9, 17), tick=False):
        first = desk.check_in(person, by=clerk)
    with time_machine.travel(at(10, 9), tick=False):
        assert counts(event).arrived == 1
        assert desk.check_in(person, by=clerk).check_in == first.check_in
    assert arrivals_by_day(event) == {}


def test_once_an_event_is_over_whoever_came_on_any_day_counts(event, clerk):
    for day in (10, 10, 12):
        person = factories.registered(event)
        with time_machine.travel(at(day, 9), tick=False):
            desk.check_in(person, by=clerk)

    with time_machine.travel(at(12, 12), tick=False):
        assert counts_of([event])[event.pk].arrived == 1
    with time_machine.travel(at(14, 12), tick=False):
        assert counts_of([event])[event.pk].arrived == 3


def test_what_the_release_before_wrote_stands_and_is_given_its_day(event, clerk):
    person = factories.registered(event)
    old = CheckIn.objects.create(registration=person, checked_in_by=clerk, checked_in_at=at(11, 2))
    late = CheckIn.objects.create(
        registration=factories.registered(event), checked_in_by=clerk, checked_in_at=at(19, 2)
    )
    with time_machine.travel(at(10, 9), tick=False):
        assert desk.check_in(person, by=clerk).check_in == old

    assert fill_days() == 2
    assert fill_days() == 0
    old.refresh_from_db()
    late.refresh_from_db()
    assert (old.day, late.day) == (FIRST, THIRD)


def test_two_arrivals_of_a_day_are_refused(event, clerk):
    person = factories.registered(event)
    CheckIn.objects.create(registration=person, checked_in_by=clerk, day=FIRST)
    second = CheckIn(registration=person, checked_in_by=clerk, day=FIRST)

    with pytest.raises(ValidationError):
        second.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


def test_going_back_keeps_the_first_arrival_of_each(event, clerk):
    person = factories.registered(event)
    for day in (10, 11, 12):
        with time_machine.travel(at(day, 9), tick=False):
            desk.check_in(person, by=clerk)
    [name] = [each for each in MigrationLoader(None).disk_migrations if each[1].endswith(MIGRATION)]
    migration = importlib.import_module(f"registrations.migrations.{name[1]}")

    migration.keep_the_first(apps, None)

    assert [each.day for each in CheckIn.objects.standing()] == [FIRST]
    assert CheckIn.objects.count() == 3
