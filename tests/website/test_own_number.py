"""Another mobile number on the own screen, in this browser and in others."""

import pytest
from django.test import Client

from mail import writers
from mail.models import OutboundMail
from registrations.domain import contact_change, proof, query_code, text_message
from registrations.models import ContactChange, Registration
from summit.lib.sms.configuration import Configuration
from summit.lib.web import constant_pace
from tests import factories
from tests.website.registering import sends
from tests.website.test_find_registration import find
from tests.website.test_own_screen import NUMBER, PHONE, screen

pytestmark = pytest.mark.django_db
OTHER = "139 0013 9000"


@pytest.fixture(autouse=True)
def console(settings, monkeypatch):
    monkeypatch.setattr(constant_pace, "SECONDS", 0)
    settings.SMS = Configuration(provider="console", sign_name="对接会")


@pytest.fixture
def event(db):
    return factories.registration_settings(capacity=3).event


@pytest.fixture
def mine(stranger, event) -> Registration:
    sends(stranger, event, PHONE)
    return proof.prove(Registration.objects.get(), Registration.Proof.SMS)


def prove_here(browser, event, row):
    """Enter a code to the number of now, as its owner does before another one is given."""
    browser.post(screen(event, "1/number/own-code/"))
    message = OutboundMail.objects.filter(kind="sms_code").latest("pk")
    code = text_message.code_of(message, row)
    return browser.post(screen(event, "1/number/own-code/enter/"), {"code": code}, follow=True)


def sent_code(row):
    message = OutboundMail.objects.filter(kind="sms_code").latest("pk")
    return text_message.code_of(message, row, "+8613900139000")


def test_number_is_changed_and_only_this_browser_keeps_the_screen(stranger, event, mine):
    other, old_code = Client(), query_code.code_of(mine)
    find(NUMBER, old_code, other)
    prove_here(stranger, event, mine)
    assert OTHER not in other.get(screen(event)).text
    assert "王伟" in other.get(screen(event)).text

    link = stranger.get(screen(event)).text
    form = stranger.get(screen(event, "1/number/")).text
    asked = stranger.post(screen(event, "1/number/"), {"phone": OTHER}, follow=True)
    wrong = stranger.post(screen(event, "1/number/code/"), {"code": "x"})
    code = {"code": sent_code(mine)}
    done = stranger.post(screen(event, "1/number/code/"), code, follow=True)
    again = stranger.post(screen(event, "1/number/code/"), code, follow=True)

    mine.refresh_from_db()
    new_code = query_code.code_of(mine)
    assert screen(event, "1/number/") in link
    assert NUMBER in form and 'name="code"' not in form
    assert OTHER in asked.text and 'name="code"' in asked.text
    assert (wrong.status_code, "not the code of the latest" in wrong.text) == (409, True)
    for page in (done, again, stranger.get(screen(event))):
        assert all(text in page.text for text in (OTHER, new_code, "王伟"))
    assert "Your number has been changed" in done.text
    closed = other.get(screen(event)).text
    assert "These details were changed elsewhere" in closed
    assert not any(text in closed for text in (OTHER, new_code, "王伟"))
    assert other.post(screen(event, "1/number/code/"), code).status_code == 302
    assert new_code not in other.get(screen(event)).text


def test_new_query_code_opens_the_screen_elsewhere_and_the_old_one_does_not(
    stranger, event, mine, organizer
):
    contact_change.change_by_staff(mine, email="", phone=OTHER, by=organizer.user)
    other = Client()
    find(OTHER, query_code.code_of(mine), other)

    assert "王伟" in other.get(screen(event)).text
    assert "王伟" not in stranger.get(screen(event)).text


def test_number_that_nobody_has_proven_is_typed_anew_instead(stranger, event):
    sends(stranger, event, PHONE)

    answer = stranger.post(screen(event, "1/number/"), {"phone": OTHER})

    assert answer.headers["Location"] == screen(event)
    assert "Change my number" not in stranger.get(screen(event)).text
    assert not ContactChange.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "required"),
        ("0311-86123456", "not a mobile number"),
        ("12", "not a whole phone number"),
        (NUMBER, "This is the number that we have"),
        ("+44 7911 123456", "No text message can be sent"),
    ],
)
def test_number_that_is_none_is_explained(stranger, event, mine, typed, said):
    prove_here(stranger, event, mine)

    page = stranger.post(screen(event, "1/number/"), {"phone": typed})

    assert page.status_code == 422
    assert said in page.text
    assert not ContactChange.objects.exists()


def test_without_a_provider_the_page_says_whom_to_ask(stranger, event, mine, settings):
    settings.SMS = Configuration()

    page = stranger.get(screen(event, "1/number/")).text
    sent = stranger.post(screen(event, "1/number/"), {"phone": OTHER})

    assert "Write to the organizer or call" in page
    assert 'name="phone"' not in page
    assert (sent.status_code, ContactChange.objects.count()) == (404, 0)


def test_page_is_the_same_whether_the_new_number_is_known(stranger, event, mine):
    factories.registered(event, email="", phone="13700137000")
    prove_here(stranger, event, mine)
    pages = []
    for phone in ("137 0013 7000", "136 0013 6000"):
        asked = stranger.post(screen(event, "1/number/"), {"phone": phone}, follow=True)
        pages.append(asked.text.replace(phone, ""))

    plain = [page.partition("<main")[2].partition("csrfmiddlewaretoken") for page in pages]
    assert plain[0][0] == plain[1][0]
    assert len(pages[0]) == len(pages[1])


@pytest.mark.parametrize("how", [Registration.Proof.STAFF, Registration.Proof.SMS])
def test_screen_that_typed_the_number_first_changes_nothing_once_it_is_proven(stranger, event, how):
    sends(stranger, event, PHONE)
    row = proof.prove(Registration.objects.get(), how)

    form = stranger.get(screen(event, "1/number/")).text
    answer = stranger.post(screen(event, "1/number/"), {"phone": OTHER})
    wrong = stranger.post(screen(event, "1/number/own-code/enter/"), {"code": "000000"})

    assert 'name="phone"' not in form
    assert f"Only the owner of {NUMBER} may change it" in form
    assert answer.headers["Location"] == screen(event, "1/number/")
    assert wrong.status_code == 409
    assert not ContactChange.objects.exists()
    stranger.post(screen(event, "1/number/own-code/"))
    [message] = OutboundMail.objects.filter(kind="sms_code")
    assert writers.write(message).message.number == row.phone
    assert 'name="phone"' not in stranger.get(screen(event, "1/number/")).text
    assert 'name="phone"' in prove_here(stranger, event, row).text


def test_code_that_verified_the_number_in_this_browser_is_enough(stranger, event):
    sends(stranger, event, PHONE)
    row = Registration.objects.get()
    stranger.post(screen(event, "1/send-code/"))
    message = OutboundMail.objects.filter(kind="sms_code").latest("pk")
    stranger.post(screen(event, "1/enter-code/"), {"code": text_message.code_of(message, row)})

    assert 'name="phone"' in stranger.get(screen(event, "1/number/")).text
    stranger.post(screen(event, "leave/"))
    other = Client()
    find(NUMBER, query_code.code_of(row), other)
    assert 'name="phone"' not in other.get(screen(event, "1/number/")).text


def test_owner_sees_on_another_screen_that_the_number_is_being_changed_and_stops_it(
    stranger, event, mine
):
    owner = Client()
    find(NUMBER, query_code.code_of(mine), owner)
    prove_here(stranger, event, mine)
    stranger.post(screen(event, "1/number/"), {"phone": OTHER})
    code = sent_code(mine)

    page = owner.get(screen(event)).text
    owner.post(screen(event, "1/number/stop/"))
    assert ContactChange.objects.get().is_open
    first = OutboundMail.objects.filter(kind="sms_code").earliest("pk")
    own_code = {"code": text_message.code_of(first, mine)}
    owner.post(screen(event, "1/number/own-code/enter/"), own_code)
    for _time in range(2):
        stopped = owner.post(screen(event, "1/number/stop/"), follow=True).text
    late = stranger.post(screen(event, "1/number/code/"), {"code": code})

    assert "Your number is being changed" in page and "••••9000" in page
    assert OTHER not in page
    assert "Your number is being changed" not in stopped
    assert late.status_code == 409
    mine.refresh_from_db()
    assert mine.readable_phone == NUMBER
