"""The rows of a CSV, XLSX or DOCX file, as text, and what its author may not see in them.

Runs in ``summit.lib.files.limited_reader``. The codes of its refusals are worded in
``backoffice.kit.importing.sheet``.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from summit.lib.files import form_document
from summit.lib.files.form_document import lines_of_forms
from summit.lib.files.limited_reader import Refused
from summit.lib.files.office_probe import OLD_OFFICE, UNDER_PASSWORD, ZIP
from summit.lib.files.sheet_csv import lines_of_csv
from summit.lib.files.sheet_headings import (
    LOOKED_THROUGH,
    Line,
    columns_in,
    find_headings,
    is_number,
    mark_of,
    repeats_headings,
)
from summit.lib.files.sheet_parts import Oddities
from summit.lib.files.sheet_workbook import Book, open_workbook

# Characters of all cells together.
MOST_TEXT = 2 * 1024 * 1024
# How far lines beyond those that are read are counted.
MOST_COUNTED = 50_000
# Cells of which something is told.
MOST_PROBLEMS = 200
# What Excel, WPS and LibreOffice show instead of a value, in whichever language they speak.
_ERROR = re.compile(r"#(?:[A-ZÄÖÜ][A-Z0-9ÄÖÜ/_]*[!?]|N/A|NV|N/D|GETTING_DATA|#+)|Err:\d{3}")
# What old Word files call the stream of their text.
_OLD_WORD = "WordDocument".encode("utf-16-le")
# What becomes of a long number when Excel saves CSV.
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+\d{2,}")


def read(
    data: bytes, *, most_rows: int, most_columns: int, headings: Mapping[str, str] | None = None
) -> tuple[dict[str, Any], bytes]:
    """Answer with the lines that have any text, and the number of each in the file.

    ``headings`` are those of ``sheet_headings``: the line that names most columns is the first
    of the answer, of which there is at most one more than ``most_rows`` and this one. A line
    ends with its last text; what stands beyond ``most_columns`` is one more cell. With it come
    ``rows`` (how many there are, or 0 where counting them would take long),
    ``above`` (the last line with text before it, or 0), ``repeated`` (lines that name the
    columns again, and are left out), ``marked`` (lines that the column of numbers says to be an
    example or a total, and which; left out too), ``merged`` (cells of the column names that are,
    or ""), ``problems`` (line, column from 0, code, and what belongs to it), ``hidden`` (how many
    of the lines are, and how many columns with text), ``encoding`` and ``separator``,
    ``is_document`` (the lines are forms of a Word document), and of a workbook ``sheet``,
    ``unread``, ``concealed`` (hidden sheets) and ``strict``.
    """
    if data.startswith(OLD_OFFICE):
        raise Refused(_old_kind(data))
    headings = headings or {}
    book: Book | None = None
    is_document = data.startswith(ZIP) and form_document.is_document(data)
    if is_document:
        lines, encoding, separator = iter(lines_of_forms(data, headings)), "", ""
    elif data.startswith(ZIP):
        book = open_workbook(data, headings)
        lines, encoding, separator = book.lines, "", ""
    else:
        lines, encoding, separator = lines_of_csv(data, headings)
    filled = _filled(lines, most_columns)
    beginning = list(islice(filled, LOOKED_THROUGH))
    at, most = find_headings(beginning, headings)
    named = columns_in(beginning[at][1], headings) if most else []
    found, repeated, marked = beginning[at : at + 1], [], []
    counts_rows = bool(found and is_number(found[0][1][0]))
    for number, cells in _chained(beginning[at + 1 :], filled):
        if most and repeats_headings(cells, named, headings):
            repeated.append(number)
            continue
        if counts_rows and (mark := mark_of(cells[0])):
            marked.append((number, mark))
            continue
        found.append((number, cells))
        if len(found) > most_rows + 1:
            break
    answer = {
        "lines": found,
        "rows": _count_rows(found, lines),
        "above": beginning[at - 1][0] if at else 0,
        "repeated": repeated,
        "marked": marked,
        "merged": _merged_headings(found, book.oddities) if book else "",
        "problems": _problems(found, book.oddities if book else Oddities(), is_csv=bool(encoding)),
        "hidden": _hidden(found, book.oddities) if book else [0, 0],
        "encoding": encoding,
        "separator": separator,
        "is_document": is_document,
    }
    if book:
        answer |= {
            "sheet": book.sheet,
            "unread": book.unread,
            "concealed": book.concealed,
            "strict": book.is_strict,
        }
    return answer, b""


def _old_kind(data: bytes) -> str:
    if UNDER_PASSWORD in data:
        return "encrypted"
    return "old_word" if _OLD_WORD in data else "old_excel"


def _count_rows(found: list[Line], rest: Iterator[Line]) -> int:
    """Return how many rows there are below the headings, with what was not read of them."""
    beyond = list(islice((1 for _number, cells in rest if any(cells)), MOST_COUNTED))
    return 0 if len(beyond) == MOST_COUNTED else len(found) - 1 + len(beyond)


def _chained(beginning: list[Line], more: Iterator[Line]) -> Iterator[Line]:
    yield from beginning
    yield from more


def _filled(lines: Iterator[Line], most_columns: int) -> Iterator[Line]:
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
        yield number, kept


def _problems(
    found: list[Line], oddities: Oddities, *, is_csv: bool
) -> list[tuple[int, int, str, str]]:
    """Return what is wrong with cells below the column names, in their order, each but once."""
    rows = {number: cells for number, cells in found[1:]}
    problems = {
        (line, column - 1): (code, more)
        for line, column, code, more in oddities.cells
        if line in rows and column <= len(rows[line]) and rows[line][column - 1]
    }
    for line, cells in rows.items():
        for column, text in enumerate(cells):
            if len(text) < 40 and _ERROR.fullmatch(text):
                problems.setdefault((line, column), ("error", text))
            elif is_csv and len(text) < 40 and _SHORTENED.fullmatch(text):
                problems.setdefault((line, column), ("number", text))
    return [(*place, *problems[place]) for place in sorted(problems)[:MOST_PROBLEMS]]


def _merged_headings(found: list[Line], oddities: Oddities) -> str:
    """Return which cells are merged into one that begins in the line of the column names."""
    places = [
        more
        for line, _column, code, more in oddities.cells
        if found and code == "merged" and line == found[0][0] and _spans_columns(more)
    ]
    return ", ".join(places[:5])


def _spans_columns(place: str) -> bool:
    """Whether merged cells, such as ``B2:C2``, are of more than one column."""
    first, _colon, last = place.partition(":")
    return first.rstrip("0123456789") != last.rstrip("0123456789")


def _hidden(found: list[Line], oddities: Oddities) -> list[int]:
    columns = {
        column
        for _line, cells in found
        for column, text in enumerate(cells, 1)
        if text and column in oddities.hidden_columns
    }
    return [sum(line in oddities.hidden_lines for line, _cells in found[1:]), len(columns)]
