"""Amounts of money as organizers type them, in forms and in files."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export import widgets

from summit.lib.i18n.money import Currency, read_amount
from summit.lib.spreadsheets import Kind

NO_AMOUNT = gettext_lazy("“%(value)s” is not an amount. Write it as 1000000 or 100万元.")

CURRENCIES = {
    Currency.CNY: ("人民币", "人民币元", "元", "RMB", "¥", "￥"),
    Currency.USD: ("美元", "$", "US$"),
    Currency.EUR: ("欧元", "€"),
    Currency.GBP: ("英镑", "£"),
}


class Amount(widgets.Widget):
    """A sum, as 1,000,000 or 100万元."""

    kind = Kind.NUMBER

    def __init__(self, *, times: int = 1) -> None:
        super().__init__()
        self.times = times

    @property
    def hint(self) -> str:
        return _("A number: 1000000 or 100万元.")

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> Decimal:
        amount = read_amount(value, times=self.times)
        if amount is None:
            raise ValueError(str(NO_AMOUNT) % {"value": value})
        return amount

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


class AmountField(forms.DecimalField):
    """A sum as it is typed: 1,000,000 or 100万元."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as Django does
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        amount = read_amount(value[:40])
        if amount is None:
            raise ValidationError(NO_AMOUNT, code="no_amount", params={"value": value[:40]})
        return amount
