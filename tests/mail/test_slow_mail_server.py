"""A mail server that is slow, silent or gone in the middle gets no mail twice."""

import datetime as dt
import threading

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from mail import delivery, outbox
from mail.models import OutboundMail
from registrations.domain import place
from summit.env import mailer
from summit.lib.process import smtp_mail
from tests import factories
from tests.mail_server import MailServer

# As short as a test wants them, in the proportions of the RFC.
WAITS = {"timeout": 2.0, "answer": 2.0, "data": 2.0, "block": 2.0, "acceptance": 2.0}


@pytest.fixture
def server():
    found = MailServer()
    yield found
    found.close()


@pytest.fixture
def waiting(settings, server):
    """Set how long the product waits for the server's answers; a pause left out is the real one."""

    def wait(**waits):
        options = {"host": "127.0.0.1", "port": server.port, **waits}
        settings.MAILERS = {
            "default": {"BACKEND": "summit.lib.process.smtp_mail.EmailBackend", "OPTIONS": options}
        }

    return wait


@pytest.fixture
def row(db) -> OutboundMail:
    return factories.registered(factories.registration_settings().event).mails.get()


def make_due() -> None:
    """Let a day pass in the queue."""
    day = dt.timedelta(days=1)
    for each in OutboundMail.objects.all():
        each.next_try_at -= day
        if each.claimed_until:
            each.claimed_until -= day
        each.save()


def test_waits_are_those_of_the_rfc():
    options = mailer("smtp://mail.example.org:25")["OPTIONS"]
    backend = smtp_mail.EmailBackend(alias="default", **options)

    assert backend.timeout == 10
    assert backend.waits == {"answer": 300, "data": 120, "block": 180, "acceptance": 600}


@pytest.mark.parametrize("is_ssl", [False, True])
def test_each_step_has_its_own_wait(is_ssl):
    backend = smtp_mail.EmailBackend(alias="default", host="x", use_ssl=is_ssl)
    connection = backend.connection_class()
    seen = []

    class Socket:
        def settimeout(self, seconds):
            seen.append(seconds)

        def sendall(self, data):
            pass

    connection.sock = Socket()
    connection.getreply = lambda: (354 if len(seen) == 5 else 250, b"")
    for command in ("ehlo x", "mail from", "rcpt to"):
        connection.docmd(*command.split())
    connection.docmd("quit")
    connection.data(b"text\r\n")

    assert seen == [300, 300, 300, 10, 120, 180, 600]


def test_server_that_answers_late_gets_the_mail_once(row, server, waiting):
    # Longer than any pause before its acceptance, and shorter than that.
    waiting(**WAITS | {"acceptance": 60.0})
    server.stall()
    threading.Timer(4, server.go_on).start()

    sent = delivery.deliver_due()
    make_due()
    sent += delivery.deliver_due()

    row.refresh_from_db()
    assert (sent, row.status, row.handed_over_at) == (1, "sent", None)
    assert len(server.messages) == 1


def test_mail_whose_server_never_answers_is_left_to_an_organizer(row, server, waiting, organizer):
    waiting(**WAITS | {"acceptance": 0.3})
    server.stall()

    delivery.deliver_due()
    for _day in range(3):
        make_due()
        delivery.deliver_due()

    row.refresh_from_db()
    assert (row.status, row.last_error) == ("unknown", "OutcomeUnknown")
    assert len(server.messages) == 1
    assert "1 e-mail was possibly sent" in organizer.get("/admin/").text
    server.go_on()
    outbox.try_again([row])
    delivery.deliver_due()
    assert len({message["Message-ID"] for message in server.wait_for(2)}) == 1


@pytest.mark.parametrize("answer", ["", "99", "xyz", "354 go on"])
def test_answer_that_says_nothing_clear_is_no_reason_to_send_again(row, server, waiting, answer):
    waiting(**WAITS)
    server.answers["."] = answer

    delivery.deliver_due()
    make_due()
    delivery.deliver_due()

    row.refresh_from_db()
    assert row.status == "unknown"
    assert len(server.messages) == 1


@pytest.mark.parametrize("answer", ["451 later", "554 no"])
def test_mail_that_is_refused_whole_is_tried_again(row, server, waiting, answer):
    waiting(**WAITS)
    server.answers["."] = answer

    delivery.deliver_due()
    server.answers.clear()
    make_due()
    sent = delivery.deliver_due()

    row.refresh_from_db()
    assert (sent, row.status, row.attempts) == (1, "sent", 2)


@pytest.mark.parametrize("command", ["", "MAIL", "RCPT", "DATA"])
def test_server_that_is_gone_before_the_mail_gets_it_later(row, server, waiting, command):
    waiting(**WAITS)
    server.answers[command] = ""

    delivery.deliver_due()
    server.answers.clear()
    make_due()
    sent = delivery.deliver_due()

    assert sent == len(server.messages) == 1


def test_good_bye_that_fails_changes_nothing(row, server, waiting):
    waiting(**WAITS)
    server.answers["QUIT"] = "x" * 20_000

    assert delivery.deliver_due() == 1
    row.refresh_from_db()
    assert row.status == "sent"


def test_process_that_died_after_the_handover_leaves_a_mail_that_nobody_sends_again(row):
    OutboundMail.objects.update(
        attempts=1,
        handed_over_at=timezone.now(),
        claimed_until=timezone.now() + dt.timedelta(minutes=1),
    )

    during = (delivery.deliver_due(), OutboundMail.objects.get().status)
    make_due()
    after = (delivery.deliver_due(), OutboundMail.objects.get().status)

    assert (during, after) == ((0, "queued"), (0, "unknown"))


def test_mail_that_another_process_took_over_is_not_handed_over(row):
    OutboundMail.objects.update(claimed_until=timezone.now() + dt.timedelta(minutes=9))
    attempt = delivery._Attempt(OutboundMail.objects.get())
    OutboundMail.objects.update(claimed_until=timezone.now() + dt.timedelta(minutes=10))

    with pytest.raises(delivery.ClaimLost):
        attempt.hand_over()

    assert OutboundMail.objects.get().handed_over_at is None


def test_mail_that_is_not_to_be_handed_over_is_broken_off_before_its_end(server, waiting):
    waiting(**WAITS)
    message = EmailMessage("Subject", "Text", to=["ann@example.org"])

    def refuse():
        raise delivery.ClaimLost

    message.before_handover = refuse

    with pytest.raises(delivery.ClaimLost):
        message.send()

    server.close()
    assert server.messages == []


def test_mail_withdrawn_while_it_is_being_sent_does_not_leave(row, organizer):
    OutboundMail.objects.update(claimed_until=timezone.now() + dt.timedelta(minutes=9))
    attempt = delivery._Attempt(OutboundMail.objects.get())
    place.cancel_all([row.subject], by=organizer.user, tell=False)

    with pytest.raises(delivery.ClaimLost):
        attempt.hand_over()
    attempt.record(status="queued", last_error="SMTPServerDisconnected")

    assert OutboundMail.objects.get().status == "dropped"


def test_slow_server_leaves_the_process_time_for_other_things(db, server, waiting, monkeypatch):
    waiting(**WAITS)
    event = factories.registration_settings().event
    for _n in range(3):
        factories.registered(event)
    monkeypatch.setattr(delivery, "ROUND_SECONDS", -1)

    sent = [delivery.deliver_due(), delivery.deliver_due()]

    assert sent == [1, 1]
