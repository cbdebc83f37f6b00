from functools import partial

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from meetings.domain import day, stand_ins
from meetings.domain.day_places import walk_up
from meetings.domain.loading import load_plan, load_schedule
from meetings.domain.validation import broken_rules
from meetings.models import Meeting, MeetingRequest, Placement
from tests.meetings import rows
from tests.meetings.day import day_event, keys, pair, schedule_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def staff():
    return User.objects.get_or_create(username="clerk")[0]


def missed(event, **where):
    """A meeting to which the first side did not come."""
    meeting = pair(event, **where)
    return day.not_come(meeting, keys(meeting)[:1])


def offered(meeting):
    return [(each.meeting, each.request) for each in stand_ins.stand_ins(meeting)]


def test_agreed_meetings_without_a_place_stand_in_by_priority():
    event = day_event()
    gone = missed(event)
    waiting = pair(event, slot=None)
    first = pair(event, slot=None, priority=2)
    pair(event, slot=1)

    assert offered(gone) == [(first.pk, None), (waiting.pk, None)]


def test_who_sits_at_the_table_already_comes_first_of_equals():
    event = day_event()
    gone = missed(event)
    somebody = pair(event, slot=None)
    left_alone = gone.people.get(did_not_come=False).participant
    with_them = rows.meeting(rows.participant(event), left_alone)

    assert offered(gone) == [(with_them.pk, None), (somebody.pk, None)]


def test_open_requests_stand_in_as_well():
    event = day_event()
    gone = missed(event)
    asked = rows.request(rows.participant(event), rows.owner(event))
    rows.request(rows.participant(event, status="left"), rows.owner(event))
    rows.request(rows.participant(event), rows.owner(event), status="declined")

    assert offered(gone) == [(None, asked.pk)]


def test_who_is_busy_or_does_not_fit_is_not_offered():
    event = day_event()
    gone = missed(event)
    busy = pair(event, table=1)
    rows.meeting(busy.people.first().participant, rows.owner(event))
    rows.meeting(rows.participant(event), rows.owner(event, languages=["de"]))

    assert offered(gone) == []


def test_nothing_stands_in_where_the_place_is_taken():
    event = day_event()
    gone = missed(event)
    pair(event, slot=None)
    first, table = event.meeting_slots.first(), event.meeting_tables.first()
    walk_up(event, rows.participant(event), rows.owner(event), table=table, slot=first)

    assert offered(gone) == []


def test_a_waiting_meeting_takes_the_place():
    event = day_event()
    gone, waiting = missed(event), pair(event, slot=None)

    made = [stand_ins.replace_by(gone, by=staff(), by_meeting=waiting) for _again in range(2)]

    place = Placement.objects.get(meeting=waiting)
    assert made == [waiting, waiting]
    assert made[0].stands_in_for == gone
    assert (place.slot, place.table) == (event.meeting_slots.first(), event.meeting_tables.first())
    assert broken_rules(load_plan(event), load_schedule(schedule_of(event))) == []


def test_a_request_that_takes_the_place_is_accepted():
    event = day_event()
    gone = missed(event)
    asked = rows.request(rows.participant(event), rows.owner(event), priority=1)

    made = [stand_ins.replace_by(gone, by=staff(), by_request=asked) for _again in range(2)]

    asked.refresh_from_db()
    assert made[0] == made[1] == Meeting.objects.get(request=asked)
    assert asked.status == MeetingRequest.Status.ACCEPTED
    assert (made[0].priority, keys(made[0])) == (1, [asked.asker_id, asked.asked_id])


def test_a_meeting_that_can_be_held_is_not_replaced():
    event = day_event()
    meeting, waiting = pair(event), pair(event, slot=None)

    with pytest.raises(ValidationError, match="can still be held"):
        stand_ins.replace_by(meeting, by=staff(), by_meeting=waiting)


def test_what_has_a_place_does_not_stand_in():
    event = day_event()
    gone, placed = missed(event), pair(event, slot=1)

    with pytest.raises(ValidationError, match="has a place of its own"):
        stand_ins.replace_by(gone, by=staff(), by_meeting=placed)


def test_a_stand_in_that_is_taken_back_waits_again():
    event = day_event()
    gone, waiting = missed(event), pair(event, slot=None)
    stand_ins.replace_by(gone, by=staff(), by_meeting=waiting)

    for _again in range(2):
        stand_ins.take_back_stand_in(waiting)

    waiting.refresh_from_db()
    assert (waiting.status, waiting.stands_in_for) == ("agreed", None)
    assert stand_ins.waiting_list(event) == [waiting]


def test_a_stand_in_that_has_begun_is_not_taken_back():
    event = day_event()
    gone, waiting = missed(event), pair(event, slot=None)
    stand_ins.replace_by(gone, by=staff(), by_meeting=waiting)
    day.arrive(waiting)

    with pytest.raises(ValidationError, match="has begun"):
        stand_ins.take_back_stand_in(waiting)


@pytest.mark.django_db(transaction=True)
def test_two_desks_give_a_place_to_one_meeting():
    event = day_event()
    gone = missed(event)
    first, second = pair(event, slot=None), pair(event, slot=None)

    clerk = staff()

    results = at_once(
        *[
            partial(stand_ins.replace_by, gone, by=clerk, by_meeting=each)
            for each in (first, second)
        ]
    )

    assert [isinstance(each, ValidationError) for each in results].count(True) == 1
    assert Meeting.objects.filter(stands_in_for=gone).count() == 1
