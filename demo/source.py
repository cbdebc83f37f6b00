"""The demo's texts, facts and pictures, as they stand in the folder beside this module."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from summit.lib.i18n.languages import column

DATA = Path(__file__).parent / "data"
# How the files name a language, and how the columns do.
_LANGUAGES = {"en": "en", "zh": "zh-hans"}

Row = dict[str, Any]


@cache
def file(name: str) -> Row:
    """Return what ``data/<name>.toml`` says."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def rows(name: str, key: str) -> list[Row]:
    """Return the ``[[key]]`` tables of a file, or of all files of a folder, by their names."""
    folder = DATA / name
    names = (
        [f"{name}/{path.stem}" for path in sorted(folder.glob("*.toml"))]
        if folder.is_dir()
        else [name]
    )
    return [row for each in names for row in file(each).get(key, [])]


def picture(name: str) -> bytes:
    """Return a drawing, 1280 × 720. None is a photograph or from elsewhere."""
    return (DATA / "pictures" / f"{name}.webp").read_bytes()


def _is_bilingual(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and value.keys() <= _LANGUAGES.keys()


def columns(row: Row, *, leave_out: tuple[str, ...] = ()) -> Row:
    """Return a row as a model's columns: ``title.en`` and ``title.zh`` become two of them."""
    found = {}
    for name, value in row.items():
        if name in leave_out:
            continue
        if _is_bilingual(value):
            for short, text in value.items():
                found[column(name, _LANGUAGES[short])] = text.strip()
        else:
            found[name] = value
    return found
