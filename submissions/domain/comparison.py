"""The three values of each field that is proposed: before, now, and proposed."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.models.price import PriceBand
from submissions.fields import Field, Widget
from submissions.models import Decision
from submissions.models.reviewed import Reviewed
from submissions.prices import Value, price_of
from summit.lib.i18n.languages import listed
from summit.lib.i18n.money import money_range


@dataclass(frozen=True)
class Compared:
    """One proposed value beside what the record has. ``base`` is of when it was begun."""

    field: Field
    base: Any
    current: Any
    proposed: Any
    # The latest of this field.
    decision: Decision | None

    @property
    def is_new(self) -> bool:
        return self.current is None

    @property
    def is_conflict(self) -> bool:
        """Whether staff changed the record since, and not to what is proposed."""
        return self.current not in (self.base, self.proposed)

    @property
    def shown_base(self) -> str:
        return shown(self.field, self.base)

    @property
    def shown_current(self) -> str:
        return shown(self.field, self.current)

    @property
    def shown_proposed(self) -> str:
        return shown(self.field, self.proposed)


def compare(row: Reviewed, record: Any = None) -> list[Compared]:
    """Return each proposed value beside that of its record. About five queries."""
    record = record or row.record
    latest: dict[str, Decision] = {}
    for decision in Decision.objects.filter(**{row.decided_as: row}).order_by("at", "pk"):
        latest[decision.field] = decision
    return [
        Compared(
            field,
            row.base.get(field.key),
            field.target.read(record, row.language) if record else None,
            proposed,
            latest.get(field.key),
        )
        for field, proposed in row.proposed
    ]


def shown(field: Field, value: Any) -> str:
    """Return a value as people read it, in the current language; "" for none."""
    if value in (None, "", [], {}):
        return ""
    if field.widget in (Widget.CHOICE, Widget.CHOICES):
        labels = dict(field.options()) if field.options else {}
        chosen = value if isinstance(value, list) else [value]
        return listed(labels.get(each, each) for each in chosen)
    if field.widget == Widget.YEARS:
        return _years(value)
    if field.widget == Widget.MONEY:
        return _amount(value)
    if field.widget == Widget.PICTURE:
        return _("a picture")
    if field.widget == Widget.FILE:
        return str(value["name"])
    return str(value)


def _years(value: list[int | None]) -> str:
    first, last = value
    if first and last:
        return f"{first}–{last}" if first != last else str(first)
    pattern = _("from %(year)s") if first else _("until %(year)s")
    return pattern % {"year": first or last}


def _amount(value: Value) -> str:
    if isinstance(value, str):
        # As it was written: a reviewer reads it.
        return value
    price = price_of(value)
    if price is None:
        return ""
    if price.band == PriceBand.NEGOTIABLE:
        return pgettext("amount", "by negotiation")
    if price.band:
        return str(PriceBand(price.band).label)
    return money_range(price.first, price.last, price.currency)
