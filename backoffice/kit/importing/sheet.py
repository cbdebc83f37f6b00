"""Reads a table out of whatever file somebody chose, or says plainly why it cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from summit.lib.files import limited
from summit.lib.files.limited_reader import Refused
from summit.lib.files.sheet_headings import plain_heading
from summit.lib.given import given
from summit.lib.i18n.languages import listed
from summit.lib.i18n.likeness import one_line
from summit.lib.spreadsheets import as_typed

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 2000
MAX_COLUMNS = 60

REFUSALS = {
    "no_table": _("This is neither a CSV nor an XLSX file. Choose another file."),
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
        "The characters of this file cannot be told for certain. Save it as "
        "“CSV UTF-8 (Comma delimited)” or as XLSX."
    ),
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
    was though nobody sees it. ``heading`` is the line of the column names.
    """

    headers: list[str]
    rows: list[list[str]]
    lines: list[int]
    problems: list[tuple[int, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    heading: int = field(default=1, compare=False)


def read(upload: UploadedFile, headings: Mapping[str, str] | None = None) -> Sheet:
    """Return the table of a CSV or XLSX file. Raises ``ValidationError`` with what to do.

    ``headings`` are what the columns are called, by ``plain_heading``: the first line, sheet and
    separator that fit them are taken. An apostrophe that an export put before a formula goes.
    """
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
            headings=dict(headings or {}),
        )
        lines = _lines(told)
        _check_number_of_rows(lines, told.get("rows"))
        table = _sheet(lines, headings or {}, is_csv=bool(told.get("encoding")))
        table.problems = _problems(told, table.headers)
        table.headers, table.rows = _without_empty_columns(table.headers, table.rows)
        table.notes = _notes(told, table.heading)
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
                _("A text with commas stands between double quotes.")
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
        [headings.get(plain_heading(header), one_line(header).lower()) for header in headers],
        [
            [as_typed(cell, begins_line=not column) for column, cell in enumerate(cells)]
            + [""] * (width - len(cells))
            for _number, cells in rows
        ],
        [number for number, _cells in rows],
        heading=heading,
    )


def _without_empty_columns(
    headers: list[str], rows: list[list[str]]
) -> tuple[list[str], list[list[str]]]:
    """Leave out columns that have neither a name nor any text."""
    kept = [place for place, name in enumerate(headers) if name or any(row[place] for row in rows)]
    return [headers[place] for place in kept], [[row[place] for place in kept] for row in rows]


def _problems(told: dict[str, Any], headers: list[str]) -> list[tuple[int, str, str]]:
    found = []
    for each in told.get("problems", []):
        match each:
            case [int(line), int(column), str(code), str(more)] if (
                code in PROBLEMS and 0 <= column < len(headers)
            ):
                found.append((line, headers[column], str(PROBLEMS[code]) % {"more": more[:80]}))
            case _:
                raise Refused("too_complex")
    return found


def _notes(told: dict[str, Any], heading: int) -> list[str]:
    """Return in words what an answer says about how the table was read."""
    notes = []
    match told:
        case {"sheet": str(sheet), "unread": [_, *_] as unread}:
            notes.append(
                gettext("The sheet “%(sheet)s” was read. Not read: %(others)s.")
                % {"sheet": sheet[:80], "others": listed(str(each)[:80] for each in unread[:20])}
            )
    if told.get("strict") is True:
        notes.append(
            gettext(
                "This workbook is saved as “Strict Open XML Spreadsheet”. It was read; where "
                "something is missing, save it as “Excel Workbook (*.xlsx)”."
            )
        )
    if told.get("encoding") == "gb18030":
        notes.append(
            gettext(
                "The characters were read as GB18030. If they are wrong, save the file as "
                "“CSV UTF-8 (Comma delimited)” or as XLSX."
            )
        )
    if told.get("above"):
        notes.append(
            gettext("Line %(line)d was read as the column names. What is above it was not read.")
            % {"line": heading}
        )
    repeated = [each for each in told.get("repeated", []) if isinstance(each, int)]
    if repeated:
        lines = ngettext(
            "Line %(lines)s repeats the column names and was not read.",
            "Lines %(lines)s repeat the column names and were not read.",
            len(repeated),
        )
        notes.append(lines % {"lines": listed(repeated[:20])})
    match told.get("hidden"):
        case [int(rows), int(columns)]:
            if rows:
                hidden = ngettext(
                    "%(count)d hidden row was read as well.",
                    "%(count)d hidden rows were read as well.",
                    rows,
                )
                notes.append(hidden % {"count": rows})
            if columns:
                hidden = ngettext(
                    "%(count)d hidden column was read as well.",
                    "%(count)d hidden columns were read as well.",
                    columns,
                )
                notes.append(hidden % {"count": columns})
    return notes
