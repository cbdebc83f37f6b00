import datetime as dt

import pytest

from events.models import Affiliation
from events.models.period import first_overlap, holding_on
from tests import factories


def day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def period(first: str = "", last: str = "") -> Affiliation:
    return Affiliation(starts_on=day(first), ends_on=day(last))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        ("", "", True),
        ("2020-10-29", "", True),
        ("", "2020-10-29", True),
        ("2020-10-29", "2020-10-29", True),
        ("2020-10-30", "", False),
        ("", "2020-10-28", False),
    ],
)
def test_both_ends_of_a_period_belong_to_it(first, last, holds):
    row = factories.affiliation(starts_on=day(first), ends_on=day(last))

    assert row.holds_on(factories.DAY) is holds
    assert Affiliation.objects.filter(holding_on(factories.DAY)).exists() is holds


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ("2018-01-01", "2020-12-31", "2018–2020"),
        ("2020-01-01", "2020-12-31", "2020"),
        ("", "2020-12-31", "until 2020"),
        ("2018-01-01", "", "since 2018"),
        ("", "", ""),
    ],
)
def test_years_of_a_period(first, last, years):
    assert period(first, last).years == years


@pytest.mark.parametrize(
    ("periods", "second"),
    [
        ([("", "2019-12-31"), ("2020-01-01", "")], None),
        ([("2020-01-01", ""), ("", "2020-01-01")], 0),
        ([("", ""), ("", "")], 1),
        ([("2010-01-01", "2020-01-01"), ("2012-01-01", "2012-02-01"), ("2021-01-01", "")], 1),
        ([("", "2019-12-31")], None),
        ([], None),
    ],
)
def test_what_overlaps_is_found(periods, second):
    rows = [period(*each) for each in periods]

    found = first_overlap(rows)

    assert found is (None if second is None else rows[second])
