import datetime as dt
import smtplib

import pytest
from django.core import mail as django_mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone, translation

from events.models import Event
from mail import delivery, outbox
from mail.models import OutboundMail
from registrations.domain import announcement, personal_link, registration, reminder
from summit.lib.database.states import MoveRefused
from tests import factories
from tests.threads import at_once


class BrokenBackend(EmailBackend):
    """A mail server that refuses for now, naming the address as real ones do."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({"person@example.org": (450, b"try later")})


class AwayBackend(EmailBackend):
    """A mail server that nobody reaches."""

    tries = 0

    def send_messages(self, messages):
        AwayBackend.tries += 1
        raise ConnectionRefusedError


AWAY = {"default": {"BACKEND": "tests.mail.test_delivery.AwayBackend"}}
BROKEN = {"default": {"BACKEND": "tests.mail.test_delivery.BrokenBackend"}}


@pytest.fixture
def attendee(db):
    settings = factories.registration_settings(
        event=factories.upcoming_event(title_en="Docking 2027", title_zh_hans="对接会2027")
    )
    made = factories.registered(settings.event, name="王伟", email="wei@example.org")
    return personal_link.prove(made)


def calendar_of(message) -> str:
    return next(
        part.content if isinstance(part.content, str) else part.content.decode()
        for part in message.attachments
        if part.mimetype.startswith("text/calendar")
    )


def test_confirmation_speaks_the_attendees_language_with_link_and_entry(attendee):
    attendee.language = "zh-hans"
    attendee.save()

    with translation.override("en"):
        sent = delivery.deliver_due()

    message = django_mail.outbox[0]
    assert sent == 1
    assert message.to == ["王伟 <wei@example.org>"]
    assert "对接会2027" in message.subject
    assert "/zh-hans/my/" in message.body
    assert attendee.code in message.alternatives[0].content
    assert "SEQUENCE:0" in calendar_of(message)
    assert f"UID:event-{attendee.event_id}@" in calendar_of(message)


@pytest.mark.parametrize(
    ("name", "email", "header"),
    [
        ("王伟", "wei@例子.cn", "王伟 <wei@xn--fsqu00a.cn>"),
        ('Zhang, "W" <x@y.z>', "wei@example.org", r'"Zhang, \"W\" <x@y.z>" <wei@example.org>'),
        ("A\nBcc: everybody@example.org", "a@b.org", '"A Bcc: everybody@example.org" <a@b.org>'),
        ("Ann", "ａｎｎ＠Exam\u200bple。ORG", "Ann <ann@example.org>"),
    ],
)
def test_hostile_names_and_unusual_addresses_make_one_recipient(db, name, email, header):
    event = factories.registration_settings().event
    personal_link.prove(factories.registered(event, name=name, email=email))

    delivery.deliver_due()

    message = django_mail.outbox[0].message()
    assert (message["To"], message["Bcc"]) == (header, None)


def test_sent_mail_is_not_sent_again(attendee):
    delivery.deliver_due()

    assert delivery.deliver_due() == 0
    assert len(django_mail.outbox) == 1


def test_two_processes_at_once_send_each_mail_once(transactional_db):
    event = factories.registration_settings().event
    registration.register(event, [factories.applicant() for _n in range(10)])
    OutboundMail.objects.update(
        status="queued", sent_at=None, attempts=0, next_try_at=timezone.now()
    )
    django_mail.outbox.clear()

    sent = at_once(delivery.deliver_due, delivery.deliver_due, delivery.deliver_due)

    assert sum(sent) == 10
    assert len({message.to[0] for message in django_mail.outbox}) == len(django_mail.outbox) == 10


def test_server_that_refuses_leaves_the_mail_queued_with_growing_pauses(attendee, settings):
    settings.MAILERS = BROKEN
    pauses = []

    for _try in range(3):
        OutboundMail.objects.update(next_try_at=timezone.now())
        before = timezone.now()
        delivery.deliver_due()
        pauses.append(round((OutboundMail.objects.get().next_try_at - before).total_seconds() / 60))

    row = OutboundMail.objects.get()
    assert pauses == [1, 5, 15]
    assert (row.status, row.attempts, row.sent_at) == ("queued", 3, None)
    assert row.last_error == "SMTPRecipientsRefused"
    attendee.refresh_from_db()
    assert attendee.status == "confirmed"


def test_while_the_server_is_away_only_a_few_are_tried_in_a_round(attendee, settings):
    for _each in range(6):
        factories.registered(attendee.event)
    settings.MAILERS, AwayBackend.tries = AWAY, 0

    sent = delivery.deliver_due()

    untouched = OutboundMail.objects.filter(attempts=0, status="queued", claimed_until=None)
    assert (sent, AwayBackend.tries) == (0, delivery.TRIES_WITHOUT_SERVER)
    assert untouched.count() == 7 - delivery.TRIES_WITHOUT_SERVER


def test_what_a_server_refuses_keeps_no_other_mail_back(attendee, settings):
    for _each in range(6):
        factories.registered(attendee.event)
    settings.MAILERS = BROKEN

    delivery.deliver_due()

    assert set(OutboundMail.objects.values_list("attempts", flat=True)) == {1}


def test_mail_is_given_up_after_the_last_pause_and_can_be_queued_again(attendee, settings):
    settings.MAILERS = BROKEN
    OutboundMail.objects.update(attempts=len(OutboundMail.PAUSES))

    delivery.deliver_due()

    assert OutboundMail.objects.get().status == "given_up"
    assert OutboundMail.objects.due().count() == 0


def test_process_that_died_leaves_a_claim_that_ends(attendee):
    OutboundMail.objects.update(claimed_until=timezone.now() + dt.timedelta(minutes=1))
    during = delivery.deliver_due()
    OutboundMail.objects.update(claimed_until=timezone.now() - dt.timedelta(seconds=1))

    after = delivery.deliver_due()

    assert (during, after) == (0, 1)


def test_refused_registration_queues_no_mail(db):
    settings = factories.registration_settings()

    with pytest.raises(Exception, match="."):
        registration.register(
            settings.event, [factories.applicant(), factories.applicant(email="not an address")]
        )

    assert OutboundMail.objects.count() == 0


def test_moved_event_updates_the_same_entry(attendee):
    delivery.deliver_due()
    event = attendee.event
    event.starts_at += dt.timedelta(days=1)
    event.ends_at += dt.timedelta(days=1)
    event.save()

    told = announcement.announce(event, message={"en": "The hall was taken.", "zh-hans": ""})

    delivery.deliver_due()
    message = django_mail.outbox[-1]
    assert told.recipients == 1
    assert told.changed == ["starts_at", "ends_at"]
    assert "The hall was taken." in message.body
    assert "SEQUENCE:1" in calendar_of(message)
    assert f"UID:event-{attendee.event_id}@" in calendar_of(message)
    with pytest.raises(MoveRefused):
        announcement.announce(event)


def test_cancelled_event_cancels_the_entry(attendee):
    delivery.deliver_due()
    Event.objects.filter(pk=attendee.event_id).update(status="cancelled")
    attendee.event.refresh_from_db()

    announcement.announce(attendee.event)

    delivery.deliver_due()
    entry = calendar_of(django_mail.outbox[-1])
    assert "METHOD:CANCEL" in entry
    assert "STATUS:CANCELLED" in entry
    assert "SEQUENCE:1" in entry


def test_nothing_to_announce_before_anything_has_changed(attendee):
    with pytest.raises(MoveRefused):
        announcement.announce(attendee.event)


def test_reminder_is_queued_once_and_only_near_the_event(attendee):
    far = reminder.remind()
    start = timezone.now() + dt.timedelta(hours=10)
    Event.objects.update(starts_at=start, ends_at=start + dt.timedelta(hours=8))
    attendee.registered_at = timezone.now() - dt.timedelta(days=10)
    attendee.save()

    near = [reminder.remind(), reminder.remind()]

    assert (far, near) == (0, [1, 0])


@pytest.mark.parametrize(
    ("days", "language", "subject", "greeting"),
    [
        (0, "en", "Reminder: Docking 2027 starts today", "Dear 王伟,"),
        (1, "en", "Reminder: Docking 2027 starts tomorrow", "Dear 王伟,"),
        (2, "en", "Reminder: Docking 2027 starts in 2 days", "Dear 王伟,"),
        (2, "zh-hans", "参会提醒：对接会2027将于2天后举办", "尊敬的王伟："),
    ],
)
def test_reminder_says_in_how_many_days_the_event_starts(
    attendee, time_machine, days, language, subject, greeting
):
    type(attendee).objects.update(language=language)
    event = attendee.event
    early = event.starts_at.astimezone(event.zone).replace(hour=0, minute=0)
    time_machine.move_to(early - dt.timedelta(days=days), tick=False)
    attendee.refresh_from_db()
    outbox.queue("reminder", [attendee])

    delivery.deliver_due()

    message = django_mail.outbox[-1]
    assert message.subject == subject
    assert message.body.startswith(greeting)


def test_mail_to_staff_whose_text_no_app_brings_stays_queued(organizer):
    outbox.queue_for_staff("of_no_app", [organizer.user])

    sent = delivery.deliver_due()

    row = OutboundMail.objects.get()
    assert (sent, row.status, row.attempts, row.last_error) == (0, "queued", 1, "LookupError")
    assert django_mail.outbox == []


def test_staff_without_an_address_are_not_written_to(organizer):
    organizer.user.email = ""

    assert outbox.queue_for_staff("follow_ups", [organizer.user]) == 0
    assert OutboundMail.objects.count() == 0


def test_mail_has_one_recipient_a_registration_or_a_member_of_staff(attendee, organizer):
    for person, user in ((None, None), (attendee, organizer.user)):
        row = OutboundMail(kind="link", subject=person, user=user)

        with pytest.raises(ValidationError):
            row.full_clean()
