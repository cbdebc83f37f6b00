"""Who gave a number alone and has entered its code has what the mailed page gives others."""

import pytest
from django.test import Client

from mail.models import OutboundMail
from registrations.domain import place, proof, query_code, text_message
from registrations.models import ContactChange, Registration, RegistrationGroup, SeparateConsent
from summit.lib.sms.configuration import Configuration
from summit.lib.web import constant_pace
from tests import factories
from tests.website.registering import sends
from tests.website.test_find_registration import find
from tests.website.test_own_screen import NUMBER, PHONE, screen

pytestmark = pytest.mark.django_db
GROUP = {"contact-email": "", "contact-phone": NUMBER}


@pytest.fixture(autouse=True)
def console(settings, monkeypatch):
    monkeypatch.setattr(constant_pace, "SECONDS", 0)
    settings.SMS = Configuration(provider="console", sign_name="对接会")


@pytest.fixture
def event(db):
    return factories.registration_settings(capacity=9).event


def enter_code(browser, event, number=1):
    browser.post(screen(event, f"{number}/send-code/"))
    message = OutboundMail.objects.filter(kind="sms_code").latest("pk")
    code = text_message.code_of(message, message.subject)
    return browser.post(screen(event, f"{number}/enter-code/"), {"code": code}, follow=True)


def own_page(page: str, kind: str = "my") -> str:
    """The address of the own page, of which the screen has a link."""
    _before, _sign, rest = page.partition(f"/en/{kind}/here-")
    return f"/en/{kind}/here-{rest.partition('/')[0]}/"


def test_owner_sees_what_else_is_registered_with_the_number_and_ends_it(stranger, event):
    other = Client()
    sends(other, event, PHONE | {"name": "李四"})
    sends(stranger, event, PHONE)
    assert "李四" not in stranger.get(screen(event)).text

    page = enter_code(stranger, event).text
    assert "Also registered with this number" in page and "李四" in page
    listed = page.partition("Also registered with this number")[2]
    theirs = own_page(listed)
    assert "李四" in stranger.get(theirs).text
    ended = stranger.post(f"{theirs}cancel/", follow=True)

    assert ended.status_code == 200
    assert Registration.objects.get(name="李四").status == "cancelled"
    assert Registration.objects.get(name="王伟").status == "confirmed"


def test_own_page_opens_in_no_other_browser_and_ends_with_the_session(stranger, event):
    sends(stranger, event, PHONE)
    mine = own_page(enter_code(stranger, event).text)
    assert NUMBER in stranger.get(mine).text

    for browser in (Client(), Client()):
        answer = browser.get(mine)
        assert (answer.status_code, answer["Location"]) == (302, "/en/my/find/")
        assert browser.post(f"{mine}cancel/").status_code == 302
    stranger.post(screen(event, "leave/"))
    assert stranger.get(mine).status_code == 302
    assert Registration.objects.get().status == "confirmed"


def test_own_row_is_corrected_but_for_the_number(stranger, event):
    sends(stranger, event, PHONE)
    page = enter_code(stranger, event).text
    mine = own_page(page)
    form = stranger.get(f"{mine}correct/").text
    typed = {"name": "王伟伟", "phone": "13900139000", "organization_name": "港口"}
    typed |= {"category": "media", "language": "en"}
    answer = stranger.post(f"{mine}correct/", typed, follow=True)

    row = Registration.objects.get()
    assert 'name="phone"' not in form and 'name="name"' in form
    assert answer.status_code == 200 and "王伟伟" in answer.text
    assert (row.name, row.phone_key, row.proof) == ("王伟伟", "+8613800138000", "sms")
    assert "王伟伟" in stranger.get(screen(event)).text


def test_own_data_is_shown_and_consents_are_given_and_withdrawn(stranger, event):
    separate = factories.separate_consent(settings=event.registration_settings)
    sends(stranger, event, PHONE)
    mine = own_page(enter_code(stranger, event).text)

    data = stranger.get(f"{mine}data/").text
    file = stranger.get(f"{mine}data.json")
    stranger.post(f"{mine}choices/", {"shown": [separate.key], "agreed": [separate.key]})
    agreed = list(Registration.objects.agreeing_to(separate))
    stranger.post(f"{mine}choices/", {"shown": [separate.key]})

    assert NUMBER in data and "Your consent" in data
    assert file.status_code == 200 and "王伟" in file.text
    assert agreed == [Registration.objects.get()]
    assert not Registration.objects.agreeing_to(SeparateConsent.objects.get())


def test_no_page_that_a_number_opens_shows_a_lasting_key(stranger, event):
    sends(stranger, event, PHONE, {"name": "李四", "email": ""}, **GROUP)
    page = enter_code(stranger, event).text
    group = own_page(page, "my/group")
    mine = own_page(stranger.get(group).text)
    for address in (group, mine, f"{mine}correct/", f"{mine}cancel/", f"{mine}data/"):
        text = stranger.get(address).text
        assert "here-" in text
        for row in [*Registration.objects.all(), *RegistrationGroup.objects.all()]:
            assert row.code not in text


def test_contact_person_corrects_and_cancels_each_once_the_code_is_entered(stranger, event):
    sends(stranger, event, {"email": ""}, {"name": "李四", "email": ""}, **GROUP)
    group = own_page(enter_code(stranger, event).text, "my/group")
    form = stranger.get(f"{group}2/correct/")
    typed = {"name": "李思", "organization_name": "港口", "category": "media"}
    corrected = stranger.post(f"{group}2/correct/", typed, follow=True)
    stranger.post(f"{group}1/cancel/")

    assert form.status_code == 200 and "李思" in corrected.text
    assert [row.status for row in Registration.objects.order_by("pk")] == ["cancelled", "confirmed"]
    assert Client().get(group).status_code == 302


def test_contact_person_gives_another_number_and_all_without_an_own_one_go_with_it(
    stranger, event, django_capture_on_commit_callbacks
):
    own = {"name": "赵五", "email": "", "phone": "137 0013 7000"}
    sends(stranger, event, {"email": ""}, {"name": "李四", "email": ""}, own, **GROUP)
    assert "Change my number" not in stranger.get(screen(event)).text
    enter_code(stranger, event)
    group = RegistrationGroup.objects.get()
    query = query_code.code_of(group)

    assert screen(event, "1/number/") in stranger.get(screen(event)).text
    stranger.post(screen(event, "1/number/"), {"phone": "139 0013 9000"})
    message = OutboundMail.objects.filter(kind="sms_code").latest("pk")
    code = text_message.code_of(message, message.subject, "+8613900139000")
    with django_capture_on_commit_callbacks(execute=True):
        done = stranger.post(screen(event, "1/number/code/"), {"code": code}, follow=True)

    group.refresh_from_db()
    numbers = [row.phone for row in Registration.objects.order_by("pk")]
    assert numbers == ["+8613900139000", "+8613900139000", "+8613700137000"]
    assert group.phone == "+8613900139000" and query_code.code_of(group) != query
    assert "李四" in done.text and query_code.code_of(group) in done.text
    assert OutboundMail.objects.filter(kind="sms_number_changed").count() == 1
    assert stranger.get(own_page(done.text, "my/group")).status_code == 200


def test_member_without_an_own_contact_gives_no_other_number(stranger, event):
    sends(stranger, event, {"email": ""}, {"name": "李四", "email": ""}, **GROUP)
    enter_code(stranger, event)
    member, elsewhere = Registration.objects.get(name="李四"), Client()
    find(NUMBER, query_code.code_of(member), elsewhere)

    asked = elsewhere.post(screen(event, "1/number/"), {"phone": "139 0013 9000"})

    assert asked.status_code == 302
    assert not ContactChange.objects.exists()


@pytest.mark.parametrize("sends_texts", [True, False])
def test_screen_that_only_typed_the_number_ends_nothing_once_it_is_verified(
    stranger, event, settings, sends_texts
):
    sends(stranger, event, PHONE)
    row = Registration.objects.get()
    proof.prove(row, Registration.Proof.STAFF)
    if not sends_texts:
        settings.SMS = Configuration()

    page = stranger.get(screen(event)).text
    refused = stranger.post(screen(event, "1/cancel/"))

    row.refresh_from_db()
    assert (row.status, refused.status_code) == ("confirmed", 409)
    assert "Cancel this registration" not in page
    words = "show that the number is yours" if sends_texts else "Write to the organizer"
    assert words in page and words.split(" ")[0] in refused.text
    if sends_texts:
        assert "Cancel this registration" in enter_code(stranger, event).text
        stranger.post(screen(event, "1/cancel/"))
        row.refresh_from_db()
        assert row.status == "cancelled"


def test_group_that_staff_confirmed_is_its_owners(stranger, event):
    sends(stranger, event, {"email": ""}, {"name": "李四", "email": ""}, **GROUP)
    proof.prove(Registration.objects.earliest("pk"), Registration.Proof.STAFF)

    page = stranger.get(screen(event)).text
    refused = stranger.post(screen(event, "2/cancel/"))
    assert refused.status_code == 409 and "show that the number is yours" in page
    assert "the page of your group" not in page
    assert "the page of your group" in enter_code(stranger, event).text
    stranger.post(screen(event, "2/cancel/"))
    assert Registration.objects.get(name="李四").status == "cancelled"


def test_page_ends_where_the_number_is_another_one(stranger, event):
    sends(stranger, event, PHONE)
    mine = own_page(enter_code(stranger, event).text)
    Registration.objects.update(phone="+8613900139000", phone_key="+8613900139000")

    assert stranger.get(mine).status_code == 302


def test_who_gave_an_address_beside_the_number_is_not_opened_by_it(stranger, event):
    sends(Client(), event, PHONE | {"name": "李四", "email": "li@example.org"})
    sends(stranger, event, PHONE)

    assert "李四" not in enter_code(stranger, event).text
    assert place.may_accept_on_screen(Registration.objects.get(name="李四")) is False
