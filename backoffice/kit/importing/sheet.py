"""Reads a table out of whatever file somebody chose, or says plainly why it cannot."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.kit.importing import telling
from backoffice.kit.importing.headings import base_of
from summit.lib.files import limited
from summit.lib.files.limited_reader import Refused
from summit.lib.files.sheet_headings import column_of, is_number
from summit.lib.given import given
from summit.lib.i18n.likeness import one_line
from summit.lib.spreadsheets import as_typed

MAX_BYTES = 2 * 1024 * 1024
# Of a Word file, whose pictures are not read.
MAX_BYTES_OF_DOCUMENT = 20 * 1024 * 1024
MAX_ROWS = 2000
MAX_COLUMNS = 60
# Characters of a cell in a column of short texts, and of any other cell.
LONGEST_SHORT, LONGEST = 2_000, 50_000

REFUSALS = {
    "no_table": _("This is neither a CSV, an XLSX nor a Word file. Choose another file."),
    "no_form": _(
        "No form was found in this Word file. A form is a table of labels and answers beside "
        "them. Copy it into the Excel template instead."
    ),
    "old_word": _("This is an old Word file (.doc). Open it in Word or WPS and save it as .docx."),
    "old_excel": _("This is an old Excel file. Save it as XLSX or CSV first."),
    "other_kind": _(
        "This is a workbook of another kind, such as OpenDocument, XLSB or Numbers. "
        "Save it as “Excel Workbook (*.xlsx)” first."
    ),
    "web_page": _(
        "This is a web page or XML under the name of a table. Open it in Excel or WPS, and save "
        "it as XLSX."
    ),
    "encoding": _(
        "The text encoding of this file could not be determined. Save it as “CSV UTF-8 "
        "(Comma delimited)” or as XLSX."
    ),
    "encrypted": _("This workbook is protected by a password. Save it without one."),
    "broken_csv": _("This is not a readable CSV file. Save it again as CSV or XLSX."),
    "broken": _("This is not a readable XLSX file. Save it again as XLSX or CSV."),
    "doctype": _(
        "This file contains a document type declaration, which no office program writes. Save it "
        "again in Word, Excel or WPS."
    ),
    "unpacks": _("This file unpacks to too much. Split it into smaller files."),
    "too_complex": _(
        "This file takes too much time or memory to read. Copy what is needed of it into a new "
        "workbook, and save that as XLSX or CSV."
    ),
}


# What is wrong with a cell, whatever its column.
PROBLEMS = {
    "error": _(
        "“%(more)s” is an error of the spreadsheet. Correct the formula, or type the value."
    ),
    "formula": _(
        "This is a formula whose result is not in the file. Open it in Excel or WPS and save it, "
        "or paste the values."
    ),
    "merged": _("The cells %(more)s are merged. Unmerge them, and fill in each row."),
    "number": _(
        "A spreadsheet keeps only fifteen digits of a number, so “%(more)s” may be wrong. Format "
        "the column as text, and type the number again."
    ),
}


@dataclass
class Sheet:
    """The cells as text. ``lines`` says where each row stands in the file, the first being 1.

    ``problems`` are line, column and text of cells that are no values, as the errors of an
    import. ``notes`` are what the author of the file may not expect: what was not read, and what
    was though nobody sees it. ``heading`` is the line of the column names, ``titles`` are these as
    they are in the file, ``reading`` says from where how many of the rows were read.
    """

    headers: list[str]
    rows: list[list[str]]
    lines: list[int]
    problems: list[tuple[int, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    heading: int = field(default=1, compare=False)
    reading: list[str] = field(default_factory=list, compare=False)
    titles: list[str] = field(default_factory=list, compare=False)

    def keep(self, is_kept: Callable[[int, str], bool]) -> None:
        """Take out the columns of which ``is_kept`` says no, by their place and name."""
        kept = [place for place, name in enumerate(self.headers) if is_kept(place, name)]
        names = {self.headers[place] for place in kept}
        self.problems = [each for each in self.problems if each[1] in names]
        self.headers = [self.headers[place] for place in kept]
        self.titles = [self.titles[place] for place in kept]
        self.rows = [[row[place] for place in kept] for row in self.rows]

    def title_of(self, name: str) -> str:
        """Return the heading of a column as it is in the file, or of the text it is a half of."""
        titles = dict(zip(self.headers, self.titles, strict=True))
        return titles.get(name) or titles.get(base_of(name), "")

    def refuse_long(self, has_lines: Callable[[str], bool]) -> None:
        """Take out cells that are too long for their columns, and say so as of cells in error."""
        for place, name in enumerate(self.headers):
            limit = LONGEST if has_lines(name) else LONGEST_SHORT
            for line, row in zip(self.lines, self.rows, strict=True):
                if len(row[place]) > limit:
                    words = gettext("This cell has %(count)d characters. At most %(limit)d fit.")
                    self.problems.append(
                        (line, name, words % {"count": len(row[place]), "limit": limit})
                    )
                    row[place] = ""


def read(
    upload: UploadedFile,
    headings: Mapping[str, str] | None = None,
    *,
    spread: Collection[str] = (),
) -> Sheet:
    """Return the table of a CSV, XLSX or DOCX file. Raises ``ValidationError`` with what to do.

    ``headings`` are what the columns are called, by ``plain_heading``: the first line, sheet and
    separator that fit them are taken. An apostrophe that an export put before a formula goes,
    and so does a column that only counts the rows. In the columns ``spread`` merged cells stand
    for each of their rows.
    """
    size = given(upload.size)
    is_document = (upload.name or "").lower().endswith(".docx")
    limit = MAX_BYTES_OF_DOCUMENT if is_document else MAX_BYTES
    if size > limit:
        raise ValidationError(
            _("This file has %(size)s. Split it into files of at most %(limit)s."),
            params={"size": filesizeformat(size), "limit": filesizeformat(limit)},
        )
    try:
        told, _body = limited.ask(
            "summit.lib.files.sheet_probe",
            upload.chunks(),
            most_rows=MAX_ROWS,
            most_columns=MAX_COLUMNS,
            headings=dict(headings or {}),
        )
        lines = _lines(told)
        _check_number_of_rows(lines, told.get("rows"))
        _check_merged_headings(told, lines)
        table = _sheet(lines, headings or {}, is_csv=bool(told.get("encoding")))
        table.problems = _problems(told, table, spread)
        _leave_out_columns(table, [each for _number, cells in lines[:1] for each in cells])
        table.notes = telling.notes(told, table.heading)
        table.reading = telling.reading(told, table.heading, len(table.rows))
        return table
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


def _check_number_of_rows(lines: Sequence[object], rows: object) -> None:
    if len(lines) <= MAX_ROWS + 1:
        return
    if isinstance(rows, int) and rows > MAX_ROWS:
        raise ValidationError(
            _("This file has %(rows)d rows. Split it into files of at most %(limit)d."),
            params={"rows": rows, "limit": MAX_ROWS},
        )
    raise ValidationError(
        _("This file has more than %(limit)d rows. Split it into files of at most so many."),
        params={"limit": MAX_ROWS},
    )


def _check_merged_headings(told: dict[str, Any], lines: Sequence[tuple[int, object]]) -> None:
    merged = told.get("merged")
    if isinstance(merged, str) and merged:
        raise ValidationError(
            _(
                "The cells %(cells)s are merged in line %(line)d, which holds the column names. "
                "Unmerge them and give each column a name of its own."
            ),
            params={"cells": merged[:80], "line": lines[0][0]},
        )


def _sheet(
    filled: list[tuple[int, list[str]]], headings: Mapping[str, str], *, is_csv: bool
) -> Sheet:
    if len(filled) < 2:
        raise ValidationError(
            _("There are no rows in this file. It needs a line of column names and rows below it.")
        )
    (heading, headers), *rows = filled
    width = len(headers)
    for number, cells in rows:
        if len(cells) > width:
            hint = (
                _("Put text that contains commas between double quotes.")
                if is_csv
                else _("Each column needs a name.")
            )
            raise ValidationError(
                _(
                    "Line %(line)d has more cells than there are columns. %(hint)s "
                    "Line %(heading)d was read as the column names."
                ),
                params={"line": number, "hint": hint, "heading": heading},
            )
    return Sheet(
        [column_of(header, headings) or one_line(header).lower() for header in headers],
        [
            [as_typed(cell, begins_line=not column) for column, cell in enumerate(cells)]
            + [""] * (width - len(cells))
            for _number, cells in rows
        ],
        [number for number, _cells in rows],
        heading=heading,
        titles=[one_line(header)[:80] for header in headers],
    )


def _leave_out_columns(table: Sheet, typed: Sequence[str]) -> None:
    """Leave out columns that have neither a name nor any text, and those that count the rows."""
    table.keep(
        lambda place, name: (
            bool(name or any(row[place] for row in table.rows)) and not is_number(typed[place])
        )
    )


_ONE_COLUMN = re.compile(r"([A-Za-z]+)(\d+):\1(\d+)")


def _problems(
    told: dict[str, Any], table: Sheet, spread: Collection[str]
) -> list[tuple[int, str, str]]:
    found = []
    for each in told.get("problems", []):
        match each:
            case [int(line), int(column), str(code), str(more)] if (
                code in PROBLEMS and 0 <= column < len(table.headers)
            ):
                name = table.headers[column]
                below = _ONE_COLUMN.fullmatch(more) if code == "merged" else None
                if below and name in spread:
                    _fill_merged(table, column, int(below[2]), int(below[3]))
                else:
                    found.append((line, name, str(PROBLEMS[code]) % {"more": more[:80]}))
            case _:
                raise Refused("too_complex")
    return found


def _fill_merged(table: Sheet, column: int, first: int, last: int) -> None:
    """Let each of some lines have the text that merged cells show."""
    within = [
        row for line, row in zip(table.lines, table.rows, strict=True) if first <= line <= last
    ]
    for row in within:
        row[column] = row[column] or within[0][column]
