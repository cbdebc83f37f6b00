import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from icalendar import Calendar

from mail.delivery import deliver_due
from mail.models import OutboundMail
from meetings.domain import drafting, placing
from meetings.domain.calling_off import call_off
from meetings.domain.loading import load_schedule
from meetings.domain.placing import take_draft
from meetings.domain.publishing import audience_if_published, bring_up_to_date, publish
from meetings.models import Absence, Meeting, ScheduleVersion
from meetings.schedule_kinds import Kind
from registrations.domain import privacy
from tests import cast
from tests.factories import save
from tests.meetings import rows
from tests.threads import at_once, before_commit

pytestmark = pytest.mark.django_db
Status = ScheduleVersion.Status


@pytest.fixture
def event(db):
    return rows.meeting_event()


def pair(event, **fields):
    return rows.meeting(
        rows.participant(event, name="Li Min"), rows.owner(event, name="Ann Farrow"), **fields
    )


def queued():
    return OutboundMail.objects.filter(kind__in=Kind.values)


def sent():
    """Deliver what is due; return each mail of ours by its recipient, and forget it."""
    mail.outbox.clear()
    deliver_due()
    found = {
        each.to[0]: each
        for each in mail.outbox
        if "meetings have changed" in each.subject or "洽谈安排" in each.subject
    }
    mail.outbox.clear()
    return found


def entry_of(message):
    content = next(
        each.content for each in message.attachments if each.mimetype.startswith("text/calendar")
    )
    calendar = Calendar.from_ical(content)
    return str(calendar["method"]), calendar.walk("VEVENT")[0]


def let_begin(event, slot=0):
    """Move a slot of the event into the past."""
    row = list(event.meeting_slots.all())[slot]
    start = timezone.now() - dt.timedelta(minutes=10)
    event.meeting_slots.filter(pk=row.pk).update(
        starts_at=start, ends_at=start + dt.timedelta(minutes=30)
    )


def test_published_draft_is_the_schedule_and_everybody_in_it_is_told(event):
    by = cast.make_organizer().user
    named = rows.interpreter(event, email="wu@example.org", language="en")
    met = rows.meeting(rows.participant(event), rows.owner(event, languages=["en"]))
    draft = take_draft(event)
    place = rows.placed(draft, met, interpreter=named)

    audience = publish(draft, by=by)

    draft.refresh_from_db()
    assert (draft.status, draft.published_by) == (Status.PUBLISHED, by)
    assert load_schedule(draft) == {met.pk: place}
    assert (audience.mails, queued().count()) == (3, 3)


def test_second_version_takes_the_place_of_the_first_and_tells_who_is_moved(event):
    met, kept = pair(event), pair(event)
    first = take_draft(event)
    rows.placed(first, met)
    rows.placed(first, kept, table=1)
    publish(first)
    mails = sent()
    assert len(mails) == 4
    draft = take_draft(event)
    rows.placed(draft, met, slot=2)

    audience = publish(draft)
    moved = sent()

    first.refresh_from_db()
    people = [each.participant for each in met.people.all()]
    assert first.status == Status.SUPERSEDED
    assert {each.pk for each in audience.mailed} == {each.pk for each in people}
    assert len(moved) == 2
    to = next(to for to in moved if people[0].registration.email in to)
    (old_method, old), (method, new) = entry_of(mails[to]), entry_of(moved[to])
    assert (old_method, method) == ("REQUEST", "REQUEST")
    assert old["uid"] == new["uid"]
    assert old["sequence"] < new["sequence"]
    assert new.decoded("dtstart") == list(event.meeting_slots.all())[2].starts_at
    assert "Before:" in moved[to].body or "原安排" in moved[to].body


def test_the_same_schedule_published_again_tells_nobody(event):
    met = pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)
    publish(draft)
    count = queued().count()

    audience = publish(take_draft(event))

    assert (audience.mails, queued().count()) == (0, count)


def test_meeting_taken_out_of_the_schedule_is_cancelled_in_calendars(event):
    met = pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)
    publish(draft)
    sent()
    second = take_draft(event)
    drafting.take_out(second, [met.pk], version=second.changes)

    publish(second)

    mails = sent()
    assert len(mails) == 2
    for message in mails.values():
        method, entry = entry_of(message)
        assert (method, str(entry["status"])) == ("CANCEL", "CANCELLED")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Li Min is away at 09:00."), ("zh-hans", "Li Min在09:00不在场。")],
)
def test_broken_rule_is_refused_in_words(event, language, sentence):
    met = pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)
    first = event.meeting_slots.first()
    person = met.people.first().participant
    save(Absence(participant=person, starts_at=first.starts_at, ends_at=first.ends_at))

    with translation.override(language), pytest.raises(ValidationError) as refusal:
        publish(draft)

    draft.refresh_from_db()
    assert refusal.value.messages == [sentence]
    assert (draft.status, queued().count()) == (Status.DRAFT, 0)


def test_two_meetings_at_one_table_are_refused(event):
    one, other = pair(event), pair(event)
    draft = take_draft(event)
    rows.placed(draft, one)
    rows.placed(draft, other)

    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        publish(draft)

    assert refusal.value.messages == ["Table A1 has two meetings at 09:00."]


def test_draft_is_refused_until_it_has_what_the_desk_changed(event):
    met, walk_up, gone, moved = (pair(event) for _number in range(4))
    first = take_draft(event)
    rows.placed(first, met)
    rows.placed(first, gone, table=1)
    publish(first)
    draft = take_draft(event)
    rows.placed(draft, moved, slot=1)
    new_place = rows.placed(first, walk_up, slot=2)
    placing.take_out(first, [gone.pk])

    with pytest.raises(ValidationError) as refusal:
        publish(draft)
    brought = bring_up_to_date(draft)
    publish(brought)

    schedule = load_schedule(brought)
    assert refusal.value.code == "outdated"
    assert schedule.keys() == {met.pk, moved.pk, walk_up.pk}
    assert schedule[walk_up.pk] == new_place


def test_bringing_up_to_date_twice_is_harmless(event):
    first = take_draft(event)
    rows.placed(first, pair(event))
    publish(first)
    draft = take_draft(event)

    again = bring_up_to_date(bring_up_to_date(draft))

    assert again.changes == draft.changes
    assert load_schedule(again) == load_schedule(first)


def test_meeting_that_has_begun_keeps_its_published_place(event):
    met = pair(event)
    first = take_draft(event)
    rows.placed(first, met)
    publish(first)
    draft = take_draft(event)
    drafting.move(
        draft,
        met,
        event.meeting_slots.last(),
        event.meeting_tables.first(),
        None,
        met.people.values_list("participant", flat=True),
        version=draft.changes,
    )
    count = queued().count()
    let_begin(event)

    publish(draft)

    draft.refresh_from_db()
    place = load_schedule(draft)[met.pk]
    assert place.slot.start == event.meeting_slots.order_by("starts_at").first().starts_at
    assert queued().count() == count


def test_slot_in_the_past_is_refused_by_its_time(event):
    met = pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)
    let_begin(event)

    with pytest.raises(ValidationError) as refusal:
        publish(draft)

    assert "which has passed" in str(refusal.value.messages)


def test_what_was_broken_before_it_began_holds_nothing_up(event):
    met, later = pair(event), pair(event)
    first = take_draft(event)
    rows.placed(first, met)
    publish(first)
    let_begin(event)
    slot = event.meeting_slots.order_by("starts_at").first()
    person = met.people.first().participant
    save(Absence(participant=person, starts_at=slot.starts_at, ends_at=slot.ends_at))
    draft = take_draft(event)
    rows.placed(draft, later, slot=2)

    publish(draft)

    assert load_schedule(draft).keys() == {met.pk, later.pk}


def test_publishing_twice_is_refused_in_words(event):
    draft = take_draft(event)
    publish(draft)

    with pytest.raises(ValidationError) as refusal:
        publish(draft)

    assert refusal.value.code == "no_draft"


def test_empty_schedule_is_published_and_tells_nobody(event):
    assert publish(take_draft(event)).mails == 0


def test_event_that_is_cancelled_publishes_nothing():
    event = rows.meeting_event()
    draft = take_draft(event)
    type(event).objects.filter(pk=event.pk).update(status="cancelled", cancelled_at=timezone.now())

    with pytest.raises(ValidationError) as refusal:
        publish(draft)

    assert refusal.value.code == "off"


def test_audience_is_known_before_publishing(event):
    met = pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)

    audience = audience_if_published(draft)

    assert audience.mails == 2
    assert queued().count() == 0


def test_somebody_cancels_while_a_version_is_published(event):
    met, other = pair(event), pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)
    rows.placed(draft, other, slot=1)
    publish(draft)
    second = take_draft(event)
    call_off(met)

    publish(second)

    assert load_schedule(second).keys() == {other.pk}


def test_mail_to_who_was_erased_is_not_written(event):
    met = pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)
    publish(draft)
    first, second = met.people.all()
    privacy.erase([first.participant.registration])

    mails = sent()

    assert len(mails) == 1
    [message] = mails.values()
    assert second.participant.registration.email in message.to[0]
    assert "Li Min" not in message.body
    assert ("erased" in message.body) or ("已删除" in message.body)


def test_hostile_names_stay_text_in_mails(event):
    hostile = '<script>alert("1")</script>\r\nBcc: x@example.org'
    met = rows.meeting(
        rows.participant(event), rows.owner(event, name='<b>&"Ann";</b>', languages=["zh"])
    )
    draft = take_draft(event)
    rows.placed(draft, met)
    publish(draft)
    Meeting.objects.filter(pk=met.pk).update(off_reason=hostile)

    for message in sent().values():
        html = message.alternatives[0].content
        assert "<b>&" not in html
        assert "<script" not in html


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_publish_once():
    event = rows.meeting_event()
    met = pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)

    results = at_once(lambda: publish(draft), lambda: publish(draft))

    assert sum(isinstance(each, ValidationError) for each in results) == 1
    assert queued().count() == 2


@pytest.mark.django_db(transaction=True)
def test_calling_off_waits_for_publishing_and_tells_after_it():
    event = rows.meeting_event()
    met = pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)

    audience = before_commit(lambda: publish(draft) and None, lambda: call_off(met))

    assert audience.mails == 2
    assert queued().count() == 4
    assert load_schedule(draft) == {}
