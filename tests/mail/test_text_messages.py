"""Text messages leave once, whatever the provider or the process does meanwhile."""

import datetime as dt
import json
import logging
from itertools import groupby

import pytest
from django.utils import timezone

from mail import delivery, outbox
from mail.models import OutboundMail
from registrations.domain import text_message
from registrations.mail_kinds import TextKind
from summit.lib.sms.configuration import Configuration
from tests import factories
from tests.sms_server import KEY_ID, KEY_SECRET, SmsServer
from tests.threads import at_once

NUMBER = "+8613800138000"


@pytest.fixture
def server():
    found = SmsServer()
    yield found
    found.close()


def configured(server, provider="aliyun", **changes):
    return Configuration(
        **{
            "provider": provider,
            "key_id": KEY_ID,
            "key_secret": KEY_SECRET,
            "sign_name": "对接会",
            "app_id": "1400006666",
            "endpoint": server.endpoint,
            "templates": {"code": "SMS_1", "query": "SMS_2"},
            **changes,
        }
    )


@pytest.fixture(params=["aliyun", "tencent"])
def provider(request, settings, server):
    settings.SMS = configured(server, request.param)
    return request.param


@pytest.fixture
def registration(db):
    return factories.registered(
        factories.registration_settings(contact="either").event, email="", phone=NUMBER
    )


@pytest.fixture
def row(registration):
    mark = text_message.number_mark(registration.phone_key)
    return outbox.queue_text(TextKind.QUERY, registration, number=mark)


def let_pass(**span):
    """Let time pass in the queue."""
    span = dt.timedelta(**span)
    for each in OutboundMail.objects.all():
        for name in ("next_try_at", "claimed_until", "handed_over_at", "first_handed_over_at"):
            if moment := getattr(each, name):
                setattr(each, name, moment - span)
        each.save()


def state():
    row = OutboundMail.objects.get()
    return row.status, row.last_error


def test_message_is_sent_by_its_template(row, provider, server):
    assert delivery.deliver_due() == 1

    assert state() == ("sent", "")
    [(action, given)] = server.requests
    assert action == "SendSms"
    assert given["TemplateCode" if provider == "aliyun" else "TemplateId"] == "SMS_2"
    assert delivery.deliver_due() == 0
    assert len(server.sent) == 1


@pytest.mark.usefixtures("provider")
def test_message_that_was_taken_unanswered_is_found_by_its_receipt(row, server):
    server.answer = lambda action, given: "hang up"
    delivery.deliver_due()
    unknown = state()
    server.answer = lambda action, given: None
    let_pass(minutes=2)

    delivery.deliver_due()

    assert (unknown, state()) == (("unknown", "OutcomeUnknown"), ("sent", ""))
    assert len(server.sent) == 1
    assert server.asked


def test_message_that_was_not_taken_is_sent_once_more_after_its_receipt_was_asked_for(
    row, settings, server
):
    settings.SMS = configured(server)
    server.takes_before_it_hangs_up = False
    server.answer = lambda action, given: "hang up"
    delivery.deliver_due()
    server.answer = lambda action, given: None
    let_pass(minutes=2)
    delivery.deliver_due()
    early = (state()[0], len(server.sent))
    let_pass(minutes=10)

    delivery.deliver_due()

    # The list of the provider may lag behind for a while.
    assert early == ("unknown", 0)
    # About midnight it asks for two days.
    actions = [action for action, _again in groupby(action for action, _given in server.requests)]
    assert actions == ["SendSms", "QuerySendDetails", "SendSms"]
    assert (state(), len(server.sent)) == (("sent", ""), 1)


def test_provider_without_a_complete_list_sends_again_only_for_a_person(row, settings, server):
    settings.SMS = configured(server, "tencent")
    server.has_receipts = False
    server.answer = lambda action, given: "hang up" if action == "SendSms" else None
    for _hour in range(5):
        delivery.deliver_due()
        let_pass(hours=3)
    asked = (state()[0], len(server.sent), len(server.asked))
    server.answer = lambda action, given: None
    outbox.try_again([OutboundMail.objects.get()])

    delivery.deliver_due()

    assert asked == ("unknown", 1, 4)
    assert (state()[0], len(server.sent), len(server.asked)) == ("sent", 2, 5)


def test_after_a_day_nobody_asks_any_more(row, settings, server):
    settings.SMS = configured(server, "tencent")
    server.answer = lambda action, given: "hang up"
    delivery.deliver_due()
    let_pass(hours=25)

    delivery.deliver_due()

    assert (state()[0], len(server.requests)) == ("unknown", 1)


def test_receipt_that_says_no_ends_it(row, settings, server):
    settings.SMS = configured(server)
    failed = {"SmsSendDetailDTO": [{"OutId": f"summit-{row.pk}", "SendStatus": 2}]}
    answers = {
        "SendSms": "hang up",
        "QuerySendDetails": (200, json.dumps({"Code": "OK", "SmsSendDetailDTOs": failed})),
    }
    server.answer = lambda action, given: answers[action]
    delivery.deliver_due()
    let_pass(minutes=2)

    delivery.deliver_due()

    assert (state(), len(server.sent)) == (("given_up", "BadNumber NotDelivered"), 1)


@pytest.mark.usefixtures("provider")
def test_process_that_died_while_sending_sends_nothing_twice(row, server, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*_given, **_names):
        raise Killed

    # The provider has it, and the process ends before it writes that down.
    monkeypatch.setattr(delivery._Attempt, "record", die)
    with pytest.raises(Killed):
        delivery.deliver_due()
    monkeypatch.undo()
    during = delivery.deliver_due()
    let_pass(minutes=16)

    after = delivery.deliver_due()

    assert (during, after, len(server.sent)) == (0, 1, 1)
    assert state() == ("sent", "")


def test_two_processes_at_once_send_each_message_once(transactional_db, settings, server):
    settings.SMS, settings.MAIL_ON_COMMIT = configured(server), False
    event = factories.registration_settings(contact="either").event
    for number in range(6):
        each = factories.registered(event, email="", phone=f"1380013800{number}")
        outbox.queue_text(TextKind.QUERY, each, number=text_message.number_mark(each.phone_key))

    sent = at_once(delivery.deliver_due, delivery.deliver_due)

    assert (sum(sent), len(server.sent)) == (6, 6)


def test_refused_message_is_tried_again_and_a_bad_number_is_not(row, settings, server):
    settings.SMS = configured(server)
    server.answer = lambda action, given: (400, '{"Code": "isv.BUSINESS_LIMIT_CONTROL"}')
    delivery.deliver_due()
    refused = state()
    server.answer = lambda action, given: (200, '{"Code": "isv.MOBILE_NUMBER_ILLEGAL"}')
    let_pass(minutes=2)

    delivery.deliver_due()

    assert refused == ("queued", "Refused isv.BUSINESS_LIMIT_CONTROL")
    assert state() == ("given_up", "BadNumber isv.MOBILE_NUMBER_ILLEGAL")


@pytest.mark.usefixtures("provider")
def test_message_that_was_refused_is_sent_again_though_nobody_has_a_receipt(row, server):
    server.has_receipts = False
    no = {"Code": "LimitExceeded.x", "Response": {"Error": {"Code": "LimitExceeded.x"}}}
    server.answer = lambda action, given: (200, json.dumps(no))
    delivery.deliver_due()
    refused = (state()[0], OutboundMail.objects.get().first_handed_over_at)
    server.answer = lambda action, given: None
    let_pass(minutes=2)

    delivery.deliver_due()

    assert refused == ("queued", None)
    assert (state(), len(server.sent), server.asked) == (("sent", ""), 1, [])


def test_refusal_does_not_forget_a_try_whose_answer_was_lost(row, settings, server):
    settings.SMS = configured(server)
    first = timezone.now() - dt.timedelta(hours=1)
    OutboundMail.objects.update(first_handed_over_at=first)
    answers = {"SendSms": (400, '{"Code": "isv.BUSINESS_LIMIT_CONTROL"}')}
    server.answer = lambda action, given: answers.get(action)

    delivery.deliver_due()

    assert len(server.requests) >= 2
    assert OutboundMail.objects.get().first_handed_over_at == first


def test_provider_that_is_away_keeps_no_mail_back(row, settings, server, mailoutbox):
    settings.SMS = configured(server)
    server.close()
    for _each in range(4):
        again = row.subject
        outbox.queue_text(TextKind.QUERY, again, number=text_message.number_mark(again.phone_key))
    factories.registered(row.subject.event)

    delivery.deliver_due()

    texts = OutboundMail.objects.filter(channel="sms")
    assert len(mailoutbox) == 1
    assert texts.filter(attempts=1, last_error="ConnectionRefusedError").count() == 3
    assert texts.filter(attempts=0).count() == 2


def test_without_a_provider_nothing_leaves_and_it_says_why(row, settings):
    settings.SMS = Configuration()

    assert delivery.deliver_due() == 0
    assert state()[0] == "dropped"


def test_template_that_is_missing_is_said(row, settings, server):
    settings.SMS = configured(server, templates={})

    delivery.deliver_due()

    assert (state(), server.requests) == (("queued", "Refused NotConfigured"), [])


@pytest.mark.parametrize("answer", [None, "hang up", (400, '{"Code": "isv.x 13800138000"}')])
def test_no_number_and_no_secret_is_in_the_log(row, settings, server, caplog, answer):
    settings.SMS = configured(server)
    server.answer = lambda action, given: answer
    caplog.set_level(logging.DEBUG)

    delivery.deliver_due()

    written = caplog.text + OutboundMail.objects.get().last_error
    assert "13800138000" not in written
    assert KEY_SECRET not in written
    assert timezone.now() > row.created_at


def test_start_page_tells_texts_that_failed_apart_from_mails(row, organizer):
    OutboundMail.objects.update(status="given_up")

    lately = organizer.get("/admin/").text
    OutboundMail.objects.update(created_at=timezone.now() - dt.timedelta(days=8))
    later = organizer.get("/admin/").text

    assert "Text messages that failed this week: 1" in lately
    assert "e-mail could not be delivered" not in lately
    assert "Text messages of this week" not in later
