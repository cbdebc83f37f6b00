"""The drawing of ``drawings.cover`` as a picture of pixels, for where no SVG is shown."""

import hashlib
import math
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image, ImageDraw

type Point = tuple[float, float]

# As css/tokens.css has them.
_PALETTES = (
    ("#dfe8e1", "#1d6a5b", "#c79a4b"),
    ("#e0e7ed", "#2b5583", "#7fae9f"),
    ("#eee6d4", "#8c6420", "#3f6f7d"),
    ("#ebe3e6", "#713e60", "#5f8f86"),
    ("#e5e9da", "#52691f", "#4a6c98"),
)
_WIDTH, _HEIGHT, _STROKE = 320, 180, 13
# Drawn larger and scaled down, which makes its edges smooth.
_FINER = 3


class Palette(NamedTuple):
    ground: str
    near: str
    far: str


def palette(slug: str, family: str = "") -> Palette:
    return Palette(*_PALETTES[_numbers(family or slug)[0] % len(_PALETTES)])


def cover_picture(
    slug: str, family: str, size: tuple[int, int], *, rings_within: float = 1.0
) -> Image.Image:
    """Return the two interlocking shapes over their river, filling a picture of this size.

    The shapes stand whole in the upper part of it, which is ``rings_within`` of its height.
    """
    kin, own, colours = _numbers(family or slug), _numbers("own " + slug), palette(slug, family)
    width, height = size[0] * _FINER, size[1] * _FINER
    picture = Image.new("RGB", (width, height), colours.ground)
    draw = ImageDraw.Draw(picture)
    scale = max(width / _WIDTH, height / _HEIGHT)
    shift = ((width - _WIDTH * scale) / 2, (height - _HEIGHT * scale) / 2)
    for river in _river(kin, own):
        placed = [(x * scale + shift[0], y * scale + shift[1]) for x, y in river]
        colour = _mixed(colours.near, colours.ground)
        draw.line(placed, fill=colour, width=round(2 * _FINER), joint="curve")
    radius, tilt = 40 + own[0] % 14, math.radians(own[1] % 70 - 35)
    distance = radius * (1.05 + own[2] % 25 / 100)
    apart = (math.cos(tilt) * distance / 2, math.sin(tilt) * distance / 2)
    near = _ring(kin[2] % 4, (-apart[0], -apart[1]), radius, tilt)
    far = _ring(kin[1] % 4, apart, radius, tilt)
    room = height * rings_within
    reach = 2 * max(max(abs(x), abs(y)) for x, y in near + far) + 1.6 * _STROKE
    fitted = min(room, width) / reach
    across = min(max(0.42 + own[3] % 17 / 100, fitted * reach / 2 / width), 0.58)
    centre = (width * (across if width > room else 0.5), room / 2)
    # The far ring comes over the near one at one of the two places where they cross.
    for points, colour in (
        ([*far, far[0]], colours.far),
        ([*near, near[0]], colours.near),
        (far[: len(far) // 4], colours.far),
    ):
        placed = [(x * fitted + centre[0], y * fitted + centre[1]) for x, y in points]
        _stroke(draw, placed, colour, _STROKE * fitted)
    return picture.resize(size, Image.Resampling.LANCZOS)


def _stroke(draw: ImageDraw.ImageDraw, points: Sequence[Point], colour: str, width: float) -> None:
    """Draw a line with round corners, which Pillow leaves open where points are close."""
    draw.line(points, fill=colour, width=round(width))
    for x, y in points[1:-1]:
        half = width / 2
        draw.ellipse((x - half, y - half, x + half, y + half), fill=colour)


def _numbers(text: str) -> list[int]:
    return list(hashlib.sha256(text.encode()).digest())


def _mixed(one: str, other: str) -> str:
    parts = [(int(one[i : i + 2], 16) + int(other[i : i + 2], 16)) // 2 for i in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in parts)


def _river(kin: list[int], own: list[int]) -> list[list[Point]]:
    bend, first, step = kin[4] % 60 - 30, 26 + own[5] % 60, 9 + kin[5] % 5
    rivers = []
    for number in range(4 + kin[3] % 3):
        y = first + number * step
        corners = (
            (-4.0, float(y)),
            (_WIDTH * 0.3, y + bend),
            (_WIDTH * 0.6, y - bend),
            (_WIDTH + 4.0, y + bend // 3),
        )
        rivers.append([_on_curve(corners, t / 60) for t in range(61)])
    return rivers


def _on_curve(corners: Sequence[Point], t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x, y = (sum(w * corner[i] for w, corner in zip(weights, corners, strict=True)) for i in (0, 1))
    return (x, y)


def _ring(shape: int, centre: Point, radius: float, tilt: float) -> list[Point]:
    """Return points around a shape, evenly set, from its lowest one before tilting."""
    points = _around(_corners(shape, radius))
    cos, sin = math.cos(tilt), math.sin(tilt)
    return [(centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos) for x, y in points]


def _corners(shape: int, r: float) -> list[Point]:
    if shape == 0:
        turns = (math.radians(90 + 3 * n) for n in range(120))
        return [(r * math.cos(turn), r * math.sin(turn)) for turn in turns]
    if shape == 1:
        s = r * 0.9
        return [(0, s), (-s, s), (-s, -s), (s, -s), (s, s)]
    if shape == 2:
        s = r * 1.2
        return [(0, s), (-s, 0), (0, -s), (s, 0)]
    s, h = r * 0.92, r * 0.5
    return [(0, s), (-h, s), (-s, h), (-s, -h), (-h, -s), (h, -s), (s, -h), (s, h), (h, s)]


def _around(corners: list[Point], count: int = 240) -> list[Point]:
    sides = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    lengths = [math.dist(*side) for side in sides]
    points, step, along = [], sum(lengths) / count, 0.0
    for ((x, y), (to_x, to_y)), length in zip(sides, lengths, strict=True):
        while along <= length:
            part = along / length
            points.append((x + (to_x - x) * part, y + (to_y - y) * part))
            along += step
        along -= length
    return points
