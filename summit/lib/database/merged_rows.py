"""Rows that were merged into others: the history of each says into which.

The last record of a row that was merged, that of its deletion, has the reason ``into``.
"""

from typing import Any

from django.db.models import Model, Q, QuerySet
from simple_history.utils import get_history_manager_for_model

_INTO = "merged into "
# Of what else was written with it: the row that is kept, and the rows that refer to it now.
BY_MERGING = "merging"


def into(kept: Model) -> str:
    """Return the reason that the history gives for the deletion of a row merged into ``kept``."""
    return f"{_INTO}{kept.pk}"


def is_merger(reason: str | None) -> bool:
    """Whether the history gives merging as the reason for a record."""
    return bool(reason) and (reason == BY_MERGING or str(reason).startswith(_INTO))


def merged() -> Q:
    """Select the records of rows that were merged into others."""
    return Q(history_type="-", history_change_reason__startswith=_INTO)


def keys_merged_into(model: type[Model], key: int) -> list[int]:
    """Return the keys of all rows that were merged into a row, also by way of others.

    Costs a query for each step of the longest way, and one more.
    """
    found: list[int] = []
    latest = [key]
    while latest:
        reasons = [f"{_INTO}{each}" for each in latest]
        records = _history(model).filter(history_change_reason__in=reasons, history_type="-")
        latest = [each for each in records.values_list("id", flat=True) if each not in found]
        found += latest
    return found


def present_key(model: type[Model], key: int) -> int | None:
    """Return the key of the row that a merged row is now; nothing where it was not merged.

    Costs a query for each step of the way, and one more.
    """
    present: int | None = None
    seen = {key}
    while True:
        records = _history(model).filter(merged(), id=key).order_by("-history_id")
        reason = records.values_list("history_change_reason", flat=True).first()
        following = int(reason.removeprefix(_INTO)) if reason else None
        if following is None or following in seen:
            return present
        present = key = following
        seen.add(key)


def _history(model: type[Model]) -> QuerySet[Any]:
    return get_history_manager_for_model(model).order_by()
