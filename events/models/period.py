"""Periods of days, of which either end may be open."""

import datetime as dt
from collections.abc import Sequence

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy


class Dated(models.Model):
    """A row that holds from a day to a day, both included. An end that is empty is open."""

    starts_on = models.DateField(pgettext_lazy("first day", "from"), null=True, blank=True)
    ends_on = models.DateField(pgettext_lazy("last day", "until"), null=True, blank=True)

    class Meta:
        abstract = True

    def holds_on(self, day: dt.date) -> bool:
        return holds_on(self.starts_on, self.ends_on, day)

    @property
    def years(self) -> str:
        """The years of the period in words, "" where neither end is known."""
        first, last = (day and day.year for day in (self.starts_on, self.ends_on))
        if first and last:
            return str(first) if first == last else f"{first}–{last}"
        if last:
            return _("until %(year)d") % {"year": last}
        return _("since %(year)d") % {"year": first} if first else ""


def holds_on(starts_on: dt.date | None, ends_on: dt.date | None, day: dt.date) -> bool:
    """Whether a period holds on a day."""
    return (starts_on is None or starts_on <= day) and (ends_on is None or ends_on >= day)


def holding_on(day: dt.date | Combinable, path: str = "") -> Q:
    """Select the rows that hold on a day, or rows from which ``path`` leads to such.

    ``day`` may be an expression, such as the day of another column.
    """
    first, last = f"{path}starts_on", f"{path}ends_on"
    has_begun = Q(**{first: None}) | Q(**{f"{first}__lte": day})
    return has_begun & (Q(**{last: None}) | Q(**{f"{last}__gte": day}))


def ends_after_start() -> Q:
    """Return the condition of the constraint that no period is reversed."""
    return Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))


def first_overlap[Row: Dated](rows: Sequence[Row]) -> Row | None:
    """Return a row that holds on a day on which one of the rows before it in time holds too."""
    ends: dt.date | None = None
    for row in sorted(rows, key=lambda row: row.starts_on or dt.date.min):
        if ends is not None and (row.starts_on or dt.date.min) <= ends:
            return row
        ends = row.ends_on or dt.date.max
    return None
