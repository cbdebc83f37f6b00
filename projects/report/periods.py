"""Intentions over time: by the day of signing, and by what has come of each since."""

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from projects.models import CooperationIntention
from projects.report.breakdowns import Breakdown, Row, UnknownRow
from projects.report.figures import register
from projects.report.subject import Subject

Status = CooperationIntention.Status
# In the order in which a chart stacks them.
BECAME = (Status.CONVERTED, Status.SIGNED, Status.LAPSED, Status.TERMINATED)
# More quarters than this are told as years.
MOST_QUARTERS = 8
_VALUE = re.compile(r"(?P<year>[1-9]\d{3})(?:-Q(?P<quarter>[1-4]))?(?::(?P<status>[a-z]+))?", re.A)


@dataclass(frozen=True)
class Period(Row):
    """A year or a quarter, and how many of its intentions became what."""

    parts: tuple[Row, ...] = ()


@dataclass(frozen=True)
class SigningPeriods(Breakdown):
    """By year or quarter of the signature; ``2023``, ``2023-Q2``, ``2023-Q2:converted``."""

    def grouped(self, subject: Subject) -> list[Row]:
        """Every period from the first signature to the last, those without any too."""
        found = (
            self.of.rows(subject)
            .order_by("signed_on")
            .values_list("signed_on", "status")
            .annotate(Count("pk"))
        )
        return [*self.periods(list(found))]

    def periods(self, found: list[tuple[dt.date, str, int]]) -> list[Period]:
        """Put together what was signed on each day and became what, the earliest first."""
        if not found:
            return []
        quarters = [_quarter(day) for day, _status, _number in found]
        first, last = quarters[0], quarters[-1]
        name = _quarter_name if last - first < MOST_QUARTERS else _year_name
        counts: dict[str, Counter[str]] = {
            name(quarter): Counter() for quarter in range(first, last + 1)
        }
        for quarter, (_day, status, number) in zip(quarters, found, strict=True):
            counts[name(quarter)][status] += number
        return [self._period(value, became) for value, became in counts.items()]

    def _period(self, value: str, became: Counter[str]) -> Period:
        parts = tuple(
            Row(f"{value}:{status}", str(status.label), became[status]) for status in BECAME
        )
        return Period(value, self.name(value), became.total(), parts=parts)

    def where(self, subject: Subject, value: str) -> Q:
        year, quarter, status = _parse(value)
        first = dt.date(year, 3 * quarter - 2 if quarter else 1, 1)
        last_month = 3 * quarter if quarter else 12
        after = dt.date(year + last_month // 12, last_month % 12 + 1, 1)
        in_time = Q(signed_on__gte=first, signed_on__lt=after)
        return in_time & Q(status=status) if status else in_time

    def name(self, value: str) -> str:
        year, quarter, status = _parse(value)
        if quarter:
            words = pgettext("period", "Q%(quarter)d %(year)d")
            period = words % {"quarter": quarter, "year": year}
        else:
            period = pgettext("period", "%(year)d") % {"year": year}
        return f"{period} · {Status(status).label}" if status else period


def _quarter(day: dt.date) -> int:
    """Quarters since the year 0."""
    return day.year * 4 + (day.month - 1) // 3


def _quarter_name(quarter: int) -> str:
    return f"{quarter // 4}-Q{quarter % 4 + 1}"


def _year_name(quarter: int) -> str:
    return f"{quarter // 4}"


def _parse(value: str) -> tuple[int, int | None, str]:
    match = _VALUE.fullmatch(value)
    # The year after it has to be one as well.
    if match is None or match["year"] == "9999" or match["status"] not in (None, *BECAME):
        raise UnknownRow(value)
    return (
        int(match["year"]),
        int(match["quarter"]) if match["quarter"] else None,
        match["status"] or "",
    )


signing_periods = SigningPeriods(
    "signing_periods",
    register.signed,
    _("Intentions over time"),
    _("When the intentions were signed, and what has come of each by today."),
)
