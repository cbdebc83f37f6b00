"""The link to join online: who has it and from when, the same everywhere it could stand."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from events.domain import event as events
from events.domain import postponement
from mail import outbox
from registrations.calendar import entry_of
from registrations.domain import place
from registrations.emails import personal_url
from tests import factories
from tests.registrations.test_entries import sent

pytestmark = pytest.mark.django_db
LINK = "https://meet.example.org/room/abc?pwd=123"
HOUR = dt.timedelta(hours=1)
PUBLIC = {"page", "feed file", "structured data"}
OWN = {"personal page", "own entry", "mail"}


@pytest.fixture
def attendee(time_machine):
    time_machine.move_to(factories.at(8, day=dt.date(2020, 10, 1)))
    event = factories.event(
        format="online", online_link=LINK, summary_en="Talks.", summary_zh_hans="报告。"
    )
    factories.session(event=event)
    factories.registration_settings(event=event)
    return factories.registered(event)


def places(client, attendee) -> dict[str, str]:
    """Return what can be read now, by the place where it stands."""
    event = attendee.event
    attendee.refresh_from_db()
    page = client.get(event.get_absolute_url()).text
    structured = "".join(re.findall(r"<script[^>]*ld\+json[^>]*>(.*?)</script>", page, re.DOTALL))
    calendar = client.get(reverse("event-calendar", args=[event.slug])).text
    outbox.queue("link", [attendee])
    mail = sent()[-1]
    return {
        "page": page.replace(structured, ""),
        "structured data": structured,
        "feed file": calendar.replace("\r\n ", ""),
        "personal page": client.get(personal_url(attendee)).text,
        "own entry": entry_of(attendee, method="PUBLISH").decode().replace("\r\n ", ""),
        "mail": mail.get_body(("plain",)).get_content() + mail.get_body(("html",)).get_content(),
    }


def where_it_is(client, attendee) -> set[str]:
    return {name for name, text in places(client, attendee).items() if "meet.example.org" in text}


@pytest.mark.parametrize(
    ("link_for", "hours", "before", "expected"),
    [
        ("confirmed", None, dt.timedelta(days=3), OWN),
        ("everybody", None, dt.timedelta(days=3), PUBLIC | OWN),
        ("confirmed", 2, 3 * HOUR, set()),
        ("everybody", 2, 3 * HOUR, set()),
        ("confirmed", 2, 2 * HOUR, OWN),
        ("everybody", 2, 2 * HOUR, PUBLIC | OWN),
        ("confirmed", 0, dt.timedelta(seconds=1), set()),
        ("everybody", 0, -HOUR, PUBLIC | OWN),
        ("confirmed", 2, -HOUR, OWN),
        ("everybody", None, -9 * HOUR, set()),
        ("confirmed", 2, -9 * HOUR, set()),
    ],
)
def test_link_stands_where_and_when_the_organizer_chose(
    client, attendee, time_machine, link_for, hours, before, expected
):
    event = attendee.event
    event.online_link_for, event.online_link_hours = link_for, hours
    event.save()
    time_machine.move_to(event.starts_at - before)

    assert where_it_is(client, attendee) == expected


@pytest.mark.parametrize("turn_off", [events.cancel, postponement.postpone])
def test_nobody_has_the_link_of_an_event_that_is_off(client, attendee, turn_off):
    type(attendee.event).objects.update(online_link_for="everybody")
    attendee.event.refresh_from_db()
    assert where_it_is(client, attendee) == PUBLIC | OWN

    turn_off(attendee.event)

    assert where_it_is(client, attendee) == set()


def test_who_gave_the_place_back_has_the_link_no_longer(client, attendee):
    place.cancel(attendee)

    assert where_it_is(client, attendee) == set()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_and_entries_say_from_when_the_link_is_shown(client, attendee, language):
    event = attendee.event
    event.online_link_hours = 2
    event.save()
    own = personal_url(attendee).replace("/en/", f"/{language}/")
    public = event.get_absolute_url().replace("/en/", f"/{language}/")
    words = {
        "en": ("The link to join is shown here from", "Confirmed attendees find the link"),
        "zh-hans": ("线上参会链接将于", "起在个人页面中查看线上参会链接"),
    }[language]

    personal_page, page = client.get(own).text, client.get(public).text

    assert words[0] in personal_page
    assert words[1] in page
    assert "7:00" in personal_page


def test_entry_of_an_attendee_says_from_when_the_link_is_shown(attendee):
    attendee.event.online_link_hours = 2

    entry = entry_of(attendee, method="REQUEST").decode().replace("\r\n ", "")

    assert "The link to join online is on your personal page from" in entry
    assert "meet.example" not in entry


def own_screen(client, attendee) -> str:
    session = client.session
    session["registered-here"] = [attendee.ticket]
    session.save()
    return client.get(reverse("registered", args=[attendee.event.slug])).text


def test_own_screen_shows_the_link_to_who_is_confirmed(client, attendee, time_machine):
    event = attendee.event
    event.online_link_hours = 2
    event.save()

    time_machine.move_to(event.starts_at - 3 * HOUR)
    before = own_screen(client, attendee)
    time_machine.move_to(event.starts_at - HOUR)
    after = own_screen(client, attendee)

    assert "The link to join is shown here from" in before
    assert "meet.example.org" not in before
    assert "meet.example.org" in after
