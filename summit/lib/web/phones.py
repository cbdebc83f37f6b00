"""Phone numbers as people write them, and the links that dial them."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from summit.lib.web.typed_text import LineField

# The words that stand in a phone number, and how short the shortest numbers are.
_LETTER = r"[^\W\d_]"
_EXTENSION = re.compile(rf"(?<!{_LETTER})(extension|ext|x)(?!{_LETTER})|分机|转", re.IGNORECASE)
_FEWEST_DIGITS = 5
# With its area code, such as 0 and ten digits more; a mobile number has as many.
_LONGEST_IN_CHINA = 11


def validate_phone(text: str) -> None:
    """Refuse what has too few digits for a phone number, or words beside its extension."""
    digits = sum(character.isdecimal() for character in text)
    words = "".join(filter(str.isalpha, _EXTENSION.sub("", text)))
    if text and (digits < _FEWEST_DIGITS or words):
        raise ValidationError(
            _("Give a phone number, such as +86 311 8612 3456 or 0311-86123456 ext. 12."),
            code="no_phone",
        )


def dial_link(text: str) -> str:
    """Return the link that dials a number (RFC 3966), "" for a text without digits.

    Keeps the plus at the beginning and, after ``;ext=``, the first extension.
    """
    number, *extensions = _EXTENSION.split(unicodedata.normalize("NFKC", text))[::2]
    digits = _digits(number)
    if not digits:
        return ""
    # "+44 (0)161": the bracket is for callers from the country itself.
    plus = "+" if number.lstrip(" (").startswith("+") else ""
    if plus:
        digits = _digits(number.replace("(0)", ""))
    extension = next(filter(None, map(_digits, extensions)), "")
    return f"tel:{plus}{digits}" + (f";ext={extension}" if extension else "")


def phone_key(text: str) -> str:
    """Return the digits by which numbers are compared, "" for a text without any.

    The prefix of China, of calls abroad and within a country, and extensions do not count:
    ``+86 311 8612 3456`` is ``0311-86123456 ext. 12``.
    """
    number = dial_link(text).removeprefix("tel:").partition(";")[0].removeprefix("+")
    number = number.removeprefix("00")
    if len(number) > _LONGEST_IN_CHINA:
        number = number.removeprefix("86")
    return number.lstrip("0")


def _digits(text: str) -> str:
    return "".join(str(int(character)) for character in text if character.isdecimal())


class PhoneField(LineField):
    """A phone number in whatever way it is written, perhaps with an extension."""

    def validate(self, value: str) -> None:
        super().validate(value)
        validate_phone(value)
