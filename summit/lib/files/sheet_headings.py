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

type Line = tuple[int, list[str]]


def plain_heading(text: str) -> str:
    """Return a heading without what people vary: ``nameen`` of ``* Name_EN``."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return _NO_LETTER.sub("", _REMARK.sub("", text)) or _NO_LETTER.sub("", text)


def columns_in(cells: Iterable[str], headings: Mapping[str, str]) -> list[str]:
    """Return for each cell of a line the column that it names, or an empty text."""
    return [headings.get(plain_heading(cell), "") if len(cell) < 100 else "" for cell in cells]


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
