"""A hybrid event as visitors, attendees and the desk see it, and no words of a door without one."""

import re

import pytest
from django.urls import reverse

from registrations.domain import personal_link
from registrations.emails import personal_url
from registrations.models import Registration
from tests import factories
from tests.cast import make_clerk
from tests.registrations.test_entries import sent
from tests.website.registering import register_url, sends, typed

pytestmark = pytest.mark.django_db
DOOR_WORDS = re.compile(r"QR code|entrance|at the door|check-in desk|入口|入场|二维码|签到", re.I)


@pytest.fixture
def settings():
    event = factories.upcoming_event(format="hybrid", venue_en="Hall 1", venue_zh_hans="一号厅")
    return factories.registration_settings(event=event, capacity=2, online_capacity=1)


def test_form_asks_each_person_how_they_take_part(client, settings):
    sends(client, settings.event, {"way": "online"}, {"way": "in_person"})

    found = Registration.objects.order_by("pk").values_list("chose_online", "status")
    assert list(found) == [(True, "confirmed"), (False, "confirmed")]


def test_form_of_a_hybrid_event_requires_the_answer(client, settings):
    answer = sends(client, settings.event, {})

    assert answer.status_code == 422
    assert not Registration.objects.exists()


@pytest.mark.parametrize("format_", ["in_person", "online"])
def test_form_of_any_other_event_asks_nothing_of_it(client, settings, format_):
    type(settings.event).objects.update(format=format_)

    assert "How do you take part?" not in client.get(register_url(settings.event)).text
    assert sends(client, settings.event, {}).status_code == 302


def test_form_and_page_say_which_seats_are_left(client, settings):
    factories.registered(settings.event, online=True)

    for page in (register_url(settings.event), settings.event.get_absolute_url()):
        text = " ".join(re.sub(r"<[^>]+>", "", client.get(page).text).split())
        assert "In person: 2 seats left" in text
        assert "Online: All seats are taken." in text
    assert "Send the registration" in client.get(register_url(settings.event)).text


def test_attendee_changes_on_the_personal_page(client, settings):
    row = personal_link.prove(factories.registered(settings.event))
    page = personal_url(row)
    assert "Take part online instead" in client.get(page).text

    answer = client.post(f"{page}way/", {"way": "online"})
    text = client.get(page).text

    row.refresh_from_db()
    assert (answer.status_code, row.chose_online) == (302, True)
    assert "Come in person instead" in text
    assert not DOOR_WORDS.search(main(text))


def test_attendee_who_finds_no_seat_is_told_and_keeps_the_own(client, settings):
    factories.registered(settings.event, online=True)
    row = personal_link.prove(factories.registered(settings.event))

    answer = client.post(f"{personal_url(row)}way/", {"way": "online"})

    row.refresh_from_db()
    assert (answer.status_code, row.chose_online, row.status) == (409, False, "confirmed")
    assert "Every seat online is taken. Nothing was changed." in answer.text


def test_visitor_changes_on_the_own_screen(client, settings):
    sends(client, settings.event, {"way": "in_person"})
    address = reverse("registered", args=[settings.event.slug])
    assert "Take part online instead" in client.get(address).text

    client.post(f"{address}1/way/", {"way": "online"})

    assert Registration.objects.get().chose_online
    assert "You take part online." in client.get(address).text


def main(page: str) -> str:
    return re.search(r"<main.*?</main>", page, re.DOTALL)[0]


@pytest.mark.parametrize("format_", ["online", "hybrid"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("contact", ["email", "phone"])
def test_no_words_of_a_door_where_there_is_none(client, settings, format_, language, contact):
    type(settings.event).objects.update(format=format_)
    settings.event.refresh_from_db()
    own = (
        {"email": "a@example.org"} if contact == "email" else {"email": "", "phone": "13800138000"}
    )
    client.post(
        register_url(settings.event, language), typed(settings.event, {"way": "online", **own})
    )
    row = Registration.objects.get()
    screen = client.get(f"/{language}/events/{settings.event.slug}/registered/").text
    texts = [main(screen)]
    if contact == "email":
        [mail] = sent()
        texts += [
            part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"
        ]
        texts.append(main(client.get(personal_url(row)).text))

    assert [DOOR_WORDS.findall(text) for text in texts] == [[]] * len(texts)
    assert not any("Hall 1" in text or "一号厅" in text for text in texts[1:2])


def test_desk_tells_who_registered_online_and_admits(client, settings):
    row = factories.registered(settings.event, name="Wang Wei", online=True)
    clerk = make_clerk(settings.event)
    fetched = {"X-Requested-With": "fetch"}

    def tap(name, **fields):
        address = reverse(name, kwargs={"slug": settings.event.slug})
        return clerk.post(address, fields, headers=fetched)

    found = tap("desk-door", q="wang")
    refused = tap("desk-check-in", ticket=row.ticket)
    admitted = tap("desk-admit", ticket=row.ticket)

    assert "Registered to take part online." in found.text
    assert "Admit in person" in found.text
    assert (refused.status_code, admitted.status_code) == (409, 200)
    assert "Checked in" in admitted.text
    row.refresh_from_db()
    assert not row.chose_online


def test_picture_of_a_ticket_is_for_those_alone_who_come_to_a_door(client, settings):
    sends(client, settings.event, {"way": "online"}, {"way": "in_person"})
    page = f"/en/events/{settings.event.slug}/registered/"

    answers = [client.get(f"{page}{number}/ticket.png").status_code for number in (1, 2)]

    assert answers == [404, 200]
