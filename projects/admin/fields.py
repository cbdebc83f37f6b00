"""Fields that the pages of verbs have in common. What is missing is the domain's to refuse."""

from django import forms
from django.utils.translation import gettext_lazy as _

from summit.lib.languages import SPOKEN
from summit.lib.money import Currency


def day(label, **options):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **options)


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
