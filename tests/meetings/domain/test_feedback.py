import datetime as dt

import pytest
from django.utils import timezone

from meetings.domain.feedback import FeedbackRefused, give, list_judged
from meetings.models import Meeting, MeetingFeedback, MeetingPerson
from tests.meetings import rows
from tests.threads import at_once

pytestmark = pytest.mark.django_db
Status = Meeting.Status


def place(meeting, side=1) -> MeetingPerson:
    return meeting.people.get(side=side, must=True)


def judged(person):
    return [each.meeting for each in list_judged(person)]


@pytest.fixture
def held():
    event = rows.meeting_event()
    return rows.meeting(rows.participant(event), rows.owner(event), status=Status.HELD)


def test_what_somebody_says_is_kept_and_can_be_changed(held):
    give(place(held), rating=2, other_came=True, note="Too short.")

    said = give(place(held), rating=4, other_came=True, note="")

    assert MeetingFeedback.objects.get() == said
    assert (said.rating, said.other_came, said.note) == (4, True, "")
    assert said.participant == place(held).participant


def test_who_met_nobody_rates_nothing(held):
    said = give(place(held), rating=5, other_came=False, note="Nobody there.")

    assert (said.rating, said.other_came) == (1, False)


def test_who_met_somebody_has_to_rate(held):
    with pytest.raises(FeedbackRefused, match="Choose how useful"):
        give(place(held), rating=None, other_came=True, note="")

    assert not MeetingFeedback.objects.exists()


@pytest.mark.parametrize("status", ["agreed", "running", "cancelled"])
def test_what_is_not_over_is_not_judged(held, status):
    Meeting.objects.update(status=status)

    with pytest.raises(FeedbackRefused, match="once the meeting is over"):
        give(place(held), rating=4, other_came=True, note="")

    assert judged(place(held).participant) == []


def test_a_scheduled_meeting_is_judged_once_its_slot_is_over(held):
    Meeting.objects.update(status="agreed")
    rows.placed(rows.published(held.event), held)
    slot = held.event.meeting_slots.first()
    assert judged(place(held).participant) == []

    now = timezone.now()
    slot.starts_at, slot.ends_at = now - dt.timedelta(hours=1), now - dt.timedelta(minutes=1)
    slot.save()

    assert judged(place(held).participant) == [held]


def test_who_did_not_come_or_was_not_to_come_judges_nothing(held):
    spare = rows.participant(held.event)
    MeetingPerson.objects.create(meeting=held, participant=spare, side=1, must=False)
    absent = place(held)
    MeetingPerson.objects.filter(pk=absent.pk).update(did_not_come=True)

    assert judged(spare) == judged(absent.participant) == []
    assert judged(place(held, 2).participant) == [held]
    MeetingPerson.objects.filter(participant=spare).update(arrived_at=timezone.now())
    assert judged(spare) == [held]


def test_list_takes_the_same_queries_however_many_meetings(held, django_assert_num_queries):
    person = place(held).participant
    with django_assert_num_queries(4):
        list_judged(person)
    for _number in range(2):
        rows.meeting(person, rows.owner(held.event), status=Status.HELD)
    with django_assert_num_queries(4):
        assert len(list_judged(person)) == 3


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_are_one_answer(held):
    found = place(held)

    at_once(*[lambda: give(found, rating=4, other_came=True, note="")] * 2)

    assert MeetingFeedback.objects.count() == 1
