"""Days and times as programmes of bureaus write them: 5月20日（周四）, 上午9:00—9:30, 2:00 pm."""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.utils.translation import gettext as _

from backoffice.kit.importing.columns import WEEKDAY, Day, chinese_number, month_named

_EARLY = ("上午", "早上", "早晨", "清晨", "凌晨", "早", "am", "a.m.")
_LATE = ("下午", "午后", "傍晚", "晚上", "晚间", "中午", "晚", "pm", "p.m.")
_HALF = "|".join(map(re.escape, sorted((*_EARLY, *_LATE), key=len, reverse=True)))
_MINUTES = {"半": 30, "一刻": 15, "三刻": 45, "整": 0}
_DATE = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}月\d{1,2}[日号]"
_CLOCK = (
    rf"(?:{_HALF})?\s*(?:\d{{1,2}}\s*(?:[:.]|点钟?|时|h)\s*(?:\d{{2}}|半|一刻|三刻|整)?\s*分?(?::\d{{2}})?"
    rf"|\d{{4}}|\d{{1,2}})\s*(?:am|pm|a\.m\.|p\.m\.)?"
)
_MOMENT = rf"(?:(?P<day{{0}}>{_DATE})\s*(?:\([^)]*\))?\s*)?(?P<time{{0}}>{_CLOCK})"
_TO = r"\s*(?:-+|~+|至|到|to|until|till|→)\s*"
_SPAN = re.compile(_MOMENT.replace("{0}", "1") + _TO + _MOMENT.replace("{0}", "2"))
_ONE = re.compile(_MOMENT.replace("{0}", "1"))
_PARTS = re.compile(
    rf"(?P<half>{_HALF})?\s*(?:(?P<h>\d{{1,2}})\s*(?:(?:[:.]|点钟?|时|h)\s*(?P<m>\d{{2}}|半|一刻|三刻|整)?"
    rf"\s*分?(?::\d{{2}})?)?|(?P<hm>\d{{4}}))\s*(?P<half2>am|pm|a\.m\.|p\.m\.)?"
)
_DAY_WITHOUT_YEAR = (
    re.compile(r"(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?"),
    re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[ .-]*(?P<name>[a-z]{3,9})\.?"),
    re.compile(r"(?P<name>[a-z]{3,9})[ .-]*(?P<d>\d{1,2})(?:st|nd|rd|th)?"),
)
_TWO_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})")
_DAY_OF_MONTH = re.compile(r"(\d{1,2})[日号]")
_NTH = re.compile(r"(?:第([一二三四五六七八九十\d]+)[天日])|(?:day\s*(\d+))")
_HALF_OF_DAY = re.compile(rf"\s*(?P<half>{_HALF}|全天)\Z")
_REMARK = re.compile(r"\s*\([^()]*\)\Z")
_SUFFIXES = ("pm", "p.m.")
# What is longer names no day and no time, and would be looked through again and again.
_LONGEST = 200
# A session that seems to end before it starts, but this early, ends on the next day.
_NIGHT_ENDS = 6


@dataclass(frozen=True)
class Written:
    """A day, a half of which may be named with it."""

    day: dt.date
    half: str = ""


def _bounded(text: str) -> str:
    return text if len(text) <= _LONGEST else ""


def plain(text: str) -> str:
    """Return a text with ASCII signs, in small letters, without gaps at its ends."""
    text = unicodedata.normalize("NFKC", text).casefold().strip()
    return re.sub("[‐‑‒–—―−－〜∼─]", "-", text)


def read_day(text: str, among: Sequence[dt.date]) -> Written:
    """Return the day that a text names; one without a year is sought ``among`` days.

    Raises ``ValueError`` with what to write.
    """
    bare = plain(_bounded(text))
    half = ""
    if found := _HALF_OF_DAY.search(bare):
        half, bare = found["half"], bare[: found.start()]
    bare = WEEKDAY.sub("", bare).strip(" ,.()")
    with suppress(ValueError):
        return Written(Day().clean(bare), half)
    with suppress(ValueError, IndexError, KeyError):
        if (day := _without_year(bare, among)) is not None:
            return Written(day, half)
    raise ValueError(
        _("“%(value)s” is not a day. Write it as %(example)s.")
        % {
            "value": text.strip()[:_LONGEST],
            "example": (among[0] if among else dt.date(2027, 5, 20)).isoformat(),
        }
    )


def _without_year(text: str, among: Sequence[dt.date]) -> dt.date | None:
    if not among:
        return None
    if nth := _NTH.fullmatch(text):
        number = nth[1] or nth[2]
        return among[(int(number) if number.isdigit() else chinese_number(number)) - 1]
    if day := _DAY_OF_MONTH.fullmatch(text):
        found = [each for each in among if each.day == int(day[1])]
        return found[0] if len(found) == 1 else None
    if numbers := _TWO_NUMBERS.fullmatch(text):
        first, second = int(numbers[1]), int(numbers[2])
        either = {(first, second), (second, first)}
        found = [each for each in among if (each.month, each.day) in either]
        if len(found) == 1:
            return found[0]
        return dt.date(among[0].year, first, second)
    for pattern in _DAY_WITHOUT_YEAR:
        if match := pattern.fullmatch(text):
            given = match.groupdict()
            month = int(given["m"]) if given.get("m") else month_named(given["name"])
            if month is None:
                continue
            same = [each for each in among if (each.month, each.day) == (month, int(given["d"]))]
            return same[0] if same else dt.date(among[0].year, month, int(given["d"]))
    return None


@dataclass(frozen=True)
class Hours:
    """From when to when, in minutes of the day, each perhaps of a day that is named with it."""

    start: int
    end: int | None = None
    first_day: str = ""
    last_day: str = ""


def read_hours(text: str, *, half: str = "") -> Hours:
    """Return the times that a text names. ``half`` is that of the day, where it is named there.

    Raises ``ValueError`` with what to write.
    """
    bare = _REMARK.sub("", plain(_bounded(text)))
    if span := _SPAN.fullmatch(bare):
        start, half1 = _minutes(span["time1"], half)
        end, half2 = _minutes(span["time2"], "")
        is_late = half1 in _LATE
        last_day = span["day2"] or ""
        if not half2 and not last_day and end < 12 * 60 and (is_late or end <= start):
            # 下午2:00—3:30 and 11:00—1:30: the half is said once.
            later = end + 12 * 60
            if later > start and (is_late or (start < 13 * 60 and end < 7 * 60)):
                end = later
        elif half2 in _SUFFIXES and not half1 and start + 12 * 60 < end:
            # 2:00—3:30 pm.
            start += 12 * 60
        if end == 0 and not last_day:
            end = 24 * 60
        return Hours(start, end, span["day1"] or "", last_day)
    if one := _ONE.fullmatch(bare):
        return Hours(_minutes(one["time1"], half)[0], None, one["day1"] or "")
    raise ValueError(
        _("“%(value)s” is not a time. Write it as 09:00-09:30.")
        % {"value": text.strip()[:_LONGEST]}
    )


def _minutes(text: str, half: str) -> tuple[int, str]:
    """Return the minutes of the day, and in which half they were said to be."""
    found = _PARTS.fullmatch(text.strip())
    if found is None:
        raise ValueError(_("“%(value)s” is not a time. Write it as 09:30.") % {"value": text})
    said = found["half"] or found["half2"] or half
    if found["hm"]:
        hours, minutes = int(found["hm"][:2]), int(found["hm"][2:])
    else:
        hours = int(found["h"])
        part = found["m"] or "0"
        minutes = _MINUTES[part] if part in _MINUTES else int(part)
    if hours > 24 or minutes > 59 or (hours == 24 and minutes):
        raise ValueError(_("“%(value)s” is not a time. Write it as 09:30.") % {"value": text})
    if said in _LATE and hours < 12 and not (said == "中午" and hours > 9):
        hours += 12
    elif said in ("am", "a.m.", "凌晨") and hours == 12:
        hours = 0
    return hours * 60 + minutes, said


def ends_next_day(start: int, end: int) -> bool:
    """Whether a session that ends at an earlier time than it starts ends in the night after."""
    return end <= start and end < _NIGHT_ENDS * 60
