"""A session as a calendar entry of its own."""

import datetime as dt

import pytest
from django.urls import reverse
from icalendar import Calendar

from events.domain import event as events
from events.domain import postponement
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    event = factories.upcoming_event(
        title_en="Summit", title_zh_hans="峰会", venue_en="Hall", venue_zh_hans="会堂"
    )
    return factories.session(
        event=event,
        title_en="Opening",
        title_zh_hans="开幕",
        starts_at=event.starts_at,
        ends_at=event.starts_at + dt.timedelta(hours=1),
        room_en="Room 1",
        room_zh_hans="一号厅",
    )


def address(session):
    return reverse("session-calendar", args=[session.event.slug, session.slug])


def entry(client, session):
    response = client.get(address(session))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content).walk("VEVENT")[0]


def test_entry_is_that_of_the_session_and_names_its_event(client, session):
    found = entry(client, session)

    assert found["SUMMARY"] == "Opening"
    assert found["DESCRIPTION"] == "Summit"
    times = [moment.replace(microsecond=0) for moment in (session.starts_at, session.ends_at)]
    assert [found["DTSTART"].dt, found["DTEND"].dt] == times
    assert found["LOCATION"].startswith("Room 1, Hall")
    assert found["URL"].endswith(session.get_absolute_url())
    assert found["STATUS"] == "CONFIRMED"
    assert found["UID"] != entry(client, factories.session(event=session.event))["UID"]


def test_chinese_entry_is_in_chinese(client, session):
    found = Calendar.from_ical(
        client.get(address(session).replace("/en/", "/zh-hans/")).content
    ).walk("VEVENT")[0]

    assert (found["SUMMARY"], found["DESCRIPTION"]) == ("开幕", "峰会")
    assert found["SUMMARY"].params["LANGUAGE"] == "zh-Hans"


def test_session_at_another_place_is_not_at_the_venue(client, session):
    session.place_en = session.place_zh_hans = "The works"
    session.room_en = session.room_zh_hans = ""
    session.save()

    assert entry(client, session)["LOCATION"] == "The works"


def test_entry_that_is_moved_or_called_off_takes_the_place_of_the_one_before(client, session):
    found = [entry(client, session)]
    session.starts_at += dt.timedelta(minutes=10)
    session.save()
    found.append(entry(client, session))
    postponement.postpone(session.event)
    found.append(entry(client, session))
    events.cancel(session.event)
    found.append(entry(client, session))

    assert [each["STATUS"] for each in found] == ["CONFIRMED"] * 2 + ["CANCELLED"] * 2
    numbers = [each["SEQUENCE"] for each in found]
    assert numbers == sorted(set(numbers))
    assert len({each["UID"] for each in found}) == 1
    assert found[2]["SUMMARY"] == "Postponed: Opening"


def test_link_to_join_is_in_the_entry_only_if_everybody_may_have_it(client, session):
    session.event.online_link = "https://meet.example.org/x"
    session.event.online_link_for = "confirmed"
    session.event.save()
    assert "meet.example.org" not in client.get(address(session)).text
    session.event.online_link_for = "everybody"
    session.event.save()

    assert "meet.example.org" in client.get(address(session)).text


def test_page_of_a_session_to_come_leads_to_its_entry(client, session):
    page = client.get(session.get_absolute_url()).text
    over = client.get(factories.session(event=factories.event()).get_absolute_url()).text

    assert f'href="{address(session)}"' in page
    assert "calendar.ics" not in over


def test_sessions_of_a_draft_have_no_entry_for_strangers(client, organizer, session):
    type(session.event).objects.update(status="draft")

    assert client.get(address(session)).status_code == 404
    assert organizer.get(address(session)).status_code == 200


def test_session_of_another_event_has_no_entry_here(client, session):
    other = factories.session(slug="elsewhere")

    missing = reverse("session-calendar", args=[session.event.slug, other.slug])

    assert client.get(missing).status_code == 404
