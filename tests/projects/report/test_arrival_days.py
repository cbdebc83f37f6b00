"""The report of an event of several days shows who came on each."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from projects.report import queries
from projects.report.breakdowns import UnknownRow
from projects.report.layout import BREAKDOWNS
from projects.report.selection import select
from projects.report.subject import Subject
from registrations.domain import check_in
from tests import factories

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def event(organizer):
    event = factories.registration_settings(event=factories.upcoming_event()).event
    people = [factories.registered(event) for _n in range(3)]
    event.starts_at, event.ends_at = factories.at(9), factories.at(17) + 2 * DAY
    event.save()
    for person, days in zip(people, [(0, 1), (1,), ()], strict=True):
        for day in days:
            moment = factories.at(9) + day * DAY
            check_in.check_in(person, by=organizer.user, tapped_at=moment)
    return event


def rows(event):
    read = queries.read(Subject(event))
    assert read.numbers["arrived"] == 2
    return [(row.value, row.number) for row in read.rows["arrival_days"]]


def test_each_day_counts_who_came_and_leads_to_them(event, organizer):
    days = [str(factories.DAY + n * DAY) for n in range(3)]

    assert rows(event) == [(days[0], 1), (days[1], 2), (days[2], 0)]
    for day, number in rows(event):
        assert select(Subject(event), f"arrival_days:{day}").rows.count() == number
    page = organizer.get(reverse("admin:report_event", args=[event.slug]))
    assert re.search(r"29 October 2020 \(Thu\)", page.text)


def test_an_event_of_one_day_and_a_series_have_no_such_table(event):
    event.ends_at = event.starts_at + dt.timedelta(hours=8)
    event.series = factories.series()
    event.save()

    assert rows(event) == []
    assert queries.read(Subject(event.series)).rows["arrival_days"] == []


@pytest.mark.parametrize("value", ["", "x", "2020-13-01"])
def test_what_is_no_day_is_no_row(event, value):
    with pytest.raises(UnknownRow):
        BREAKDOWNS["arrival_days"].where(Subject(event), value)
