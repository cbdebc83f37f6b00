"""Reads a table out of whatever file somebody chose, or says plainly why it cannot."""

import csv
import datetime as dt
import io
import warnings
import zipfile
from dataclasses import dataclass
from typing import Any

import openpyxl
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

MAX_BYTES = 2 * 1024 * 1024
# A spreadsheet is a zip file; a small one can unpack to gigabytes.
MAX_UNPACKED = 60 * 1024 * 1024
MAX_ROWS = 2000
MAX_COLUMNS = 60
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass
class Sheet:
    """The cells as text. ``lines`` says where each row stands in the file, the first being 1."""

    headers: list[str]
    rows: list[list[str]]
    lines: list[int]


def read(upload: UploadedFile) -> Sheet:
    """Return the table of a CSV or XLSX file. Raises ``ValidationError`` with what to do."""
    if upload.size > MAX_BYTES:
        raise ValidationError(
            _("This file has %(size)s. Split it into files of at most %(limit)s."),
            params={"size": filesizeformat(upload.size), "limit": filesizeformat(MAX_BYTES)},
        )
    data = upload.read()
    if data.startswith(OLD_EXCEL):
        raise ValidationError(_("This is an old Excel file. Save it as XLSX or CSV first."))
    return _sheet(_xlsx_rows(data) if data.startswith(ZIP) else _csv_rows(data))


def _sheet(lines: list[list[str]]) -> Sheet:
    filled = [(number, cells) for number, cells in enumerate(lines, 1) if any(cells)]
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
    while headers and not headers[-1]:
        headers = headers[:-1]
    width = len(headers)
    for number, cells in rows:
        if any(cells[width:]):
            raise ValidationError(
                _(
                    "Line %(line)d has more cells than there are columns. "
                    "A text with commas stands between double quotes."
                ),
                params={"line": number},
            )
    return Sheet(
        [header.lower() for header in headers],
        [(cells + [""] * width)[:width] for _number, cells in rows],
        [number for number, _cells in rows],
    )


def _csv_rows(data: bytes) -> list[list[str]]:
    text = _decoded(data)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ValidationError(
            _("This is not a readable CSV file. Save it again as CSV or XLSX.")
        ) from error
    return [[cell.strip() for cell in row] for row in rows]


def _decoded(data: bytes) -> str:
    """Decode what spreadsheets write: UTF-8, UTF-16 with its mark, else GB18030 as in China."""
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ValidationError(_("This is neither a CSV nor an XLSX file. Choose another file."))


def _xlsx_rows(data: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked <= MAX_UNPACKED:
            return _cells(data)
    # openpyxl raises whatever it stumbles over in a broken or disguised file.
    except Exception as error:
        raise ValidationError(
            _("This is not a readable XLSX file. Save it again as XLSX or CSV.")
        ) from error
    raise ValidationError(_("This file unpacks to too much. Split it into smaller files."))


def _cells(data: bytes) -> list[list[str]]:
    with warnings.catch_warnings():
        # About styles and the like, which an import does not look at.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            rows = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS, values_only=True)
            return [[_text(value) for value in row] for row in rows]
        finally:
            book.close()


def _text(value: Any) -> str:
    """Return a cell as one would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return str(value).strip()
