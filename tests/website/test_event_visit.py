"""What an event's page says to somebody who wants to come: seats, approval, the way there."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from events.domain import event as domain
from tests import factories

pytestmark = pytest.mark.django_db

GIVEN = {
    "map_link": "https://map.example.org/hall-3",
    "transport_en": "Metro line 3. [Timetable](https://metro.example.org/)",
    "transport_zh_hans": "地铁3号线。",
    "hotels_en": "[Sample Road Hotel](https://hotel.example.org/)",
    "hotels_zh_hans": "示例路酒店",
}


def test_the_seats_left_are_named(client):
    event = factories.registration_settings(event=factories.upcoming_event(), capacity=2).event
    path = event.get_absolute_url()
    assert "2 seats left" in client.get(path).text

    factories.registered(event)
    assert "1 seat left" in client.get(path).text

    factories.registered(event)
    assert "All seats are taken." in client.get(path).text


def test_approval_is_named_and_no_number_of_seats(client):
    event = factories.registration_settings(
        event=factories.upcoming_event(), capacity=2, needs_approval=True
    ).event

    page = client.get(event.get_absolute_url()).text

    assert "The organizer reviews each registration" in page
    assert "seats left" not in page


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"capacity": 5, "opens_at": timezone.now() + dt.timedelta(days=1)},
        {"capacity": 5, "closes_at": timezone.now() - dt.timedelta(days=1)},
    ],
)
def test_no_seats_are_named_where_nobody_can_have_one(client, how):
    event = factories.registration_settings(event=factories.upcoming_event(), **how).event

    page = client.get(event.get_absolute_url()).text

    assert 'class="seats"' not in page


@pytest.mark.django_db(transaction=True)
def test_a_kept_page_names_the_seats_of_a_minute_ago_at_most(settings):
    settings.PAGE_CACHE = True
    caches["pages"].clear()
    event = factories.registration_settings(event=factories.upcoming_event(), capacity=3).event
    # The first one makes the site's profile, which pages show.
    factories.registered(event)
    path, visitor = event.get_absolute_url(), Client()
    now = timezone.now().replace(minute=1, second=0, microsecond=0)

    with time_machine.travel(now, tick=False) as clock:
        assert "2 seats left" in visitor.get(path).text
        factories.registered(event)
        assert "2 seats left" in visitor.get(path).text
        clock.shift(dt.timedelta(minutes=1))
        assert "1 seat left" in visitor.get(path).text


def test_the_way_there_is_told_as_far_as_it_was_given(client):
    event = factories.upcoming_event(**GIVEN)

    page = client.get(event.get_absolute_url()).text

    for link in re.findall(r"https://[^\s)]+", " ".join(GIVEN.values())):
        assert f'<a href="{link}"' in page
    assert "地铁3号线。" in client.get(event.get_absolute_url().replace("/en/", "/zh-hans/")).text
    bare = client.get(factories.upcoming_event().get_absolute_url()).text
    assert ">Map<" not in bare
    assert ">Hotels<" not in bare
    assert ">Getting there<" not in bare


def test_the_way_there_comes_along_with_a_copy():
    event = factories.event(**GIVEN)

    new = domain.copy(event, starts_on=dt.date(2021, 5, 6))

    assert {name: getattr(new, name) for name in GIVEN} == GIVEN
