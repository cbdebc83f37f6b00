import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone
from icalendar import Calendar

from mail.delivery import deliver_due
from mail.models import OutboundMail
from meetings.domain.calling_off import call_off, call_off_all
from meetings.domain.loading import load_schedule
from meetings.domain.placing import take_draft
from meetings.models import Meeting, MeetingPerson
from meetings.schedule_kinds import Kind
from tests import factories
from tests.meetings import rows
from tests.threads import at_once

pytestmark = pytest.mark.django_db
Status = Meeting.Status


@pytest.fixture
def event(db):
    return rows.meeting_event()


def pair(event, **fields):
    return rows.meeting(
        rows.participant(event, name="Li Min"), rows.owner(event, name="Ann Farrow"), **fields
    )


def queued():
    return OutboundMail.objects.filter(kind__in=Kind.values).count()


def sent():
    """Deliver what is due; return each mail by its recipient, and forget it."""
    deliver_due()
    found = {each.to[0]: each for each in mail.outbox}
    mail.outbox.clear()
    return found


def entries(message):
    """Return the entries that are attached to a mail, each with its METHOD."""
    calendars = [
        Calendar.from_ical(attachment.content)
        for attachment in message.attachments
        if attachment.mimetype.startswith("text/calendar")
    ]
    return [(str(each["method"]), each.walk("VEVENT")[0]) for each in calendars]


def test_called_off_meeting_leaves_draft_and_published_version(event):
    met, other = pair(event), pair(event)
    published = rows.published(event)
    rows.placed(published, met)
    kept = rows.placed(published, other, table=1)
    draft = take_draft(event)

    call_off(met, reason=" Our flight is late. ")

    draft.refresh_from_db()
    published.refresh_from_db()
    assert (met.status, met.off_reason, met.version) == (
        Status.CANCELLED,
        "Our flight is late.",
        2,
    )
    assert load_schedule(published) == load_schedule(draft) == {other.pk: kept}
    assert not published.placements.filter(meeting=met).exists()
    assert draft.base_changes == published.changes


def test_both_sides_and_the_interpreter_are_told_with_a_cancelled_entry(event):
    named = rows.interpreter(event, name="Wu Fang", email="wu@example.org", language="en")
    met = pair(event)
    rows.placed(rows.published(event), met, interpreter=named)

    audience = call_off(met, reason="Our flight is late.")
    mails = sent()

    people = [each.participant.registration for each in met.people.all()]
    assert audience.mails == 3
    assert len(mails) == 3
    to_first = next(each for to, each in mails.items() if people[0].email in to)
    assert "Called off" in to_first.body
    assert "Ann Farrow" in to_first.body
    assert "Our flight is late." in to_first.body
    [(method, entry), *_same] = entries(to_first)
    assert (method, str(entry["status"])) == ("CANCEL", "CANCELLED")
    assert str(entry["uid"]).startswith(f"meeting-{met.code}@")
    assert entry["attendee"] == f"mailto:{people[0].email}"
    to_interpreter = next(each for to, each in mails.items() if "wu@example.org" in to)
    assert "Our flight is late." not in to_interpreter.body


def test_meeting_that_was_never_published_tells_nobody(event):
    met = pair(event)
    rows.placed(take_draft(event), met)

    audience = call_off(met)

    assert audience.mails == 0
    assert queued() == 0
    assert met.status == Status.CANCELLED


def test_calling_off_twice_is_harmless(event):
    met = pair(event)
    rows.placed(rows.published(event), met)
    call_off(met, reason="First")

    audience = call_off(met, reason="Second")

    assert audience.mails == 0
    assert met.off_reason == "First"
    assert queued() == 2


def test_running_meeting_ends_when_it_is_called_off(event):
    met = pair(event, status=Status.RUNNING, begun_at=timezone.now())

    call_off(met)

    assert met.ended_at is not None


@pytest.mark.parametrize("status", [Status.HELD, Status.NO_SHOW])
def test_meeting_that_is_over_is_not_called_off(event, status):
    met = pair(event, status=status)
    place = rows.placed(rows.published(event), met)

    with pytest.raises(ValidationError):
        call_off(met)

    met.refresh_from_db()
    assert met.status == status
    assert place


def test_reason_that_is_too_long_changes_nothing(event):
    met = pair(event)
    rows.placed(rows.published(event), met)

    with pytest.raises(ValidationError):
        call_off(met, reason="x" * 301)

    met.refresh_from_db()
    assert (met.status, queued()) == (Status.AGREED, 0)


def test_several_meetings_of_one_person_make_one_mail(event):
    one = rows.participant(event)
    met = [rows.meeting(one, rows.owner(event)) for _number in range(2)]
    published = rows.published(event)
    for number, each in enumerate(met):
        rows.placed(published, each, slot=number)

    audience = call_off_all(met, reason="Ill")

    assert audience.mails == 3
    assert len(audience.people[one.pk]) == 2


def test_who_has_no_proven_address_is_to_be_telephoned(event):
    without = factories.registered(event, email="", phone="13800001111")
    other = rows.participant(event)
    met = rows.meeting(rows.owner(event, registration=without), other)
    rows.placed(rows.published(event), met)

    audience = call_off(met)

    assert [each.registration for each in audience.telephoned] == [without]
    assert [each.pk for each in audience.mailed] == [other.pk]


def test_sequence_rises_from_one_mail_to_the_next(event):
    met, later = pair(event), pair(event)
    published = rows.published(event)
    rows.placed(published, met)
    rows.placed(published, later, slot=1)
    call_off(met)
    call_off(later)

    numbers = [MeetingPerson.objects.filter(meeting=each).first().sequence for each in (met, later)]

    assert 0 < numbers[0] < numbers[1]


def test_what_is_past_is_told_to_nobody(event):
    met = pair(event)
    rows.placed(rows.published(event), met)
    past = timezone.now() - dt.timedelta(hours=5)
    slot = event.meeting_slots.first()
    event.meeting_slots.filter(pk=slot.pk).update(
        starts_at=past, ends_at=past + dt.timedelta(minutes=30)
    )

    assert call_off(met).mails == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_call_off_at_once_tell_people_once():
    event = rows.meeting_event()
    met = pair(event)
    rows.placed(rows.published(event), met)

    at_once(
        lambda: call_off(Meeting.objects.get(pk=met.pk), reason="One"),
        lambda: call_off(Meeting.objects.get(pk=met.pk), reason="Other"),
    )

    assert queued() == 2
