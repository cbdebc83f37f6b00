"""Every figure of a report agrees with the list that it leads to."""

import datetime as dt
import re
from html import unescape

import pytest
from django.urls import reverse

from projects.models import FollowUp
from projects.report import queries
from projects.report.figures.attendance import attendance_rate
from projects.report.figures.register import conversion_rate
from projects.report.layout import BREAKDOWNS, FIGURES
from projects.report.selection import UnknownFigure, select
from projects.report.subject import Subject, UnknownSubject
from registrations.models import Registration
from tests import factories

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a href="([^"]*\?figure=[^"]+)">([\d,]+)</a>')


def links(page):
    """Return (address, number) of every figure and row that a page leads on from."""
    found = LINK.findall(page.text)
    return [(unescape(address), int(number.replace(",", ""))) for address, number in found]


def names(found):
    return {address.split("figure=")[1].split("&")[0] for address, _number in found}


def told(subject):
    """The name of every figure, and of every row that is not empty."""
    read = queries.read(subject)
    rows = {
        f"{key}:{row.value}"
        for key in BREAKDOWNS
        for row in read.rows[key]
        if row.number or key == "signing_periods"
    }
    parts = {
        f"signing_periods:{part.value}"
        for period in read.rows["signing_periods"]
        for part in period.parts
        if part.number
    }
    return set(read.numbers) | rows | parts


@pytest.mark.parametrize("kind", ["series", "event"])
def test_every_number_is_the_count_of_the_list_behind_it(organizer, world, kind):
    subject = world.series if kind == "series" else world.held
    subject = Subject(subject)
    address = reverse(f"admin:report_{kind}", args=[subject.slug])
    counts = {}

    for language in ("en", "zh-hans"):
        found = links(organizer.get(f"{address}?language={language}"))

        assert names(found) == told(subject)
        for url, _number in found:
            if url not in counts:
                counts[url] = organizer.get(url).context["cl"].result_count
        assert {url: number for url, number in found if counts[url] != number} == {}


def test_world_has_something_of_everything(world):
    read = queries.read(Subject(world.series))

    assert [key for key, number in read.numbers.items() if not number] == []
    assert set(read.numbers) == set(FIGURES)
    few = [key for key, rows in read.rows.items() if sum(bool(r.number) for r in rows) < 2]
    # A series has no days of its own: ``test_arrival_days.py``.
    assert few == ["arrival_days"]


def test_figures_of_a_series_are_these(world):
    read = queries.read(Subject(world.series))

    assert read.numbers == {
        **{"events": 2, "events_held": 1, "events_ahead": 1},
        **{"events_postponed": 1, "events_cancelled": 1, "events_draft": 1},
        **{"sessions": 8, "experts": 5, "organizations": 2, "experts_recommending": 4},
        **{"projects": 6, "offers": 5, "requests": 1, "recommendations": 16},
        **{"projects_named": 4, "projects_signed": 3, "projects_converted": 1},
        **{"registrations": 19, "only_invited": 2, "confirmed": 11},
        **{"confirmed_online": 1, "expected": 5, "arrived": 3},
        **{"drafts": 4, "abandoned": 1, "voided": 1, "signed": 9, "signed_public": 7},
        **{"signed_confidential": 2, "without_amount": 3},
        **{"follow_ups": 29, "follow_ups_done": 2, "follow_ups_earlier": 1},
        **{"follow_ups_overdue": 15},
        **{"follow_ups_upcoming": 2, "follow_ups_void": 9},
        **{"standing": 4, "converted": 2, "lapsed": 2, "terminated": 1},
    }
    assert attendance_rate.of(read.numbers) == 60.0


def test_people_online_at_a_hybrid_event_are_not_expected_at_its_door(world):
    type(world.held).objects.filter(pk=world.held.pk).update(format="hybrid")
    before = queries.read(Subject(world.series)).numbers
    absent = world.held.registrations.filter(status="confirmed").not_arrived().first()
    type(absent).objects.filter(pk=absent.pk).update(chose_online=True)

    after = queries.read(Subject(world.series)).numbers

    changed = {key: after[key] - before[key] for key in after if after[key] != before[key]}
    assert changed == {"confirmed_online": 1, "expected": -1}


def test_money_is_added_for_each_currency_by_itself(world):
    read = queries.read(Subject(world.series))

    assert sums(read.rows["intended_amounts"]) == [
        ("CHF", 2, "14.00"),
        ("CNY", 2, "1000000.30"),
        ("EUR", 1, "77.00"),
        ("GBP", 1, "5.00"),
    ]
    assert sums(read.rows["contracted_amounts"]) == [("CNY", 1, "0.30"), ("GBP", 1, "250000.00")]


def sums(rows):
    return [(row.value, row.number, str(row.amount)) for row in rows]


def test_sum_of_money_is_that_of_the_list_behind_it(world):
    subject = Subject(world.series)

    for key in ("intended_amounts", "contracted_amounts"):
        breakdown = BREAKDOWNS[key]
        for row in queries.read(subject).rows[key]:
            listed = breakdown.rows(subject, row.value).values_list(breakdown.field, flat=True)
            assert sum(listed) == row.amount


@pytest.mark.parametrize("kind", ["series", "event"])
def test_parts_make_up_the_whole(world, kind):
    subject = Subject(world.series if kind == "series" else world.held)
    read = queries.read(subject)
    numbers = read.numbers

    def total(key):
        return sum(row.number for row in read.rows[key])

    ends = ("standing", "converted", "lapsed", "terminated")
    follow_ups = ("done", "earlier", "overdue", "upcoming", "void")
    assert numbers["signed"] == sum(numbers[key] for key in ends) == total("signing_periods")
    assert numbers["signed"] == numbers["signed_public"] + numbers["signed_confidential"]
    assert numbers["signed"] == numbers["without_amount"] + total("intended_amounts")
    assert numbers["follow_ups"] == sum(numbers[f"follow_ups_{key}"] for key in follow_ups)
    assert numbers["projects"] == numbers["offers"] + numbers["requests"] == total("maturity")
    assert numbers["sessions"] == total("session_kinds")
    assert numbers["experts"] == total("expert_countries")
    assert numbers["registrations"] == total("registration_statuses")
    rows = Registration.objects.filter(subject.events("event"))
    # A possible duplicate is a person who counts already.
    on_record = rows.exclude(status="double").count()
    assert rows.filter(status="double").exists()
    assert numbers["registrations"] + numbers["only_invited"] == on_record
    assert numbers["confirmed"] == total("registration_categories")
    assert numbers["follow_ups_done"] == total("follow_up_outcomes")


def test_figures_of_each_event_are_those_of_its_own_report(world):
    for line in queries.read(Subject(world.series)).events:
        own = queries.read(Subject(line.event)).numbers

        assert line.numbers == {key: own[key] for key in line.numbers}


def test_follow_ups_are_overdue_where_the_desk_says_so(world):
    of_series = FollowUp.objects.filter(intention__event__series=world.series)

    numbers = queries.read(Subject(world.series)).numbers

    assert numbers["follow_ups_overdue"] == of_series.overdue().count()
    assert numbers["follow_ups_upcoming"] == of_series.upcoming(days=100_000).count()


def test_experts_count_at_the_organizations_where_they_were_then():
    series = factories.series()
    first = factories.event(series=series)
    # The day is that of the event's own zone: in UTC, this is the day before.
    second = factories.event(
        series=series,
        time_zone="Pacific/Auckland",
        starts_at=factories.at(4, day=dt.date(2022, 5, 2)),
        ends_at=factories.at(12, day=dt.date(2022, 5, 2)),
    )
    at_both, at_second = factories.expert(), factories.expert()
    for event, expert in ((first, at_both), (second, at_both), (second, at_second)):
        hours = {"starts_at": event.starts_at, "ends_at": event.ends_at}
        session = factories.session(event=event, **hours)
        factories.appearance(session=session, expert=expert)
    old, new, later, past = (factories.organization() for _number in range(4))
    for expert, place, days in (
        (at_both, old, {"ends_on": dt.date(2022, 5, 1)}),
        (at_both, new, {"starts_on": dt.date(2022, 5, 2)}),
        (at_second, new, {}),
        (at_second, old, {"ends_on": dt.date(2021, 1, 1)}),
        (at_both, later, {"starts_on": dt.date(2022, 5, 3)}),
        (at_both, past, {"ends_on": dt.date(2020, 10, 28)}),
    ):
        factories.affiliation(expert=expert, organization=place, is_primary=False, **days)

    def places(subject):
        read = queries.read(subject)
        rows = read.rows["expert_organizations"]
        listed = {
            row.value: select(subject, f"expert_organizations:{row.value}").rows.count()
            for row in rows
        }
        assert listed == {row.value: row.number for row in rows}
        assert read.numbers["organizations"] == len(rows)
        return listed

    assert places(Subject(first)) == {old.slug: 1}
    assert places(Subject(second)) == {new.slug: 2}
    assert places(Subject(series)) == {old.slug: 1, new.slug: 2}
    # Nobody of the subject was there then, whoever is there now.
    assert not select(Subject(series), f"expert_organizations:{later.slug}").rows.exists()


def test_attendance_is_not_told_where_nobody_recorded_it(world):
    numbers = queries.read(Subject(world.ahead)).numbers

    assert (numbers["confirmed"], numbers["expected"], numbers["arrived"]) == (2, 0, 0)
    assert attendance_rate.of(numbers) is None


def test_empty_scope_reads_as_nothing():
    read = queries.read(Subject(factories.series()))

    assert set(read.numbers.values()) == {0}
    assert read.events == []


@pytest.mark.parametrize(
    "name",
    [
        *("", "nothing", "signed:", "signed:draft", "sectors", "sectors:no-such"),
        *("session_kinds:", "session_kinds:party", "maturity:10", "maturity:x"),
        *("expert_countries:XX", "expert_countries:gb", "expert_organizations:"),
        *("intended_amounts:", "intended_amounts:XYZ", "signing_periods:2023-Q5"),
        *("signing_periods:", "signing_periods:9999", "signing_periods:2023:draft"),
        *("signing_periods:٢٠٢٣", "attendance_rate"),
    ],
)
def test_name_that_is_no_figure_is_refused(name):
    subject = Subject(factories.series())

    with pytest.raises(UnknownFigure):
        select(subject, name)


def test_figures_of_a_series_are_none_of_an_event():
    with pytest.raises(UnknownFigure):
        select(Subject(factories.event()), "events_held")


@pytest.mark.parametrize("name", ["", "series", "series:", "series:nowhere", "expert:x"])
@pytest.mark.django_db
def test_scope_that_is_not_there_is_refused(organizer, name):
    with pytest.raises(UnknownSubject):
        Subject.parse(name, organizer.user)


def test_every_figure_has_a_definition_of_one_sentence():
    told = [*FIGURES.values(), *BREAKDOWNS.values(), attendance_rate, conversion_rate]

    for each in told:
        assert str(each.definition).endswith(".")
        assert ". " not in str(each.definition).replace("1 to 9.", "")
