"""The section of a report on one-to-one meetings, as the page and the files tell it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from backoffice.report_selection import FigureLinks
from meetings.models import MeetingTotals
from meetings.report import reading, typed
from meetings.report.figures import SECTION
from projects.exports.report import Line
from projects.report.figures.base import Figure
from projects.report.subject import Subject


@dataclass
class MeetingsLine:
    """A figure of meetings as the page tells it; ``typed`` is what was entered by hand."""

    figure: object
    number: int | float | None
    url: str
    typed: int
    is_ratio: bool


def show_meetings(subject: Subject, links: FigureLinks) -> dict[str, Any]:
    """Return the section as its template reads it; nothing where there is nothing to tell."""
    read = reading.read(subject)
    if not read.is_told:
        return {}
    return {
        "key": "meetings",
        "label": SECTION,
        "lines": [_line(each, subject, links) for each in read.numbers],
        "breakdowns": [],
        "columns": [figure.label for _column, figure in typed.COLUMNS],
        "totals": [(each, _cells(each)) for each in read.totals],
    }


def _line(number: reading.Number, subject: Subject, links: FigureLinks) -> MeetingsLine:
    figure = number.figure
    has_rows = isinstance(figure, Figure) and number.number != number.typed
    return MeetingsLine(
        figure,
        number.number,
        links.to(subject, figure) if has_rows else "",  # type: ignore[arg-type]  # a Figure then
        number.typed,
        number.is_percent,
    )


def _cells(totals: MeetingTotals) -> list[int | None]:
    return [getattr(totals, column) for column, _figure in typed.COLUMNS]


def export_lines(subject: Subject) -> Iterator[Line]:
    """Yield the figures, and the numbers entered by hand of each event, for a file."""
    read = reading.read(subject)
    section = str(SECTION)
    for each in read.numbers:
        figure = each.figure
        yield Line(
            figure.key,
            section,
            str(figure.label),
            "",
            each.number,
            each.unit,
            str(figure.definition),
        )
    for totals in read.totals:
        yield from _typed_lines(totals, section)


def _typed_lines(totals: MeetingTotals, section: str) -> Iterator[Line]:
    if totals.is_beside:  # type: ignore[attr-defined]  # annotated
        told = _("Entered by hand, not counted here. Source: %(source)s")
    else:
        told = _("Entered by hand and counted above. Source: %(source)s")
    for column, figure in typed.COLUMNS:
        yield Line(
            f"typed_{figure.key}:{totals.event.slug}",
            section,
            _("%(figure)s, entered by hand") % {"figure": figure.label},
            totals.event.title,
            getattr(totals, column),
            str(figure.model._meta.verbose_name_plural),
            told % {"source": totals.source},
        )
