"""Phone numbers as people write them, as they are stored and shown, and links that dial them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from summit.lib.web.typed_text import LineField

# The words that stand in a phone number, and how short the shortest numbers are.
_LETTER = r"[^\W\d_]"
_EXTENSION = re.compile(rf"(?<!{_LETTER})(extension|ext|x)(?!{_LETTER})|分机|转", re.IGNORECASE)
_FEWEST_DIGITS = 5
# With its area code, such as 0 and ten digits more; a mobile number has as many.
_LONGEST_IN_CHINA = 11

# Numbers without a plus are read as those of this country are dialled.
_HOME = "CN"
_CHINA = 86
# What a column of a phone number holds: 15 digits at most (E.164), and an extension (RFC 3966).
LONGEST_STORED = 40
_is_stored = re.compile(r"\+[0-9]{5,15}(?:;ext=[0-9]{1,7})?").fullmatch
# Digits as they are divided, from a plus or a bracket on; what stands around them is no number.
_WRITTEN = re.compile(r"[+(]?[0-9][0-9\s().\-\u2010-\u2015/·]*")
_AFTER_DASH = re.compile(r"(?<=[0-9])-([0-9]{1,6})$")
# All of China's mobile numbers, of ranges that are given out later than the library too.
_CHINESE_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MOBILES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


@dataclass(frozen=True)
class Phone:
    """A number that was understood: in E.164, and the extension of a landline behind it."""

    e164: str
    is_mobile: bool
    extension: str = ""

    @property
    def stored(self) -> str:
        return f"{self.e164};ext={self.extension}" if self.extension else self.e164


def understand(text: str) -> Phone | None:
    """Return the number that a text holds, ``None`` where it holds none or more than one.

    In whatever way it is written: ``138 0013 8000``, ``+86…``, ``0086…``, in full-width digits,
    with dashes, dots or words around it such as ``（微信同号）``; a landline with its area code
    and perhaps an extension; a foreign one with its plus. Some 100 microseconds.
    """
    text = unicodedata.normalize("NFKC", text)
    main, *behind = _EXTENSION.split(_plain_digits(text).replace(";ext=", " ext "))[::2]
    written = [
        run for run in _WRITTEN.findall(main) if sum(map(str.isdigit, run)) >= _FEWEST_DIGITS
    ]
    if len(written) != 1:
        return None
    extension = next(filter(None, (re.match(r"\W*([0-9]{1,7})", more) for more in behind)), None)
    found = _parse(written[0])
    if (
        found is None
        and extension is None
        and (extension := _AFTER_DASH.search(written[0].strip()))
    ):
        # 0311-88888888-801
        found = _parse(written[0].strip()[: extension.start()])
    if found is None:
        return None
    is_mobile = _is_chinese_mobile(found) or phonenumbers.number_type(found) in _MOBILES
    e164 = phonenumbers.format_number(found, PhoneNumberFormat.E164)
    kept = extension[1] if extension and not is_mobile else ""
    return Phone(e164, is_mobile, kept)


def _parse(number: str) -> phonenumbers.PhoneNumber | None:
    try:
        found = phonenumbers.parse(number, _HOME)
    except phonenumbers.NumberParseException:
        return None
    is_one = _is_chinese_mobile(found) or phonenumbers.is_valid_number(found)
    return found if is_one else None


def _is_chinese_mobile(number: phonenumbers.PhoneNumber) -> bool:
    national = str(number.national_number)
    return number.country_code == _CHINA and bool(_CHINESE_MOBILE.fullmatch(national))


def stored_phone(text: str) -> str:
    """Return a number as it is stored, or the text as it is where it was not understood."""
    if not text or _is_stored(text):
        return text
    phone = understand(text)
    return phone.stored if phone else text


def mobile_key(stored: str) -> str:
    """Return a mobile number by which it is compared, "" for a landline and what is no number."""
    if stored.startswith("+861") and _CHINESE_MOBILE.fullmatch(stored[3:]):
        return stored
    phone = understand(stored) if stored else None
    return phone.e164 if phone and phone.is_mobile else ""


def masked_phone(stored: str) -> str:
    """Return the last four digits of a stored number alone: ``••••8000``."""
    return f"••••{stored[-4:]}" if len(stored) > 4 else "••••"


def shown_phone(stored: str) -> str:
    """Return a stored number as people of China read it, and as it is where it is none.

    Their own ones as they dial them, foreign ones with the plus: ``138 0013 8000``.
    """
    if not _is_stored(stored):
        return stored
    number, _sign, extension = stored.partition(";ext=")
    if number.startswith("+861") and _CHINESE_MOBILE.fullmatch(number[3:]):
        # Most are, and this takes a hundredth of the time.
        return f"{number[3:6]} {number[6:10]} {number[10:]}"
    parsed = phonenumbers.parse(number)
    is_home = parsed.country_code == _CHINA
    how = PhoneNumberFormat.NATIONAL if is_home else PhoneNumberFormat.INTERNATIONAL
    shown = phonenumbers.format_number(parsed, how)
    if not extension:
        return shown
    return gettext("%(number)s ext. %(extension)s") % {"number": shown, "extension": extension}


def searched_phone(stored: str) -> str:
    """Return the digits by which a stored number is found: as it is dialled in its country."""
    if not _is_stored(stored):
        return stored
    parsed = phonenumbers.parse(stored.partition(";")[0])
    return _digits(phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL))


def _plain_digits(text: str) -> str:
    return "".join(str(int(each)) if each.isdecimal() else each for each in text)


def validate_phone(text: str) -> None:
    """Refuse what has too few digits for a phone number, or words beside its extension."""
    digits = sum(character.isdecimal() for character in text)
    words = "".join(filter(str.isalpha, _EXTENSION.sub("", text)))
    if text and (digits < _FEWEST_DIGITS or words):
        raise ValidationError(
            _("Enter a phone number, such as +86 311 8612 3456 or 0311-86123456 ext. 12."),
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
    """A phone number as staff have it: in the stored form, or as typed where it is not understood.

    Half a number on a paper list is worth more than none.
    """

    widget = forms.TelInput

    def to_python(self, value: Any) -> str:
        return stored_phone(super().to_python(value))

    def prepare_value(self, value: Any) -> Any:
        return shown_phone(value) if isinstance(value, str) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "tel"}

    def validate(self, value: str) -> None:
        super().validate(value)
        validate_phone(value)


def landline() -> ValidationError:
    """Return the refusal of a number that is no mobile one, where one is needed."""
    return ValidationError(
        _(
            "Messages cannot be sent to this number, because it is not a mobile number. Enter a "
            "mobile number (138 0013 8000, or a foreign one with +), or an e-mail address where "
            "the form asks for one."
        ),
        code="landline",
    )


class OwnPhoneField(PhoneField):
    """The number that people give of themselves, under which they are to be reached.

    One that is not understood is refused, and with ``needs_mobile`` a landline too.
    """

    needs_mobile = False

    def validate(self, value: str) -> None:
        LineField.validate(self, value)
        phone = understand(value)
        if value and phone is None:
            raise ValidationError(
                _(
                    "This is not a whole phone number. Enter one number: a mobile number, a "
                    "landline with its area code such as 0311-86123456, or a foreign number with + "
                    "and the country code."
                ),
                code="not_understood",
            )
        if phone and self.needs_mobile and not phone.is_mobile:
            raise landline()


class PhoneColumn(models.CharField):  # type: ignore[type-arg]  # has none at run time
    """A column of phone numbers, which stores what it understands in one form.

    ``update()`` and lookups take a value as it is.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = stored_phone(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": PhoneField, **kwargs})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        # The column itself is a plain one, so that no migration needs to know of this class.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
