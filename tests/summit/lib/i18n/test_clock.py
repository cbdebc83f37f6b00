import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from summit.lib.i18n import clock
from summit.lib.i18n.clock import Span
from summit.lib.i18n.languages import CONTENT_LANGUAGES

SHANGHAI, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London")
NEW_YORK, KATHMANDU = ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu")


def at(*parts: int, zone: ZoneInfo = SHANGHAI) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=zone)


def span(start: dt.datetime, end: dt.datetime, zone: ZoneInfo = SHANGHAI) -> Span:
    return Span.of(start, end, zone)


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def in_both(function, *arguments) -> list[str]:
    spoken = []
    for language in CONTENT_LANGUAGES:
        with translation.override(language):
            spoken.append(plain(function(*arguments)))
    return spoken


MORNING = span(at(2020, 10, 29, 9), at(2020, 10, 29, 12))


def test_a_morning_reads_as_each_language_writes_it():
    assert in_both(clock.in_zone, MORNING, SHANGHAI) == [
        "29 October 2020 (Thu) 09:00–12:00 China time",
        "2020年10月29日（星期四）09:00–12:00（北京时间）",
    ]


def test_a_second_zone_on_the_same_day_needs_no_day():
    assert in_both(clock.in_second_zone, MORNING, LONDON) == [
        "01:00–04:00 in London",
        "伦敦 01:00–04:00",
    ]


def test_a_second_zone_on_another_day_says_so():
    # Still summer time in New York: twelve hours behind.
    assert in_both(clock.in_second_zone, MORNING, NEW_YORK) == [
        "28 October (Wed) 21:00–24:00 in New York",
        "纽约 10月28日（星期三）21:00–24:00",
    ]


def test_a_second_zone_in_which_midnight_passes_names_both_days():
    evening = span(at(2020, 10, 29, 11), at(2020, 10, 29, 13))

    assert in_both(clock.in_second_zone, evening, NEW_YORK) == [
        "28 October (Wed) 23:00 – 29 October (Thu) 01:00 in New York",
        "纽约 10月28日（星期三）23:00至10月29日（星期四）01:00",
    ]


def test_several_days_name_the_first_and_the_last():
    summit = span(at(2020, 10, 29, 9), at(2020, 10, 31, 17))

    assert in_both(clock.in_zone, summit, SHANGHAI) == [
        "29 October 2020 (Thu) 09:00 – 31 October (Sat) 17:00 China time",
        "2020年10月29日（星期四）09:00至10月31日（星期六）17:00（北京时间）",
    ]


def test_the_year_stands_twice_where_it_turns():
    night = span(at(2020, 12, 31, 22), at(2021, 1, 1, 2))

    assert in_both(clock.full, night) == [
        "31 December 2020 (Thu) 22:00 – 1 January 2021 (Fri) 02:00",
        "2020年12月31日（星期四）22:00至2021年1月1日（星期五）02:00",
    ]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((2020, 10, 29, 9), (2020, 10, 29, 17), ["29 October 2020", "2020年10月29日"]),
        ((2020, 10, 29, 9), (2020, 10, 31, 17), ["29–31 October 2020", "2020年10月29–31日"]),
        (
            (2020, 10, 30, 9),
            (2020, 11, 2, 17),
            ["30 October – 2 November 2020", "2020年10月30日–11月2日"],
        ),
        (
            (2020, 12, 31, 9),
            (2021, 1, 1, 17),
            ["31 December 2020 – 1 January 2021", "2020年12月31日–2021年1月1日"],
        ),
        ((2020, 10, 29, 9), (2020, 10, 30, 0), ["29 October 2020", "2020年10月29日"]),
    ],
)
def test_days(start, end, expected):
    assert in_both(clock.days, span(at(*start), at(*end))) == expected


def test_what_ends_at_midnight_ends_on_its_own_day():
    assert in_both(clock.full, span(at(2020, 10, 29, 20), at(2020, 10, 30, 0)))[0] == (
        "29 October 2020 (Thu) 20:00–24:00"
    )


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Shanghai", ["China time", "北京时间"]),
        ("Europe/London", ["London time", "伦敦时间"]),
        ("America/Sao_Paulo", ["São Paulo time", "圣保罗时间"]),
        ("UTC", ["UTC", "协调世界时"]),
        ("Asia/Kathmandu", ["Kathmandu time (UTC+5:45)", "Kathmandu时间，UTC+5:45"]),
        ("America/St_Johns", ["St Johns time (UTC−2:30)", "St Johns时间，UTC−2:30"]),
    ],
)
def test_zones_have_names_and_uncommon_ones_their_offset(zone, expected):
    summer = at(2020, 7, 1)

    assert in_both(clock.zone_name, ZoneInfo(zone), summer) == expected


def test_every_named_zone_exists():
    for words in (clock.english, clock.chinese):
        for name in [*words.ZONES, *words.CITIES]:
            ZoneInfo(name)


def test_times_carry_their_moment_with_its_offset():
    assert clock.times(MORNING) == (
        '<span class="whole"><time datetime="2020-10-29T09:00+08:00">09:00</time>–'
        '<time datetime="2020-10-29T12:00+08:00">12:00</time></span>'
    )


def test_the_hour_that_summer_time_takes_away_is_not_counted():
    # On 29 March 2020 London went from 01:00 to 02:00.
    night = span(at(2020, 3, 29, 0, 30, zone=dt.UTC), at(2020, 3, 29, 1, 30, zone=dt.UTC), LONDON)

    assert plain(clock.times(night)) == "00:30–02:30"
