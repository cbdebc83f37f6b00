"""Rows of a programme: when they are, and which of them are sessions that exist."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.kit.importing.rows import keys_of
from backoffice.kit.importing.times import ends_next_day, read_day, read_hours
from backoffice.kit.labels import pair
from events.models import Event, Session
from summit.lib.i18n.likeness import key
from summit.lib.i18n.times import validate_year

_COLON = re.compile("[:：]")


class Timetable:
    """The days of an event, and how times are read on them."""

    def __init__(self, event: Event) -> None:
        self.zone = event.zone
        self.days = _days_of(event)

    def times(self, row: dict[str, str]) -> tuple[dt.datetime, dt.datetime]:
        """Return from when to when a row is. Raises ``ValidationError`` by column."""
        days = self.days
        try:
            day = read_day(row["day"], days) if row.get("day") else None
        except ValueError as error:
            raise ValidationError({"day": str(error)}) from None
        half = day.half if day else ""
        column = "time" if row.get("time") else "start"
        try:
            if row.get("time"):
                hours = read_hours(row["time"], half=half)
                last = read_hours(row["end"]) if row.get("end") and hours.end is None else None
            elif row.get("start"):
                hours = read_hours(row["start"], half=half)
                column = "end"
                last = read_hours(row["end"]) if row.get("end") else None
            else:
                raise ValidationError({"time": _("Enter the time, such as 09:00-09:30.")})
            first_day = read_day(hours.first_day, days).day if hours.first_day else None
            end = last.start if last else hours.end
            end_text = last.first_day if last else hours.last_day
            last_day = read_day(end_text, days).day if end_text else None
        except ValueError as error:
            raise ValidationError({column: str(error)}) from None
        first_day = first_day or (day.day if day else None)
        if first_day is None and len(days) == 1:
            first_day = days[0]
        if first_day is None:
            raise ValidationError({"day": _("Enter the day, such as %s.") % days[0].isoformat()})
        if end is None:
            raise ValidationError({column: _("Enter the end as well, such as 09:00-09:30.")})
        if last_day is None:
            later = dt.timedelta(days=1) if ends_next_day(hours.start, end) else dt.timedelta()
            last_day = first_day + later
        return self._moment(first_day, hours.start), self._moment(last_day, end)

    def _moment(self, day: dt.date, minutes: int) -> dt.datetime:
        try:
            validate_year(day)
        except ValidationError as error:
            raise ValidationError({"day": error.messages}) from None
        midnight = dt.datetime.combine(day, dt.time())
        return (midnight + dt.timedelta(minutes=minutes)).replace(tzinfo=self.zone)


def match_rows(
    rows: list[dict[str, str]], stored: list[Session], timetable: "Timetable"
) -> dict[int, Session]:
    """Return the session of each row that has one, by the number of the row from 1.

    By slug, then by title and start, then by a title that is of one session and one row alone.
    """
    matched: dict[int, Session] = {}
    slugs = {session.slug: session for session in stored}
    titles: dict[str, list[Session]] = {}
    for session in stored:
        for each in keys_of(session):
            titles.setdefault(each, []).append(session)
    of_row = {number: title_keys(row) for number, row in enumerate(rows, 1)}
    times = Counter(each for keys in of_row.values() for each in keys)
    taken: set[int] = set()

    def take(number: int, session: Session) -> None:
        matched[number] = session
        taken.add(session.pk)

    for number, row in enumerate(rows, 1):
        named = slugs.get(row.get("slug", ""))
        if named and named.pk not in taken:
            take(number, named)
    day = ""
    for number, row in enumerate(rows, 1):
        day = row.get("day") or day
        starts_at = None
        with suppress(ValidationError):
            starts_at = timetable.times({**row, "day": day})[0]
        for session in _of(titles, of_row[number]):
            if number in matched or row.get("slug") or session.pk in taken:
                continue
            if session.starts_at == starts_at:
                take(number, session)
    for number, row in enumerate(rows, 1):
        same = _of(titles, of_row[number])
        is_sole = len(same) == 1 and all(times[each] == 1 for each in of_row[number])
        is_free = number not in matched and not row.get("slug")
        if is_free and is_sole and same[0].pk not in taken:
            take(number, same[0])
    return matched


def _days_of(event: Event) -> list[dt.date]:
    last = timezone.localtime(event.ends_at, event.zone).date()
    days = (last - event.starts_on).days
    return [event.starts_on + dt.timedelta(days=number) for number in range(min(days, 60) + 1)]


def title_keys(row: dict[str, str]) -> set[str]:
    return {key(row.get(name, "")) for name in ("title", *pair("title"))} - {""}


def kind_keys(row: dict[str, str]) -> set[str]:
    """Return what may say of which kind a session is: its titles, or what stands before a colon."""
    titles = (row.get(name, "") for name in ("title", *pair("title")))
    begun = {key(_COLON.split(title, 1)[0]) for title in titles} - {""}
    return title_keys(row) | begun


def _of(titles: dict[str, list[Session]], keys: Iterable[str]) -> list[Session]:
    """Return the sessions that have one of these titles, each once, in their order."""
    return list(dict.fromkeys(session for each in keys for session in titles.get(each, [])))
