"""The fields of a form for what a call asks for, and the values that come out of them."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.models import Project
from projects.price_words import Price
from submissions.fields import Field, Widget
from submissions.prices import ends_of, joined, price_of, value_of_price
from summit.lib.files.pictures import PictureFormField
from summit.lib.i18n.languages import current
from summit.lib.web.typed_text import BoundedField, LineField

# What one field of a call is asked by, beside its key.
FROM, UNTIL, OPEN = "_from", "_until", "_negotiable"


class LongText(BoundedField):
    """A text of several lines, whose breaks count as one character, as browsers count."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        plain = value.replace("\r\n", "\n") if isinstance(value, str) else value
        return super().to_python(plain)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # Counted beside the text: a browser that cuts what is pasted tells nobody.
        return {"rows": 5, "data-most": self.max_length}


class KeywordsLine(LineField):
    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        column = Project._meta.get_field("keywords_en")
        return column.clean(text, None) if text else ""


class PriceField(LineField):
    """One end of a budget or price, or both: 50, 50万元, USD 20,000, 50-80, 面议.

    A bare number is in units of 10,000 CNY. Returns a ``Price``, or ``None`` for nothing.
    """

    def clean(self, value: Any) -> Price | None:
        text = super().clean(value)
        price = price_of(text) if text else None
        if text and price is None:
            raise ValidationError(
                _("Enter an amount, such as 50, or with its currency: USD 20,000."),
                code="no_amount",
            )
        return price


def form_fields(field: Field, had: Any = None) -> dict[str, forms.Field]:
    """Return the fields of a form that ask for one field of a call, by their names.

    ``had`` is the value that they begin with: one that is longer, or of other years, than a new
    one may be can stay as it is.
    """
    key = field.key
    most = max(field.most, len(had) if isinstance(had, str) else 0)
    options: dict[str, Any] = {"required": False, "label": field.label, "help_text": field.help}
    match field.widget:
        case Widget.TEXT:
            return {key: LongText(max_length=most, **options)}
        case Widget.KEYWORDS:
            return {key: KeywordsLine(max_length=most, **options)}
        case Widget.CHOICE:
            return {key: forms.ChoiceField(choices=lambda: _choices(field), **options)}
        case Widget.CHOICES:
            ticks = forms.CheckboxSelectMultiple
            return {
                key: forms.MultipleChoiceField(
                    choices=lambda: _offered(field), widget=ticks, **options
                )
            }
        case Widget.YEARS:
            first, last = had or (None, None)
            return {
                key + FROM: _year(pgettext_lazy("year", "From"), first),
                key + UNTIL: _year(pgettext_lazy("year", "Until"), last),
            }
        case Widget.PICTURE:
            return {key: PictureFormField(**options)}
        case Widget.MONEY:
            return {
                key + FROM: _amount(_("From (10,000 CNY)")),
                key + UNTIL: _amount(_("To (10,000 CNY)")),
                key + OPEN: forms.BooleanField(
                    label=pgettext_lazy("amount", "By negotiation"), required=False
                ),
            }
    return {key: LineField(max_length=most, **options)}


def value_of(field: Field, cleaned: dict[str, Any]) -> Any:
    """Return the value of a field of a call from what was typed; something empty for nothing."""
    key = field.key
    if field.widget == Widget.YEARS:
        years = [int(cleaned.get(key + end) or 0) or None for end in (FROM, UNTIL)]
        return years if any(years) else None
    if field.widget == Widget.MONEY:
        if cleaned.get(key + OPEN):
            return {"negotiable": True}
        price = joined(cleaned.get(key + FROM), cleaned.get(key + UNTIL))
        return value_of_price(price) if price else None
    value = cleaned.get(key)
    return sorted(value) if isinstance(value, list) else value


def initial_of(field: Field, value: Any) -> dict[str, Any]:
    """Return what the fields of a form begin with."""
    key = field.key
    if field.widget == Widget.YEARS:
        return {key + FROM: value[0], key + UNTIL: value[1]}
    if field.widget == Widget.MONEY:
        first, last = ends_of(value)
        is_open = not isinstance(value, str) and bool(value.get("negotiable"))
        # What was not understood yet is shown as it was written, to be corrected.
        return {
            key + FROM: value if isinstance(value, str) else first,
            key + UNTIL: last,
            key + OPEN: is_open,
        }
    return {key: value}


def check_order(field: Field, form: forms.Form) -> None:
    """Refuse years and amounts whose end is before their beginning."""
    first, last = (form.cleaned_data.get(field.key + end) for end in (FROM, UNTIL))
    if field.widget == Widget.YEARS and first and last and int(last) < int(first):
        form.add_error(field.key + UNTIL, _("This must not be before the first year."))
    if field.widget == Widget.MONEY:
        try:
            joined(first, last)
        except ValidationError as error:
            form.add_error(field.key + UNTIL, error)


def _year(label: Any, had: int | None) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=lambda: _years(had), required=False)


def _years(had: int | None) -> list[tuple[str, str]]:
    this: dt.date = timezone.localdate()
    years = {*range(this.year - 1, this.year + 11), *([had] if had else [])}
    return [("", "—"), *((str(year), str(year)) for year in sorted(years))]


def _amount(label: Any) -> PriceField:
    field = PriceField(label=label, max_length=60, required=False)
    # Its keys have no letters, which the currency of others needs.
    if current() == "zh-hans":
        field.widget.attrs["inputmode"] = "decimal"
    return field


def _offered(field: Field) -> list[tuple[str, Any]]:
    return list(field.options()) if field.options else []


def _choices(field: Field) -> list[tuple[str, Any]]:
    return [("", "—"), *_offered(field)]
