"""Who is named in the history of a row, beside the user of the running request."""

from django.contrib.auth.models import User
from django.db.models import Model


def write_as(row: Model, user: User | None) -> None:
    """Name ``user`` in the history of what is saved of ``row`` from here on. Saves nothing."""
    row._history_user = user  # type: ignore[attr-defined]  # simple_history looks for it there
