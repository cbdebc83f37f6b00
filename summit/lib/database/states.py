"""Moves between the states of a row, each a compare-and-swap."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from summit.lib.database.history import write_as


class MoveRefused(ValidationError):
    """The row is not, or no longer, in a state from which this move leads."""


class Stateful(models.Model):
    """A row with a status. ``MOVES`` says which states lead where; others lead nowhere."""

    Status: ClassVar[type[models.TextChoices]]
    MOVES: ClassVar[Mapping[str, Collection[str]]]
    status: "models.Field[Any, str]"

    class Meta:
        abstract = True


def move(obj: Stateful, to: str, *, by: User | None = None, **changes: object) -> None:
    """Move ``obj.status`` to ``to`` and save ``changes`` with it, in the caller's transaction.

    Of two who press at once one wins: the other, and any move that ``MOVES`` does not
    hold, gets ``MoveRefused``. The save that follows the swap is what writes the history,
    in the name of ``by`` or, where that is not given, of the user of the running request.
    It writes nothing else of ``obj``, which may have been read before others changed the row.
    """
    refuse_unless_allowed(obj, to)
    model: type[models.Model] = type(obj)
    as_read = models.Q(pk=obj.pk, status=obj.status)
    swapped = model._base_manager.filter(as_read).update(status=to, **changes)
    if not swapped:
        raise MoveRefused(
            _("Somebody else has changed this in the meantime. Reload the page and look again."),
            code="changed_meanwhile",
        )
    obj.status = to
    if by is not None:
        write_as(obj, by)
    for name, value in changes.items():
        setattr(obj, name, value)
    changed = ["status", *changes]
    obj.save(update_fields=changed)


def refuse_unless_allowed(obj: Stateful, to: str) -> None:
    """Raise ``MoveRefused`` unless ``obj.MOVES`` leads from its status to ``to``."""
    if to not in obj.MOVES.get(obj.status, ()):
        raise MoveRefused(
            _("This is “%(now)s” and cannot become “%(to)s”."),
            code="not_allowed",
            params={"now": obj.Status(obj.status).label, "to": obj.Status(to).label},
        )
