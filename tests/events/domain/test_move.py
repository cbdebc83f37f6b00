import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from events.domain.move import move_programme, plan
from events.models import Event, Session
from tests import factories
from tests.cast import make_organizer
from tests.factories import DAY, at
from tests.threads import at_once

pytestmark = pytest.mark.django_db

WEEK = dt.timedelta(weeks=1)
NEXT = DAY + dt.timedelta(days=1)


def three_days(*, first=DAY, **fields):
    """An event of three days with two sessions on each."""
    days = [first + dt.timedelta(days=number) for number in range(3)]
    span = {"starts_at": at(9, day=days[0]), "ends_at": at(17, day=days[-1])}
    event = factories.event(**span | fields)
    for day in days:
        for hour in (10, 11):
            times = {"starts_at": at(hour, day=day), "ends_at": at(hour + 1, day=day)}
            factories.session(event=event, room_en="Hall 1", **times)
    return event


def times(event):
    """Return every moment of an event's programme as it is stored."""
    event = Event.objects.get(pk=event.pk)
    sessions = event.sessions.values_list("starts_at", "ends_at")
    return [(event.starts_at, event.ends_at), *sessions]


def code(refusal):
    return [error.code for error in refusal.value.error_list]


def test_whole_programme_moves_with_its_event():
    event = three_days()
    before = times(event)

    moved = move_programme(event, by=WEEK, user=None)

    assert times(event) == [(start + WEEK, end + WEEK) for start, end in before]
    assert (moved.starts_at, moved.ends_at) == times(event)[0]


def test_one_day_moves_by_minutes_and_the_rest_stays():
    event = three_days()
    before = times(event)
    late = dt.timedelta(minutes=30)

    move_programme(event, by=late, day=NEXT, user=None)

    after = [
        (start + late, end + late) if start.date() == NEXT else (start, end)
        for start, end in before
    ]
    assert times(event) == after


def test_one_day_changes_to_another():
    event = three_days(ends_at=at(17, day=DAY + dt.timedelta(days=9)))

    move_programme(event, by=dt.timedelta(days=5), day=DAY, user=None)

    assert Session.objects.filter(starts_at=at(10, day=DAY + dt.timedelta(days=5))).exists()


def test_days_keep_their_times_of_day_across_summer_time():
    london = ZoneInfo("Europe/London")
    start = dt.datetime(2027, 3, 26, 9, tzinfo=london)
    span = {"starts_at": start, "ends_at": start + dt.timedelta(hours=8)}
    event = factories.event(time_zone="Europe/London", **span)
    factories.session(event=event, **span)

    move_programme(event, by=WEEK, user=None)

    event.refresh_from_db()
    assert event.starts_at == dt.datetime(2027, 4, 2, 9, tzinfo=london)
    assert event.sessions.get().ends_at == dt.datetime(2027, 4, 2, 17, tzinfo=london)


def test_history_names_who_moved_each_session():
    user = make_organizer().user
    event = three_days()

    move_programme(event, by=WEEK, user=user)

    assert {row.history.latest().history_user for row in [event, *event.sessions.all()]} == {user}


@pytest.mark.parametrize("taken", ["room", "expert"])
def test_clash_with_another_event_refuses_all(taken):
    event = three_days(venue_en="Centre")
    last = event.sessions.last()
    expert = factories.appearance(session=last).expert
    day = DAY + dt.timedelta(days=9)
    other = factories.event(venue_en="Centre", starts_at=at(9, day=day), ends_at=at(17, day=day))
    booked = factories.session(
        event=other,
        starts_at=at(11, 30, day=day),
        ends_at=at(12, 30, day=day),
        room_en="Hall 1" if taken == "room" else "",
    )
    if taken == "expert":
        factories.appearance(session=booked, expert=expert)
    before = times(event)

    with pytest.raises(ValidationError) as refusal:
        move_programme(event, by=WEEK, user=None)

    assert code(refusal) == ["room_taken" if taken == "room" else "expert_elsewhere"]
    assert times(event) == before


def test_a_day_that_leaves_its_event_is_refused():
    event = three_days()
    before = times(event)

    with pytest.raises(ValidationError) as refusal:
        move_programme(event, by=dt.timedelta(days=-1), day=DAY, user=None)

    assert set(code(refusal)) == {"outside_event"}
    assert times(event) == before


def test_a_day_onto_another_clashes_with_it():
    event = three_days()

    with pytest.raises(ValidationError) as refusal:
        move_programme(event, by=dt.timedelta(days=1), day=DAY, user=None)

    assert set(code(refusal)) == {"room_taken"}


@pytest.mark.parametrize(
    ("by", "day", "said"),
    [
        (dt.timedelta(), None, "nowhere"),
        (dt.timedelta(days=1), dt.date(2020, 1, 1), "no_sessions"),
        (dt.timedelta(days=400_000), None, "far_year"),
        (dt.timedelta(days=-400_000), DAY, "far_year"),
        (dt.timedelta(days=9_000_000), None, "far_year"),
    ],
)
def test_what_moves_nothing_or_too_far_is_refused(by, day, said):
    event = three_days()
    before = times(event)

    with pytest.raises(ValidationError) as refusal:
        move_programme(event, by=by, day=day, user=None)

    assert code(refusal) == [said]
    assert times(event) == before


def test_moving_there_and_back_changes_nothing():
    event = three_days()
    before = times(event)

    move_programme(event, by=WEEK, user=None)
    move_programme(event, by=-WEEK, user=None)

    assert times(event) == before


def test_plan_saves_nothing():
    event = three_days()
    before = times(event)

    planned = plan(event, by=WEEK)

    assert len(planned.sessions) == 6
    assert planned.event.starts_at == before[0][0] + WEEK
    assert times(event) == before


@pytest.mark.django_db(transaction=True)
def test_two_who_move_at_once_move_it_twice_whole():
    event = three_days()
    before = times(event)

    at_once(*[lambda: move_programme(event, by=WEEK, user=None)] * 2)

    assert times(event) == [(start + 2 * WEEK, end + 2 * WEEK) for start, end in before]


@pytest.mark.django_db(transaction=True)
def test_of_two_events_that_move_into_one_room_at_once_one_is_refused():
    early = three_days(venue_en="Centre")
    late = three_days(first=DAY + 2 * WEEK, venue_en="Centre")

    results = at_once(
        lambda: move_programme(early, by=WEEK, user=None),
        lambda: move_programme(late, by=-WEEK, user=None),
    )

    assert sorted(type(each).__name__ for each in results) == ["Event", "ValidationError"]
