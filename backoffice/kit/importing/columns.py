"""What may stand in a cell: each widget reads one kind of value and says how to write it."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django_countries import countries
from import_export import widgets

from summit.lib.i18n.country_codes import country_code
from summit.lib.i18n.language_codes import language_codes
from summit.lib.i18n.languages import CONTENT_LANGUAGES, SPOKEN, listed, spoken_names, with_more
from summit.lib.i18n.likeness import fold, key
from summit.lib.spreadsheets import Kind


def _in_all_languages(text: Callable[[], Any]) -> Iterable[str]:
    for language in CONTENT_LANGUAGES:
        with translation.override(language):
            yield key(str(text()))


class Choice(widgets.CharWidget):
    """A code of a list, or its name in either language, or one of its ``other_names``."""

    def __init__(
        self, choices: list[tuple[Any, Any]], other_names: Mapping[Any, Iterable[str]] | None = None
    ) -> None:
        super().__init__()
        self.choices = [(value, label) for value, label in choices if value != ""]
        self.other_names = {
            key(name): value for value, names in (other_names or {}).items() for name in names
        }

    @property
    def hint(self) -> str:
        return listed(with_more(value, label) for value, label in self.choices)

    def offered(self) -> list[str]:
        """Return what a list offers to choose from, in the current language."""
        return [str(label) for _value, label in self.choices]

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> Any:
        wanted = key(value)
        for code, label in self.choices:
            if wanted in {key(str(code)), *_in_all_languages(partial(str, label))}:
                return code
        if wanted in self.other_names:
            return self.other_names[wanted]
        raise ValueError(
            _("“%(value)s” is not known here. Use one of: %(choices)s.")
            % {"value": value, "choices": listed(label for _code, label in self.choices)}
        )

    def told(self, code: Any) -> str:
        return str(dict(self.choices).get(code, code))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value in (None, "") else self.told(value)


class YesNo(widgets.BooleanWidget):
    @property
    def hint(self) -> str:
        return listed(["yes", "no", "是", "否"])

    _words = {
        **dict.fromkeys(("yes", "y", "true", "1", "是", "对", "有", "√", "✓", "✔", "☑"), True),
        **dict.fromkeys(("no", "n", "false", "0", "否", "不是", "无", "×", "✗", "✘"), False),
    }

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> bool:
        try:
            return self._words[fold(value) or value.strip()]
        except KeyError:
            raise ValueError(
                _("“%(value)s” is neither yes nor no. Write yes, no, 是 or 否.") % {"value": value}
            ) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else _("yes") if value else _("no")


class Country(widgets.CharWidget):
    @property
    def hint(self) -> str:
        return _("A code of two letters or the name: CN, United Kingdom, 英国.")

    def offered(self) -> list[str]:
        """Return the names of all of them, in the current language."""
        return [str(name) for _code, name in countries]

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> str:
        code = country_code(value)
        if code is not None:
            return code
        raise ValueError(
            _("“%(value)s” is not a known country or region. Use its code, such as CN or GB.")
            % {"value": value}
        )

    def told(self, code: Any) -> str:
        return str(countries.name(str(code)))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.told(value) if value else ""


class Languages(widgets.Widget):
    is_list = True

    @property
    def hint(self) -> str:
        return _("Codes or names with commas between them: en, zh.")

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> list[str]:
        codes, unknown = language_codes(value)
        for part in unknown:
            raise ValueError(
                _("“%(value)s” is not known here. Use one of: %(choices)s.")
                % {"value": part, "choices": listed(name for _code, name in SPOKEN)}
            )
        return codes

    def told(self, codes: list[str]) -> str:
        return listed(spoken_names(codes))

    def render(self, value: list[str], obj: Any = None, **kwargs: Any) -> str:
        return ", ".join(spoken_names(value or []))


# Days as offices write them.
_DAYS = [
    re.compile(r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})[日号.]?"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)"),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})"),
    re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[- ,.]?(?P<name>[a-z]{3,9})[-,. ]*(?P<y>\d{4})"),
    re.compile(r"(?P<name>[a-z]{3,9})\.?(?P<d>\d{1,2})(?:st|nd|rd|th)?,?(?P<y>\d{4})"),
]
_DAY_OR_MONTH_FIRST = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
WEEKDAY = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[,. ]+"
    r"|\(?(?:星期|周|礼拜)[一二三四五六日天]\)?\Z"
)
_TIME_OF_DAY = re.compile(r"(?:t|(?<!\s)\s++)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?z?\Z")
# 二〇二七年十二月三十一日, as documents of public bodies have it.
_CHINESE_DAY = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十廿卅]{1,3})[日号]"
)
_DIGITS = {digit: number for number, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}


class Day(widgets.DateWidget):
    hint = "2027-12-31"
    kind = Kind.DAY

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> dt.date:
        text = unicodedata.normalize("NFKC", value).strip().casefold()
        text = re.sub(r"\s+", "", WEEKDAY.sub("", _TIME_OF_DAY.sub("", text)))
        with suppress(ValueError, KeyError):
            if day := _day(text):
                return day
        raise ValueError(_("“%(value)s” is not a day. Write it as 2027-12-31.") % {"value": value})

    def told(self, day: dt.date) -> str:
        return day.isoformat()

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value or ""


def _day(text: str) -> dt.date | None:
    """Return the day that a text without blanks names. Raises an error for 31 February."""
    for pattern in _DAYS:
        if match := pattern.fullmatch(text):
            given = match.groupdict()
            month = given.get("m") or month_named(given["name"])
            return dt.date(int(given["y"]), int(month), int(given["d"])) if month else None
    if match := _DAY_OR_MONTH_FIRST.fullmatch(text):
        first, second, year = map(int, match.groups())
        days = {(month, day) for month, day in ((first, second), (second, first)) if month <= 12}
        # Of 3/4 nobody can tell which is the month, of 31/12 anybody.
        return dt.date(year, *days.pop()) if len(days) == 1 else None
    if match := _CHINESE_DAY.fullmatch(text):
        year = int("".join(str(_DIGITS[digit]) for digit in match[1]))
        return dt.date(year, chinese_number(match[2]), chinese_number(match[3]))
    return None


def month_named(name: str) -> int | None:
    name = "sep" if name == "sept" else name
    found = [number for number, full in enumerate(_MONTHS, 1) if full.startswith(name)]
    return found[0] if len(found) == 1 else None


def chinese_number(text: str) -> int:
    """Return 31 of 三十一."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, is_of_ten, ones = text.rpartition("十")
    if not is_of_ten:
        return _DIGITS[text]
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)
