"""A signed sheet as a scanner sees it. It bears marks, and no words but what it is."""

from math import sin

from PIL import ImageFont

from demo.pictures.canvas import (
    HEIGHT,
    INK,
    NIGHT,
    PAPER,
    SLATE,
    STONE,
    VERMILION,
    WIDTH,
    Canvas,
    faded,
)

_LEFT, _WIDE = 240, 800


def _signature(c: Canvas, x: float, y: float, phase: float) -> None:
    points = [
        (x + step * 4, y + 16 * sin(step * 0.7 + phase) * sin(step * 0.13 + 0.3))
        for step in range(46)
    ]
    c.line(points, NIGHT, 3)


def signed_paper() -> Canvas:
    c = Canvas("#cfd3d1", "#bfc5c3")
    c.rect(_LEFT - 40, 24, _WIDE + 80, HEIGHT - 48, PAPER, 2)
    font = ImageFont.load_default(52)
    c.draw.text((WIDTH, 150), "DEMONSTRATION DATA", faded(INK, 220), font=font, anchor="mm")
    for number in range(9):
        width = _WIDE if number % 4 != 3 else _WIDE * 0.6
        c.rect(_LEFT, 140 + number * 34, width, 7, faded(SLATE, 110), 3)
    for x in (_LEFT, _LEFT + 470):
        c.rect(x, 600, 300, 2, STONE)
    _signature(c, _LEFT + 40, 570, 0)
    _signature(c, _LEFT + 520, 566, 2)
    c.ring(_LEFT + 230, 560, 62, faded(VERMILION, 190), 5)
    c.rect(_LEFT + 208, 538, 44, 44, faded(VERMILION, 150))
    return c
