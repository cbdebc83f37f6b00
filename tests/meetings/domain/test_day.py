import datetime as dt
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from events.models import Event
from meetings.domain import day
from meetings.domain.day_places import walk_up
from meetings.domain.loading import load_schedule
from meetings.models import Meeting
from tests.meetings import rows
from tests.meetings.day import day_event, keys, let_it_be_now, pair, schedule_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def status(meeting):
    return Meeting.objects.get(pk=meeting.pk).status


def arrived(meeting):
    return [row.arrived_at is not None for row in meeting.people.order_by("side", "pk")]


def test_a_meeting_begins_when_both_sides_are_there():
    meeting = pair(day_event())
    one, other = keys(meeting)

    day.arrive(meeting, [one])
    after_one = status(meeting)
    day.arrive(meeting, [other])

    stored = Meeting.objects.get(pk=meeting.pk)
    assert after_one == "agreed"
    assert (stored.status, stored.begun_at is not None, stored.version) == ("running", True, 2)


def test_one_tap_says_that_all_are_there():
    meeting = pair(day_event())

    day.arrive(meeting)

    assert arrived(meeting) == [True, True]
    assert status(meeting) == "running"


def test_of_a_delegation_those_come_whom_the_schedule_names():
    event = day_event()
    one, other, further = rows.participant(event), rows.owner(event), rows.participant(event)
    meeting = rows.meeting(one, other, may=[further])
    place = rows.placed(schedule_of(event), meeting)
    meeting.placements.get().people.remove(further)

    day.arrive(meeting)

    assert place.people == {one.pk, other.pk, further.pk}
    there = meeting.people.exclude(arrived_at=None).values_list("participant", flat=True)
    assert set(there) == {one.pk, other.pk}


def test_an_arrival_can_be_sent_again():
    meeting = pair(day_event())
    day.arrive(meeting)
    before = Meeting.objects.get(pk=meeting.pk)

    day.arrive(meeting)

    after = Meeting.objects.get(pk=meeting.pk)
    assert (after.begun_at, after.version) == (before.begun_at, before.version)


def test_an_arrival_that_is_taken_back_takes_the_beginning_back():
    meeting = pair(day_event())
    one, _other = keys(meeting)
    day.arrive(meeting)

    for _again in range(2):
        day.take_back_arrival(meeting, one)

    stored = Meeting.objects.get(pk=meeting.pk)
    assert (stored.status, stored.begun_at, arrived(meeting)) == ("agreed", None, [False, True])


def test_somebody_of_another_meeting_does_not_arrive_here():
    event = day_event()
    meeting, stranger = pair(event), rows.participant(event)

    with pytest.raises(ValidationError, match="not in this meeting"):
        day.arrive(meeting, [stranger.pk])


def test_a_meeting_can_begin_while_somebody_of_a_delegation_is_missing():
    event = day_event()
    one, other, late = rows.participant(event), rows.owner(event), rows.participant(event)
    meeting = rows.meeting(one, other, may=[late], least_1=2)
    rows.placed(schedule_of(event), meeting)
    day.arrive(meeting, [one.pk])
    with pytest.raises(ValidationError, match="Nobody of one side is here yet"):
        day.begin(meeting)
    day.arrive(meeting, [other.pk])
    before = status(meeting)

    for _again in range(2):
        day.begin(meeting)

    assert (before, status(meeting)) == ("agreed", "running")


@pytest.mark.parametrize("with_taps", [True, False])
def test_a_meeting_that_ends_was_held(with_taps):
    meeting = pair(day_event())
    if with_taps:
        day.arrive(meeting)

    for _again in range(2):
        day.end(meeting)

    stored = Meeting.objects.get(pk=meeting.pk)
    assert stored.status == "held"
    assert stored.begun_at <= stored.ended_at


def test_an_end_can_be_taken_back():
    meeting = pair(day_event())
    day.arrive(meeting)
    day.end(meeting)

    for _again in range(2):
        day.take_back_end(meeting)

    stored = Meeting.objects.get(pk=meeting.pk)
    assert (stored.status, stored.ended_at) == ("running", None)


def test_who_did_not_come_frees_the_place():
    event = day_event()
    meeting = pair(event)
    one, _other = keys(meeting)

    for _again in range(2):
        day.not_come(meeting, [one])

    assert status(meeting) == "no_show"
    assert load_schedule(schedule_of(event)) == {}
    assert list(meeting.people.filter(did_not_come=True).values_list("participant")) == [(one,)]


def test_a_meeting_is_held_without_somebody_who_only_may_come():
    event = day_event()
    one, other, may = rows.participant(event), rows.owner(event), rows.participant(event)
    meeting = rows.meeting(one, other, may=[may])
    rows.placed(schedule_of(event), meeting)

    day.not_come(meeting, [may.pk])
    day.arrive(meeting, [one.pk, other.pk])

    assert status(meeting) == "running"


def test_not_come_is_taken_back_while_the_place_is_free():
    meeting = pair(day_event())
    day.not_come(meeting, keys(meeting)[:1])

    for _again in range(2):
        day.take_back_not_come(meeting)

    assert status(meeting) == "agreed"
    assert not meeting.people.filter(did_not_come=True).exists()


def test_not_come_is_not_taken_back_once_others_have_the_place():
    event = day_event()
    meeting = pair(event)
    day.not_come(meeting, keys(meeting)[:1])
    first, table = event.meeting_slots.first(), event.meeting_tables.first()
    walk_up(event, rows.participant(event), rows.owner(event), table=table, slot=first)

    with pytest.raises(ValidationError, match="was given to others") as refusal:
        day.take_back_not_come(meeting)

    assert "The table has another meeting at that time" in refusal.value.messages[1]
    assert status(meeting) == "no_show"


def test_what_is_over_takes_no_arrival():
    event = day_event()
    held, missed, off = (pair(event, slot=number) for number in range(3))
    day.end(held)
    day.not_come(missed, keys(missed)[:1])
    Meeting.objects.filter(pk=off.pk).update(status="cancelled")

    for meeting, words in ((held, "is over"), (missed, "not come"), (off, "called off")):
        with pytest.raises(ValidationError, match=words):
            day.arrive(meeting)
        assert arrived(meeting) == [False, False]
    with pytest.raises(ValidationError, match="is over"):
        day.not_come(held, keys(held))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "cancelled", "cancelled_at": timezone.now()}, "has been cancelled"),
        ({"status": "draft", "published_at": None}, "is not published"),
    ],
)
def test_nothing_is_tapped_at_an_event_that_does_not_take_place(changes, words):
    meeting = pair(day_event())
    Event.objects.filter(pk=meeting.event_id).update(**changes)

    with pytest.raises(ValidationError, match=words):
        day.arrive(meeting)


@pytest.mark.django_db(transaction=True)
def test_two_who_tap_at_once_begin_a_meeting_once():
    meeting = pair(day_event())
    one, other = keys(meeting)

    results = at_once(*[partial(day.arrive, meeting, [each]) for each in (one, other)] * 3)

    assert [each for each in results if isinstance(each, Exception)] == []
    stored = Meeting.objects.get(pk=meeting.pk)
    assert (stored.status, stored.version, arrived(meeting)) == ("running", 2, [True, True])


@pytest.mark.django_db(transaction=True)
def test_arrived_and_not_come_at_once_leave_one_of_the_two():
    meeting = pair(day_event())
    one, _other = keys(meeting)

    at_once(partial(day.arrive, meeting), partial(day.not_come, meeting, [one]))

    row = meeting.people.get(participant=one)
    assert (status(meeting), row.did_not_come) in [("no_show", True), ("running", False)]
    assert (row.arrived_at is None) == row.did_not_come


def test_a_meeting_that_is_ended_by_hand_began_as_planned():
    event = day_event()
    meeting = pair(event)
    slot = let_it_be_now(event, minutes=20)

    day.end(meeting)

    stored = Meeting.objects.get(pk=meeting.pk)
    assert stored.begun_at == slot.starts_at
    assert timezone.now() - stored.ended_at < dt.timedelta(minutes=1)
