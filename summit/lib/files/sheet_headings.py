"""Which line of a table names its columns: not always the first one.

Without Django, since probes need it. ``headings`` is what columns are called, as
``plain_heading`` returns it, and the name of the column that each stands for.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

# A title, a date, who made the list: the column names stand below them.
LOOKED_THROUGH = 20

_REMARK = re.compile(
    r"\(?(?:required|optional|mandatory|必填项?|必须填写|选填项?|可选|可不填)\)?", re.IGNORECASE
)
_NO_LETTER = re.compile(r"[\W_]+")
# One heading in two languages, below each other or with a stroke between them.
_BETWEEN = (re.compile(r"[\r\n]+"), re.compile(r"[\r\n/／|｜]+"))
_LONGEST = 100
# The column that counts the rows, which nobody needs; in it a row is marked as none.
NUMBERS = frozenset(
    ("序号", "序", "编号", "行号", "no", "nr", "number", "rowno", "序号no", "序号number", "sn")
)
_MARKS = {
    "example": re.compile(r"(?:示例|样例|范例|举例|例|填写示例)?(?:example|eg)?"),
    "total": re.compile(r"(?:合计|总计|小计|共计|total|sum).*"),
}

type Line = tuple[int, list[str]]


def plain_heading(text: str) -> str:
    """Return a heading without what people vary: ``nameen`` of ``* Name_EN``."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return _NO_LETTER.sub("", _REMARK.sub("", text)) or _NO_LETTER.sub("", text)


def columns_in(cells: Iterable[str], headings: Mapping[str, str]) -> list[str]:
    """Return for each cell of a line the column that it names, or an empty text."""
    return [column_of(cell, headings) for cell in cells]


def column_of(heading: str, headings: Mapping[str, str]) -> str:
    """Return the column that a heading names, alone or in each of its parts; "" for none.

    What is longer than a heading is none.
    """
    if len(heading) >= _LONGEST:
        return ""
    whole = headings.get(plain_heading(heading))
    if whole is not None:
        return whole
    for between in _BETWEEN:
        parts = {headings.get(plain_heading(part), "") for part in between.split(heading) if part}
        if len(parts) == 1 and (found := parts.pop()):
            return found
    return ""


def is_number(heading: str) -> bool:
    """Whether a column only counts the rows: 序号, No."""
    text = heading.strip()
    if len(text) >= _LONGEST:
        return False
    parts = [plain_heading(part) for part in (text, *_BETWEEN[1].split(text))]
    return text in ("#", "№") or parts[0] in NUMBERS or set(parts[1:]) <= NUMBERS


def mark_of(cell: str) -> str:
    """Return what a row is that says so in the column of numbers: ``example``, ``total`` or ""."""
    plain = plain_heading(cell[:_LONGEST])
    return next((mark for mark, words in _MARKS.items() if plain and words.fullmatch(plain)), "")


def find_headings(lines: Sequence[Line], headings: Mapping[str, str]) -> tuple[int, int]:
    """Return which of the first lines names most columns, and how many; the first if none does."""
    named = [
        len(set(columns_in(cells, headings)) - {""}) for _number, cells in lines[:LOOKED_THROUGH]
    ]
    most = max(named, default=0)
    return (named.index(most) if most else 0), most


def repeats_headings(
    cells: Iterable[str], named: Sequence[str], headings: Mapping[str, str]
) -> bool:
    """Whether a line names the columns once more, as on each page or in the other language."""
    pairs = zip(columns_in(cells, headings), named, cells, strict=False)
    return all(column and column == name for column, name, cell in pairs if cell)
