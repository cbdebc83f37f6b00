"""Saying of rows that look alike that they are different ones, and taking it back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from events.models.told_apart import ToldApart


class NotToldApart(ValidationError):
    """Some of the rows are not there any more, or there are not two of them."""


def gone() -> NotToldApart:
    words = _(
        "Some of these rows have been merged or deleted in the meantime. Check the list again."
    )
    return NotToldApart(words, code="gone")


@transaction.atomic
def tell_apart(rows: Sequence[ToldApart]) -> None:
    """Record that each of the rows is another than every other. Repeating it is harmless.

    Raises ``NotToldApart``. Two queries a row.
    """
    for row, others in _pairs(rows):
        row.different_from.add(*others)


@transaction.atomic
def take_back(rows: Sequence[ToldApart]) -> None:
    """Let the rows be pointed out as possible duplicates of each other again."""
    for row, others in _pairs(rows):
        row.different_from.remove(*others)


def _pairs(rows: Sequence[ToldApart]) -> list[tuple[ToldApart, list[ToldApart]]]:
    """Return each row, locked, with those after it."""
    keys = {row.pk for row in rows}
    locked: list[ToldApart] = []
    if keys:
        stored = type(rows[0])._base_manager.select_for_update(no_key=True).order_by("pk")
        locked = list(stored.filter(pk__in=keys))
    if len(locked) < max(2, len(keys)):
        raise gone()
    return [(row, locked[number:]) for number, row in enumerate(locked[:-1], start=1)]


def without_told_apart[Rows: QuerySet[Any]](rows: Rows, row: Model) -> Rows:
    """Leave out a row itself, and what it is told apart from."""
    rows = rows.exclude(pk=row.pk)
    if row.pk and isinstance(row, ToldApart):
        return rows.exclude(pk__in=row.different_from.order_by().values("pk"))
    return rows


def told_apart(model: type[ToldApart], keys: Iterable[int]) -> Mapping[int, set[int]]:
    """Return by the key of each row which others it is told apart from. One query."""
    links = model.different_from.through._base_manager
    columns = [field.attname for field in links.model._meta.fields if field.is_relation]
    found: dict[int, set[int]] = {}
    for first, second in links.filter(**{f"{columns[0]}__in": list(keys)}).values_list(*columns):
        found.setdefault(first, set()).add(second)
    return found


def still_alike(model: type[ToldApart], groups: Sequence[list[int]]) -> list[list[int]]:
    """Leave of groups of keys those rows that are not told apart from all others of the group."""
    apart = told_apart(model, {key for group in groups for key in group})
    found = []
    for group in groups:
        others = set(group)
        kept = [key for key in group if others - {key} - apart.get(key, set())]
        if len(kept) > 1:
            found.append(kept)
    return found
