import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from events.domain import event as events
from events.domain import postponement as domain
from events.domain.postponement import DateRefused, Reason
from events.models import Event
from summit.lib.database.states import MoveRefused
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db

WEEK = dt.timedelta(days=7)
BECAUSE = Reason("A typhoon is on its way.", "台风即将来临。", is_shown=True)


def upcoming(**fields):
    """An event in a month with a session in its first hour."""
    event = factories.upcoming_event(**fields)
    hours = {"starts_at": event.starts_at, "ends_at": event.starts_at + dt.timedelta(hours=1)}
    return event, factories.session(event=event, **hours)


def kept(event):
    return Event.objects.filter(pk=event.pk).values().get()


# postpone, without a date


def test_postpone_without_a_date_keeps_the_former_one_and_says_why(organizer):
    event, _session = upcoming()
    before = event.starts_at

    domain.postpone(event, reason=BECAUSE, by=organizer.user)

    stored = Event.objects.get()
    assert (stored.status, stored.starts_at, stored.previous_starts_at) == (
        "postponed",
        before,
        before,
    )
    assert (stored.status_reason_en, stored.shows_status_reason) == (BECAUSE.english, True)
    assert stored.history.first().history_user == organizer.user
    assert Event.objects.visible().get() == event


def test_postponed_event_is_neither_running_nor_over_whatever_its_date_was():
    event = factories.event(status="postponed")

    assert not (event.has_begun or event.is_running or event.is_over or event.is_on)
    assert [*Event.objects.upcoming()] == [event]
    assert [*Event.objects.past()] == []


def test_postponed_events_come_after_those_with_a_date():
    postponed = factories.event(status="postponed")
    dated = factories.upcoming_event()

    assert [*Event.objects.upcoming()] == [dated, postponed]


def test_postponing_twice_without_a_date_asks_for_one_and_changes_nothing():
    event, _session = upcoming()
    domain.postpone(event)
    before = kept(event)

    with pytest.raises(DateRefused) as refused:
        domain.postpone(event)

    assert refused.value.message_dict == {
        "to": ["The event is postponed already. Enter its new date."]
    }
    assert kept(event) == before


@pytest.mark.parametrize("status", ["draft", "cancelled"])
@pytest.mark.parametrize("to", [None, WEEK])
def test_postpone_refuses_what_is_not_published(status, to):
    event = factories.upcoming_event(status=status)
    before = kept(event)

    with pytest.raises(MoveRefused):
        domain.postpone(event, to=to and event.starts_at + to)

    assert kept(event) == before


def test_postpone_refuses_what_is_over():
    with pytest.raises(MoveRefused, match="over"):
        domain.postpone(factories.event(), to=timezone.now() + WEEK)


def test_reason_that_is_to_be_shown_must_be_written():
    event, _session = upcoming()

    with pytest.raises(ValidationError) as refused:
        domain.postpone(event, reason=Reason(" ", "", is_shown=True))

    assert list(refused.value.message_dict) == ["is_shown"]
    assert Event.objects.get().status == "published"


# postpone, with a date


def test_postpone_with_a_date_moves_the_programme_along(organizer):
    event, session = upcoming()
    before, ended = event.starts_at, event.ends_at

    domain.postpone(event, to=before + WEEK, reason=BECAUSE, by=organizer.user)

    stored = Event.objects.get()
    session.refresh_from_db()
    assert stored.status == "published"
    assert (stored.starts_at, stored.ends_at) == (before + WEEK, ended + WEEK)
    assert stored.previous_starts_at == before
    assert session.starts_at == before + WEEK
    assert stored.is_rescheduled
    assert stored.history.first().history_user == organizer.user


def test_programme_that_stays_behind_refuses_the_new_date_and_nothing_moves():
    event, session = upcoming()
    before = kept(event)

    with pytest.raises(ValidationError, match="outside its event"):
        domain.postpone(event, to=event.starts_at + WEEK, with_programme=False)

    assert kept(event) == before


def test_event_without_a_programme_is_postponed_alone():
    event = factories.upcoming_event()
    length = event.ends_at - event.starts_at

    domain.postpone(event, to=event.starts_at + WEEK, with_programme=False)

    stored = Event.objects.get()
    assert stored.ends_at - stored.starts_at == length
    assert stored.is_rescheduled


@pytest.mark.parametrize(
    ("move", "code"),
    [(-2 * dt.timedelta(days=40), "past"), (-WEEK, "not_later"), (dt.timedelta(0), "not_later")],
)
def test_postponing_into_the_past_or_to_no_later_day_is_refused_in_words(move, code):
    event, _session = upcoming()
    before = kept(event)

    with pytest.raises(DateRefused) as refused:
        domain.postpone(event, to=event.starts_at + move)

    assert refused.value.error_dict["to"][0].code == code
    assert kept(event) == before


def test_expert_who_is_elsewhere_on_the_new_day_refuses_it():
    event, session = upcoming()
    expert = factories.appearance(session=session).expert
    other = factories.upcoming_event(starts_at=event.starts_at + WEEK, ends_at=event.ends_at + WEEK)
    theirs = factories.session(
        event=other, starts_at=other.starts_at, ends_at=other.starts_at + dt.timedelta(hours=1)
    )
    factories.appearance(session=theirs, expert=expert)

    with pytest.raises(ValidationError, match="at that time"):
        domain.postpone(event, to=event.starts_at + WEEK)

    assert Event.objects.get(pk=event.pk).previous_starts_at is None


def test_postponed_event_leaves_its_rooms_and_experts_to_others():
    event, session = upcoming(venue_en="Hall")
    type(session).objects.update(room_en="A")
    domain.postpone(event)
    other = factories.upcoming_event(
        status="draft", venue_en="Hall", starts_at=event.starts_at, ends_at=event.ends_at
    )
    factories.session(
        event=other,
        room_en="A",
        starts_at=event.starts_at,
        ends_at=event.starts_at + dt.timedelta(hours=1),
    )

    assert events.publish(other).status == "published"


def test_postponed_event_is_published_with_its_new_date_and_remembers_the_first():
    event, session = upcoming()
    first = event.starts_at
    domain.postpone(event)

    domain.postpone(event, to=first + 8 * WEEK)

    stored = Event.objects.get()
    session.refresh_from_db()
    assert (stored.status, stored.starts_at) == ("published", first + 8 * WEEK)
    assert (stored.previous_starts_at, session.starts_at) == (first, first + 8 * WEEK)


def test_new_date_may_be_before_the_one_that_was_given_up():
    event, _session = upcoming()
    first = event.starts_at
    domain.postpone(event)

    domain.postpone(event, to=first - WEEK)

    assert Event.objects.get().starts_at == first - WEEK


def test_postponed_event_can_be_cancelled():
    event, _session = upcoming()
    domain.postpone(event)

    events.cancel(event, reason=BECAUSE)

    assert Event.objects.get().status == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_one_who_postpones_and_one_who_cancels_at_once_leave_one_state():
    event, session = upcoming()

    def fresh():
        return Event.objects.get(pk=event.pk)

    results = at_once(
        lambda: domain.postpone(fresh(), to=event.starts_at + WEEK),
        lambda: events.cancel(fresh()),
    )

    # Cancelling a moved event is right too; a cancelled one is not moved.
    assert not [error for error in results if isinstance(error, Exception)] or isinstance(
        results[0], MoveRefused
    )
    assert Event.objects.get().status == "cancelled"
    session.refresh_from_db()
    assert session.starts_at == Event.objects.get().starts_at


@pytest.mark.django_db(transaction=True)
def test_two_who_postpone_at_once_move_the_programme_once():
    event, session = upcoming()
    to = event.starts_at + WEEK

    results = at_once(
        *[lambda: domain.postpone(Event.objects.get(pk=event.pk), to=to) for _ in range(2)]
    )

    assert sorted(type(each).__name__ for each in results) == ["DateRefused", "Event"]
    session.refresh_from_db()
    assert (session.starts_at, Event.objects.get().starts_at) == (to, to)


# take_up


def test_take_up_holds_a_cancelled_event_on_its_date_without_the_reason(organizer):
    event, _session = upcoming()
    before = event.starts_at
    events.cancel(event, reason=BECAUSE)

    domain.take_up(event, by=organizer.user)

    stored = Event.objects.get()
    assert (stored.status, stored.starts_at, stored.cancelled_at) == ("published", before, None)
    assert (stored.status_reason_en, stored.shows_status_reason) == ("", False)
    assert not stored.is_rescheduled
    assert stored.history.first().history_user == organizer.user


def test_take_up_on_a_new_date_moves_the_programme_along():
    event, session = upcoming()
    before = event.starts_at
    events.cancel(event)

    domain.take_up(event, to=before + WEEK)

    session.refresh_from_db()
    assert session.starts_at == before + WEEK
    assert Event.objects.get().previous_starts_at == before


def test_take_up_asks_for_a_date_where_the_old_one_is_past_or_none_was_known():
    past = factories.event(status="cancelled")
    without, _session = upcoming()
    domain.postpone(without)
    events.cancel(without)

    for event in (past, without):
        with pytest.raises(DateRefused, match="date"):
            domain.take_up(event)

    assert {event.status for event in Event.objects.all()} == {"cancelled"}


@pytest.mark.parametrize("status", ["draft", "published", "postponed"])
def test_take_up_refuses_what_is_not_cancelled(status):
    with pytest.raises(MoveRefused, match="Only a cancelled event"):
        domain.take_up(factories.upcoming_event(status=status))


def test_take_up_refuses_a_programme_whose_room_was_given_away():
    event, session = upcoming(venue_en="Hall")
    type(session).objects.update(room_en="A")
    events.cancel(event)
    other = factories.upcoming_event(venue_en="Hall", starts_at=event.starts_at)
    hour = {"starts_at": event.starts_at, "ends_at": event.starts_at + dt.timedelta(hours=1)}
    factories.session(event=other, room_en="A", **hour)

    with pytest.raises(ValidationError, match="is taken by"):
        domain.take_up(event)

    assert Event.objects.get(pk=event.pk).status == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_two_who_take_up_at_once_are_one_and_a_refusal():
    event, _session = upcoming()
    events.cancel(event)

    results = at_once(*[lambda: domain.take_up(Event.objects.get(pk=event.pk)) for _ in range(2)])

    assert sorted(type(each).__name__ for each in results) == ["Event", "MoveRefused"]


# change_reason


def test_reason_is_worded_anew_and_only_where_there_is_one():
    event, _session = upcoming()
    with pytest.raises(MoveRefused):
        domain.change_reason(event, reason=BECAUSE)
    domain.postpone(event)

    domain.change_reason(event, reason=BECAUSE)

    assert Event.objects.get().status_reason_zh_hans == BECAUSE.chinese
