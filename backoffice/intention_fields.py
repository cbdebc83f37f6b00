"""Fields that the pages of actions have in common. What is missing is the domain's to refuse."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from summit.lib.i18n.languages import SPOKEN, Words
from summit.lib.i18n.money import Currency
from summit.lib.web.moment_fields import DayField, DayInput

# For admins whose models have days.
FORMFIELDS: dict[type[models.Field], dict[str, Any]] = {
    models.DateField: {"form_class": DayField, "widget": DayInput}
}


def day(label: Words, **options: Any) -> DayField:
    return DayField(label=label, required=False, **options)


def choice(label: Words, choices: Iterable[tuple[str, Words]], **options: Any) -> forms.ChoiceField:
    """One of ``choices``, or none."""
    return forms.ChoiceField(
        label=label, required=False, choices=[("", "---------"), *choices], **options
    )


def amount(label: Words) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, max_digits=14, decimal_places=2, min_value=0
    )


def currency() -> forms.ChoiceField:
    return choice(_("Currency"), Currency.choices)


def text(
    label: Words,
    *,
    length: int | None = None,
    lang: str | None = None,
    rows: int = 3,
    **options: Any,
) -> forms.CharField:
    """Several lines, in the language given."""
    attrs = {"rows": rows, **({"lang": lang} if lang else {})}
    return forms.CharField(
        label=label,
        required=False,
        max_length=length,
        widget=forms.Textarea(attrs=attrs),
        **options,
    )


def spoken(label: Words) -> forms.MultipleChoiceField:
    """Any of the languages that people speak, as a list of their codes."""
    return forms.MultipleChoiceField(
        label=label, required=False, choices=SPOKEN, widget=forms.CheckboxSelectMultiple
    )
