"""Text that is set as large as its box allows, decided before it is printed.

Widths are measured in em and estimated: what a page is printed with, and on, is
known to the browser alone. A margin is added, and style sheets hold the same steps.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Widths of a wide bold sans-serif, such as Verdana's and DejaVu's: others need less.
_NARROW = frozenset("fijlrtIJ.,:;'’!|()[]{} ·-‐‑")
_WIDE = frozenset("mwMWQOG@%&—…")
_CHINESE = r"\u2e80-\u9fff\uf900-\ufaff"
# A line may end after a space, a hyphen or a dot between names, and at a Chinese character.
_PIECES = re.compile(rf"[^\s\-‐·{_CHINESE}]+[\-‐·]*|[\-‐·]+|[{_CHINESE}]|\s+")
_WORDS = re.compile(r"[^\s\-‐·]+[\-‐·]*|[\-‐·]+|\s+")


@dataclass(frozen=True)
class Step:
    """A size at which a line of the box holds so many em, and the box so many lines."""

    ems: int
    lines: int


def step_for(texts: Sequence[str], steps: Sequence[Step], *, whole_words: bool = False) -> Step:
    """Return the first step, the largest, at which the texts fit below each other.

    No word is cut, and with ``whole_words`` no Chinese one either, but at the last
    step, which is for whatever fits no other.
    """
    pieces = [(_WORDS if whole_words else _PIECES).findall(text) for text in texts]
    for step in steps:
        needed = [_lines(each, step.ems) for each in pieces]
        fitting = [count for count in needed if count is not None]
        if len(fitting) == len(needed) and sum(fitting) <= step.lines:
            return step
    return steps[-1]


def _lines(pieces: Sequence[str], ems: int) -> int | None:
    """Count the lines that the pieces fill, nothing where one is longer than a line."""
    lines, used = 1, 0.0
    for piece in pieces:
        width = _width(piece)
        if piece.isspace():
            # At the end of a line it takes no room.
            used += width
            continue
        if width > ems:
            return None
        if used + width > ems:
            lines, used = lines + 1, 0.0
        used += width
    return lines


def _width(text: str) -> float:
    return sum(map(_em, text))


def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1
    if character in _NARROW:
        return 0.46
    if character in _WIDE or not character.isascii() and not character.isalpha():
        return 1.08
    return 0.8 if character.isupper() else 0.7
