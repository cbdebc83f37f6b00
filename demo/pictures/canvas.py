"""Paper, paint and grain for the demo's pictures.

Scenes are drawn on a sheet of 1280 × 720 units at twice the size and then
halved, which smooths every edge.
"""

import io
import random
from collections.abc import Iterable, Sequence
from math import cos, sin

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1280, 720
_SCALE = 2

Point = tuple[float, float]
Colour = str | tuple[int, int, int, int]

# The colours of the style sheet (static/css/tokens.css), and shades between them.
PAPER, CREAM, SAND, STONE = "#faf7f0", "#f1ebde", "#e3d8c2", "#b9ae98"
INK, NIGHT, SLATE, MIST = "#14202f", "#1d2d3d", "#3f5263", "#9fb0b5"
JADE, PINE, RIVER, CELADON = "#0a5a4c", "#06443a", "#4f8f80", "#bcd3c6"
BLUE, OCHRE, MOSS, PLUM = "#2f5680", "#a8772a", "#5d7530", "#75395f"
SKIN = ("#d9b594", "#c49a78", "#e3c4a8", "#b5886a")
# For seals only.
VERMILION = "#c63622"


def faded(colour: str, alpha: int) -> Colour:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue, alpha


class Canvas:
    def __init__(self, top: str, bottom: str) -> None:
        self.image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), top)
        self.draw = ImageDraw.Draw(self.image, "RGBA")
        self.shade(0, bottom, 255)

    def rect(self, x: float, y: float, w: float, h: float, fill: Colour, radius: float = 0) -> None:
        box = [v * _SCALE for v in (x, y, x + w, y + h)]
        self.draw.rounded_rectangle(box, radius * _SCALE, fill=fill)

    def poly(self, points: Iterable[Point], fill: Colour) -> None:
        self.draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        self.draw.ellipse([v * _SCALE for v in (x - rx, y - ry, x + rx, y + ry)], fill=fill)

    def disc(self, x: float, y: float, r: float, fill: Colour) -> None:
        self.oval(x, y, r, r, fill)

    def ring(self, x: float, y: float, r: float, colour: Colour, width: float) -> None:
        box = [v * _SCALE for v in (x - r, y - r, x + r, y + r)]
        self.draw.ellipse(box, outline=colour, width=round(width * _SCALE))

    def arc(
        self, x: float, y: float, r: float, span: tuple[float, float], colour: Colour, width: float
    ) -> None:
        box = [v * _SCALE for v in (x - r, y - r, x + r, y + r)]
        self.draw.arc(box, *span, fill=colour, width=round(width * _SCALE))

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self.draw.line(scaled, fill=colour, width=round(width * _SCALE), joint="curve")

    def glow(self, x: float, y: float, r: float, colour: str, strength: float) -> None:
        """Lay soft light over what is there."""
        side = round(2 * r * _SCALE)
        mask = Image.radial_gradient("L").resize((side, side), Image.Resampling.BILINEAR)
        mask = mask.point(lambda v: round(max(0, 255 - v * 1.42) * strength))
        light = Image.new("RGB", (side, side), colour)
        self.image.paste(light, (round((x - r) * _SCALE), round((y - r) * _SCALE)), mask)

    def shade(self, height: float, colour: str, strength: int) -> None:
        """Darken towards the lower edge, from ``height`` down."""
        top, end = round(height * _SCALE), HEIGHT * _SCALE
        for y in range(top, end, _SCALE):
            alpha = strength * (y - top) // (end - top)
            self.draw.rectangle((0, y, WIDTH * _SCALE, y + _SCALE - 1), faded(colour, alpha))

    def png(self) -> bytes:
        """Return the finished sheet with the grain of paper on it."""
        small = self.image.reduce(_SCALE)
        noise = Image.frombytes("L", small.size, random.Random(7).randbytes(WIDTH * HEIGHT))  # noqa: S311 - grain
        noise = noise.filter(ImageFilter.GaussianBlur(0.6)).point(lambda v: 128 + (v - 128) // 9)
        grainy = ImageChops.add(small, Image.merge("RGB", [noise] * 3), 1, -128)
        buffer = io.BytesIO()
        grainy.save(buffer, "PNG", compress_level=0)
        return buffer.getvalue()


def ridge(
    base: float, waves: Sequence[tuple[float, float, float]], floor: float = HEIGHT
) -> list[Point]:
    """Return the outline of hills: ``base`` height plus waves of (height, per sheet, phase)."""
    top = [
        (
            x,
            base
            - sum(high * sin(often * 6.2832 * x / WIDTH + phase) for high, often, phase in waves),
        )
        for x in range(-8, WIDTH + 17, 8)
    ]
    return [*top, (WIDTH + 16, floor), (-8, floor)]


def around(x: float, y: float, r: float, angle: float) -> Point:
    return x + r * cos(angle), y + r * sin(angle)
