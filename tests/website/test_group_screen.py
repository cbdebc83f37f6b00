"""What the contact person is told of each person on the screen, and what the form says before."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Event, SiteProfile
from registrations.domain import contact_change, personal_link
from registrations.domain.query_code import code_of
from registrations.models import Registration, RegistrationGroup
from summit.lib.sms.configuration import Configuration
from tests import factories
from tests.website.registering import register_url, sends
from tests.website.test_group import OWN, find, group_page
from tests.website.test_own_screen import plain, screen

pytestmark = pytest.mark.django_db
LINK = "https://meet.example.org/summit"
SEPARATELY = "All or none, for those in person and those online separately"
IN_PERSON = {"name": "Ann", "email": "", "way": "in_person"}
ONLINE = {"name": "Bea", "email": "", "way": "online"}


def hybrid(**seats):
    event = factories.upcoming_event(format="hybrid", venue_en="Hall 1", online_link=LINK)
    return factories.registration_settings(event=event, **seats).event


def members(page):
    """The words of each person on the page, with what can be pressed."""
    parts = re.findall(r'<li class="member">(.*?)</li>', page.text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in parts]


def test_who_takes_part_online_has_no_qr_code_and_the_link(stranger):
    event = hybrid()
    sends(stranger, event, IN_PERSON, ONLINE)

    page = stranger.get(screen(event))

    ann, bea = members(page)
    assert "in person" in ann and "QR code" in ann
    assert "online" in bea and "QR code" not in bea
    assert page.text.count(f'href="{LINK}"') == 1


def test_a_group_of_the_hall_alone_has_no_link(stranger):
    event = hybrid()
    sends(stranger, event, IN_PERSON, IN_PERSON | {"name": "Cleo"})

    assert LINK not in stranger.get(screen(event)).text


def test_it_is_said_from_when_the_link_is_shown(stranger):
    event = hybrid()
    Event.objects.update(online_link_hours=1)
    sends(stranger, event, IN_PERSON, ONLINE)

    page = stranger.get(screen(event)).text

    assert LINK not in page and "The link to join is shown here from" in page


def test_confirmed_people_have_an_entry_for_the_calendar(stranger):
    event = factories.registration_settings(capacity=1).event
    sends(stranger, event, IN_PERSON, ONLINE)

    page = stranger.get(screen(event))

    ann, bea = members(page)
    assert "Add to my calendar" in ann and "Add to my calendar" not in bea
    assert re.search(r'href="[^"]*/registered/1/event.ics" data-downloads', page.text)


@pytest.mark.parametrize("is_together", ["", "on"])
def test_each_who_waits_sees_the_place(stranger, is_together):
    event = hybrid(capacity=2, online_capacity=2)
    for number in range(5):
        factories.registered(event, online=number > 2, email=f"before{number}@example.org")
    sends(stranger, event, IN_PERSON, ONLINE, ONLINE | {"name": "Cleo"}, is_together=is_together)

    for page in (screen(event), group_page(RegistrationGroup.objects.get())):
        shown = " ".join(members(stranger.get(page)))
        assert re.findall(r"number (\d) in the queue", shown) == ["2", "1", "2"]


def test_the_places_of_twenty_cost_what_those_of_two_do():
    event = factories.registration_settings(capacity=1).event
    factories.registered(event)
    counts = []
    for number in (2, 20):
        client = Client()
        people = [{"name": f"P{n}", "email": ""} for n in range(number)]
        sends(client, event, *people, **{"contact-email": f"c{number}@example.org"})
        client.get(group_page(RegistrationGroup.objects.order_by("pk").last()))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(screen(event))
        assert "in the queue" in page.text
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(("format_", "is_said"), [("hybrid", True), ("in_person", False)])
def test_all_or_none_is_said_to_be_for_each_way(stranger, format_, is_said):
    event = hybrid(capacity=3, online_capacity=3)
    Event.objects.update(format=format_)
    event.refresh_from_db()
    form = stranger.get(register_url(event) + "?people=2").text
    sends(stranger, event, IN_PERSON, ONLINE, is_together="on")

    seated = stranger.get(screen(event)).text
    Registration.objects.update(status="waitlisted", queued_at=timezone.now())
    waiting = stranger.get(screen(event)).text

    assert (SEPARATELY in form) is is_said
    assert ("All or none: if seats are short, all of us wait together." in form) is not is_said
    for page in (seated, waiting):
        assert ("for those in person and those online separately" in page) is is_said
    assert "Your group waits together" in waiting


@pytest.mark.parametrize(
    ("contact", "words"),
    [
        ("email", "reviews each registration and answers by e-mail."),
        ("either", "You find the answer by e-mail or with your query code."),
        ("phone", "You find the answer by e-mail or with your query code."),
    ],
)
def test_nobody_without_an_address_is_promised_an_e_mail(stranger, contact, words):
    event = factories.registration_settings(needs_approval=True, contact=contact).event

    for page in (register_url(event), event.get_absolute_url()):
        assert words in " ".join(stranger.get(page).text.split())


@pytest.mark.parametrize("people", ["", "?people=2"])
def test_the_form_says_what_opens_the_personal_page(stranger, people):
    event = factories.registration_settings().event
    factories.separate_consent(settings=event.registration_settings)

    page = " ".join(stranger.get(register_url(event) + people).text.split())

    of_one = "without an e-mail address you withdraw it on the page that the query code opens."
    assert ("The link of an e-mail opens it" if people else of_one) in page


def test_a_member_without_an_address_reads_the_privacy_notice_on_the_own_screen(stranger):
    profile = SiteProfile.load()
    profile.privacy_notice_en = "We keep what you type for this event."
    profile.save()
    event = factories.registration_settings(retention_days=30).event
    number = {"name": "Li Jing", "email": "", "phone": "139 0013 9000"}
    sends(stranger, event, IN_PERSON, number)
    row = Registration.objects.get(name="Li Jing")

    his = Client()
    find(his, "139 0013 9000", code_of(row))
    page = his.get(screen(event)).text

    assert "Ann Contact has registered you" in page
    assert "We keep what you type for this event." in page
    assert "Your data is erased 30 days after the event." in page
    assert "We keep what you type" not in stranger.get(screen(event)).text


NUMBER_ALONE = {"contact-email": "", "contact-phone": "138 0013 8000"}


def held_group(stranger, **seats):
    event = factories.registration_settings(capacity=9, hold_hours=24, **seats).event
    people = [IN_PERSON | {"position": "Director"}, ONLINE]
    sends(stranger, event, *people, **NUMBER_ALONE)
    return event


def test_number_alone_is_verified_by_a_code_and_every_word_names_it(stranger, settings):
    settings.SMS = Configuration(provider="console", sign_name="对接会")
    event = held_group(stranger)

    before = plain(stranger.get(screen(event)))
    after = plain(stranger.post(screen(event, "1/send-code/"), follow=True))

    assert "Send a code to 138 0013 8000" in before
    assert "Verify your number by a text message below: then held seats are yours." in before
    assert "is on its way to 138 0013 8000, unless" in after
    assert "once the organizer" not in before


@pytest.mark.parametrize(
    ("format_", "words"),
    [
        ("in_person", "once the organizer or the check-in desk has confirmed your number."),
        ("online", "once the organizer has confirmed your number."),
    ],
)
def test_without_text_messages_it_is_said_who_confirms_the_number(stranger, format_, words):
    event = held_group(stranger)
    Event.objects.update(format=format_)

    assert f"Held seats are yours {words}" in plain(stranger.get(screen(event)))


def test_the_screen_shows_contact_and_people_as_typed(stranger):
    event = held_group(stranger)

    page = stranger.get(screen(event))

    facts = re.search(r'<dl class="facts">.*?</dl>', page.text, re.DOTALL)[0]
    assert "Ann Contact" in facts and "138 0013 8000" in facts
    ann, bea = members(page)
    assert "Director" in ann and "Harbour Works" in ann
    assert "Director" not in bea and "Harbour Works" in bea


def test_a_contact_that_staff_changed_is_not_shown_to_who_typed_another(stranger, organizer):
    event = held_group(stranger)
    first, second = Registration.objects.order_by("pk")
    contact_change.change_by_staff(
        first, email="", phone="139 0013 9000", by=organizer.user, others=[second.pk]
    )

    page = stranger.get(screen(event))

    assert RegistrationGroup.objects.get().phone_key == "+8613900139000"
    assert "139 0013 9000" not in page.text and "Ann Contact" not in page.text
    assert [each.startswith("Changed elsewhere") for each in members(page)] == [True, True]


def test_the_page_of_a_group_shows_no_details_of_who_manages_the_own_entry(stranger):
    event = factories.registration_settings(capacity=9).event
    sends(stranger, event, IN_PERSON | {"position": "Director"}, OWN)
    personal_link.prove(Registration.objects.get(name="Li Jing"))

    ann, own = members(stranger.get(group_page(RegistrationGroup.objects.get())))

    assert "Director" in ann and "Harbour Works" in ann
    assert "manages their own registration" in own and "Harbour Works" not in own
