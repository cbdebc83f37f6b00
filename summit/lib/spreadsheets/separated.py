"""Tables as text with commas, of which nothing is taken for a formula.

Whether a comma, a semicolon or a TAB separates cells is decided by the language of the machine
that opens the file. So a cell may begin within a text: behind each of them, and behind a line
break. Quotes keep no text together that does not begin with them as the other machine sees it.
"""

import codecs
import csv
import io
import re
from collections.abc import Generator, Iterable, Sequence
from itertools import batched, chain

from summit.lib.spreadsheets.table import Row, close

# What nobody sees, and a spreadsheet may drop: white space, controls, and characters
# without a width. The test names every one that Unicode calls so. What separates is not here.
_UNSEEN = (
    r"\x00-\x08\x0b\x0c\x0e-\x20\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891"
    r"\u08e2\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd"
    r"\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_SIGNS = "=+\\-@＝＋－＠﹢﹣﹦﹫"
_BEGINS = r"(?:\A|[,;\t\r\n])"
# Quotes that are at the beginning only for another machine are no text to it.
_BETWEEN = rf"[{_UNSEEN}'\"]*"
_FORMULA = re.compile(rf"{_BEGINS}{_BETWEEN}(?=[{_SIGNS}])")
# An apostrophe more than was typed. Those before it were typed.
_NEUTRALISED = re.compile(rf"({_BEGINS}{_BETWEEN})'(?=[{_SIGNS}])")
_PLAIN_NUMBER = r"[+-](?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?"
# With fewer than seven digits it is more likely a sum.
_PLAIN_PHONE = r"\+[1-9](?:[ .-]?(?:\([0-9]{1,5}\)|[0-9])){6,19}"
_PLAIN = re.compile(f"{_PLAIN_NUMBER}|{_PLAIN_PHONE}")
# Where in CSV a cell may begin as a formula does. Much that is plain is not even looked at.
_has_formula = re.compile(
    rf"{_BEGINS}(?={_BETWEEN}[{_SIGNS}])"
    rf'(?:(?<!,)|(?!"(?:{_PLAIN.pattern})"[,\r])(?!(?:{_PLAIN.pattern})[,\r]))'
).search


def neutralised(text: str, *, begins_line: bool = False) -> str:
    """Return the text, with an apostrophe before each sign that would begin a formula.

    That is ``=``, ``+``, ``-``, ``@`` and their full-width and small forms, at the beginning
    of the text and behind each ``,``, ``;``, TAB and line break in it, also with white space,
    invisible characters and quotes between: spreadsheets differ in what separates cells. A
    whole text that is a number with a sign or a phone number of ASCII digits stays as it is,
    unless it begins a line: where no comma separates, the whole line would be one formula.
    Follows OWASP, CSV Injection. ``as_typed`` takes it back.
    """
    if _is_plain(text) and not begins_line:
        return text
    return _FORMULA.sub(r"\g<0>'", text)


def as_typed(text: str, *, begins_line: bool = False) -> str:
    """Return the text of which ``neutralised`` made this one."""
    if _is_plain(text) and not begins_line:
        return text
    return _NEUTRALISED.sub(r"\1", text)


def read_as_typed(text: str, *, begins_line: bool = False) -> str:
    """Return the text of which ``as_typed`` makes this one, where nothing is neutralised.

    In XLSX an apostrophe that somebody typed before a sign would else be taken for one that an
    export put there.
    """
    if _is_plain(text) and not begins_line:
        return text
    return _NEUTRALISED.sub(r"\1''", text)


def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text.lstrip("'")) is not None


def csv_chunks(header: Sequence[str], rows: Iterable[Row]) -> Generator[bytes]:
    """Yield the table as CSV of RFC 4180 in UTF-8 with a byte order mark, about 64 kB at a time.

    Excel takes the mark as the sign of UTF-8. Moments read ``2026-11-22 09:03:05``.
    Closes ``rows`` when it is closed itself. Where the semicolon separates
    columns, a spreadsheet shows one column; XLSX has no such trouble.
    """
    waiting, size = [codecs.BOM_UTF8], 0
    try:
        for batch in batched(chain([header], rows), 100):
            text = _csv(batch)
            # A look at the whole costs a tenth of one at each cell, and is mostly enough.
            if _has_formula(text):
                text = _csv(map(_neutralised_row, batch))
            # Half a character, which no database returns, must not end the file here.
            waiting.append(text.encode("utf-8", "replace"))
            size += len(waiting[-1])
            if size >= 65_536:
                yield b"".join(waiting)
                waiting, size = [], 0
        yield b"".join(waiting)
    finally:
        close(rows)


def _csv(rows: Iterable[Row]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


def _neutralised_row(row: Row) -> Row:
    return [
        neutralised(cell, begins_line=not column) if isinstance(cell, str) else cell
        for column, cell in enumerate(row)
    ]
