"""Tables as XLSX workbooks, of ECMA-376 by XlsxWriter."""

import datetime as dt
import io
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from xlsxwriter.utility import xl_col_to_name

from summit.lib.spreadsheets.table import Cell, Kind, Row, close

MOST_ROWS = 1_048_575
MOST_CHARACTERS = 32_767


class TooManyRows(ValidationError):
    """More than a worksheet can hold."""


def xlsx_file(
    header: Sequence[str],
    rows: Iterable[Row],
    kinds: Sequence[Kind],
    *,
    widths: Sequence[float],
    sheet: str,
) -> BinaryIO:
    """Return the table as an XLSX file at position 0, which is gone once it is closed.

    Text is text, whatever it looks like, and stays so when its cell is edited;
    moments and days are dates, and numbers are numbers up to the fifteen digits that
    a spreadsheet keeps (longer ones become text). The header is bold and frozen, with
    a filter over all rows, and stands on every printed page, which is in landscape
    and as wide as the table. Takes constant memory and, while it is made, the disk
    space of the file.

    The format cannot hold everything: of a text longer than 32,767 characters the
    beginning stays, and its cell says how many more there are; half a surrogate pair, U+FFFE and
    U+FFFF become U+FFFD. Controls are written as ``_x0007_``, as Excel does, and a
    text that looks like that as ``_x005F_x0007_``. Raises ``TooManyRows``.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever asked closes it
    try:
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            shell = _shell(header, kinds, widths, sheet)
            # Programs tell the type of a file by its first part.
            for name in sorted(set(shell.parts) - {_SHEET, _WORKBOOK}):
                archive.writestr(name, shell.parts[name])
            with archive.open(_SHEET, "w", force_zip64=True) as part:
                part.write(shell.before)
                count = _write_cells(part, shell.styles, header, rows)
                # Only now it is known where the filter ends.
                shell = _shell(header, kinds, widths, sheet, count)
                part.write(shell.after)
            archive.writestr(_WORKBOOK, shell.parts[_WORKBOOK])
    except BaseException:
        file.close()
        raise
    finally:
        close(rows)
    file.seek(0)
    return file


_LEVEL = 3
_A4 = 9
_SHEET, _WORKBOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
_FORBIDDEN_IN_NAMES = str.maketrans("[]:*?/\\", "       ")


@dataclass(frozen=True)
class _Shell:
    """A workbook without its cells, and the numbers of their styles."""

    parts: dict[str, bytes]
    before: bytes
    after: bytes
    styles: dict[object, int]


def _shell(
    header: Sequence[str],
    kinds: Sequence[Kind],
    widths: Sequence[float],
    sheet: str,
    rows: int = 0,
) -> _Shell:
    """Let XlsxWriter make everything but the cells.

    A call of it for each of two million cells takes four times as long, and would
    write a text that begins with ``<r>`` and ends with ``</r>`` as markup.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet.translate(_FORBIDDEN_IN_NAMES).strip(" '")[:31])
        formats: dict[object, Any] = {
            Kind.TEXT: book.add_format({"num_format": "@"}),
            Kind.NUMBER: book.add_format(),
            Kind.MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            Kind.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
            "header": book.add_format({"num_format": "@", "bold": True}),
        }
        for column, (kind, width) in enumerate(zip(kinds, widths, strict=True)):
            page.set_column(column, column, width, formats[kind])
        page.freeze_panes(1, 0)
        page.set_landscape()
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.autofilter(0, 0, rows, len(header) - 1)
        # A row that goes again, for the numbers that the styles are given.
        for column, style in enumerate(formats.values()):
            page.write_blank(0, column, None, style)
    with ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    before, row, after = re.split(rb"(?<=<sheetData>)(.+)(?=</sheetData>)", parts[_SHEET])
    # Its dimension is not that of the table, and may be left out.
    before = re.sub(rb"<dimension [^>]*/>", b"", before)
    numbers = [int(number) for number in re.findall(rb'<c r="[A-Z]+1" s="(\d+)"/>', row)]
    return _Shell(parts, before, after, dict(zip(formats, numbers, strict=True)))


_EPOCH, _ONE_DAY = dt.datetime(1899, 12, 30), dt.timedelta(days=1)
# Before March 1900 a spreadsheet counts a day that never was.
_FIRST_DAY = dt.datetime(1900, 3, 1)
# What stands in XML as it is. An underscore may begin an escape, and a long text may be too long.
_NEEDS_NO_ESCAPE = re.compile(r"[^&<>_\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]{0,16383}\Z")


def _write_cells(
    part: IO[bytes], styles: dict[object, int], header: Sequence[str], rows: Iterable[Row]
) -> int:
    """Write the rows of the table and return how many there are beside the header."""
    # Cells are put together from strings here, since a call for each would be felt.
    begin = [f'<c r="{xl_col_to_name(column)}' for column in range(len(header))]
    text = f'" s="{styles[Kind.TEXT]}" t="inlineStr"><is><t xml:space="preserve">'
    bold = f'" s="{styles["header"]}" t="inlineStr"><is><t xml:space="preserve">'
    plain = _NEEDS_NO_ESCAPE.match
    titles = zip(begin, header, strict=True)
    cells = [f"{start}1{bold}{_escaped(title)}</t></is></c>" for start, title in titles]
    part.write(f'<row r="1">{"".join(cells)}</row>'.encode())
    number = 1
    for batch in batched(rows, 200):
        lines = []
        for row in batch:
            number += 1
            lines.append(f'<row r="{number}">')
            lines += [
                f"{start}{number}{text}{cell if plain(cell) else _escaped(cell)}</t></is></c>"
                if type(cell) is str
                else _other(f"{start}{number}", cell, styles, text)
                for start, cell in zip(begin, row, strict=True)
                if cell is not None and cell != ""
            ]
            lines.append("</row>")
        if number > MOST_ROWS + 1:
            raise TooManyRows(
                _("A worksheet holds at most %(most)s rows. Choose fewer, or CSV."),
                code="too_many_rows",
                params={"most": MOST_ROWS},
            )
        part.write("".join(lines).encode())
    return number - 1


def _other(start: str, cell: Cell, styles: dict[object, int], text: str) -> str:
    """Return the XML of a cell that is not text, or cannot be what it is."""
    if isinstance(cell, dt.date):
        kind = Kind.MOMENT if isinstance(cell, dt.datetime) else Kind.DAY
        moment = cell if kind is Kind.MOMENT else dt.datetime.combine(cell, dt.time())
        if moment >= _FIRST_DAY:
            return f'{start}" s="{styles[kind]}"><v>{(moment - _EPOCH) / _ONE_DAY!r}</v></c>'
    elif isinstance(cell, int | float | Decimal) and -1e15 < cell < 1e15:
        number = int(cell) if isinstance(cell, bool) else cell
        return f'{start}" s="{styles[Kind.NUMBER]}"><v>{number}</v></c>'
    return f"{start}{text}{_escaped(str(cell))}</t></is></c>"


_CONTROLS = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NOT_IN_XML = re.compile(r"[\ud800-\udfff\ufffe\uffff]")


def _escaped(text: str) -> str:
    if len(text) > MOST_CHARACTERS // 2 and _units(text) > MOST_CHARACTERS:
        text = _shortened(text)
    text = _NOT_IN_XML.sub("\ufffd", text)
    text = _CONTROLS.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # As it is, XML would read it as the end of a line.
    return text.replace("\r", "&#13;")


def _units(text: str) -> int:
    """Characters as a spreadsheet counts them: in UTF-16, where rare ones count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _shortened(text: str) -> str:
    """Return as much of the text as a cell holds beside the words that more of it is missing."""
    units = text.encode("utf-16-le", "surrogatepass")
    words = _told_missing(_units(text))
    kept = units[: 2 * (MOST_CHARACTERS - len(words) - 2)].decode("utf-16-le", "ignore")
    return f"{kept}… {_told_missing(_units(text) - _units(kept))}"


def _told_missing(count: int) -> str:
    told = ngettext(
        "[%(count)d more character does not fit into a cell. Export as CSV to get it.]",
        "[%(count)d more characters do not fit into a cell. Export as CSV to get them.]",
        count,
    )
    return told % {"count": count}
