"""The options of a question, each with a key that survives editing.

An organizer types options as lines, in each language. What people chose is stored by key, so
every edit of the lines is compared with the options that were known before: a line that reads
as before, in either language, is the same option wherever it stands now.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Self

from summit.lib.i18n.bilingual import pick
from summit.lib.i18n.languages import CONTENT_LANGUAGES

# An option in words, by language; "" where a language has none.
type Texts = dict[str, str]


@dataclass(frozen=True)
class Option:
    """One option; ``is_offered`` is false once it was removed from the lines."""

    key: str
    texts: Texts
    is_offered: bool = True

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Read what ``stored`` wrote."""
        return cls(stored["key"], dict(stored["texts"]), stored["is_offered"])

    @property
    def stored(self) -> dict[str, Any]:
        """The option as JSON."""
        return {"key": self.key, "texts": self.texts, "is_offered": self.is_offered}

    @property
    def text(self) -> str:
        """The option in the current language or the other one."""
        return pick(self.texts)

    @property
    def in_both(self) -> str:
        """The option in each language that it has: ``Halal / 清真``."""
        return in_both_languages(self.texts)


def in_both_languages(texts: Texts) -> str:
    """Return the texts side by side; once where both languages have the same."""
    return " / ".join(dict.fromkeys(filter(None, texts.values())))


def lines_of(text: str) -> list[str]:
    """Return the options that are typed one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def rows_of(lines: Mapping[str, Sequence[str]]) -> list[Texts]:
    """Join the lines of all languages to options: the first with the first, and so on."""
    columns = (lines[code] for code in CONTENT_LANGUAGES)
    return [
        dict(zip(CONTENT_LANGUAGES, row, strict=True))
        for row in zip_longest(*columns, fillvalue="")
    ]


def numbered(rows: Iterable[Texts]) -> list[Option]:
    """Return options whose keys are their numbers, for a question that nobody has edited yet."""
    return [Option(str(number), texts) for number, texts in enumerate(rows, 1)]


def match_options(
    known: Sequence[Option], rows: Sequence[Texts], renamed: Mapping[str, Texts] | None = None
) -> list[Option]:
    """Return the options of the lines in their order, and after them those that were removed.

    ``renamed`` gives the new texts of options by key, where reading the lines cannot tell.
    A row that reads as one known option in one language and as another one in the other is
    neither of them. A removed option that is typed again is the one it was. No key is ever
    given to a second option.
    """
    left = {option.key: option for option in known}
    found: dict[int, Option] = {}

    def take(number: int, option: Option) -> None:
        found[number] = replace(left.pop(option.key), texts=rows[number], is_offered=True)

    for key, texts in (renamed or {}).items():
        numbers = [n for n, row in enumerate(rows) if n not in found and _same(row, texts)]
        if key in left and numbers:
            take(numbers[0], left[key])
    for is_close in (_same, _alike):
        # Of two that read alike the one that is offered counts.
        for is_offered in (True, False):
            free = [number for number in range(len(rows)) if number not in found]
            offered = [option for option in left.values() if option.is_offered == is_offered]
            for number in free:
                close = [o for o in offered if o.key in left and is_close(o.texts, rows[number])]
                rivals = [rows[n] for n in free for o in close[:1] if is_close(o.texts, rows[n])]
                is_clear = all(_same(o.texts, close[0].texts) for o in close) and all(
                    _same(rival, rows[number]) for rival in rivals
                )
                if close and is_clear:
                    take(number, close[0])
    newest = max((int(option.key) for option in known), default=0)
    for number, texts in enumerate(rows):
        if number not in found:
            newest += 1
            found[number] = Option(str(newest), texts)
    removed = [replace(option, is_offered=False) for option in left.values()]
    return [found[number] for number in range(len(rows))] + removed


def _same(one: Texts, other: Texts) -> bool:
    return all(_read(one.get(code)) == _read(other.get(code)) for code in CONTENT_LANGUAGES)


def _alike(one: Texts, other: Texts) -> bool:
    """Whether the texts of a language are the same, and not empty."""
    return any(
        one.get(code) and _read(one[code]) == _read(other.get(code)) for code in CONTENT_LANGUAGES
    )


def _read(text: str | None) -> str:
    """Return a text as a reader compares it: without regard to case, width and spaces."""
    return " ".join(unicodedata.normalize("NFKC", text or "").casefold().split())
