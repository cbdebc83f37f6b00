from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from projects.report.populations import Pool
from projects.report.subject import Subject
from summit.lib.i18n.languages import Words


def _all(subject: Subject) -> Q:
    return Q()


@dataclass(frozen=True)
class Figure:
    """A number of rows. ``definition`` is one sentence that says which.

    ``where`` never joins to many rows, or one row would be counted twice: what
    hangs on a row is asked for by a subquery.
    """

    key: str
    pool: Pool
    label: Words
    definition: Words
    where: Callable[[Subject], Q] = _all
    of_series_only: bool = False

    @property
    def model(self) -> type[Model]:
        return self.pool.model

    def rows(self, subject: Subject) -> QuerySet[Any]:
        """The rows that the figure counts."""
        return self.pool.rows(subject).filter(self.where(subject))

    def is_told_of(self, subject: Subject) -> bool:
        return subject.is_series or not self.of_series_only


@dataclass(frozen=True)
class Ratio:
    """One figure as a share of another, in per cent; nothing where there is no whole."""

    key: str
    label: Words
    definition: Words
    part: Figure
    whole: Figure

    def of(self, numbers: dict[str, int]) -> float | None:
        whole = numbers[self.whole.key]
        return round(100 * numbers[self.part.key] / whole, 1) if whole else None
