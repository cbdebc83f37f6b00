"""Columns that are made from the rest of their row, such as what a search finds it by."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models

# How many rows are read and written at a time.
_BATCH = 500

if TYPE_CHECKING:
    _Base = models.Field[Any, Any]
else:
    _Base = object


class _Made(_Base):
    """Made by ``made(row)`` whenever the row is saved, one by one or in bulk.

    ``QuerySet.update()`` makes nothing: what writes a text that ``made`` reads goes through
    ``save()``. After a change of what ``made`` does, ``refill`` brings the rows up to date.
    ``made`` reads no related row, and nothing but columns.
    """

    def __init__(self, *args: Any, made: Callable[[Any], str] | None = None, **kwargs: Any) -> None:
        self.made = made
        kwargs = {"blank": True, "editable": False, "default": "", "db_default": "", **kwargs}
        super().__init__(*args, **kwargs)

    def make(self, row: models.Model) -> str:
        """Return the value for a row, no longer than the column."""
        return "" if self.made is None else self.made(row)[: self.max_length]

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.make(model_instance)
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        # The column itself is a plain one, so that no migration needs to know of this class.
        name, _path, args, kwargs = super().deconstruct()
        kind = "TextField" if isinstance(self, models.TextField) else "CharField"
        return name, f"django.db.models.{kind}", args, kwargs


class MadeText(_Made, models.TextField):  # type: ignore[type-arg]  # has none at run time
    pass


class MadeLine(_Made, models.CharField):  # type: ignore[type-arg]  # as above
    pass


def made_columns(model: type[models.Model]) -> list[MadeText | MadeLine]:
    """Return the columns of a model that are made."""
    return [f for f in model._meta.concrete_fields if isinstance(f, (MadeText, MadeLine))]


def refill(model: type[models.Model], *, stored: type[models.Model] | None = None) -> int:
    """Make the columns of all rows anew; return how many rows were not up to date.

    ``stored`` is the model of a migration, which may lack columns: what is made of them is made
    of their defaults. Reads every row, in batches, and writes those that differ.
    """
    stored = stored or model
    stored_names = {field.attname for field in stored._meta.concrete_fields}
    known = [each.attname for each in model._meta.concrete_fields if each.attname in stored_names]
    columns = [column for column in made_columns(model) if column.attname in stored_names]
    names, changed, last = [column.name for column in columns], 0, 0
    while rows := list(stored._base_manager.filter(pk__gt=last).order_by("pk")[:_BATCH]):
        last = rows[-1].pk
        outdated = [
            row
            for row in rows
            if _make(columns, row, of=model(**{name: getattr(row, name) for name in known}))
        ]
        stored._base_manager.bulk_update(outdated, names, batch_size=_BATCH)
        changed += len(outdated)
    return changed


def _make(columns: Iterable[MadeText | MadeLine], row: models.Model, *, of: models.Model) -> bool:
    """Make the columns of one row of what it is today; return whether any differs."""
    differs = False
    for column in columns:
        value = column.make(of)
        differs = differs or value != getattr(row, column.attname)
        setattr(row, column.attname, value)
    return differs
