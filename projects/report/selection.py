"""From the name of a figure back to the rows that it counts."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from projects.report.breakdowns import UnknownRow
from projects.report.layout import BREAKDOWNS, FIGURES
from projects.report.subject import Subject


class UnknownFigure(LookupError):
    """There is no such figure, or it has no such row."""


@dataclass(frozen=True)
class Selection:
    """What a name such as ``signed`` or ``sectors:health`` stands for."""

    label: str
    model: type[Model]
    rows: QuerySet[Any]


def select(subject: Subject, name: str) -> Selection:
    """Find the rows of a figure, or of one row of a breakdown. Raises ``UnknownFigure``."""
    key, colon, value = name.partition(":")
    if not colon and key in FIGURES and FIGURES[key].is_told_of(subject):
        figure = FIGURES[key]
        return Selection(str(figure.label), figure.model, figure.rows(subject))
    if colon and key in BREAKDOWNS:
        breakdown = BREAKDOWNS[key]
        try:
            label = f"{breakdown.label}: {breakdown.name(value)}"
            return Selection(label, breakdown.of.model, breakdown.rows(subject, value))
        except UnknownRow as error:
            raise UnknownFigure(name) from error
    raise UnknownFigure(name)
