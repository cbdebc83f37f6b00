"""The columns of an exported list: values as they are, where the page shows them in colours."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from backoffice.kit.labels import capitalized, field_of, named_in_its_language, pair
from summit.lib.i18n.languages import Words
from summit.lib.spreadsheets import Cell, Kind


@dataclass(frozen=True)
class Column:
    """``cell`` is called while the language of the reader is active; ``label`` is a function so.

    ``width`` is how many characters usually stand in a cell.
    """

    label: Callable[[], Words]
    cell: Callable[[Any], Cell | Words]
    kind: Kind = Kind.TEXT
    width: int = 12

    @classmethod
    def of(
        cls,
        label: Words,
        cell: Callable[[Any], Cell | Words],
        kind: Kind = Kind.TEXT,
        width: int = 12,
    ) -> "Column":
        return cls(lambda: label, cell, kind, width)


def column(model: type[models.Model], name: str, *, width: int = 12) -> Column:
    """Return the column of a field: choices in words, days and numbers as such."""
    field = field_of(model, name)

    def label() -> str:
        return capitalized(named_in_its_language(field))

    if field.choices:
        return Column(label, lambda row: getattr(row, f"get_{name}_display")() or "", width=width)
    if isinstance(field, CountryField):
        return Column(label, lambda row: getattr(row, name).name, width=width)
    if isinstance(field, models.BooleanField):
        return Column(label, lambda row: _("yes") if getattr(row, name) else _("no"), width=6)
    return Column(label, lambda row: getattr(row, name), _kind(field), width)


def both(model: type[models.Model], name: str, *, width: int = 24) -> list[Column]:
    """Return the two columns of a bilingual text, as lists show it in both languages."""
    return [column(model, each, width=width) for each in pair(name)]


def _kind(field: models.Field) -> Kind:
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return Kind.DAY
    is_number = isinstance(field, models.DecimalField | models.IntegerField)
    return Kind.NUMBER if is_number else Kind.TEXT
