"""Moves between the states of a row, each a compare-and-swap."""

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class MoveRefused(ValidationError):
    """The row is not, or no longer, in a state from which this move leads."""


def move(
    obj: models.Model, to: str, *, by: AbstractBaseUser | None = None, **changes: object
) -> None:
    """Move ``obj.status`` to ``to`` and save ``changes`` with it, in the caller's transaction.

    ``obj.MOVES`` says which states lead where. Of two who press at once one wins:
    the other, and any move that the table does not hold, gets ``MoveRefused``.
    The save that follows the swap is what writes the history, in the name of
    ``by`` or, where that is not given, of the user of the running request. It writes
    nothing else of ``obj``, which may have been read before others changed the row.
    """
    refuse_unless_allowed(obj, to)
    model = type(obj)
    swapped = model._base_manager.filter(pk=obj.pk, status=obj.status).update(status=to, **changes)
    if not swapped:
        raise MoveRefused(
            _("Somebody else has changed this in the meantime. Reload the page and look again."),
            code="changed_meanwhile",
        )
    obj.status = to
    if by is not None:
        obj._history_user = by
    for name, value in changes.items():
        setattr(obj, name, value)
    obj.save(update_fields=["status", *changes])


def refuse_unless_allowed(obj: models.Model, to: str) -> None:
    """Raise ``MoveRefused`` unless ``obj.MOVES`` leads from its status to ``to``."""
    if to not in obj.MOVES.get(obj.status, ()):
        label = dict(obj._meta.get_field("status").flatchoices)
        raise MoveRefused(
            _("This is “%(now)s” and cannot become “%(to)s”."),
            code="not_allowed",
            params={"now": label[obj.status], "to": label[to]},
        )
