"""What may stand in a cell: each widget reads one kind of value and says how to write it."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _
from django_countries import countries
from django_countries.base import CountriesBase
from django_countries.data import COUNTRIES
from import_export import widgets

from summit.lib.i18n.languages import CONTENT_LANGUAGES, SPOKEN, listed, with_more
from summit.lib.i18n.likeness import fold, key

_SEPARATORS = re.compile(r"[,;，；、|]")


def _in_all_languages(text: Callable[[], Any]) -> Iterable[str]:
    for language in CONTENT_LANGUAGES:
        with translation.override(language):
            yield key(str(text()))


def split(value: str) -> list[str]:
    return [part.strip() for part in _SEPARATORS.split(value) if part.strip()]


class Choice(widgets.CharWidget):
    """A code of a list, or its name in either language."""

    def __init__(self, choices: list[tuple[Any, Any]]) -> None:
        super().__init__()
        self.choices = [(value, label) for value, label in choices if value != ""]

    @property
    def hint(self) -> str:
        return listed(with_more(value, label) for value, label in self.choices)

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> Any:
        wanted = key(value)
        for code, label in self.choices:
            if wanted in {key(str(code)), *_in_all_languages(partial(str, label))}:
                return code
        raise ValueError(
            _("“%(value)s” is not known here. Use one of: %(choices)s.")
            % {"value": value, "choices": listed(code for code, _label in self.choices)}
        )


class YesNo(widgets.BooleanWidget):
    @property
    def hint(self) -> str:
        return listed(["yes", "no", "是", "否"])

    _words = {
        **dict.fromkeys(("yes", "y", "true", "1", "是", "对", "√"), True),
        **dict.fromkeys(("no", "n", "false", "0", "否", "×"), False),
    }

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> bool:
        try:
            return self._words[fold(value) or value.strip()]
        except KeyError:
            raise ValueError(
                _("“%(value)s” is neither yes nor no. Write yes, no, 是 or 否.") % {"value": value}
            ) from None


class Country(widgets.CharWidget):
    @property
    def hint(self) -> str:
        return _("A code of two letters or the name: CN, United Kingdom, 英国.")

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> str:
        wanted = key(value)
        for code, _name in countries:
            if wanted == key(code) or wanted in _in_all_languages(partial(countries.name, code)):
                return code
        # Where COUNTRY_NAMES has another name, the packaged one still says which place is meant.
        for code in settings.COUNTRIES_OVERRIDE:
            packaged = CountriesBase.COMMON_NAMES.get(code, COUNTRIES.get(code, ""))
            if wanted in _in_all_languages(partial(str, packaged)):
                return code
        raise ValueError(
            _("“%(value)s” is not a known country or region. Use its code, such as CN or GB.")
            % {"value": value}
        )


class Languages(widgets.Widget):
    @property
    def hint(self) -> str:
        return _("Codes or names with commas between them: en, zh.")

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> list[str]:
        one = Choice(SPOKEN)
        return [one.clean(part) for part in split(value)]

    def render(self, value: list[str], obj: Any = None, **kwargs: Any) -> str:
        return ", ".join(value or [])


class Day(widgets.DateWidget):
    hint = "2027-12-31"

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> dt.date:
        match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", value.strip())
        with suppress(ValueError):
            if match:
                return dt.date(*map(int, match.groups()))
        raise ValueError(_("“%(value)s” is not a day. Write it as 2027-12-31.") % {"value": value})


class BySlug(widgets.ForeignKeyWidget):
    """A row by its slug."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(model, field="slug")

    @property
    def hint(self) -> str:
        return _("The slug of one of: %(rows)s.") % {"rows": self.model._meta.verbose_name_plural}

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> models.Model:
        return by_slug(self.model, value)


class ManyBySlug(widgets.ManyToManyWidget):
    """Rows by their slugs."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(model, field="slug", separator=",")

    @property
    def hint(self) -> str:
        return _("Slugs with commas between them, of: %(rows)s.") % {
            "rows": self.model._meta.verbose_name_plural
        }

    def clean(
        self, value: str, row: dict[str, str] | None = None, **kwargs: Any
    ) -> list[models.Model]:
        return [by_slug(self.model, slug) for slug in split(value)]


def by_slug[Row: models.Model](model: type[Row], slug: str) -> Row:
    found = model._base_manager.filter(slug=slug.strip()).first()
    if found is None:
        raise ValueError(
            _("There is no “%(slug)s” among the %(rows)s. Add it first, or use another slug.")
            % {"slug": slug.strip(), "rows": model._meta.verbose_name_plural}
        )
    return found
