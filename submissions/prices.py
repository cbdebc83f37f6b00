"""What is proposed as a budget or price, as a submission holds it.

``{"from": "50", "to": "80"}`` is in units of 10,000 yuan, and with a ``currency`` in units of
that one. ``{"negotiable": true}`` and ``{"band": …}`` are no amounts. A text is what nobody has
understood yet: it stays as it was written until a reviewer has entered an amount.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from projects.models.price import PriceBand
from projects.price_words import Price, read_price
from summit.lib.i18n.money import Currency

WAN = 10_000

type Value = Mapping[str, Any] | str


def plain_number(number: Decimal) -> str:
    """Return a number without zeros that say nothing: ``50``, ``1.5``."""
    return f"{number.normalize():f}"


def value_of_text(text: str, *, times: int = WAN) -> dict[str, Any] | str:
    """Return what a text proposes; the text itself where it was not understood.

    A bare number is in units of ``times``; with 1 nobody can tell of what, so that it stays
    a text.
    """
    price = read_price(text, times=times)
    is_told = price is not None and (price.band or price.currency)
    return value_of_price(price) if price and is_told else " ".join(text.split())


def value_of_price(price: Price) -> dict[str, Any]:
    """Return a price as a submission holds it."""
    if price.band:
        is_open = price.band == PriceBand.NEGOTIABLE
        return {"negotiable": True} if is_open else {"band": price.band}
    is_yuan = price.currency == Currency.CNY
    unit = WAN if is_yuan else 1
    ends = {
        end: plain_number(amount / unit)
        for end, amount in (("from", price.first), ("to", price.last))
        if amount is not None
    }
    return ends if is_yuan else {"currency": price.currency, **ends}


def price_of(value: Value) -> Price | None:
    """Return the price that a proposed value is; nothing for a text that is none."""
    if isinstance(value, str):
        price = read_price(value, times=WAN)
        return price if price and (price.band or price.currency) else None
    if value.get("negotiable"):
        return Price(band=PriceBand.NEGOTIABLE)
    if value.get("band"):
        return Price(band=value["band"]) if value["band"] in PriceBand.values else None
    currency = value.get("currency") or Currency.CNY.value
    unit = WAN if currency == Currency.CNY else 1
    try:
        first, last = (
            Decimal(value[end]) * unit if value.get(end) else None for end in ("from", "to")
        )
    except ArithmeticError:
        return None
    is_amount = currency in Currency.values and (first is not None or last is not None)
    return Price(first, last, currency) if is_amount else None


def joined(first: Price | None, last: Price | None) -> Price | None:
    """Return the price that two boxes say together, the lower amount in the first.

    One that stands alone in the first box is the least of it. Raises ``ValidationError`` where
    the two do not fit.
    """
    if first is None or last is None:
        only = first or last
        if only is None or only.band or only.first != only.last:
            return only
        return replace(only, last=None) if first else replace(only, first=None)
    if first.band or last.band or first.currency != last.currency:
        raise ValidationError(_("Write both amounts in the same currency."), code="currency")
    low, high = first.first, last.last
    if low is not None and high is not None and high < low:
        raise ValidationError(_("This must not be less than the first amount."), code="order")
    return Price(low, high, first.currency)


def ends_of(value: Value) -> tuple[str, str]:
    """Return what two boxes hold of a price; nothing of a text that was not understood."""
    price = None if isinstance(value, str) else price_of(value)
    if price is None or price.band == PriceBand.NEGOTIABLE:
        return "", ""
    if price.band:
        return str(PriceBand(price.band).label), ""
    is_yuan = price.currency == Currency.CNY
    unit, behind = (WAN, "") if is_yuan else (1, f" {price.currency}")
    ends = (price.first, price.last)
    first, last = ("" if end is None else plain_number(end / unit) + behind for end in ends)
    return first, last
