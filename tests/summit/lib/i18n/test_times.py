import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from summit.lib.i18n.times import shift_days, validate_year, validate_zone
from tests import factories

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize("name", ["Asia/Shanghai", "Europe/London", "UTC"])
def test_an_iana_name_is_a_zone(name):
    validate_zone(name)


@pytest.mark.parametrize(
    "name", ["", "Beijing", "asia/shanghai", "localtime", "../etc/passwd", "UTC+8", "Asia/"]
)
def test_anything_else_is_refused(name):
    with pytest.raises(ValidationError, match="Use an IANA name such as Asia/Shanghai"):
        validate_zone(name)


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["time_zone", "second_time_zone"])
def test_an_event_in_an_unknown_zone_is_refused_at_the_field(field):
    with pytest.raises(ValidationError) as refusal:
        factories.event(**{field: "Mars/Olympus"})

    assert list(refusal.value.message_dict) == [field]


def moved(local, days):
    start = dt.datetime.fromisoformat(local).replace(tzinfo=LONDON)
    return shift_days(start, days, LONDON).astimezone(LONDON).isoformat()


def test_the_time_of_day_stays_across_the_end_of_summer_time():
    assert moved("2020-10-24T09:00", 1) == "2020-10-25T09:00:00+00:00"


def test_the_time_of_day_stays_across_the_start_of_summer_time():
    assert moved("2020-03-28T09:00", 1) == "2020-03-29T09:00:00+01:00"


def test_a_time_that_the_clocks_skip_becomes_the_hour_after():
    """At 01:00 on that night clocks go to 02:00."""
    assert moved("2020-03-28T01:30", 1) == "2020-03-29T02:30:00+01:00"


def test_the_result_is_in_utc():
    start = dt.datetime(2020, 10, 29, 9, tzinfo=ZoneInfo("Asia/Shanghai"))

    assert shift_days(start, -2, ZoneInfo("Asia/Shanghai")) == dt.datetime(
        2020, 10, 27, 1, tzinfo=dt.UTC
    )


@pytest.mark.parametrize("day", [dt.date(1900, 1, 1), dt.datetime(2999, 12, 31, 23, 59)])
def test_a_day_of_these_centuries_is_taken(day):
    validate_year(day)


@pytest.mark.parametrize("day", [dt.date.min, dt.date.max, dt.datetime.min, dt.date(3000, 1, 1)])
def test_a_day_without_neighbours_is_refused(day):
    with pytest.raises(ValidationError, match="between 1900 and 2999"):
        validate_year(day)
