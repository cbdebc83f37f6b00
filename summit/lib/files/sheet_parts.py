"""What is made of the parts of an XLSX workbook while a parser reads them."""

import datetime as dt
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from summit.lib.files.limited_reader import Refused
from summit.lib.files.sheet_headings import Line

MOST_LINES, MOST_CELLS_OF_A_LINE = 1_048_576, 16_384
# Formats of dates that a workbook need not describe; from 27 on, those of Chinese, Japanese and
# Korean Excel, from 71 on those of Thai.
DATES = {
    *(*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)),
    *(*range(71, 79), *range(80, 82)),
}
SPANS = {46, 79}
# What Excel keeps of a number.
MOST_DIGITS = 15
# Characters that XML cannot hold, or that end a line for it, as Excel writes them.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass
class Oddities:
    """What may make a table something else than its author sees.

    ``cells`` are line, column and code: ``error``, ``formula`` (without a result), ``number``
    (with more digits than Excel keeps) or ``merged``, and what belongs to it. Lines and columns
    count from 1; ``hidden_columns`` are those that are hidden, with text in them or not.
    """

    cells: list[tuple[int, int, str, str]] = field(default_factory=list)
    hidden_lines: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


class Part:
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


class Relations(Part):
    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            self.found.append((attributes["Id"], attributes["Type"], attributes["Target"]))


@dataclass(frozen=True)
class SheetEntry:
    key: str
    name: str
    is_hidden: bool


class BookPart(Part):
    def __init__(self) -> None:
        self.sheets: list[SheetEntry] = []
        self.is_from_1904 = False

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "workbookPr":
            self.is_from_1904 = _is_true(attributes.get("date1904"))
        elif tag == "sheet":
            is_hidden = attributes.get("state", "visible") != "visible"
            self.sheets += [
                SheetEntry(value, attributes.get("name", ""), is_hidden)
                for name, value in attributes.items()
                if _local(name) == "id"
            ]


class Styles(Part):
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


class Texts(Part):
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
        return _ESCAPED.sub(_meant, text) if "_x" in text else text


class Strings(Texts):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def finish(self, tag: str) -> None:
        super().finish(tag)
        if tag == "si":
            self.found.append(self.taken())


class Sheet(Texts):
    def __init__(self, strings: list[str], styles: Styles, *, is_from_1904: bool) -> None:
        super().__init__()
        self.strings, self.styles, self.is_from_1904 = strings, styles, is_from_1904
        self.line = self.column = 0
        self.cell: dict[str, str] = {}
        self.has_formula = False
        self.cells: list[str] = []
        self.lines: list[Line] = []
        self.oddities = Oddities()

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        super().begin(tag, attributes)
        if tag == "row":
            self.line = _within(int(attributes.get("r", self.line + 1)), MOST_LINES)
            self.column, self.cells = 0, []
            if _is_true(attributes.get("hidden")):
                self.oddities.hidden_lines.add(self.line)
        elif tag == "c":
            self.cell, self.has_formula = attributes, False
            self.column = _within(
                _column(attributes["r"]) if "r" in attributes else self.column + 1,
                MOST_CELLS_OF_A_LINE,
            )
        elif tag == "f":
            self.has_formula = True
        elif tag == "col" and _is_true(attributes.get("hidden")):
            first, last = int(attributes["min"]), int(attributes["max"])
            last = min(last, MOST_CELLS_OF_A_LINE)
            self.oddities.hidden_columns.update(range(first, last + 1))
        elif tag == "mergeCell":
            place = attributes["ref"]
            match = re.match(r"[A-Za-z]{1,3}(\d{1,7})", place)
            if match:
                self._note("merged", place[:40], line=int(match[1]), column=_column(match[0]))

    def finish(self, tag: str) -> None:
        super().finish(tag)
        if tag == "c":
            self._finish_cell()
        elif tag == "row" and self.cells:
            self.lines.append((self.line, self.cells))

    def _finish_cell(self) -> None:
        text = self._text(self.taken()).strip()
        if self.cell.get("t") == "e":
            self._note("error", text)
        if self.has_formula and not text and self.cell.get("t") != "str":
            self._note("formula")
            # So that the line counts as one with text.
            text = "="
        if text:
            self.cells += [""] * (self.column - len(self.cells))
            self.cells[self.column - 1] = text

    def _note(self, code: str, more: str = "", *, line: int = 0, column: int = 0) -> None:
        self.oddities.cells.append((line or self.line, column or self.column, code, more))

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
            day, _t, time = value.partition("T")
            return day if not time.strip("0:.Z") else f"{day} {time[:5]}"
        return self._number(value)

    def _number(self, value: str) -> str:
        style = int(self.cell.get("s", 0))
        is_styled = style < len(self.styles.formats)
        number_format = self.styles.formats[style] if is_styled else 0
        is_span = number_format in self.styles.spans
        if not is_span and number_format not in self.styles.dates:
            plain = _plain(value)
            if len(plain.lstrip("-")) > MOST_DIGITS and plain.lstrip("-").isdigit():
                self._note("number", plain)
            return plain
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

        epoch = MAC_EPOCH if self.is_from_1904 else WINDOWS_EPOCH
        try:
            moment = from_excel(float(value), epoch, timedelta=is_span)
        except (ValueError, OverflowError):
            return value
        if not isinstance(moment, dt.datetime):
            return str(moment)
        return f"{moment:%Y-%m-%d %H:%M}" if moment.time() > dt.time() else f"{moment:%Y-%m-%d}"


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


def _meant(escaped: re.Match[str]) -> str:
    character = chr(int(escaped[1], 16))
    # What no text of ours may hold: null characters and half characters.
    return "\ufffd" if character == "\0" or "\ud800" <= character <= "\udfff" else character


def _is_true(value: str | None) -> bool:
    return value in ("1", "true")


def _within(number: int, most: int) -> int:
    if not 0 < number <= most:
        raise Refused("broken")
    return number


def _local(name: str) -> str:
    return name.rpartition("}")[2]
