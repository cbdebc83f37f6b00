"""Dates and times in words, in the zone of the event and beside it in a second one.

The wording of each language stands in ``summit/formats``, next to Django's own
formats, because punctuation and order belong to the language and not to a sentence.

What comes as HTML is made of parts of class ``whole``, and of ``<time>`` elements: a day,
a time or range of times, the name of a zone. ``css/base.css`` breaks no line within one.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.html import conditional_escape, format_html, strip_tags
from django.utils.safestring import SafeString

from summit.lib.i18n.formats.en import formats as english
from summit.lib.i18n.formats.zh_Hans import formats as chinese
from summit.lib.i18n.languages import current

_WORDING = {"en": english, "zh-hans": chinese}


def wording() -> ModuleType:
    return _WORDING[current()]


@dataclass(frozen=True)
class Span:
    """A start and an end, on the wall clock of one zone."""

    start: dt.datetime
    end: dt.datetime

    @classmethod
    def of(cls, starts_at: dt.datetime, ends_at: dt.datetime, zone: ZoneInfo) -> "Span":
        return cls(starts_at.astimezone(zone), ends_at.astimezone(zone))

    @property
    def last_day(self) -> dt.date:
        """The last day of which a moment is in it; midnight at its end is of the day before."""
        return (self.end - dt.timedelta(microseconds=1)).date()

    @property
    def is_one_day(self) -> bool:
        """On one day, midnight at its end included."""
        return self.last_day == self.start.date()

    @property
    def days(self) -> list[dt.date]:
        """Every day of which a moment is in it."""
        first = self.start.date()
        return [first + dt.timedelta(days=n) for n in range((self.last_day - first).days + 1)]


def date(day: dt.date) -> str:
    """``29 October 2020``, ``2020年10月29日``."""
    return _worded(day, wording().DATE_FORMAT)


def day(day: dt.date) -> str:
    """``29 October 2020 (Thu)``, ``2020年10月29日（星期四）``."""
    return _worded(day, wording().DAY)


def days(span: Span) -> str:
    """``29 October 2020``, ``29–31 October 2020``; without times, for cards and lists."""
    return "".join(_days(span))


def days_tag(span: Span) -> SafeString:
    """Return the same as a ``<time>``, whose line may break before the second of two days."""
    parts = _days(span)
    if len(parts) == 1:
        return time_tag(span.start, parts[0])
    first, last = (part.strip() for part in parts)
    return time_tag(span.start, format_html(wording().BETWEEN_DAYS, first=first, last=last))


def _days(span: Span) -> list[str]:
    """Return the day, or days of one month, as one part, and two days as two parts."""
    first, last = span.start.date(), span.last_day
    if first == last:
        return [date(first)]
    words = wording()
    if first.year != last.year:
        formats = words.DAYS_ACROSS_YEARS
    elif first.month != last.month:
        formats = words.DAYS_IN_ONE_YEAR
    else:
        formats = words.DAYS_IN_ONE_MONTH
    parts = [_worded(first, formats[0]), _worded(last, formats[1])]
    return ["".join(parts)] if formats is words.DAYS_IN_ONE_MONTH else parts


@lru_cache(maxsize=1000)
def _worded(day: dt.date, pattern: str) -> str:
    # Each pattern belongs to one language, whose names of months and days it is given.
    return dateformat.format(day, pattern)


def zone_name(zone: ZoneInfo, at: dt.datetime) -> str:
    """``China time``, ``北京时间``; an uncommon zone by its city and its offset at that time."""
    words = wording()
    if zone.key in words.ZONES:
        return words.ZONES[zone.key]
    pattern = words.TIME_OF_CITY if zone.key in chinese.CITIES else words.TIME_BY_OFFSET
    return pattern.format(city=city_name(zone), offset=utc_offset(zone, at))


def city_name(zone: ZoneInfo) -> str:
    return wording().CITIES.get(zone.key) or zone.key.rpartition("/")[2].replace("_", " ")


def utc_offset(zone: ZoneInfo, at: dt.datetime) -> str:
    """``UTC+8``, ``UTC−3:30`` (with a true minus sign)."""
    minutes = int((at.astimezone(zone).utcoffset() or dt.timedelta()).total_seconds() // 60)
    sign = "−" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"


def time_tag(moment: dt.datetime, text: str) -> SafeString:
    # Not by format_html, which costs four times as much: a programme has hundreds of these.
    iso = moment.isoformat(timespec="minutes")
    return SafeString(f'<time datetime="{iso}">{conditional_escape(text)}</time>')


def hours(moment: dt.datetime) -> str:
    return f"{moment.hour:02}:{moment.minute:02}"


def times(span: Span, on: dt.date | None = None) -> SafeString:
    """``09:00–12:00`` as two ``<time>`` elements, below a day that is plain from elsewhere.

    That is ``on``, or the day of the start. What is on another day bears it:
    ``22:00 – 11 June 00:30``, ``22:00–次日 00:30``.
    """
    on = on or span.start.date()
    starts_on, ends_on = span.start.date(), _closing_day(span)
    first = _other_day(starts_on, on)
    # Two times on one day share it: the day is said once.
    last = "" if ends_on == starts_on else _other_day(ends_on, on)
    start = time_tag(span.start, first + hours(span.start))
    end = time_tag(span.end, last + _closing(span))
    if ends_on == starts_on or not (first or last):
        return SafeString(wording().TIMES.format(start=start, end=end))
    return format_html(wording().TIMES_ACROSS_DAYS, start=start, end=end)


def _other_day(day: dt.date, on: dt.date) -> str:
    """Return the day with a space behind it; nothing where it is the one it stands below."""
    if day == on:
        return ""
    words = wording()
    if day == on + dt.timedelta(days=1) and words.NEXT_DAY:
        return f"{words.NEXT_DAY} "
    return f"{_worded(day, words.MONTH_DAY_FORMAT)} "


def iso_times(span: Span) -> str:
    """``2027-06-10 22:00–2027-06-11 00:30`` for staff; the second day only where it differs."""
    last = "" if span.is_one_day else f"{span.end:%Y-%m-%d} "
    return f"{span.start:%Y-%m-%d %H:%M}–{last}{_closing(span)}"


def full(span: Span) -> SafeString:
    """``29 October 2020 (Thu) 09:00–12:00``, with both days where there are two."""
    words = wording()
    one_year = span.start.year == span.end.year
    last_format = words.DAY_WITHOUT_YEAR if one_year else words.DAY
    return _span(span, day(span.start.date()), last_format)


def in_zone(span: Span, zone: ZoneInfo) -> SafeString:
    """The day, the times and the name of their zone."""
    return format_html(wording().IN_ZONE, span=full(span), zone=zone_name(zone, span.start))


def moment(at: dt.datetime, zone: ZoneInfo) -> SafeString:
    """``29 October 2020 (Thu) 09:00 China time``, ``2020年10月29日（星期四）09:00（北京时间）``."""
    local = at.astimezone(zone)
    text = format_html(wording().AT_ONE_TIME, day=day(local.date()), time=hours(local))
    return format_html(wording().IN_ZONE, span=time_tag(local, text), zone=zone_name(zone, local))


def moment_in_words(at: dt.datetime, zone: ZoneInfo) -> str:
    """The same as plain text, for mails and messages."""
    return strip_tags(moment(at, zone))


def in_second_zone(span: Span, second: ZoneInfo) -> SafeString:
    """``01:00–04:00 in London``, with the day where it is another one there."""
    there = Span.of(span.start, span.end, second)
    if there.start.date() == span.start.date() and there.is_one_day:
        text = times(there)
    else:
        short = wording().DAY_WITHOUT_YEAR
        text = _span(there, _worded(there.start.date(), short), short)
    return format_html(wording().IN_SECOND_ZONE, span=text, city=city_name(second))


def _span(span: Span, first_day: str, last_format: str) -> SafeString:
    words = wording()
    start, end = time_tag(span.start, hours(span.start)), time_tag(span.end, _closing(span))
    if span.is_one_day:
        return format_html(words.ON_ONE_DAY, day=first_day, start=start, end=end)
    last_day = _worded(span.end.date(), last_format)
    return format_html(
        words.ACROSS_DAYS, first_day=first_day, start=start, last_day=last_day, end=end
    )


def _closing(span: Span) -> str:
    # A session that ends at midnight ends on its own day, at 24:00.
    if span.is_one_day and span.end.date() != span.start.date():
        return "24:00"
    return hours(span.end)


def _closing_day(span: Span) -> dt.date:
    return span.start.date() if span.is_one_day else span.end.date()
