"""Tables as text with commas, of which nothing is taken for a formula."""

import codecs
import csv
import io
import re
from collections.abc import Generator, Iterable, Sequence
from itertools import batched, chain

from summit.lib.spreadsheets.table import Row, close

# What nobody sees, and a spreadsheet may drop: white space, controls, and characters
# without a width. The test names every one that Unicode calls so.
_UNSEEN = (
    r"\x00-\x20\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    r"\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001345f"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Apostrophes before it count, so that one that was put there can be told from one that was
# typed: a text is the same again once a leading apostrophe before a formula is taken away.
_FORMULA = rf"'*[{_UNSEEN}]*[=+\-@\t\r\n＝＋－＠﹢﹣﹦﹫]"
_PLAIN_NUMBER = r"[+-](?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?"
# With fewer than seven digits it is more likely a sum.
_PLAIN_PHONE = r"\+[1-9](?:[ .-]?(?:\([0-9]{1,5}\)|[0-9])){6,19}"
_starts_formula = re.compile(_FORMULA).match
_PLAIN = re.compile(f"{_PLAIN_NUMBER}|{_PLAIN_PHONE}")
# Where in CSV a cell may begin as a formula does. A comma or line break within a cell may be
# taken for the end of one, so that it finds too much, never too little.
_has_formula = re.compile(
    rf'(?:^|[,\n])(?="?{_FORMULA})'
    rf'(?!"(?:{_PLAIN.pattern})"[,\r])(?!(?:{_PLAIN.pattern})[,\r])'
).search


def neutralised(text: str) -> str:
    """Return the text, with an apostrophe before it where a spreadsheet would see a formula.

    That is a leading ``=``, ``+``, ``-``, ``@``, TAB, CR or LF, also behind white
    space and what is invisible, and the full-width and small forms. Numbers with a
    sign and phone numbers of ASCII digits stay as they are. Follows OWASP, CSV
    Injection.
    """
    if not _starts_formula(text) or _PLAIN.fullmatch(text.lstrip("'")):
        return text
    return f"'{text}"


def csv_chunks(header: Sequence[str], rows: Iterable[Row]) -> Generator[bytes]:
    """Yield the table as CSV of RFC 4180 in UTF-8 with a byte order mark, about 64 kB at a time.

    Excel takes the mark as the sign of UTF-8. Moments read ``2026-11-22 09:03:05``.
    Closes ``rows`` when it is closed itself. Whoever opens the file where the
    semicolon separates columns sees one column; XLSX has no such trouble.
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
    return [neutralised(cell) if isinstance(cell, str) else cell for cell in row]
