"""Fields that the pages of actions have in common. What is missing is the domain's to refuse."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from summit.lib.i18n.languages import SPOKEN
from summit.lib.i18n.money import Currency
from summit.lib.i18n.times import validate_year


class DayInput(forms.DateInput):
    """The browser's own box for a day, which no zone has a say in, as Django's warns of."""

    def __init__(self, attrs=None):
        super().__init__({"type": "date", **(attrs or {})}, format="%Y-%m-%d")


class DayField(forms.DateField):
    widget = DayInput
    default_validators = [validate_year]


# For admins whose models have days.
FORMFIELDS = {models.DateField: {"form_class": DayField, "widget": DayInput}}


def day(label, **options):
    return DayField(label=label, required=False, **options)


def choice(label, choices, **options):
    """One of ``choices``, or none."""
    return forms.ChoiceField(
        label=label, required=False, choices=[("", "---------"), *choices], **options
    )


def amount(label):
    return forms.DecimalField(
        label=label, required=False, max_digits=14, decimal_places=2, min_value=0
    )


def currency():
    return choice(_("Currency"), Currency.choices)


def text(label, *, length=None, lang=None, rows=3, **options):
    """Several lines, in the language given."""
    attrs = {"rows": rows, **({"lang": lang} if lang else {})}
    return forms.CharField(
        label=label,
        required=False,
        max_length=length,
        widget=forms.Textarea(attrs=attrs),
        **options,
    )


def spoken(label):
    """Any of the languages that people speak, as a list of their codes."""
    return forms.MultipleChoiceField(
        label=label, required=False, choices=SPOKEN, widget=forms.CheckboxSelectMultiple
    )
