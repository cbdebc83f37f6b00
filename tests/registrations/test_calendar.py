import datetime as dt

import pytest
from icalendar import Calendar

from tests import factories

pytestmark = pytest.mark.django_db

PUBLISHED = dt.datetime(2020, 9, 1, 8, tzinfo=dt.UTC)


def entry(client, event, language: str = "en"):
    response = client.get(f"/{language}/events/{event.slug}/calendar.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{event.slug}.ics"'
    calendar = Calendar.from_ical(response.content)
    return calendar.walk("VEVENT")[0]


def test_event_is_a_calendar_entry_in_utc(client):
    event = factories.event(
        title_en="Summit; with, signs",
        title_zh_hans="峰会",
        venue_zh_hans="会议中心",
        city_zh_hans="石家庄",
        published_at=PUBLISHED,
    )

    event.history.update(history_date=PUBLISHED)

    found = entry(client, event, "zh-hans")

    assert found["SUMMARY"] == "峰会"
    assert found["SUMMARY"].params["LANGUAGE"] == "zh-Hans"
    assert found["DTSTART"].to_ical() == b"20201029T010000Z"
    assert found["DTEND"].to_ical() == b"20201029T090000Z"
    assert found["DTSTAMP"].to_ical() == b"20200901T080000Z"
    assert found["LOCATION"] == "会议中心，石家庄"
    assert found["STATUS"] == "CONFIRMED"
    assert found["URL"] == f"http://testserver/zh-hans/events/{event.slug}/"


def test_entry_stays_the_same_one_when_the_address_changes(client):
    event = factories.event()
    before = entry(client, event)["UID"]
    event.slug = "another"
    event.save()

    assert entry(client, event)["UID"] == before
    assert entry(client, event, "zh-hans")["UID"] == before


def test_cancelled_event_is_cancelled_in_calendars(client):
    cancelled_at = dt.datetime(2020, 10, 1, tzinfo=dt.UTC)
    event = factories.event(status="cancelled", published_at=PUBLISHED, cancelled_at=cancelled_at)
    event.history.update(history_date=PUBLISHED)

    found = entry(client, event)

    assert found["STATUS"] == "CANCELLED"
    assert found["DTSTAMP"].dt == cancelled_at


def test_texts_cannot_break_out_of_their_line(client):
    event = factories.event(title_en="A\r\nSTATUS:CANCELLED", summary_en="x\r\nEND:VEVENT")

    assert entry(client, event)["STATUS"] == "CONFIRMED"
