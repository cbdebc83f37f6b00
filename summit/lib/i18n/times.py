"""Zones by their IANA names, and wall-clock time in them."""

import datetime as dt
import re
import unicodedata
import zoneinfo
from functools import cache

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

YEARS = (1900, 2999)


@cache
def zones() -> frozenset[str]:
    """Return the zones that this system knows, read once from its files, of which are hundreds."""
    # Some systems list their own setting as a zone, which means another one elsewhere.
    return frozenset(zoneinfo.available_timezones() - {"localtime", "Factory"})


def validate_zone(name: str) -> None:
    """Refuse what is not an IANA zone such as ``Asia/Shanghai``."""
    if name not in zones():
        raise ValidationError(
            _(
                "“%(zone)s” is not a time zone. Use an IANA name such as Asia/Shanghai "
                "or Europe/London."
            ),
            code="unknown_zone",
            params={"zone": name},
        )


def validate_year(day: dt.date) -> None:
    """Refuse days and moments whose neighbours, or whose moment in UTC, no calendar has.

    Days are added to what is typed, such as the year to the next event.
    """
    first, last = YEARS
    if not first <= day.year <= last:
        raise ValidationError(
            _("Choose a day between %(first)s and %(last)s."),
            code="far_year",
            params={"first": first, "last": last},
        )


def shift(moment: dt.datetime, by: dt.timedelta, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """Return the moment at which a clock in ``zone`` shows ``by`` later.

    Days keep their times of day across changes of summer time. Raises ``OverflowError`` for
    what no calendar has.
    """
    local = timezone.localtime(moment, zone).replace(tzinfo=None) + by
    return local.replace(tzinfo=zone).astimezone(dt.UTC)


def shift_days(moment: dt.datetime, days: int, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """Return the same wall-clock time ``days`` later in ``zone``, across changes of summer time."""
    return shift(moment, dt.timedelta(days=days), zone)


_CLOCK = re.compile(r"(\d{1,2})(?:[:.时点h](\d{1,2})?分?)?|(\d{1,2})(\d{2})")
DAY_MINUTES = 24 * 60


def read_clock(text: str) -> int | None:
    """Return the minutes since midnight of a time as people type it; None where it is none.

    ``9``, ``0900``, ``9:00``, ``９：００``, ``9点30分`` and ``24:00``, which ends a day.
    """
    found = _CLOCK.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if found is None:
        return None
    hours, minutes = found[1] or found[3], found[2] or found[4] or "0"
    total = int(hours) * 60 + int(minutes)
    return total if int(minutes) < 60 and total <= DAY_MINUTES else None
