"""Numbers that anybody can send: which of them a database holds is decided here alone."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet


def fits_bigint(text: str) -> bool:
    """Whether a text can be a key of a row: digits, and no more than a database can hold.

    Python refuses to read thousands of them as an ``int``, and reads those of other scripts.
    """
    return len(text) <= 18 and text.isascii() and text.isdecimal()


def rows_by_keys[Rows: QuerySet[Any]](rows: Rows, keys: Iterable[str]) -> Rows:
    """Leave of ``rows`` those with one of the keys; a text that can be no key finds none."""
    return rows.filter(pk__in=[key for key in keys if fits_bigint(key)])
