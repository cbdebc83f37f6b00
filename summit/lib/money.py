"""Amounts of money: always with their currency, never added across currencies."""

from decimal import Decimal

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _


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


def money(amount: Decimal | None, currency: str) -> str:
    """Return ``1,200,000 CNY`` in the digits of the current language; "" without an amount.

    Whole amounts are written without decimals.
    """
    if amount is None:
        return ""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{number_format(amount, decimal_pos=places, force_grouping=True)} {currency}"
