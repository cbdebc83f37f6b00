"""Form fields for what strangers type: its length is checked before anything else is done."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from summit.lib.i18n.likeness import one_line

LENGTH_OF_UUID = 36


class BoundedField(forms.CharField):
    """A text of at most ``max_length`` characters, counted as it was sent.

    Django counts only after ``to_python``, ``clean`` and the other validators have worked on
    the text. Here a longer text is refused by ``to_python``, so that what a field does with
    its text never costs more than ``max_length`` allows. Browsers count in the same way.

    ``is_one_of_two``: this field or another is required, which its label then says.
    """

    is_one_of_two = False

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        if isinstance(value, str) and self.max_length is not None:
            MaxLengthValidator(self.max_length)(value)
        return super().to_python(value) or ""


class LineField(BoundedField):
    """One line of text: breaks and spaces in a row become one space, what nobody sees goes."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value))


class KeyField(BoundedField):
    """A UUID, as ``str`` writes it. Django's own field reads a text of any length."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LENGTH_OF_UUID, **kwargs)

    def clean(self, value: Any) -> uuid.UUID | None:
        text = super().clean(value)
        try:
            return uuid.UUID(text) if text else None
        except ValueError as error:
            message = forms.UUIDField.default_error_messages["invalid"]
            raise ValidationError(message, code="invalid") from error


class SlugLine(LineField, forms.SlugField):
    """A slug, as it was pasted."""


class WebAddressLine(LineField, forms.URLField):
    """An address of the web, as it was pasted."""

    def to_python(self, value: Any) -> str:
        return super().to_python(one_line(value) if isinstance(value, str) else value)
