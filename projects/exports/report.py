"""The figures of a report as one table: a row for each, with a key that no language changes."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.report.breakdowns import Amounts, Breakdown
from projects.report.breakdowns import Row as Part
from projects.report.figures.base import Figure, Ratio
from projects.report.layout import OF_EACH_EVENT, SECTIONS, Section
from projects.report.queries import Report
from summit.lib.i18n import clock
from summit.lib.i18n.languages import current, with_more
from summit.lib.spreadsheets import Kind, csv_chunks, width, xlsx_file

SHEET_WIDTHS = {"key": 34, "section": 26, "figure": 34, "part": 40, "definition": 50}


class Line(NamedTuple):
    """A row of the table. ``part`` names the row of a breakdown, or the event."""

    key: str
    section: str
    figure: str
    part: str
    number: int | float | None
    unit: str
    definition: str


def header() -> list[str]:
    return [
        pgettext("column", "Key"),
        pgettext("column", "Section"),
        pgettext("column", "Figure"),
        pgettext("column", "Part"),
        pgettext("column", "Number"),
        pgettext("column", "Unit"),
        pgettext("column", "What it counts"),
    ]


def lines(report: Report, before_intentions: Sequence[Line] = ()) -> Iterator[Line]:
    """Yield all figures, rows of breakdowns and events, in the order of the page.

    ``before_intentions`` are figures that other apps count: the step before an intention.

    Rows that are known beforehand are there even where they count nothing, so that
    two files of different days have the same keys.
    """
    yield from _head(report)
    for section in SECTIONS:
        if section.key == "intentions":
            yield from before_intentions
        if section.is_told_of(report.subject):
            yield from _figures(report, section)
            for breakdown in section.breakdowns:
                yield from _parts(report, section, breakdown)
            if section.key == "registrations":
                yield from _typed(report, section)
    yield from _events(report)


def csv_file(report: Report, before_intentions: Sequence[Line] = ()) -> bytes:
    return b"".join(csv_chunks(header(), _cells(report, before_intentions)))


def workbook(report: Report, before_intentions: Sequence[Line] = ()) -> bytes:
    kinds = [Kind.NUMBER if name == "number" else Kind.TEXT for name in Line._fields]
    widths = [
        width(label, kind, content=SHEET_WIDTHS.get(name, 12))
        for name, label, kind in zip(Line._fields, header(), kinds, strict=True)
    ]
    sheet = xlsx_file(
        header(), _cells(report, before_intentions), kinds, widths=widths, sheet=_("Report")
    )
    with sheet as file:
        return file.read()


def file_name(report: Report, ending: str) -> str:
    """``report-<slug>-2026-11-22-en.xlsx``: which report, of which day, in which language."""
    day = report.subject.today.isoformat()
    return f"report-{report.subject.slug}-{day}-{current()}.{ending}"


def _cells(
    report: Report, before_intentions: Sequence[Line]
) -> Iterator[tuple[str | int | float | None, ...]]:
    # Names of the catalogue are strings of their own kind, which a file need not know.
    for line in lines(report, before_intentions):
        yield tuple(str(cell) if isinstance(cell, str) else cell for cell in line)


def _head(report: Report) -> Iterator[Line]:
    subject = report.subject
    what = _("Report of the series") if subject.is_series else _("Report of the event")
    yield Line(f"{subject.kind}:{subject.slug}", "", what, subject.title, None, "", "")
    zone = timezone.get_default_timezone()
    moment = f"{timezone.localtime(subject.at, zone):%Y-%m-%d %H:%M}"
    moment = with_more(moment, clock.zone_name(zone, subject.at))
    yield Line("as_of", "", _("As of"), moment, None, "", "")


def _figures(report: Report, section: Section) -> Iterator[Line]:
    for each in section.figures:
        told = (str(section.label), str(each.label), "")
        definition = str(each.definition)
        if isinstance(each, Ratio):
            yield Line(each.key, *told, each.of(report.numbers), "%", definition)
        elif each.is_told_of(report.subject):
            yield Line(each.key, *told, report.numbers[each.key], _unit(each), definition)


def _parts(report: Report, section: Section, breakdown: Breakdown) -> Iterator[Line]:
    told = (str(section.label), str(breakdown.label))
    definition, unit = str(breakdown.definition), _unit(breakdown.of)
    for row in report.rows[breakdown.key]:
        key = f"{breakdown.key}:{row.value}"
        if isinstance(breakdown, Amounts):
            yield Line(key, *told, row.label, _number(row.amount), row.value, definition)
            key += ":intentions"
        yield Line(key, *told, row.label, row.number, unit, definition)
        for part in _parts_of(row):
            label = breakdown.name(part.value)
            key = f"{breakdown.key}:{part.value}"
            yield Line(key, *told, label, part.number, unit, definition)


def _typed(report: Report, section: Section) -> Iterator[Line]:
    for event in report.typed:
        source = _("Entered by hand, not counted here. Source: %(source)s")
        yield Line(
            f"typed_attendance:{event.slug}",
            str(section.label),
            _("Attendance, entered by hand"),
            event.title,
            event.typed_attendance,
            _("people"),
            source % {"source": event.typed_attendance_source},
        )


def _parts_of(row: Part) -> tuple[Part, ...]:
    return getattr(row, "parts", ())


def _events(report: Report) -> Iterator[Line]:
    section = _("The events one by one")
    for line in report.events:
        for figure in OF_EACH_EVENT:
            yield Line(
                f"event:{line.event.slug}:{figure.key}",
                section,
                str(figure.label),
                line.event.title,
                line.numbers[figure.key],
                _unit(figure),
                str(figure.definition),
            )


def _unit(figure: Figure) -> str:
    return str(figure.model._meta.verbose_name_plural)


def _number(amount: Decimal | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)
