"""Drawings made here: cover art from a slug, monograms, the seal of a signed intention.

All are SVG without ids, styles or colours of their own: classes carry the colour,
so that they follow the page's tokens in light, dark and print. Everything drawn
from a text is a pure function of it and is kept.
"""

import hashlib
import math
import re
from functools import lru_cache

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

PALETTES = 5
_WIDTH, _HEIGHT = 320, 180


def _numbers(text: str) -> list[int]:
    return list(hashlib.sha256(text.encode()).digest())


@lru_cache(maxsize=2000)
def cover(slug: str, family: str = "") -> SafeString:
    """Return a drawing of two interlocking shapes over a river of lines.

    ``family`` (a series' slug) settles palette, shapes and the river's bend, so that
    the covers of a series are kin; ``slug`` settles where the shapes meet.
    """
    kin, own = _numbers(family or slug), _numbers("own " + slug)
    radius = 40 + own[0] % 14
    tilt = math.radians(own[1] % 70 - 35)
    distance = radius * (1.05 + own[2] % 25 / 100)
    centre_x = _WIDTH * (0.42 + own[3] % 17 / 100)
    centre_y = _HEIGHT / 2 + own[4] % 21 - 10
    offset_x, offset_y = math.cos(tilt) * distance / 2, math.sin(tilt) * distance / 2
    near = (centre_x - offset_x, centre_y - offset_y)
    far = (centre_x + offset_x, centre_y + offset_y)
    parts = [
        f'<svg class="art art--{kin[0] % PALETTES}" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        ' preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">',
        _river(kin, own),
        _ring("art-far", kin[1] % 4, far, radius, tilt),
        _ring("art-near", kin[2] % 4, near, radius, tilt),
        # The far ring comes over the near one again at one of the two places where
        # they cross: that is what makes them links of a chain.
        _ring("art-far", kin[1] % 4, far, radius, tilt, over=True),
        "</svg>",
    ]
    return mark_safe("".join(parts))


def _river(kin: list[int], own: list[int]) -> str:
    lines = 4 + kin[3] % 3
    bend = kin[4] % 60 - 30
    first = 26 + own[5] % 60
    step = 9 + kin[5] % 5
    paths = []
    for number in range(lines):
        y = first + number * step
        paths.append(
            f"M-4 {y}C{_WIDTH * 0.3:.0f} {y + bend} {_WIDTH * 0.6:.0f} {y - bend}"
            f" {_WIDTH + 4} {y + bend // 3}"
        )
    return f'<path class="art-river" d="{"".join(paths)}"/>'


def _ring(
    name: str,
    shape: int,
    centre: tuple[float, float],
    radius: float,
    tilt: float,
    over: bool = False,
) -> str:
    # Every outline starts at its lowest point before tilting and has the length 100.
    # Seen from the far ring the near one lies to the left, so that the quarter from the
    # lowest point to the leftmost one holds exactly one of the two crossings.
    x, y = centre
    outline = _outline(shape, radius)
    dash = ' pathLength="100" stroke-dasharray="25 75"' if over else ""
    turn = f"translate({x:.1f} {y:.1f}) rotate({math.degrees(tilt):.0f})"
    return f'<path class="{name}" transform="{turn}" d="{outline}"{dash}/>'


def _outline(shape: int, r: float) -> str:
    if shape == 0:
        return f"M0 {r:.1f}A{r:.1f} {r:.1f} 0 0 1 0 {-r:.1f}A{r:.1f} {r:.1f} 0 0 1 0 {r:.1f}Z"
    if shape == 1:  # square, a little smaller so that it weighs the same
        s = r * 0.9
        return f"M0 {s:.1f}H{-s:.1f}V{-s:.1f}H{s:.1f}V{s:.1f}Z"
    if shape == 2:  # square on its corner
        s = r * 1.2
        return f"M0 {s:.1f}L{-s:.1f} 0L0 {-s:.1f}L{s:.1f} 0Z"
    s, h = r * 0.92, r * 0.5  # octagon
    return (
        f"M0 {s:.1f}H{-h:.1f}L{-s:.1f} {h:.1f}V{-h:.1f}L{-h:.1f} {-s:.1f}"
        f"H{h:.1f}L{s:.1f} {-h:.1f}V{h:.1f}L{h:.1f} {s:.1f}Z"
    )


def initials(name: str) -> str:
    """Return one or two characters that stand for a person.

    ``Ann Hale`` → ``AH``, ``王小明`` → ``小明``, ``安·黑尔`` → ``安``.
    """
    words = [word for word in re.split(r"[\s·•・.]+", name) if word]
    if not words:
        return "·"
    first = words[0]
    if _is_chinese(first):
        return first[:1] if len(words) > 1 else first[-2:]
    return (first[0] + words[-1][0] if len(words) > 1 else first[0]).upper()


def _is_chinese(text: str) -> bool:
    return "\u3400" <= text[0] <= "\u9fff"


@lru_cache(maxsize=2000)
def monogram(name: str, slug: str) -> SafeString:
    """Return a person's initials on a quiet ground whose hue the slug settles."""
    text = initials(name)
    size = "wide" if len(text) > 1 and _is_chinese(text) else "plain"
    return format_html(
        '<svg class="monogram monogram--{} monogram--{}" viewBox="0 0 48 48" aria-hidden="true"'
        ' focusable="false"><path d="M0 0H48V48H0Z"/><text x="24" y="24.5">{}</text></svg>',
        _numbers(slug)[0] % PALETTES,
        size,
        text,
    )


@lru_cache(maxsize=2000)
def seal(reference: str, label: str, state: str = "signed") -> SafeString:
    """Return the square stamp of a signed intention, its reference in three lines.

    ``state`` is an intention's status: ``signed`` and ``converted`` are full, ``lapsed``,
    ``terminated`` and ``voided`` a pale outline. ``label`` is what it is called for those who do
    not see it.
    """
    lines = [part for part in re.split(r"[-/ ]+", reference) if part][:4] or ["·"]
    height = 72 / len(lines)
    rows = "".join(
        f'<text x="50" y="{14 + height * (index + 0.5):.1f}"'
        f"{_squeeze(line, height)}>{conditional_escape(line)}</text>"
        for index, line in enumerate(lines)
    )
    return format_html(
        '<svg class="seal seal--{}" viewBox="0 0 100 100" role="img" aria-label="{}">'
        '<path class="seal-ground" d="{}"/><path class="seal-frame" d="{}"/>'
        '<g font-size="{}">{}</g></svg>',
        state,
        label,
        mark_safe(_GROUND),
        mark_safe(_FRAME),
        f"{min(height * 0.98, 27):.0f}",
        mark_safe(rows),
    )


# A stone is cut by hand: its edge is not quite straight and its corners are worn.
_GROUND = (
    "M5 3L38 2.2L71 3.1L95 2.4Q98 2.6 97.6 6L98 36L97.1 68L97.8 94Q97.4 98 94 97.5"
    "L62 98L31 97.2L6 97.9Q2.4 97.4 2.7 94L2 63L2.9 33L2.3 6Q2.3 3 5 3Z"
)
_FRAME = "M9 9L91 8.6L91.4 91L8.7 91.3Z"


def _squeeze(line: str, height: float) -> str:
    # A line wider than the stone is drawn closer together instead of running over it.
    natural = len(line) * min(height * 0.98, 27) * 0.62
    return ' textLength="74" lengthAdjust="spacingAndGlyphs"' if natural > 74 else ""
