"""A meeting that an organizer agrees for two people."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from mail.models import OutboundMail
from meetings.domain.arranging import arrange
from meetings.domain.rather_not import rather_not
from meetings.emails import write
from meetings.mail_kinds import Kind
from meetings.models import Meeting, Participant
from tests import cast
from tests.meetings import rows
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    event = rows.meeting_event()
    return rows.participant(event, name="Ann"), rows.owner(event, name="Bao")


@pytest.fixture
def user():
    return cast.make_organizer().user


def test_arrange_agrees_on_a_meeting_that_nobody_asked_for(two, user):
    meeting = arrange(*two, by=user, priority=1)

    assert (meeting.origin, meeting.status, meeting.priority) == ("organizer", "agreed", 1)
    assert [(each.side, each.participant) for each in meeting.people.all()] == [
        (1, two[0]),
        (2, two[1]),
    ]


def test_both_read_with_whom_they_meet(two, user):
    arrange(*two, by=user)

    with translation.override("en"):
        mails = [write(row) for row in OutboundMail.objects.filter(kind=Kind.ARRANGED)]
    told = sorted(
        "Bao" if "Bao" in mail.body.split("meeting with")[1].split("for you")[0] else "Ann"
        for mail in mails
    )
    assert told == ["Ann", "Bao"]


def test_nobody_reads_of_a_meeting_that_was_called_off_meanwhile(two, user):
    arrange(*two, by=user)
    Meeting.objects.update(status=Meeting.Status.CANCELLED)

    assert [write(row) for row in OutboundMail.objects.filter(kind=Kind.ARRANGED)] == [None, None]


def test_what_one_of_them_asked_is_accepted(two, user):
    asked = rows.request(two[1], two[0])

    meeting = arrange(*two, by=user)

    asked.refresh_from_db()
    assert (asked.status, meeting.request) == ("accepted", asked)


def test_arrange_refuses_two_who_are_kept_apart_or_meet_already(two, user):
    one, other = two
    arrange(one, other, by=user)
    with pytest.raises(ValidationError, match="agreed already"):
        arrange(other, one, by=user)

    rather_not(one, other, by=user)
    with pytest.raises(ValidationError, match="kept apart"):
        arrange(one, other, by=user)

    assert Meeting.objects.to_be_held().count() == 0


def test_arrange_refuses_one_person_two_events_and_who_takes_no_part(two, user):
    one, other = two
    stranger = rows.owner(rows.meeting_event())

    for pair in ((one, one), (one, stranger)):
        with pytest.raises(ValidationError, match="of two people"):
            arrange(*pair, by=user)
    Participant.objects.filter(pk=other.pk).update(status=Participant.Status.REFUSED)
    with pytest.raises(ValidationError, match="does not take part"):
        arrange(one, other, by=user)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_arrange_the_same_meeting_one_is_refused(two, user):
    def call():
        try:
            arrange(*two, by=user)
        except ValidationError:
            return "refused"
        return "agreed"

    assert sorted(at_once(call, call)) == ["agreed", "refused"]
    assert Meeting.objects.count() == 1
