import datetime as dt

import pytest
import time_machine

from events.models import Event, EventSeries
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db


def test_everybody_sees_what_is_published_or_cancelled():
    published = factories.event()
    cancelled = factories.event(status="cancelled")
    factories.event(status="draft")

    assert set(Event.objects.visible()) == {published, cancelled}


def test_drafts_are_for_staff_who_may_see_events(cast):
    draft = factories.event(status="draft")

    seen = [draft in Event.objects.visible_to(person.user) for person in cast]

    assert seen == [True, True, True, False]


def test_somebody_with_an_account_but_no_rights_sees_what_everybody_sees(auditor):
    factories.event(status="draft")
    auditor.user.groups.clear()

    assert not Event.objects.visible_to(auditor.user).exists()


def test_upcoming_and_past_part_at_the_end_of_the_event():
    event = factories.event()

    with time_machine.travel(at(16, 59), tick=False):
        assert (Event.objects.upcoming().get(), list(Event.objects.past())) == (event, [])
        assert (event.is_running, event.is_over) == (True, False)
    with time_machine.travel(at(17), tick=False):
        assert (list(Event.objects.upcoming()), Event.objects.past().get()) == ([], event)
        assert (event.is_running, event.is_over) == (False, True)


def test_the_next_event_comes_first_and_the_latest_past_one():
    early, late = (
        factories.event(starts_at=at(9, day=day), ends_at=at(10, day=day))
        for day in (dt.date(2020, 1, 1), dt.date(2020, 2, 1))
    )

    with time_machine.travel(at(9, day=dt.date(2019, 1, 1))):
        assert list(Event.objects.upcoming()) == [early, late]
    with time_machine.travel(at(9, day=dt.date(2021, 1, 1))):
        assert list(Event.objects.past()) == [late, early]


def test_the_orders_leave_nothing_to_chance():
    assert Event.objects.upcoming().totally_ordered
    assert Event.objects.past().totally_ordered


@pytest.mark.parametrize("prefix", ["sjz", "SJZ-", "2SJ", "SJ Z", "石家庄"])
def test_a_series_refuses_an_odd_reference_prefix(prefix):
    with pytest.raises(Exception, match="Use capital letters and digits"):
        factories.series(reference_prefix=prefix)

    assert not EventSeries.objects.exists()
