"""The boxes in which a reviewer changes a proposed value before it is accepted."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from submissions.fields import Field, Widget
from submissions.forms.proposed import LongText, PriceField
from submissions.prices import ends_of, joined, value_of_price
from summit.lib.i18n.languages import TAGS
from summit.lib.web.typed_text import LineField

# What was proposed before a form was made shorter is still accepted as it is.
_LONGEST = 10_000


class YearsBox(forms.MultiValueField):
    """From when until when, as a list of two years, either of which may be missing."""

    def __init__(self, **kwargs: Any) -> None:
        year = {"min_value": 1900, "max_value": 2200, "required": False}
        parts = [forms.IntegerField(**year), forms.IntegerField(**year)]  # type: ignore[arg-type]  # its own options
        super().__init__(parts, widget=YearsInput(), require_all_fields=False, **kwargs)

    def compress(self, data_list: Sequence[int | None]) -> list[int | None] | None:
        first, last = data_list or (None, None)
        if first and last and last < first:
            raise ValidationError(_("This must not be before the first year."), code="order")
        return [first, last] if first or last else None


class YearsInput(forms.MultiWidget):
    use_fieldset = True

    def __init__(self) -> None:
        labels = (pgettext_lazy("year", "from"), pgettext_lazy("year", "until"))
        boxes = [forms.NumberInput({"aria-label": label, "placeholder": label}) for label in labels]
        super().__init__(boxes, {"class": "review-number"})

    def decompress(self, value: Any) -> list[Any]:
        return [*value] if isinstance(value, list) and len(value) == 2 else [None, None]


class MoneyBox(forms.MultiValueField):
    """An amount in units of 10,000 CNY or with its currency, or that it is negotiable."""

    def __init__(self, **kwargs: Any) -> None:
        parts: list[forms.Field] = [
            *(PriceField(max_length=60, required=False) for _end in range(2)),
            forms.BooleanField(required=False),
        ]
        super().__init__(parts, widget=MoneyInput(), require_all_fields=False, **kwargs)

    def compress(self, data_list: Sequence[Any]) -> dict[str, Any] | None:
        if not data_list:
            return None
        first, last, is_open = data_list
        if is_open:
            return {"negotiable": True}
        price = joined(first, last)
        return value_of_price(price) if price else None


class MoneyInput(forms.MultiWidget):
    use_fieldset = True
    template_name = "backoffice/money_input.html"

    def __init__(self) -> None:
        labels = (pgettext_lazy("amount", "from"), pgettext_lazy("amount", "to"))
        boxes: list[forms.Widget] = [
            forms.TextInput({"aria-label": label, "placeholder": label}) for label in labels
        ]
        super().__init__([*boxes, forms.CheckboxInput()], {"class": "review-number"})

    def decompress(self, value: Any) -> list[Any]:
        # A text that was not understood stands above the boxes, which take an amount.
        if not isinstance(value, dict):
            return [None, None, False]
        return [*ends_of(value), bool(value.get("negotiable"))]


def box_for(field: Field, proposed: Any, language: str) -> forms.Field:
    """Return the box of a field, of which ``proposed`` is the value it begins with."""
    label: dict[str, Any] = {"label": field.label, "required": False}
    attrs: dict[str, Any] = {"lang": TAGS[language]}
    longest = max(field.most, len(proposed) if isinstance(proposed, str) else 0) or _LONGEST
    if field.widget == Widget.TEXT:
        rows = min(12, max(3, len(str(proposed)) // 60))
        text = LongText(max_length=longest, **label)
        text.widget.attrs.update(attrs, rows=rows)
        return text
    if field.widget in (Widget.LINE, Widget.KEYWORDS):
        return LineField(
            max_length=longest, widget=forms.TextInput(attrs | {"class": "vTextField"}), **label
        )
    if field.widget == Widget.YEARS:
        return YearsBox(**label)
    if field.widget == Widget.MONEY:
        return MoneyBox(**label)
    if field.widget in (Widget.PICTURE, Widget.FILE):
        # Accepted as it is, or left out.
        return forms.CharField(widget=forms.HiddenInput, disabled=True, **label)
    options = list(field.options()) if field.options else []
    chosen = proposed if isinstance(proposed, list) else [proposed]
    # A term that has been renamed since: accepting it is refused in words.
    known = {value for value, _label in options}
    options += [(value, value) for value in chosen if value not in known]
    if field.widget == Widget.CHOICES:
        return forms.MultipleChoiceField(
            choices=options, widget=forms.CheckboxSelectMultiple, **label
        )
    return forms.ChoiceField(choices=[("", "---------"), *options], **label)
