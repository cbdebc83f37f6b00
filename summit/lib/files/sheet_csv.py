"""The lines of a CSV file, however its characters are encoded and its cells separated."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from summit.lib.files.limited_reader import Refused
from summit.lib.files.sheet_headings import LOOKED_THROUGH, Line, find_headings

SEPARATORS = ",;\t|"
# Excel writes and obeys it, and shows no such line.
_SAID_SEPARATOR = re.compile(r'\s*"?sep=(.)"?[,;\t|]*\r?\n?\Z', re.IGNORECASE)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
# An accented letter of Western Europe and the letter behind it are one Chinese character to
# GB18030: "Müller" reads as "M黮ler".
_MISREAD = re.compile(r"[A-Za-z][\u3400-\u9fff\uf900-\ufaff][a-z]")


def lines_of_csv(data: bytes, headings: Mapping[str, str]) -> tuple[Iterator[Line], str, str]:
    """Return the lines, of which the first is 1, encoding and separator. Raises ``Refused``.

    The separator is what a line ``sep=;`` says, else the one by which most columns are named,
    else the one that the first line with text has most of.
    """
    text, encoding = _decoded(data)
    if text.lstrip()[:1] == "<":
        raise Refused("web_page")
    said = _SAID_SEPARATOR.match(text[: text.find("\n") + 1] or text[:20])
    start = said.end() if said else 0
    separator = said[1] if said else _separator(text, headings)
    return _lines(text[start:], separator, 2 if said else 1), encoding, separator


def _lines(text: str, separator: str, first: int, *, strict: bool = True) -> Iterator[Line]:
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
        for number, row in enumerate(rows, first):
            yield number, [cell.strip() for cell in row]
    except csv.Error as error:
        raise Refused("broken_csv") from error


def _separator(text: str, headings: Mapping[str, str]) -> str:
    beginning = text[: 64 * 1024]
    first = next((line for line in beginning.split("\n") if line.strip()), "")

    def fits(separator: str) -> tuple[int, int]:
        try:
            found = (line for line in _lines(beginning, separator, 1, strict=False) if any(line[1]))
            named = find_headings(list(islice(found, LOOKED_THROUGH)), headings)[1]
        except Refused:
            named = 0
        return named, first.count(separator)

    return max(SEPARATORS, key=fits)


def _decoded(data: bytes) -> tuple[str, str]:
    """Decode what spreadsheets write: UTF-8, UTF-16 with its mark, else GB18030 as in China."""
    has_mark = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not has_mark and _CONTROLS.search(data):
        raise Refused("no_table")
    for encoding in ["utf-16"] if has_mark else ["utf-8-sig", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise Refused("no_table")
        if encoding == "gb18030" and _MISREAD.search(text):
            break
        return text, encoding
    raise Refused("encoding")
