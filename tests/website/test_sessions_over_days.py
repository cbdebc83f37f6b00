"""A session that passes midnight stands under each day that it covers, its end with its day."""

import datetime as dt
import re

import pytest
from django.utils.html import strip_tags

from desk.views.people import session_choices
from tests import factories
from tests.backoffice.posting import url
from tests.factories import SHANGHAI


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2027, 6, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def event(db):
    made = factories.event(starts_at=at(10, 9), ends_at=at(13, 17))
    for title, starts_at, ends_at in [
        ("Night dinner", at(10, 22), at(11, 0, 30)),
        ("Exhibition", at(11, 9), at(12, 12)),
        ("Workshop", at(11, 10), at(11, 12)),
        ("Last evening", at(12, 20), at(13, 0)),
    ]:
        factories.session(event=made, title_en=title, starts_at=starts_at, ends_at=ends_at)
    return made


def programme(client, event, language: str) -> list[tuple[str, list[str]]]:
    """Return each day of the programme with the times of its lines."""
    page = client.get(f"/{language}/events/{event.slug}/").text
    section = page.split('id="programme"')[1].split("</section>")[0]
    _before, *days = section.split('<h3 class="rail-day">')
    return [
        (
            strip_tags(day.split("</h3>")[0]),
            [strip_tags(each) for each in re.findall(r"<b>(.*?)</b>", day)],
        )
        for day in days
    ]


def test_english_programme_has_a_line_under_each_day(client, event):
    assert programme(client, event, "en") == [
        ("10 June 2027 (Thu)", ["22:00 – 11 June 00:30"]),
        (
            "11 June 2027 (Fri)",
            ["10 June 22:00 – 00:30", "09:00 – 12 June 12:00", "10:00–12:00"],
        ),
        ("12 June 2027 (Sat)", ["11 June 09:00 – 12:00", "20:00–24:00"]),
    ]


def test_chinese_programme_has_a_line_under_each_day(client, event):
    assert programme(client, event, "zh-hans") == [
        ("2027年6月10日（星期四）", ["22:00–次日 00:30"]),
        ("2027年6月11日（星期五）", ["6月10日 22:00–00:30", "09:00–次日 12:00", "10:00–12:00"]),
        ("2027年6月12日（星期六）", ["6月11日 09:00–12:00", "20:00–24:00"]),
    ]


def test_a_session_of_months_has_lines_for_its_first_days(client, db):
    event = factories.event(starts_at=at(10, 9), ends_at=at(10, 9) + dt.timedelta(days=365))
    factories.session(event=event, starts_at=event.starts_at, ends_at=event.ends_at)

    assert len(programme(client, event, "en")) == 60


def test_the_desk_and_the_admin_name_the_day_of_the_end(organizer, event):
    factories.registration_settings(event=event, takes_session_attendance=True)

    labels = [label for _slug, label in session_choices(event)]

    assert "10 June (Thu) 22:00 – 11 June 00:30 Night dinner" in labels
    assert 'value="2027-06-12"' in organizer.get(url(event, "programme")).text
