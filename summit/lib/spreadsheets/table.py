"""What a table is made of, whatever the file."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import Enum

type Cell = str | int | float | Decimal | dt.datetime | dt.date | None
type Row = Sequence[Cell]


class Kind(Enum):
    """What a column holds: ``MOMENT`` is a day with a time, ``DAY`` one without."""

    TEXT = "text"
    NUMBER = "number"
    MOMENT = "moment"
    DAY = "day"


def width(label: str, kind: Kind, *, content: float = 0) -> float:
    """Return how wide a column is to be, in characters: its label with the filter's button fits.

    ``content`` is how wide what stands in it usually is, for text and numbers.
    """
    usual = {Kind.MOMENT: 19, Kind.DAY: 11}.get(kind, content)
    cells = sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in label)
    return min(max(usual, cells + 3, 6), 50)


def distinct(labels: Iterable[str]) -> list[str]:
    """Return the labels, those that were there before with a number: ``Diet``, ``Diet (2)``."""
    given: dict[str, str] = {}
    for label in labels:
        unlike, number = label, 1
        while unlike.casefold() in given:
            number += 1
            unlike = f"{label} ({number})"
        given[unlike.casefold()] = unlike
    return list(given.values())


def close(rows: Iterable[Row]) -> None:
    """Close what the rows come from, such as a cursor, where it can be closed."""
    close = getattr(rows, "close", None)
    if close:
        close()
