"""Form fields for what strangers type: its length is checked before anything else is done."""

import re
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

# Controls that no keyboard types, and those that turn the direction of reading around. A
# NUL stays for the field to refuse.
_UNSEEN = re.compile(r"[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")


class BoundedField(forms.CharField):
    """A text of at most ``max_length`` characters, counted as it was sent.

    Django counts only after ``to_python``, ``clean`` and the other validators have worked on
    the text. Here a longer text is refused by ``to_python``, so that what a field does with
    its text never costs more than ``max_length`` allows. Browsers count in the same way.
    """

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        if isinstance(value, str) and self.max_length is not None:
            MaxLengthValidator(self.max_length)(value)
        return super().to_python(value) or ""


class LineField(BoundedField):
    """One line of text: breaks and spaces in a row become one space, controls go."""

    def to_python(self, value: Any) -> str:
        return " ".join(_UNSEEN.sub("", super().to_python(value)).split())
