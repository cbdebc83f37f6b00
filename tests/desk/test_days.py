"""The door of an event of several days counts and shows today, and undoes each day."""

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from registrations.domain import check_in
from registrations.models import CheckIn
from tests import factories
from tests.cast import make_clerk

DAY = dt.date.today() + dt.timedelta(days=30)
FIRST, SECOND = (factories.at(9, day=DAY + dt.timedelta(days=n)) for n in (0, 1))


@pytest.fixture
def event(db):
    event = factories.event(
        starts_at=FIRST, ends_at=SECOND + dt.timedelta(hours=8), time_zone="Asia/Shanghai"
    )
    return factories.registration_settings(event=event).event


@pytest.fixture
def wang_wei(event, clerk):
    """Somebody who came on the first day."""
    person = factories.registered(event, name="王伟")
    with time_machine.travel(FIRST, tick=False):
        check_in.check_in(person, by=clerk.user)
    return person


@pytest.fixture
def ann(event):
    """Somebody who has not come yet."""
    return factories.registered(event, name="Ann Hale")


@pytest.fixture
def on_second_day(clerk, wang_wei, ann):
    with time_machine.travel(SECOND, tick=False):
        # A log-in of a month before has ended.
        clerk.force_login(clerk.user)
        yield


def count(page, name):
    return re.search(rf'data-count="{name}">(\d+)<', page.text)[1]


@pytest.mark.usefixtures("on_second_day")
def test_the_door_counts_today_and_names_the_day(event, wang_wei, tap, clerk, url):
    page = clerk.get(url("desk-door"))
    assert (count(page, "arrived"), count(page, "expected")) == ("0", "2")
    assert "Arrived today" in page.text
    assert "day 2 of 2" in page.text
    assert clerk.get(url("desk-counts")).json()["arrived"] == 0

    found = tap("desk-door", q="wang wei")
    assert "desk-card-expected" in found.text
    assert "On another day:" in found.text
    checked_in = tap("desk-check-in", ticket=wang_wei.ticket)

    assert count(checked_in, "arrived") == "1"
    assert sorted(each.day for each in CheckIn.objects.standing()) == [
        DAY,
        DAY + dt.timedelta(days=1),
    ]


@pytest.mark.usefixtures("on_second_day")
def test_another_day_is_undone_where_the_person_stands(event, wang_wei, tap):
    tap("desk-check-in", ticket=wang_wei.ticket)
    first = CheckIn.objects.get(day=DAY)

    page = tap("desk-undo", ticket=wang_wei.ticket, seen=first.pk)

    assert [each.day for each in CheckIn.objects.standing()] == [DAY + dt.timedelta(days=1)]
    assert "On another day:" not in page.text
    assert "desk-card-arrived" in page.text


@pytest.mark.usefixtures("on_second_day")
def test_the_list_for_a_hall_without_signal_says_who_came_today(event, wang_wei, clerk, url):
    before = clerk.get(url("desk-day-list")).json()["people"]
    check_in.check_in(wang_wei, by=clerk.user)
    after = clerk.get(url("desk-day-list")).json()["people"]

    assert [person[3] for person in before] == ["expected", "expected"]
    assert {person[1]: person[3] for person in after}["王伟"] == "arrived"


@pytest.mark.usefixtures("on_second_day")
@pytest.mark.parametrize(
    ("tapped_at", "day"),
    [
        (int((SECOND - dt.timedelta(hours=14)).timestamp()), 0),
        (int(SECOND.timestamp()), 1),
        (int((SECOND + dt.timedelta(days=1)).timestamp()), 1),
        (int((SECOND - dt.timedelta(days=4)).timestamp()), 1),
        *(("x", 1), ("9" * 30, 1), ("-1", 1), ("", 1)),
    ],
)
def test_a_tap_that_was_kept_counts_for_the_day_on_which_it_was_made(ann, tap, tapped_at, day):
    tap("desk-check-in", ticket=ann.ticket, tapped_at=tapped_at)

    assert CheckIn.objects.get(registration=ann).day == DAY + dt.timedelta(days=day)


def test_the_door_of_one_day_says_nothing_of_days(db):
    one_day = factories.event(starts_at=FIRST, ends_at=FIRST + dt.timedelta(hours=8))
    event = factories.registration_settings(event=one_day).event
    clerk = make_clerk(event)

    page = clerk.get(reverse("desk-door", args=[event.slug]))

    assert "Arrived today" not in page.text
    assert "Arrivals are counted for each day" not in page.text
