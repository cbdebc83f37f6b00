import datetime as dt

import pytest
import time_machine

from tests import factories
from website.page_cache.expiry import next_change

pytestmark = pytest.mark.django_db
MORNING = factories.at(9, 2)


def test_without_events_the_next_quarter_of_an_hour_is_next():
    assert next_change(MORNING) == factories.at(9, 15)
    assert next_change(factories.at(9, 15)) == factories.at(9, 30)
    assert next_change(factories.at(23, 59)) == factories.at(0, day=dt.date(2020, 10, 30))


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "status", "expected"),
    [
        (factories.at(9, 5), factories.at(12), "published", factories.at(9, 5)),
        (factories.at(8), factories.at(9, 7), "published", factories.at(9, 7)),
        (factories.at(8), factories.at(9, 2), "published", factories.at(9, 15)),
        (factories.at(8), factories.at(9, 7), "cancelled", factories.at(9, 7)),
        (factories.at(8), factories.at(9, 7), "draft", factories.at(9, 15)),
    ],
)
def test_visible_event_counts_by_its_start_and_its_end(starts_at, ends_at, status, expected):
    factories.event(starts_at=starts_at, ends_at=ends_at, status=status)

    assert next_change(MORNING) == expected


def test_session_of_a_visible_event_counts():
    event = factories.event(starts_at=factories.at(8), ends_at=factories.at(18))
    factories.session(event=event, starts_at=factories.at(8, 30), ends_at=factories.at(9, 11))
    factories.session(event=event, starts_at=factories.at(9, 9), ends_at=factories.at(10))

    assert next_change(MORNING) == factories.at(9, 9)


def test_moment_counts_from_which_the_link_to_join_is_shown():
    starts_at = factories.at(11, 8)
    factories.event(starts_at=starts_at, ends_at=factories.at(18), online_link_hours=2)
    factories.event(starts_at=starts_at, ends_at=factories.at(18), online_link_hours=3)

    assert next_change(MORNING) == factories.at(9, 8)


def test_it_takes_two_queries(django_assert_num_queries):
    factories.event()

    with django_assert_num_queries(2), time_machine.travel(MORNING):
        next_change(MORNING)
