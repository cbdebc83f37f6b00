"""Times below a heading that names a day, and in tables of staff."""

import datetime as dt

import pytest

from summit.lib.i18n import clock
from tests.summit.lib.i18n.test_clock import at, in_both, span

DINNER = span(at(2027, 6, 10, 22), at(2027, 6, 11, 0, 30))
TO_MIDNIGHT = span(at(2027, 6, 10, 22), at(2027, 6, 11))
EXHIBITION = span(at(2027, 6, 11, 9), at(2027, 6, 12, 12))
FAIR = span(at(2027, 12, 30, 9), at(2028, 1, 1, 12))


@pytest.mark.parametrize(
    ("shown", "on", "words"),
    [
        (TO_MIDNIGHT, None, ["22:00–24:00", "22:00–24:00"]),
        (DINNER, None, ["22:00 – 11 June 00:30", "22:00–次日 00:30"]),
        (DINNER, dt.date(2027, 6, 11), ["10 June 22:00 – 00:30", "6月10日 22:00–00:30"]),
        (EXHIBITION, None, ["09:00 – 12 June 12:00", "09:00–次日 12:00"]),
        (FAIR, None, ["09:00 – 1 January 12:00", "09:00–1月1日 12:00"]),
        (
            FAIR,
            dt.date(2027, 12, 31),
            ["30 December 09:00 – 1 January 12:00", "12月30日 09:00–次日 12:00"],
        ),
        (FAIR, dt.date(2028, 1, 1), ["30 December 09:00 – 12:00", "12月30日 09:00–12:00"]),
    ],
)
def test_what_is_on_another_day_than_the_heading_bears_it(shown, on, words):
    assert in_both(clock.times, shown, on) == words


@pytest.mark.parametrize(
    ("shown", "days"), [(TO_MIDNIGHT, 1), (DINNER, 2), (EXHIBITION, 2), (FAIR, 3)]
)
def test_a_span_has_every_day_of_which_a_moment_is_in_it(shown, days):
    assert len(shown.days) == days


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (TO_MIDNIGHT, "2027-06-10 22:00–24:00"),
        (DINNER, "2027-06-10 22:00–2027-06-11 00:30"),
    ],
)
def test_staff_read_the_day_of_the_end_where_it_differs(shown, text):
    assert clock.iso_times(shown) == text
