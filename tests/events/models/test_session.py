import datetime as dt

import pytest

from events.models import Session
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("start", "end", "shares"),
    [(9, 10, False), (9, 11, True), (10, 11, True), (10, 12, True), (11, 12, False)],
)
def test_sessions_overlap_when_they_share_a_moment(start, end, shares):
    factories.session(starts_at=at(10), ends_at=at(11))

    assert Session.objects.overlapping(at(start), at(end)).exists() is shares


def test_the_day_of_a_session_is_that_of_the_events_zone():
    event = factories.event(ends_at=at(3, day=dt.date(2020, 10, 31)))
    late = at(1, day=dt.date(2020, 10, 30))  # still the 29th in UTC
    session = factories.session(event=event, starts_at=late, ends_at=late + dt.timedelta(hours=1))
    session.refresh_from_db()

    assert session.starts_on == dt.date(2020, 10, 30)


def test_a_session_is_visible_with_its_event():
    shown = factories.session()
    factories.session(event=factories.event(status="draft"))

    assert Session.objects.visible().get() == shown


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Break", ""),
        ("break: coffee", ""),
        ("Breakthroughs in blood tests", "break"),
        ("Coffee", "break"),
    ],
)
def test_kind_stands_beside_no_title_that_says_it(title, told):
    session = factories.session(kind="break", title_en=title, title_zh_hans="")

    assert session.kind_beside_title == told
