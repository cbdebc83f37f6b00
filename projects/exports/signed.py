"""The signed intentions of a report as a table of their own."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.report.signed import signed_lines
from projects.report.subject import Subject
from summit.lib.i18n.languages import current
from summit.lib.spreadsheets import Cell, Kind, csv_chunks, width, xlsx_file

_KINDS = (Kind.NUMBER, Kind.TEXT, Kind.DAY, *[Kind.TEXT] * 7)
_WIDTHS = (5, 15, 11, 22, 28, 28, 40, 16, 10, 30)


def header() -> list[str]:
    return [
        pgettext("column", "No."),
        _("Reference"),
        _("Signed on"),
        _("Expert"),
        _("Institution"),
        _("Signing organization"),
        _("Project"),
        _("Status"),
        pgettext("ledger", "Publicity"),
        _("Event"),
    ]


def cells(subject: Subject) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each, numbered, in the language that is active."""
    for number, line in enumerate(signed_lines(subject), 1):
        yield (
            number,
            line.reference,
            line.signed_on,
            str(line.expert),
            str(line.institution or ""),
            str(line.company),
            str(line.projects),
            str(line.status),
            _("public") if line.is_public else _("confidential"),
            str(line.event),
        )


def csv_file(subject: Subject) -> bytes:
    return b"".join(csv_chunks(header(), cells(subject)))


def workbook(subject: Subject) -> bytes:
    titles = header()
    widths = [
        width(title, kind, content=content)
        for title, kind, content in zip(titles, _KINDS, _WIDTHS, strict=True)
    ]
    sheet = xlsx_file(titles, cells(subject), _KINDS, widths=widths, sheet=_("Signed intentions"))
    with sheet as file:
        return file.read()


def file_name(subject: Subject, ending: str) -> str:
    """``signed-<slug>-2026-11-22-en.xlsx``: of what, of which day, in which language."""
    return f"signed-{subject.slug}-{subject.today.isoformat()}-{current()}.{ending}"
