"""A code by text message on the screen, and the query code that was lost."""

import re

import pytest
from django.test import Client

from mail import delivery
from mail.models import OutboundMail
from registrations.domain import query_code, text_message
from registrations.forms.query_text import QueryTextForm
from registrations.forms.stamp import Stamp
from registrations.models import Registration
from summit.lib.sms.configuration import Configuration
from summit.lib.web import constant_pace
from tests import factories
from tests.website.registering import sends
from tests.website.test_own_screen import NUMBER, PHONE, plain, screen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def console(settings, monkeypatch):
    monkeypatch.setattr(constant_pace, "SECONDS", 0)
    settings.SMS = Configuration(provider="console", sign_name="对接会")


@pytest.fixture
def event(db):
    return factories.registration_settings(capacity=3).event


def press(client, event, what, **form):
    return client.post(screen(event, f"1/{what}/"), form, follow=True)


def sent_code():
    row = OutboundMail.objects.filter(channel="sms").latest("pk")
    return text_message.code_of(row, row.subject)


def test_code_that_was_sent_proves_the_number_on_the_screen(stranger, event, capsys):
    sends(stranger, event, PHONE)
    before = stranger.get(screen(event)).text

    after = press(stranger, event, "send-code").text
    delivery.deliver_due()
    proven = press(stranger, event, "enter-code", code=sent_code())

    assert f"Send a code to {NUMBER}" in before and 'name="code"' not in before
    assert "A text message with a code is on its way" in after
    assert sent_code() in capsys.readouterr().out
    assert Registration.objects.get().proven_at
    assert "Verify your number" not in proven.text
    assert proven.redirect_chain == [(screen(event), 302)]
    assert press(stranger, event, "enter-code", code="1").status_code == 200
    assert press(stranger, event, "send-code").status_code == 404


def test_code_makes_a_held_seat_theirs_and_its_notice_goes_to_the_number(
    stranger, capsys, django_capture_on_commit_callbacks
):
    held = factories.registration_settings(
        event=factories.upcoming_event(), capacity=10, hold_hours=24, sends_texts=True
    ).event
    sends(stranger, held, PHONE)
    before = stranger.get(screen(held)).text
    press(stranger, held, "send-code")

    with django_capture_on_commit_callbacks(execute=True):
        after = press(stranger, held, "enter-code", code=sent_code())
    delivery.deliver_due()

    row = Registration.objects.get()
    assert "Verify your number by a text message before then" in before
    assert "You have a seat" in after.text
    assert (row.status, row.proof) == ("confirmed", "sms")
    kinds = OutboundMail.objects.filter(channel="sms").order_by("pk")
    assert [each.kind for each in kinds] == ["sms_code", "sms_confirmed"]
    assert query_code.code_of(row) in capsys.readouterr().out


def test_wrong_code_is_said_and_proves_nothing(stranger, event):
    sends(stranger, event, PHONE)
    press(stranger, event, "send-code")

    answer = press(stranger, event, "enter-code", code="12")

    assert answer.status_code == 409
    assert "This is not the code of the latest text message" in answer.text
    assert not Registration.objects.get().proven_at


def test_number_that_is_not_reached_is_said(stranger, event):
    sends(stranger, event, PHONE)
    press(stranger, event, "send-code")
    OutboundMail.objects.filter(channel="sms").update(status="given_up")

    page = stranger.get(screen(event)).text

    assert "The text message could not be delivered" in page


def test_end_of_the_budget_says_how_to_go_on(stranger, event, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sms-event": (0, 24 * 3600)}
    sends(stranger, event, PHONE)

    answer = press(stranger, event, "send-code")

    assert answer.status_code == 409
    assert "Note the query code: the organizer or the check-in desk can confirm" in answer.text


@pytest.mark.parametrize(
    "typed", [{"phone": "", "email": "wei@example.org"}, {"email": "wei@example.org"}]
)
def test_who_gave_an_address_proves_it_by_its_mail(stranger, event, typed):
    sends(stranger, event, PHONE | typed)

    assert "Verify your number" not in stranger.get(screen(event)).text
    assert press(stranger, event, "send-code").status_code == 404


def test_without_a_provider_the_screen_is_as_it_was(stranger, event, settings):
    settings.SMS = Configuration()
    sends(stranger, event, PHONE)

    assert "Verify your number" not in stranger.get(screen(event)).text
    assert press(stranger, event, "send-code").status_code == 404
    assert "text message" not in stranger.get("/en/my/find/").text
    assert stranger.post("/en/my/find/text/", {"number": NUMBER}).status_code == 404


def test_another_browser_gets_and_enters_no_code(stranger, event):
    sends(stranger, event, PHONE)

    assert press(Client(), event, "send-code").status_code == 404
    assert press(Client(), event, "enter-code", code="1").status_code == 404


def ask(number, network="192.0.2.1"):
    form = {"number": number, "shown_at": str(Stamp.issue(QueryTextForm.PURPOSE, shown_at=1.0))}
    return Client().post("/en/my/find/text/", form, REMOTE_ADDR=network, follow=True)


def test_lost_query_code_is_sent_and_brings_the_screen_back(stranger, event, capsys):
    sends(stranger, event, PHONE)

    answer = ask("１３８-００１３-８０００")
    delivery.deliver_due()

    code = query_code.code_of(Registration.objects.get())
    assert "a text message with its query code is on its way" in answer.text
    assert code not in answer.text
    assert code in capsys.readouterr().out


def test_known_and_unknown_numbers_are_answered_alike(stranger, event):
    sends(stranger, event, PHONE)

    known = [ask(NUMBER) for _time in range(3)]
    unknown = [ask("139 0013 9000", network="192.0.2.2") for _time in range(3)]

    keys = r'name="shown_at" value="[^"]*"|value="1[^"]*"'
    assert [re.sub(keys, "", plain(page)) for page in known] == [
        re.sub(keys, "", plain(page)) for page in unknown
    ]
    assert [page.status_code for page in known] == [200, 200, 200]
    assert [page.redirect_chain for page in known] == [page.redirect_chain for page in unknown]


def test_number_that_gets_no_message_is_refused_with_words(db):
    answer = ask("0311-86123456")

    assert answer.status_code == 422
    assert "Enter the mobile number with which you registered." in answer.text


def test_number_at_its_limit_is_answered_alike_and_told_how_to_go_on(stranger, event):
    sends(stranger, event, PHONE)
    for network in ("192.0.2.7", "192.0.2.8"):
        ask(NUMBER, network=network)
    other = Client()
    sends(other, event, PHONE | {"phone": "139 0013 9000", "name": "王伟"})

    used = [press(stranger, event, "send-code"), ask(NUMBER)]
    fresh = [press(other, event, "send-code"), ask("137 0013 7000")]

    assert "unless the daily limit of this number is reached" in plain(used[0])
    assert "the organizer or the check-in desk can confirm your number" in plain(used[0])
    assert "have the link sent to your e-mail address, or ask the organizer" in plain(used[1])
    assert "on its way" in plain(fresh[0]) and "on its way" in plain(fresh[1])
    delivery.deliver_due()
    kinds = OutboundMail.objects.filter(channel="sms", status="sent").values_list("kind")
    assert sorted(kind for (kind,) in kinds) == ["sms_code", "sms_query", "sms_query"]
