"""The rows of a CSV or XLSX file, as text.

Runs in ``summit.lib.files.limited_reader``. The codes of its refusals are worded in
``backoffice.kit.importing.sheet``.

Of a workbook nothing is read but what its first sheet needs: the list of sheets, that
sheet, the strings that it shares with others, and which formats are of dates. Each part is
read as a stream, of which no tree is built. (ECMA-376; parts are found by their relations.)
"""

import csv
import datetime as dt
import io
import math
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import XMLParser

from summit.lib.files.limited_reader import Refused

ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# Under a password, a workbook lies inside of a file of the old kind, under this name.
UNDER_PASSWORD = "EncryptedPackage".encode("utf-16-le")
# What the parts that are read unpack to, in bytes; elements of each part, of which a cell
# has one to four; and characters of all cells together.
MOST_UNPACKED = 60 * 1024 * 1024
MOST_ELEMENTS = 1_000_000
MOST_TEXT = 2 * 1024 * 1024
MOST_LINES, MOST_CELLS_OF_A_LINE = 1_048_576, 16_384
# Formats of dates that a workbook need not describe; from 27 on, those of Chinese Excel.
DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
SPANS = {46}

type Line = tuple[int, list[str]]


def read(data: bytes, *, most_rows: int, most_columns: int) -> tuple[dict[str, Any], bytes]:
    """Answer with the lines that have any text, and the number of each; the first is 1.

    At most one line more than ``most_rows`` and a line of names. A line ends with its last
    text; what stands beyond ``most_columns`` is one more cell.
    """
    if data.startswith(OLD_OFFICE):
        raise Refused("encrypted" if UNDER_PASSWORD in data else "old_excel")
    lines = _of_workbook(data) if data.startswith(ZIP) else _of_csv(data)
    found: list[Line] = []
    characters = 0
    for number, cells in lines:
        kept = cells[:most_columns]
        beyond = next(filter(None, cells[most_columns:]), "")
        kept += [beyond] if beyond else []
        while kept and not kept[-1]:
            kept.pop()
        if not kept:
            continue
        characters += sum(map(len, kept))
        if characters > MOST_TEXT:
            raise Refused("unpacks")
        found.append((number, kept))
        if len(found) > most_rows + 1:
            break
    return {"lines": found}, b""


def _of_csv(data: bytes) -> Iterator[Line]:
    text = _decoded(data)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for number, row in enumerate(rows, 1):
            yield number, [cell.strip() for cell in row]
    except csv.Error as error:
        raise Refused("broken_csv") from error


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
    raise Refused("no_table")


def _of_workbook(data: bytes) -> Iterator[Line]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        package = _Package(archive)
        books = [at for _key, kind, at in package.relations("") if kind == "officeDocument"]
        book = package.read(books[0], _Book())
        relations = package.relations(books[0])
        sheets = {key: at for key, kind, at in relations if kind == "worksheet"}
        first = [sheets[key] for key in book.sheets if key in sheets][0]
        shared = {kind: at for _key, kind, at in relations}
        strings, styles = _Strings(), _Styles()
        for kind, part in (("sharedStrings", strings), ("styles", styles)):
            if kind in shared:
                package.read(shared[kind], part)
        sheet = _Sheet(strings.found, styles, is_from_1904=book.is_from_1904)
        for _chunk in package.chunks(first, sheet):
            yield from sheet.finished()


class _Package:
    """The parts of a workbook, which together may unpack to so much."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.left = MOST_UNPACKED

    def read[P: _Part](self, name: str, part: P) -> P:
        for _chunk in self.chunks(name, part):
            pass
        return part

    def chunks(self, name: str, part: "_Part") -> Iterator[None]:
        entry = self.archive.getinfo(name)
        if entry.flag_bits & 1:
            raise Refused("encrypted")
        # What spreadsheets write; others take as much memory as the file wants.
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("broken")
        parser = XMLParser(target=part)  # noqa: S314 - within limits, and a DOCTYPE is refused
        with self.archive.open(entry) as stream:
            while chunk := stream.read(64 * 1024):
                self.left -= len(chunk)
                if self.left < 0:
                    raise Refused("unpacks")
                parser.feed(chunk)
                if part.elements > MOST_ELEMENTS:
                    raise Refused("unpacks")
                yield
        parser.close()
        yield

    def relations(self, name: str) -> list[tuple[str, str, str]]:
        """Return id, kind and name of each part that one refers to; ``""`` is the whole."""
        folder, base = posixpath.split(name)
        at = posixpath.join(folder, "_rels", f"{base}.rels")
        if at not in self.archive.NameToInfo:
            return []
        return [
            (key, kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
            for key, kind, target in self.read(at, _Relations()).found
        ]


class _Part:
    """What is made of one part while it is read. The parser calls these with names and texts."""

    elements = 0

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        # No spreadsheet writes one; with it a few bytes can stand for gigabytes.
        raise Refused("doctype")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.begin(_local(tag), attributes)

    def end(self, tag: str) -> None:
        self.finish(_local(tag))

    def data(self, text: str) -> None:
        pass

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        pass

    def finish(self, tag: str) -> None:
        pass

    def close(self) -> None:
        pass


class _Relations(_Part):
    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes["Type"].rpartition("/")[2]
            self.found.append((attributes["Id"], kind, attributes["Target"]))


class _Book(_Part):
    def __init__(self) -> None:
        self.sheets: list[str] = []
        self.is_from_1904 = False

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "workbookPr":
            self.is_from_1904 = attributes.get("date1904") in ("1", "true")
        elif tag == "sheet":
            self.sheets += [value for name, value in attributes.items() if _local(name) == "id"]


class _Styles(_Part):
    """Which styles of cells are of dates, and which of spans of time."""

    def __init__(self) -> None:
        self.dates, self.spans = set(DATES), set(SPANS)
        self.formats: list[int] = []
        self.is_of_cells = False

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            # Only now: it takes longer to import than most files take to read.
            from openpyxl.styles.numbers import is_date_format, is_timedelta_format

            number, code = int(attributes["numFmtId"]), attributes["formatCode"]
            (self.dates.add if is_date_format(code) else self.dates.discard)(number)
            (self.spans.add if is_timedelta_format(code) else self.spans.discard)(number)
        elif tag == "cellXfs":
            self.is_of_cells = True
        elif tag == "xf" and self.is_of_cells:
            self.formats.append(int(attributes.get("numFmtId", 0)))

    def finish(self, tag: str) -> None:
        if tag == "cellXfs":
            self.is_of_cells = False


class _Texts(_Part):
    """A part in which texts stand in pieces, and how they are read beside them."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.is_text = self.is_reading_aid = False

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "rPh":
            self.is_reading_aid = True
        self.is_text = tag in ("t", "v") and not self.is_reading_aid

    def data(self, text: str) -> None:
        if self.is_text:
            self.pieces.append(text)

    def finish(self, tag: str) -> None:
        self.is_text = False
        if tag == "rPh":
            self.is_reading_aid = False

    def taken(self) -> str:
        text = "".join(self.pieces)
        self.pieces = []
        return text


class _Strings(_Texts):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def finish(self, tag: str) -> None:
        super().finish(tag)
        if tag == "si":
            self.found.append(self.taken())


class _Sheet(_Texts):
    def __init__(self, strings: list[str], styles: _Styles, *, is_from_1904: bool) -> None:
        super().__init__()
        self.strings, self.styles, self.is_from_1904 = strings, styles, is_from_1904
        self.line = self.column = 0
        self.cell: dict[str, str] = {}
        self.cells: list[str] = []
        self.lines: list[Line] = []

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        super().begin(tag, attributes)
        if tag == "row":
            self.line = _within(int(attributes.get("r", self.line + 1)), MOST_LINES)
            self.column, self.cells = 0, []
        elif tag == "c":
            self.cell = attributes
            self.column = _within(
                _column(attributes["r"]) if "r" in attributes else self.column + 1,
                MOST_CELLS_OF_A_LINE,
            )

    def finish(self, tag: str) -> None:
        super().finish(tag)
        if tag == "c" and (text := self._text(self.taken())):
            self.cells += [""] * (self.column - len(self.cells))
            self.cells[self.column - 1] = text
        elif tag == "row" and self.cells:
            self.lines.append((self.line, self.cells))

    def finished(self) -> Iterable[Line]:
        """Return the lines that have been read since this was last asked."""
        lines, self.lines = self.lines, []
        return lines

    def _text(self, value: str) -> str:
        """Return a cell as one would type it."""
        kind = self.cell.get("t", "n")
        if not value or kind in ("str", "inlineStr", "e"):
            return value
        if kind == "s":
            return self.strings[_within(int(value) + 1, len(self.strings)) - 1]
        if kind == "b":
            return "yes" if value == "1" else "no"
        if kind == "d":
            return value.partition("T")[0]
        return self._number(value)

    def _number(self, value: str) -> str:
        style = int(self.cell.get("s", 0))
        is_styled = style < len(self.styles.formats)
        number_format = self.styles.formats[style] if is_styled else 0
        is_span = number_format in self.styles.spans
        if not is_span and number_format not in self.styles.dates:
            return _plain(value)
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

        epoch = MAC_EPOCH if self.is_from_1904 else WINDOWS_EPOCH
        try:
            moment = from_excel(float(value), epoch, timedelta=is_span)
        except (ValueError, OverflowError):
            return value
        return moment.date().isoformat() if isinstance(moment, dt.datetime) else str(moment)


def _plain(value: str) -> str:
    """Return a number without the ``.0`` or the power of ten with which it may be stored."""
    try:
        number = float(value)
    except ValueError:
        return value
    if re.fullmatch(r"-?\d+", value) or not math.isfinite(number):
        return value
    return str(int(number)) if number.is_integer() else str(number)


def _column(place: str) -> int:
    """Return 28 for ``AB7``."""
    number = 0
    for letter in place[:4].rstrip("0123456789").upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _within(number: int, most: int) -> int:
    if not 0 < number <= most:
        raise Refused("broken")
    return number


def _local(name: str) -> str:
    return name.rpartition("}")[2]
