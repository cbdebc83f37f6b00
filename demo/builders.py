"""How one row of the demo is made, and how it is found again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from simple_history.utils import get_history_manager_for_model

from demo.source import picture
from summit.lib.database.history import write_as
from summit.lib.files.pictures import drawn


@dataclass
class Work:
    """Who builds the demo, who else, who is at its desk, whom to tell, how many rows were made."""

    by: User
    second: User
    desk: User
    say: Callable[[str], None]
    made: dict[str, int] = field(default_factory=dict)

    def count(self, model: type[models.Model]) -> None:
        self.made[model.__name__] = self.made.get(model.__name__, 0) + 1


def existing[Model: models.Model](model: type[Model], slug: str) -> Model | None:
    """Return the row that the demo made under this slug before, even if its slug was edited.

    A row that was deleted is gone: then the demo makes it again.
    """
    rows = model._default_manager.all()
    row = rows.filter(models.Q(slug=slug)).first()
    if row is None:
        known = get_history_manager_for_model(model).filter(slug=slug).values("id")
        row = rows.filter(pk__in=known).order_by("pk").first()
    return row


def build[Model: models.Model](work: Work, model: type[Model], **values: Any) -> Model:
    """Make a row as a form would: checked, saved, and with the organizer in its history.

    A picture is given by the name of its file.
    """
    pictures = {
        name: values.pop(name) for name in ("cover", "picture", "image") if values.get(name)
    }
    row = model(**values)
    for name, file in pictures.items():
        getattr(row, name).save(f"{file}.webp", drawn(picture(file)), save=False)
    return save(work, row, is_new=True)


def save[Model: models.Model](work: Work, row: Model, *, is_new: bool = False) -> Model:
    write_as(row, work.by)
    row.full_clean()
    row.save()
    if is_new:
        work.count(type(row))
    return row
