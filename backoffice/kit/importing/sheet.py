"""Reads a table out of whatever file somebody chose, or says plainly why it cannot."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from summit.lib.files import limited
from summit.lib.files.limited_reader import Refused
from summit.lib.given import given
from summit.lib.i18n.likeness import one_line

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 2000
MAX_COLUMNS = 60

REFUSALS = {
    "no_table": _("This is neither a CSV nor an XLSX file. Choose another file."),
    "old_excel": _("This is an old Excel file. Save it as XLSX or CSV first."),
    "encrypted": _("This workbook is protected by a password. Save it without one."),
    "broken_csv": _("This is not a readable CSV file. Save it again as CSV or XLSX."),
    "broken": _("This is not a readable XLSX file. Save it again as XLSX or CSV."),
    "doctype": _(
        "This workbook contains a document type declaration, which no spreadsheet program "
        "writes. Save it again as XLSX or CSV."
    ),
    "unpacks": _("This file unpacks to too much. Split it into smaller files."),
    "too_complex": _(
        "This file takes too much time or memory to read. Copy what is needed of it into a new "
        "workbook, and save that as XLSX or CSV."
    ),
}


@dataclass
class Sheet:
    """The cells as text. ``lines`` says where each row stands in the file, the first being 1."""

    headers: list[str]
    rows: list[list[str]]
    lines: list[int]


def read(upload: UploadedFile) -> Sheet:
    """Return the table of a CSV or XLSX file. Raises ``ValidationError`` with what to do."""
    size = given(upload.size)
    if size > MAX_BYTES:
        raise ValidationError(
            _("This file has %(size)s. Split it into files of at most %(limit)s."),
            params={"size": filesizeformat(size), "limit": filesizeformat(MAX_BYTES)},
        )
    try:
        told, _body = limited.ask(
            "summit.lib.files.sheet_probe",
            upload.chunks(),
            most_rows=MAX_ROWS,
            most_columns=MAX_COLUMNS,
        )
        return _sheet(_lines(told))
    except Refused as refusal:
        raise limited.worded(refusal, REFUSALS) from None


def _lines(told: dict[str, Any]) -> list[tuple[int, list[str]]]:
    """Take from the answer what it may say: numbered lines of texts, so many and so wide."""
    lines = []
    match told:
        case {"lines": [*found]} if len(found) <= MAX_ROWS + 2:
            for each in found:
                match each:
                    case [int(number), [*cells]] if 0 < len(cells) <= MAX_COLUMNS + 1 and all(
                        isinstance(cell, str) for cell in cells
                    ):
                        lines.append((number, cells))
                    case _:
                        raise Refused("too_complex")
        case _:
            raise Refused("too_complex")
    return lines


def _sheet(filled: list[tuple[int, list[str]]]) -> Sheet:
    if len(filled) < 2:
        raise ValidationError(
            _("There are no rows in this file. It needs a line of column names and rows below it.")
        )
    (_line, headers), *rows = filled
    if len(rows) > MAX_ROWS:
        raise ValidationError(
            _("This file has more than %(limit)d rows. Split it into files of at most so many."),
            params={"limit": MAX_ROWS},
        )
    width = len(headers)
    for number, cells in rows:
        if len(cells) > width:
            raise ValidationError(
                _(
                    "Line %(line)d has more cells than there are columns. "
                    "A text with commas stands between double quotes."
                ),
                params={"line": number},
            )
    return Sheet(
        [one_line(header).lower() for header in headers],
        [cells + [""] * (width - len(cells)) for _number, cells in rows],
        [number for number, _cells in rows],
    )
