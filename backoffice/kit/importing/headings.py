"""What columns are called in files: their names, their labels in each language, and other words.

A bilingual text has two columns, and may also stand in one whose heading names no language, as
单位名称: there each cell goes where its letters belong.
"""

import re
from collections.abc import Iterable, Mapping

from summit.lib.files.sheet_headings import plain_heading
from summit.lib.i18n.languages import CONTENT_LANGUAGES, column
from summit.lib.i18n.likeness import HAN

# How a heading names the language of its column.
_OF_LANGUAGE = {
    "en": (
        *("{} (English)", "English {}", "{} in English", "{} (en)", "{}（英文）", "英文{}"),
        *("{}英语", "英语{}", "外文{}", "{}（外文）"),
    ),
    "zh-hans": (
        *("{} (Chinese)", "Chinese {}", "{} in Chinese", "{} (zh)", "{}（中文）", "中文{}"),
        *("{}_zh_cn", "{}汉语"),
    ),
}
_HAN = re.compile(f"[{HAN}]")
_BETWEEN = re.compile(r"[\r\n]+|(?<=\s)[/|](?=\s)|[／｜]")


def base_of(name: str) -> str:
    """Return ``name`` for ``name_en``, and what is half of no pair as it is."""
    for language in CONTENT_LANGUAGES:
        base = name.removesuffix(column("", language))
        if base != name:
            return base
    return name


def pairs_of(names: Iterable[str]) -> list[str]:
    """Return the bilingual texts whose columns are among these, in their order."""
    names = list(names)
    bases = dict.fromkeys(map(base_of, names))
    return [
        base for base in bases if all(column(base, each) in names for each in CONTENT_LANGUAGES)
    ]


def known_headings(
    labels: Mapping[str, Iterable[str]], others: Mapping[str, Iterable[str]]
) -> dict[str, str]:
    """Return the column of each heading, by ``plain_heading``.

    ``labels`` are those of each column and of each bilingual text, in all languages; ``others``
    what else they are called. One that could be of two columns is left out, but a label counts
    more than other words.
    """
    found: dict[str, str] = {}
    bases = {base_of(name) for name in labels if base_of(name) != name}
    for words in (labels, others):
        claimed: dict[str, set[str]] = {}
        for name, texts in words.items():
            for text in texts:
                for heading, meant in _spelled(name, text, is_pair=name in bases):
                    claimed.setdefault(plain_heading(heading), set()).add(meant)
        found = {
            heading: next(iter(names)) for heading, names in claimed.items() if len(names) == 1
        } | found
    return {heading: name for heading, name in found.items() if heading}


def _spelled(name: str, text: str, *, is_pair: bool) -> Iterable[tuple[str, str]]:
    # “Country/region” is called by its first word as well.
    for each in (text, text.partition("/")[0]):
        yield each, name
        if is_pair:
            for language, forms in _OF_LANGUAGE.items():
                for form in forms:
                    yield form.format(each), column(name, language)


def by_letters(text: str) -> dict[str, str]:
    """Return the language of each part of a text that names none: 市医院 / City Hospital."""
    parts = [part for part in map(str.strip, _BETWEEN.split(text)) if part]
    languages = list(map(language_of, parts))
    if len(parts) == 2 and len(set(languages)) == 2:
        return dict(zip(languages, parts, strict=True))
    return {language_of(text): text}


def language_of(text: str) -> str:
    """Return in which language a text is, by its letters."""
    return "zh-hans" if _HAN.search(text) else "en"
