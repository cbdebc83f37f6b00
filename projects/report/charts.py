"""Bars of a chart with room for their labels, as components/chart.html draws them.

Bars lie, each below its label, so that labels of any length in any script have the
whole width and never overlap. Lengths across are per cent of the drawing, which
follows its page; heights are in ems of its text, which does not grow with it.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from projects.report.breakdowns import Row
from projects.report.periods import BECAME, Period
from summit.lib.i18n.languages import Words, listed_long

# A phone of 360 pixels has some 23 ems of text across, a number at the end takes up to 6.
WIDEST_LABEL = 16.0
MOST_LINES = 3
LINE, BAR, GAP = 1.35, 0.8, 0.85


@dataclass(frozen=True)
class Piece:
    """A part of a bar, ``kind`` naming its colour in the style sheet."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True)
class Line:
    text: str
    y: float


@dataclass(frozen=True)
class Bar:
    lines: list[Line]
    value: str
    value_y: float
    y: float
    pieces: list[Piece]


@dataclass(frozen=True)
class Chart:
    """``legend`` names the kinds of pieces where there are several."""

    key: str
    title: str
    description: str
    bars: list[Bar]
    height: float
    legend: list[tuple[str, Words]]

    @property
    def bar_height(self) -> float:
        return BAR


def bars(key: str, title: str, rows: Sequence[Row]) -> Chart:
    """A bar for each row, as long as its number."""
    most = max((row.number for row in rows), default=0)
    told = [(row.label, _number(row.number), [("one", row.number)]) for row in rows]
    return _chart(key, title, told, most)


def funnel(key: str, title: str, rows: Sequence[Row]) -> Chart:
    """A bar for each step, with its share of the first."""
    whole = rows[0].number if rows else 0
    told = [
        (row.label, _number_and_share(row.number, whole), [("one", row.number)]) for row in rows
    ]
    return _chart(key, title, told, whole)


def stacks(key: str, title: str, periods: Sequence[Period]) -> Chart:
    """A bar for each period, put together from what became of its intentions."""
    most = max((period.number for period in periods), default=0)
    told = [
        (
            period.label,
            _number(period.number),
            [(status, part.number) for status, part in zip(BECAME, period.parts, strict=True)],
        )
        for period in periods
    ]
    legend: list[tuple[str, Words]] = [(status.value, status.label) for status in BECAME]
    return _chart(key, title, told, most, legend)


def _chart(
    key: str,
    title: str,
    told: Iterable[tuple[Words, str, Sequence[tuple[str, int]]]],
    most: int,
    legend: list[tuple[str, Words]] | None = None,
) -> Chart:
    drawn, sentences, y = [], [], 0.0
    for label, value, parts in told:
        lines = [
            Line(text, round(y + LINE * (number + 0.75), 2))
            for number, text in enumerate(wrapped(str(label)))
        ]
        top = round(y + LINE * len(lines) + 0.1, 2)
        drawn.append(Bar(lines, value, lines[0].y, top, _pieces(parts, most)))
        sentences.append(_("%(label)s: %(value)s") % {"label": label, "value": value})
        y = top + BAR + GAP
    height = round(max(y - GAP, 0), 2)
    return Chart(key, title, listed_long(sentences), drawn, height, legend or [])


def _pieces(parts: Sequence[tuple[str, int]], most: int) -> list[Piece]:
    pieces, x = [], 0.0
    for kind, number in parts:
        if number:
            width = 100 * number / most
            pieces.append(Piece(str(kind), round(x, 3), round(width, 3)))
            x += width
    return pieces


def _number(number: int) -> str:
    return number_format(number, force_grouping=True)


def _number_and_share(number: int, whole: int) -> str:
    if not whole:
        return _number(number)
    share = f"{100 * number / whole:.0f}%"
    return f"{_number(number)} · {share}"


def wrapped(text: str, widest: float = WIDEST_LABEL, most: int = MOST_LINES) -> list[str]:
    """Break a label into lines that fit, at spaces or between Chinese characters.

    What does not fit into ``most`` lines is cut with an ellipsis; the table beside
    the chart has it in full. Never returns nothing.
    """
    lines, line = [], ""
    for word in _words(" ".join(text.split())):
        if line and ems(line + word.rstrip()) > widest:
            lines.append(line.rstrip())
            line = ""
        line += word
        while ems(line.rstrip()) > widest:
            # One word that is longer than a line.
            cut = _fitting(line, widest)
            lines.append(line[:cut])
            line = line[cut:]
    lines.append(line.rstrip())
    lines = [each for each in lines if each] or [""]
    if len(lines) > most:
        last = lines[most - 1]
        lines = [*lines[: most - 1], last[: _fitting(last, widest - 1)] + "…"]
    return lines


def ems(text: str) -> float:
    """How wide a text is at most in usual fonts, in ems."""
    return sum(_em(character) for character in text)


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    if character in "mwMW@%…—":
        return 0.95
    if character.isupper():
        return 0.75
    return 0.3 if character in " .,:;'|ijlt" else 0.6


def _words(text: str) -> Iterable[str]:
    """Split where a line may break: after spaces and around wide characters."""
    word = ""
    for character in text:
        if unicodedata.east_asian_width(character) in "WF":
            # Full-width punctuation stays with what it closes.
            if word and not unicodedata.category(character).startswith("P"):
                yield word
                word = ""
            word += character
        else:
            if word and unicodedata.east_asian_width(word[-1]) in "WF" and character != " ":
                yield word
                word = ""
            word += character
            if character == " ":
                yield word
                word = ""
    if word:
        yield word


def _fitting(text: str, widest: float) -> int:
    """How many characters of a text fit, at least one."""
    width = 0.0
    for place, character in enumerate(text):
        width += _em(character)
        if width > widest:
            return max(place, 1)
    return len(text)
