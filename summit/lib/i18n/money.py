"""Amounts of money: always with their currency, never added across currencies."""

import re
import unicodedata
from decimal import Decimal

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from summit.lib.i18n.languages import Words, current


class Currency(models.TextChoices):
    """ISO 4217, those in which the parties of such projects sign."""

    CNY = "CNY", _("Chinese yuan")
    GBP = "GBP", _("British pound")
    EUR = "EUR", _("euro")
    USD = "USD", _("US dollar")
    CHF = "CHF", _("Swiss franc")
    JPY = "JPY", _("Japanese yen")
    KRW = "KRW", _("South Korean won")
    HKD = "HKD", _("Hong Kong dollar")
    SGD = "SGD", _("Singapore dollar")
    AUD = "AUD", _("Australian dollar")
    CAD = "CAD", _("Canadian dollar")


# English writes the code, Chinese the name of the currency, without a gap.
_WRITTEN: dict[str, Words] = {
    Currency.CNY: _("%(amount)s CNY"),
    Currency.GBP: _("%(amount)s GBP"),
    Currency.EUR: _("%(amount)s EUR"),
    Currency.USD: _("%(amount)s USD"),
    Currency.CHF: _("%(amount)s CHF"),
    Currency.JPY: _("%(amount)s JPY"),
    Currency.KRW: _("%(amount)s KRW"),
    Currency.HKD: _("%(amount)s HKD"),
    Currency.SGD: _("%(amount)s SGD"),
    Currency.AUD: _("%(amount)s AUD"),
    Currency.CAD: _("%(amount)s CAD"),
}


_AMOUNT = re.compile(r"[^\d.]*(\d+(?:\.\d+)?)\s*(万|亿)?[^\d.]*")
_TIMES = {"万": 10_000, "亿": 100_000_000}


def read_amount(text: str, *, times: int = 1) -> Decimal | None:
    """Return a sum as people write it, 1,000,000 or 100万元; nothing where it is none.

    A number without 万 or 亿 is in units of ``times``.
    """
    plain = re.sub(r"[,，\s]", "", unicodedata.normalize("NFKC", text))
    found = _AMOUNT.fullmatch(plain)
    if found is None or "-" in plain:
        return None
    return Decimal(found[1]) * _TIMES.get(found[2] or "", times)


# What an amount says of its currency: 元, and not 美元 or 日元.
_SIGNS = (
    (re.compile("美元"), Currency.USD.value),
    (re.compile("(?<![美日欧韩港加澳])元|[¥￥]"), Currency.CNY.value),
    (re.compile("€|欧元"), Currency.EUR.value),
    (re.compile("£|英镑"), Currency.GBP.value),
)


def read_currency(text: str) -> str:
    """Return the currency that an amount names by a sign: 元, €; "" where it names none."""
    return next((code for sign, code in _SIGNS if sign.search(text)), "")


def with_currency(name: str) -> models.Q:
    """Return what holds where ``<name>_amount`` and ``<name>_currency`` are there both or neither.

    For a constraint: no amount is negative.
    """
    amount, currency = f"{name}_amount", f"{name}_currency"
    neither = models.Q(**{amount: None, currency: ""})
    given = models.Q(**{f"{amount}__gte": 0, f"{amount}__isnull": False})
    return neither | (given & ~models.Q(**{currency: ""}))


def money(amount: Decimal | None, currency: str) -> str:
    """Return ``1,200,000 CNY``, 「1,200,000元人民币」; "" without an amount.

    Whole amounts are written without decimals.
    """
    return "" if amount is None else _written(_digits(amount), currency)


def money_range(low: Decimal | None, high: Decimal | None, currency: str) -> str:
    """Return ``500,000–800,000 CNY``, 「50万–80万元人民币」; "" without an amount.

    Of two equal amounts, and of one, it is that amount: from it, or up to it.
    """
    if low is None and high is None:
        return ""
    if low == high:
        return _written(_in_ten_thousands(low or Decimal()), currency)
    if high is None:
        words = _("from %(amount)s")
    elif low is None:
        words = _("up to %(amount)s")
    else:
        return _written(f"{_in_ten_thousands(low)}–{_in_ten_thousands(high)}", currency)
    one = _in_ten_thousands((high if low is None else low) or Decimal())
    return str(words) % {"amount": _written(one, currency)}


def _written(digits: str, currency: str) -> str:
    return str(_WRITTEN.get(currency, "%(amount)s " + currency)) % {"amount": digits}


def _digits(amount: Decimal) -> str:
    places = 0 if amount == amount.to_integral_value() else 2
    return number_format(amount, decimal_pos=places, force_grouping=True)


def _in_ten_thousands(amount: Decimal) -> str:
    """Return the digits, in Chinese of a large amount as offices write it: 50万."""
    if current() == "zh-hans" and amount >= 10_000 and amount % 1_000 == 0:
        return f"{(amount / 10_000).normalize():f}万"
    return _digits(amount)
