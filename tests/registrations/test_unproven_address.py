"""What goes to an address that anybody may have typed, and what an address that is none costs."""

import datetime as dt

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from audit.models import AuditEntry
from events.models import Event
from mail import delivery, outbox
from mail.models import OutboundMail
from registrations.domain import (
    announcement,
    personal_link,
    place,
    proof,
    registration,
    reminder,
)
from registrations.emails import TEXTS
from registrations.models import Registration
from registrations.outdated_emails import STATUS_OF
from tests import factories
from tests.mail_server import MailServer
from tests.threads import at_once

TYPED = {
    "name": "WIN A PRIZE 领奖",
    "organization_name": "Casino Advert",
    "position": "Click here now",
    "phone": "+86 311 5550 0199",
}


@pytest.fixture
def asking(db):
    return factories.question(
        settings=factories.registration_settings(capacity=1, ask_phone="optional")
    )


@pytest.fixture
def server(settings):
    found = MailServer()
    options = {"host": "127.0.0.1", "port": found.port}
    settings.MAILERS = {
        "default": {"BACKEND": "summit.lib.process.smtp_mail.EmailBackend", "OPTIONS": options}
    }
    yield found
    found.close()


def spam(asking, **fields) -> Registration:
    answers = {asking.pk: "Answer with an advert"}
    return factories.registered(asking.settings.event, answers=answers, **TYPED | fields)


def whole(message) -> str:
    """All that a mailbox shows of a mail: headers, both texts, what is attached."""
    raw = message.message()
    parts = [part.get_payload(decode=True) or b"" for part in raw.walk()]
    texts = [part.decode() for part in parts]
    return "\n".join([*(f"{name}: {value}" for name, value in raw.items()), *texts])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", [*TEXTS])
def test_mail_of_every_kind_to_an_unproven_address_says_nothing_that_was_typed(
    asking, kind, language
):
    row = spam(asking, language=language)
    OutboundMail.objects.all().delete()
    # Else a mail that says so is no longer true.
    status = {"event_cancelled": "cancelled", "event_postponed": "postponed"}.get(kind)
    if status:
        Event.objects.update(status=status, previous_starts_at=row.event.starts_at)
    if kind == "held":
        factories.put_in_status(row, "held", first=row)
    elif kind in STATUS_OF:
        Registration.objects.update(status=STATUS_OF[kind])
    outbox.queue(kind, [row])

    delivery.deliver_due()

    message = whole(django_mail.outbox[-1])
    said = [value for value in (*TYPED.values(), "Answer with an advert") if value in message]
    assert said == []
    assert "To: " + row.email in message
    assert ("Hello," if language == "en" else "尊敬的参会人员：") in message
    title = row.event.title_en if language == "en" else row.event.title_zh_hans
    assert title in message


def test_mail_to_a_proven_address_greets_by_name(asking):
    row = personal_link.prove(spam(asking, name="王伟"))

    delivery.deliver_due()

    message = whole(django_mail.outbox[-1])
    assert django_mail.outbox[-1].to == [f"王伟 <{row.email}>"]
    assert "Hello," not in message


def test_reminder_and_change_to_somebody_who_never_opened_the_link_say_nothing_typed(asking):
    row = spam(asking)
    start = timezone.now() + dt.timedelta(hours=10)
    Registration.objects.update(registered_at=timezone.now() - dt.timedelta(days=10))
    row.event.starts_at, row.event.ends_at = start, start + dt.timedelta(hours=8)
    row.event.save()

    announcement.announce(row.event)
    reminder.remind()
    delivery.deliver_due()

    assert len(django_mail.outbox) == 3
    for message in django_mail.outbox:
        assert not [value for value in TYPED.values() if value in whole(message)]


def test_staff_who_register_somebody_have_typed_it_themselves(asking, organizer):
    person = factories.applicant(name="王伟")
    [row] = registration.register(asking.settings.event, [person], by=organizer.user)

    assert row.proven_at is not None


def test_one_mailbox_gets_a_few_first_mails_a_day_whatever_the_events(db, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mailbox": (3, 86400)}
    events = [factories.registration_settings().event for _n in range(5)]
    refused = 0

    for event in events:
        try:
            factories.registered(event, email="Victim@example.org")
        except registration.MailboxFull as error:
            refused += 1
            assert "victim@example.org" in error.messages[0]

    assert refused == 2
    assert OutboundMail.objects.count() == Registration.objects.count() == 3


def test_one_full_mailbox_refuses_the_whole_form_and_counts_nobody(db, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mailbox": (1, 86400)}
    factories.registered(factories.registration_settings().event, email="full@example.org")
    event = factories.registration_settings().event
    people = [factories.applicant(email=f"{name}@example.org") for name in ("full", "free")]

    with pytest.raises(registration.MailboxFull):
        registration.register(event, people)
    [alone] = registration.register(event, people[1:])

    assert list(event.registrations.all()) == [alone]


def test_two_at_once_do_not_give_one_mailbox_more(transactional_db, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mailbox": (2, 86400)}
    events = [factories.registration_settings().event for _n in range(5)]

    at_once(*(lambda event=event: factories.registered(event, email="a@b.org") for event in events))

    assert Registration.objects.count() == 2


def test_lost_link_of_unproven_registrations_is_mailed_a_few_times_a_day(db, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mailbox": (4, 86400)}
    rows = [
        factories.registered(factories.registration_settings().event, email="a@b.org")
        for _n in range(2)
    ]

    sent = [personal_link.send_links("a@b.org") for _n in range(3)]
    for row in rows:
        personal_link.prove(row)
    sent.append(personal_link.send_links("a@b.org"))

    assert sent == [2, 0, 0, 2]


# A permanent refusal


def refused(row) -> tuple[str, str]:
    row.refresh_from_db()
    return row.status, row.cancel_reason


@pytest.mark.parametrize(
    "answer",
    [
        "550 no such user",
        "550 5.1.1 <x@example.org>: Recipient address rejected: User unknown",
        "551 User not local",
        "553 5.1.3 Bad address syntax",
        "554 delivery error: this user has no account",
        "550 5.2.1 The account is disabled",
        "556 5.1.10 Recipient address has null MX",
    ],
)
def test_address_that_is_refused_for_good_gives_the_seat_to_the_next(asking, server, answer):
    row = factories.registered(asking.settings.event)
    tasks_for_row = row.mails.get()
    waiting = factories.registered(asking.settings.event)
    server.answers["RCPT"] = answer

    OutboundMail.objects.exclude(pk=tasks_for_row.pk).update(
        next_try_at=timezone.now() + dt.timedelta(hours=1)
    )
    delivery.deliver_due()

    waiting.refresh_from_db()
    tasks_for_row.refresh_from_db()
    assert refused(row) == ("cancelled", "address_refused")
    assert waiting.status == "confirmed"
    assert (tasks_for_row.status, tasks_for_row.last_error) == ("dropped", "SMTPRecipientsRefused")
    assert not row.mails.filter(status="queued").exists()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.details["reason"]) == ("cancelled", "address_refused")


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("RCPT", "450 4.2.0 greylisted"),
        ("RCPT", "452 too many recipients"),
        ("RCPT", "421 closing"),
        ("RCPT", "552 5.2.2 mailbox full"),
        ("RCPT", "552 mailbox full"),
        ("RCPT", "554 5.7.1 Service unavailable; Client host blocked using zen.example"),
        ("RCPT", "550 5.7.1 Relaying denied"),
        ("RCPT", "550 relay not permitted"),
        ("RCPT", "550 5.1.8 Bad sender's system address"),
        ("RCPT", "503 5.5.1 Bad sequence of commands"),
        ("RCPT", "530 5.7.0 Authentication required"),
        ("MAIL", "550 5.1.1 sender unknown"),
        ("MAIL", "553 sender refused"),
        ("DATA", "554 no valid recipients"),
        (".", "550 5.7.1 looks like spam"),
        (".", "554 5.1.1 refused"),
        ("EHLO", "550 go away"),
        ("", "554 no service here"),
    ],
)
def test_what_is_not_the_addresss_fault_takes_no_seat(asking, server, command, answer):
    row = factories.registered(asking.settings.event)
    server.answers[command] = answer
    if command == "EHLO":
        server.answers["HELO"] = answer

    delivery.deliver_due()

    assert refused(row) == ("confirmed", "")
    found = row.mails.get()
    assert (found.status, found.attempts, found.handed_over_at) == ("queued", 1, None)


def test_refusal_takes_no_seat_from_whom_has_opened_the_link(asking, server):
    row = personal_link.prove(factories.registered(asking.settings.event))
    server.answers["RCPT"] = "550 no such user"

    delivery.deliver_due()

    assert refused(row) == ("confirmed", "")
    assert row.mails.get().status == "queued"


def test_refusal_after_the_event_has_begun_changes_nothing(asking, server):
    row = factories.registered(asking.settings.event)
    Event.objects.update(starts_at=timezone.now() - dt.timedelta(hours=1))

    assert place.give_back_undeliverable(row) is False
    assert refused(row) == ("confirmed", "")


def test_refusal_of_an_own_address_takes_the_seat_that_a_contact_person_made_firm(asking):
    people = [factories.applicant(email=each) for each in ("", "own@example.org")]
    person = factories.contact_person(phone="138 0013 8000")
    vouched, own = registration.register(asking.settings.event, people, contact_person=person)
    proof.prove(vouched, Registration.Proof.STAFF)
    own.refresh_from_db()
    before = own.proof

    found = [place.give_back_undeliverable(row) for row in (vouched, own)]

    assert before == "group"
    assert found == [False, True]
    assert (refused(vouched)[0], refused(own)) == ("confirmed", ("cancelled", "address_refused"))


def test_refusal_told_twice_gives_one_seat_back(transactional_db):
    event = factories.registration_settings(capacity=1).event
    row, *waiting = [factories.registered(event) for _n in range(3)]

    found = at_once(*[lambda: place.give_back_undeliverable(row)] * 3)

    assert found == [True] * 3
    assert [refused(each)[0] for each in waiting] == ["confirmed", "waitlisted"]
    assert AuditEntry.objects.count() == 1


def test_why_a_seat_was_given_back_is_told_to_organizers(asking, organizer):
    place.give_back_undeliverable(factories.registered(asking.settings.event))
    row = Registration.objects.get()

    pages = [
        organizer.get(f"/admin/registrations/registration/{path}").text
        for path in ("", f"{row.pk}/change/")
    ]

    assert ["the mail server refused the address" in page for page in pages] == [True, True]
