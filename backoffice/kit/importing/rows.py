"""Cells that name rows: by what they are called in either language, or by their slugs."""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext as _
from import_export import widgets

from backoffice.kit.choosers import chooser_label, chooser_rows
from backoffice.kit.importing.headings import by_letters
from backoffice.kit.importing.lists import is_one_item, split
from summit.lib.i18n.languages import columns, listed_long
from summit.lib.i18n.likeness import key, one_line

# What people write before and behind the names of persons.
PERSONAL_TITLES = re.compile(
    r"^(?:prof(?:essor)?|dr|mr|mrs|ms|sir|dame|academician)\b\.?\s*|"
    r"(?<!\s)\s*+(?:副?教授|副?研究员|院士|博士|先生|女士|主任|老师|(?:副?主任)?医师|医生|经理|总裁|会长|主席)$",
    re.IGNORECASE,
)
# 王伟（市医院）, Wang Wei · City Hospital
_WITH_MORE = re.compile(r"(.+?)(?: ?[(（]([^()（）]+)[)）]| [·•|] (.+))")


class Names:
    """The rows of a model by what they are called, read with one query when first asked."""

    def __init__(self, rows: models.QuerySet[Any]) -> None:
        self.queryset = rows

    @cached_property
    def by_slug(self) -> dict[str, Any]:
        return {row.slug: row for row in self._rows}

    @cached_property
    def _rows(self) -> list[Any]:
        return list(self.queryset)

    @cached_property
    def _by_key(self) -> dict[str, dict[Any, Any]]:
        found: dict[str, dict[Any, Any]] = {}
        for row in self._rows:
            for each in keys_of(row):
                found.setdefault(each, {})[row.pk] = row
        return found

    def add(self, row: Any) -> None:
        """Let a row that was written meanwhile be found as well."""
        self.by_slug[row.slug] = row
        for each in keys_of(row):
            self._by_key.setdefault(each, {})[row.pk] = row

    def alike(self, texts: Iterable[str]) -> list[Any]:
        """Return the rows that have a name like one of these texts, the oldest first."""
        found: dict[Any, Any] = {}
        for text in texts:
            found |= self._by_key.get(key(text), {}) if text else {}
        return [found[pk] for pk in sorted(found)]


def keys_of(row: Any) -> set[str]:
    """Return what the names of a row are compared by."""
    names = (getattr(row, name) for name in columns(*row.required_texts))
    return {*row.likeness_keys(), *map(key, names)} - {""}


class ByName(widgets.ForeignKeyWidget):
    """A row by its name in either language, a short name or its slug.

    ``titles`` are what may stand around a name besides. Export writes the name in the current
    language, or the slug where the name is not of this row alone.
    """

    def __init__(self, model: type[models.Model], *, titles: re.Pattern[str] | None = None) -> None:
        super().__init__(model, field="slug")
        self.titles = titles

    @cached_property
    def names(self) -> Names:
        return Names(self.model._default_manager.all())

    @property
    def hint(self) -> str:
        return _("One of the %(rows)s, by name in either language or by slug.") % {
            "rows": self.model._meta.verbose_name_plural
        }

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> Any:
        return self.one(value)

    def one(self, text: str) -> Any:
        """Return the row that a text names. Raises ``ValueError`` for none and for several."""
        found = self.named(text)
        if not found:
            raise ValueError(
                _("There is no “%(name)s” among the %(rows)s. Add it first, or correct the name.")
                % {"name": text.strip(), "rows": self.model._meta.verbose_name_plural}
            )
        if len(found) > 1:
            raise ValueError(
                _("“%(name)s” could be any of these: %(rows)s. Write the slug instead.")
                % {"name": text.strip(), "rows": listed_long(self._told_apart(found))}
            )
        return found[0]

    def knows(self, text: str) -> bool:
        """Whether a text means one row."""
        return len(self.named(text)) == 1

    def named(self, text: str) -> list[Any]:
        """Return the rows that a text may mean."""
        text = one_line(text)
        if text in self.names.by_slug:
            return [self.names.by_slug[text]]
        if found := self.names.alike([text]) or self.names.alike(self._bare(text)):
            return found
        if more := _WITH_MORE.fullmatch(text):
            named = self.names.alike(self._bare(more[1]))
            wanted = key(more[2] or more[3])
            labels = dict(zip(named, self._told_apart(named), strict=True))
            return [row for row in named if wanted in key(labels[row])]
        names = by_letters(text).values()
        return self.names.alike(names) if len(names) > 1 else []

    def _bare(self, name: str) -> list[str]:
        """Return a name with and without the titles around it."""
        return [name, self.titles.sub("", name)] if self.titles else [name]

    def _told_apart(self, rows: list[Any]) -> list[str]:
        """Return how choosers name these rows, each with its slug."""
        page = admin.site.get_model_admin(self.model)
        found = chooser_rows(page, self.model._default_manager.filter(pk__in=[r.pk for r in rows]))
        labels = {row.pk: chooser_label(page, row) for row in found}
        return [
            label
            if (label := labels[row.pk]).endswith(f"· {row.slug}")
            else f"{label} · {row.slug}"
            for row in rows
        ]

    def told(self, row: Any) -> str:
        return str(row)

    def name_of(self, row: Any) -> str:
        return str(getattr(row, row.required_texts[0]))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        if value is None:
            return ""
        name = self.name_of(value)
        return name if self.named(name) == [value] else str(value.slug)


class ManyByName(widgets.ManyToManyWidget):
    """Rows as ``ByName`` finds each, with what ``lists.split`` knows between them."""

    is_list = True

    def __init__(self, model: type[models.Model], *, titles: re.Pattern[str] | None = None) -> None:
        super().__init__(model, field="slug", separator=",")
        self.each = ByName(model, titles=titles)

    @property
    def hint(self) -> str:
        return _("Names or slugs of %(rows)s, separated by commas.") % {
            "rows": self.model._meta.verbose_name_plural
        }

    def clean(self, value: str, row: dict[str, str] | None = None, **kwargs: Any) -> list[Any]:
        found: dict[Any, None] = {}
        refusals: list[str] = []
        for name in split(value, self.each.knows):
            try:
                found[self.each.one(name)] = None
            except ValueError as error:
                refusals.append(str(error))
        if refusals:
            raise ValueError(" ".join(refusals))
        return list(found)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        names = ((self.each.render(row), row.slug) for row in _all(value))
        return ", ".join(name if is_one_item(name) else slug for name, slug in names)


def _all(value: Any) -> Iterable[Any]:
    if value is None:
        return []
    return value.all() if hasattr(value, "all") else value
