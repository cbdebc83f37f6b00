"""What participants say of their meetings by the personal page, in confidence."""

import datetime as dt

import pytest
from django.utils import timezone

from meetings.models import Meeting, MeetingFeedback
from summit.lib.web.signed_links import sign
from tests.meetings import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    event = rows.meeting_event()
    one = rows.participant(event, name="Wang Li")
    other = rows.owner(event, name="Tobias Rennick")
    made = rows.meeting(one, other, status=Meeting.Status.HELD)
    rows.placed(rows.published(event), made)
    return made


def address(meeting, side=1, language="en"):
    person = meeting.people.get(side=side).participant
    return f"/{language}/my/{sign(person.registration.code)}/meetings/feedback/"


def said(meeting, side=1, **changes):
    place = meeting.people.get(side=side)
    return {"place": place.pk, "came": "yes", "rating": "4", "note": "A good talk."} | changes


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "How were your meetings?"), ("zh-hans", "您的洽谈情况如何？")],
)
def test_page_names_the_other_side_and_asks(client, meeting, language, words):
    page = client.get(address(meeting, language=language))

    assert page.status_code == 200
    for text in (words, "Tobias Rennick", "A1"):
        assert text in page.text
    assert page.headers["Cache-Control"] == (
        "max-age=0, no-cache, no-store, must-revalidate, private"
    )


def test_personal_page_leads_there_once_there_is_something_to_say(client, meeting):
    personal = address(meeting).removesuffix("meetings/feedback/")
    assert address(meeting) not in client.get(personal).text
    started = timezone.now() - dt.timedelta(hours=1)
    type(meeting.event).objects.filter(pk=meeting.event_id).update(starts_at=started)

    assert address(meeting) in client.get(personal).text


def test_answer_is_kept_shown_and_changed(client, meeting):
    answer = client.post(address(meeting), said(meeting), follow=True)
    assert "Your answer has been saved." in answer.text
    assert "You rated this meeting 4 of 5." in answer.text

    client.post(address(meeting), said(meeting, came="no", rating=""))

    kept = MeetingFeedback.objects.get()
    assert (kept.rating, kept.other_came, kept.note) == (1, False, "A good talk.")


def test_what_is_missing_is_asked_for_and_the_typing_is_kept(client, meeting):
    answer = client.post(address(meeting), said(meeting, rating=""))

    assert answer.status_code == 422
    assert "Choose how useful the meeting was." in answer.text
    assert "A good talk." in answer.text
    assert not MeetingFeedback.objects.exists()


def test_nobody_answers_for_the_other_side(client, meeting):
    client.post(address(meeting), said(meeting, side=2))

    assert not MeetingFeedback.objects.exists()


def test_the_other_side_never_sees_an_answer(client, meeting):
    client.post(address(meeting), said(meeting, note="Rather rude."))

    page = client.get(address(meeting, side=2))

    assert "Rather rude." not in page.text
    assert "You rated" not in page.text


@pytest.mark.parametrize("data", [{}, {"place": "x"}, {"place": "9" * 40, "came": "yes"}])
def test_what_no_page_sends_changes_nothing(client, meeting, data):
    assert client.post(address(meeting), data).status_code == 200
    assert not MeetingFeedback.objects.exists()


def test_who_takes_no_part_in_meetings_is_led_to_the_registration(client):
    event = rows.meeting_event()
    person = rows.factories.proven(event)

    answer = client.get(f"/en/my/{sign(person.code)}/meetings/feedback/")

    assert answer.status_code == 302


def test_page_without_a_meeting_that_is_over_says_so(client, meeting):
    Meeting.objects.update(status="agreed")

    page = client.get(address(meeting))

    assert "None of your meetings is over yet." in page.text
