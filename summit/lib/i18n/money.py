"""Amounts of money: always with their currency, never added across currencies."""

from decimal import Decimal

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from summit.lib.i18n.languages import Words


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
    if amount is None:
        return ""
    places = 0 if amount == amount.to_integral_value() else 2
    digits = number_format(amount, decimal_pos=places, force_grouping=True)
    return str(_WRITTEN.get(currency, "%(amount)s " + currency)) % {"amount": digits}
