"""Two shores and a crossing: hills of the Taihang, a stone arch, water."""

from math import sqrt

from demo.pictures.canvas import (
    CELADON,
    CREAM,
    HEIGHT,
    INK,
    JADE,
    PAPER,
    PINE,
    RIVER,
    SLATE,
    STONE,
    WIDTH,
    Canvas,
    Point,
    faded,
    ridge,
)

_NIGHTFALL = "#24394b"


def _ripples(c: Canvas, top: float, colour: str, dense: int = 40) -> None:
    for number in range(dense):
        y = top + (number * 37 % 100) / 100 * (HEIGHT - top)
        depth = (y - top) / (HEIGHT - top)
        width = 40 + depth * 150
        x = (number * 263) % (WIDTH + 200) - 100
        c.rect(x, y, width, 1.5 + depth * 3, faded(colour, 70), 2)


def _mills(c: Canvas, x: float, ground: float, colour: str) -> None:
    """Brick mills with chimneys, as they stand in the north of England."""
    for offset, width, height in ((0, 84, 92), (92, 120, 68), (220, 70, 110)):
        c.rect(x + offset, ground - height, width, height + 20, colour)
        c.poly(
            [
                (x + offset, ground - height),
                (x + offset + width / 2, ground - height - 26),
                (x + offset + width, ground - height),
            ],
            colour,
        )
        for window in range(int(width // 22)):
            for floor in range(int(height // 30)):
                c.rect(
                    x + offset + 8 + window * 22,
                    ground - height + 12 + floor * 28,
                    9,
                    13,
                    faded("#f3dca6", 170),
                )
    for offset, height in ((196, 210), (312, 168)):
        c.poly(
            [
                (x + offset, ground + 10),
                (x + offset + 5, ground - height),
                (x + offset + 17, ground - height),
                (x + offset + 22, ground + 10),
            ],
            colour,
        )


def _towers(c: Canvas, x: float, ground: float, colour: str) -> None:
    """A city of towers."""
    blocks = ((0, 54, 150), (60, 44, 210), (112, 70, 122), (190, 40, 250), (236, 60, 176))
    for offset, width, height in (*blocks, (306, 48, 108)):
        c.rect(x + offset, ground - height, width, height + 20, colour)
        for window in range(int(width // 16)):
            for floor in range(int(height // 20)):
                if (window * 5 + floor * 3 + offset) % 4:
                    c.rect(
                        x + offset + 6 + window * 16,
                        ground - height + 8 + floor * 20,
                        6,
                        9,
                        faded("#f3dca6", 120),
                    )
    c.rect(x + 207, ground - 290, 6, 50, colour)


def _arch(x: float, y: float, span: float, rise: float) -> list[Point]:
    """Return points along a flat circular arch from left to right, feet at ``y``."""
    radius = (span * span / 4 + rise * rise) / (2 * rise)
    centre = y + radius - rise
    steps = 60
    points = []
    for step in range(steps + 1):
        px = x - span / 2 + span * step / steps
        points.append((px, centre - sqrt(radius * radius - (px - x) ** 2)))
    return points


def _stone_bridge(c: Canvas, x: float, y: float, span: float, stone: str, hollow: str) -> None:
    """A flat stone arch with two small arches at either side, as at Zhaozhou."""
    rise = span * 0.2
    deck = _arch(x, y - span * 0.05, span * 1.34, span * 0.235)
    c.poly([*deck, (x + span * 0.67, y + 26), (x - span * 0.67, y + 26)], stone)
    c.poly(_arch(x, y + 28, span, rise + 18), hollow)
    for side in (-1, 1):
        for offset, width, crown, foot in ((0.5, 0.1, 0.095, 0.01), (0.385, 0.062, 0.142, 0.098)):
            at, wide, high = x + side * span * offset, span * width, y - span * crown
            top = _arch(at, high + wide * 0.42, wide, wide * 0.42)
            c.poly(
                [*top, (at + wide / 2, y - span * foot), (at - wide / 2, y - span * foot)], hollow
            )
    for step in range(3, 58, 3):
        px, py = deck[step]
        c.rect(px - 2, py - 16, 4, 18, stone)
    c.line([(px, py - 15) for px, py in deck], stone, 4)


def summit() -> Canvas:
    """Two cities on two shores, and the crossing between them."""
    c = Canvas("#e7ece4", "#f5ecd6")
    c.glow(650, 300, 380, "#fff6df", 0.9)
    c.disc(650, 292, 74, "#f6e3b4")
    c.poly(ridge(372, [(58, 1.5, 0.4), (26, 4, 1.2)], 470), "#c7d8cd")
    c.poly(ridge(416, [(36, 2, 2.2), (14, 6, 0.3)], 480), "#9dbcae")
    _towers(c, 40, 440, "#2f6a60")
    _mills(c, 906, 440, "#5b4a3c")
    c.poly([(-10, 424), (300, 432), (470, 462), (520, 486), (-10, 500)], PINE)
    c.poly([(WIDTH + 10, 420), (1000, 430), (820, 460), (760, 486), (WIDTH + 10, 500)], "#43372d")
    c.rect(0, 478, WIDTH, 242, "#7fb0a2")
    c.shade(478, "#17524b", 215)
    c.poly([(620, 480), (680, 480), (760, HEIGHT), (540, HEIGHT)], faded("#f6e3b4", 70))
    for start, r, width in ((0, 262, 7), (1, 250, 3)):
        c.arc(640, 560, r + start, (200, 340), faded(PAPER, 235), width)
    for x in range(430, 860, 24):
        top = 560 - sqrt(262**2 - (x - 640) ** 2)
        c.line([(x, top), (x, 474)], faded(PAPER, 190), 2)
    c.rect(380, 470, 520, 9, PAPER, 3)
    _ripples(c, 492, "#e9f2ea")
    return c


def crossing() -> Canvas:
    """The same shores at dawn, seven years on."""
    c = Canvas("#1f3850", "#e9b98a")
    c.glow(640, 440, 520, "#ffe2b3", 0.85)
    c.poly(ridge(400, [(60, 1.3, 3.4), (22, 4, 0.2)], 500), "#6f7f8f")
    c.poly(ridge(440, [(40, 2.2, 1.2), (12, 7, 2)], 500), "#4c6372")
    _towers(c, 900, 452, _NIGHTFALL)
    _mills(c, 30, 456, "#33404c")
    c.rect(0, 452, WIDTH, 268, "#c99f7e")
    c.shade(452, "#16283a", 235)
    for x in (400, 880):
        c.rect(x - 7, 210, 14, 300, PAPER, 3)
        for number in range(1, 9):
            for side in (-1, 1):
                c.line([(x, 222 + number * 6), (x + side * number * 29, 470)], faded(PAPER, 170), 2)
    c.rect(0, 468, WIDTH, 10, PAPER)
    c.rect(0, 482, WIDTH, 3, faded(PAPER, 120))
    _ripples(c, 506, "#f6dcb8")
    return c


def river() -> Canvas:
    """Layers of hills and a river that finds its way."""
    c = Canvas("#f4efe2", "#e6e9da")
    c.disc(930, 150, 62, "#efd9a4")
    layers = (
        (270, [(70, 1.2, 0.2), (30, 3.5, 1.0)], "#d5e0d4"),
        (350, [(60, 1.7, 2.0), (22, 5, 0.4)], "#b3cbbd"),
        (430, [(52, 1.4, 4.0), (18, 6, 2.0)], "#86ad9d"),
        (520, [(44, 1.9, 0.9), (14, 5, 3.0)], RIVER),
    )
    for base, waves, colour in layers:
        c.poly(ridge(base, waves), colour)
        c.shade(base + 40, "#f4efe2", 60)
    left = [(700, 470), (640, 520), (720, 570), (560, 640), (420, HEIGHT)]
    right = [(940, HEIGHT), (860, 640), (850, 575), (730, 525), (708, 470)]
    c.poly([*left, *right], "#e9f0ea")
    c.poly([(0, HEIGHT), (0, 610), (260, 596), (520, 664), (430, HEIGHT)], PINE)
    c.poly([(WIDTH, HEIGHT), (WIDTH, 590), (1060, 600), (900, 660), (930, HEIGHT)], PINE)
    c.poly([(690, 640), (770, 640), (752, 656), (704, 656)], INK)
    c.poly([(728, 640), (728, 588), (764, 632)], PAPER)
    return c


def bridge() -> Canvas:
    """The stone arch and its mirror image."""
    c = Canvas("#dfe9ea", "#f4ead4")
    c.disc(300, 170, 58, PAPER)
    c.poly(ridge(360, [(50, 1.4, 0.6), (20, 4, 2)], 470), "#bcd0cb")
    c.poly(ridge(412, [(30, 2.3, 2.6), (12, 6, 1)], 480), "#8fb3a6")
    for x in (20, 62, 1190, 1236):
        c.rect(x + 10, 372, 5, 90, SLATE)
        c.oval(x + 12, 352, 30, 62, JADE)
    c.rect(0, 462, WIDTH, 258, "#a9cbc0")
    _stone_bridge(c, 640, 440, 800, "#b5a88e", "#a3c4ba")
    c.rect(90, 462, 1100, 30, "#a9cbc0")
    mirror = [(x, 926 - y) for x, y in _arch(640, 462, 796, 168)]
    c.line(mirror, faded(STONE, 150), 26)
    c.shade(462, "#2a6a5d", 190)
    _ripples(c, 476, CREAM, 56)
    c.rect(0, 458, WIDTH, 5, faded(CELADON, 120))
    return c
