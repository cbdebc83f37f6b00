"""Instruments, samples and what they measure."""

from math import cos, pi, sin

from demo.pictures.canvas import (
    BLUE,
    CELADON,
    CREAM,
    HEIGHT,
    INK,
    JADE,
    MIST,
    NIGHT,
    OCHRE,
    PAPER,
    PINE,
    PLUM,
    RIVER,
    SAND,
    SLATE,
    STONE,
    WIDTH,
    Canvas,
    around,
    faded,
)

_BLOOD = "#7d3140"


def _table(c: Canvas, top: float, colour: str, edge: str) -> None:
    c.rect(0, top, WIDTH, HEIGHT - top, colour)
    c.rect(0, top, WIDTH, 6, edge)


def _meter(c: Canvas, x: float, y: float, size: float) -> None:
    """The hand-held instrument, standing; ``x``, ``y`` is the middle of its foot."""
    c.oval(x + size * 0.12, y, size * 0.42, size * 0.05, faded(INK, 60))
    c.rect(x - size * 0.21, y - size * 1.2, size * 0.42, size * 1.2, "#dfe4de", size * 0.12)
    c.rect(x - size * 0.21, y - size * 1.2, size * 0.1, size * 1.2, PAPER, size * 0.06)
    c.rect(x - size * 0.15, y - size * 1.1, size * 0.3, size * 0.42, NIGHT, size * 0.03)
    for number, height in enumerate((0.1, 0.18, 0.14, 0.24, 0.2)):
        c.rect(
            x - size * 0.115 + number * size * 0.048,
            y - size * (0.74 + height),
            size * 0.03,
            size * height,
            RIVER if number != 3 else "#e2b55d",
        )
    c.disc(x, y - size * 0.48, size * 0.09, JADE)
    c.disc(x, y - size * 0.48, size * 0.05, CELADON)
    for number in (-1, 0, 1):
        left = x + number * size * 0.1 - size * 0.03
        c.rect(left, y - size * 0.26, size * 0.06, size * 0.03, STONE)
    c.rect(x - size * 0.1, y - size * 1.3, size * 0.2, size * 0.13, SLATE, size * 0.04)


def _tubes(c: Canvas, x: float, y: float, count: int, size: float) -> None:
    for number in range(count):
        px = x + number * size * 0.42
        c.rect(px, y - size, size * 0.22, size * 0.98, faded(PAPER, 190), size * 0.11)
        level = 0.3 + (number * 7 % 4) * 0.08
        c.rect(px, y - size * level, size * 0.22, size * level * 0.96, _BLOOD, size * 0.1)
        c.rect(
            px - size * 0.02,
            y - size * 1.1,
            size * 0.26,
            size * 0.18,
            (JADE, OCHRE, BLUE)[number % 3],
            4,
        )
    wide = size * 0.42 * count
    c.rect(x - size * 0.14, y - size * 0.52, wide + size * 0.06, size * 0.1, SAND, 3)
    c.rect(x - size * 0.14, y - size * 0.06, wide + size * 0.06, size * 0.12, SAND, 3)


def instruments() -> Canvas:
    """A display table in the light of a window."""
    c = Canvas("#e9e6da", "#d5dcd3")
    c.poly([(160, 0), (470, 0), (900, 520), (500, 520)], faded(PAPER, 110))
    c.poly([(560, 0), (700, 0), (1130, 520), (960, 520)], faded(PAPER, 90))
    _table(c, 500, "#b48a50", "#d3ac72")
    c.poly([(500, 520), (900, 520), (1060, HEIGHT), (640, HEIGHT)], faded(PAPER, 50))
    c.rect(96, 306, 300, 216, PAPER, 10)
    c.rect(96, 306, 60, 216, CREAM, 10)
    c.rect(176, 336, 190, 110, NIGHT, 4)
    c.line(
        [(190, 410), (220, 410), (236, 370), (252, 430), (268, 392), (284, 410), (352, 410)],
        RIVER,
        5,
    )
    c.rect(176, 466, 84, 22, CELADON, 4)
    c.rect(282, 466, 84, 22, STONE, 4)
    c.oval(250, 528, 170, 12, faded(INK, 50))
    _tubes(c, 470, 540, 5, 150)
    _meter(c, 920, 556, 270)
    for x, y in ((1060, 566), (1120, 590)):
        c.poly([(x, y), (x + 96, y - 12), (x + 120, y + 14), (x + 20, y + 28)], PAPER)
        c.oval(x + 44, y + 8, 13, 6, _BLOOD)
    c.poly([(180, 610), (420, 596), (470, 664), (210, 684)], PAPER)
    for number in range(4):
        c.line(
            [(220 + number * 6, 624 + number * 12), (400 + number * 8, 613 + number * 12)], STONE, 3
        )
    return c


def blood_testing() -> Canvas:
    """A drop here, a laboratory there, a line between them."""
    c = Canvas("#e2ebe4", "#f3ead6")
    for number in range(7):
        c.ring(250, 330, 120 + number * 62, faded(JADE, 60 - number * 7), 2)
    c.poly([(250, 170), (330, 330), (170, 330)], _BLOOD)
    c.disc(250, 350, 84, _BLOOD)
    c.disc(226, 372, 26, faded(PAPER, 60))
    _table(c, 560, "#5b8f80", RIVER)
    c.rect(100, 486, 300, 92, PAPER, 14)
    c.rect(124, 508, 130, 48, CREAM, 6)
    c.disc(330, 532, 24, CELADON)
    c.disc(330, 532, 11, _BLOOD)
    points = [(400 + step * 8, 470 - 150 * sin(step / 50 * pi)) for step in range(51)]
    for step in range(0, 50, 3):
        c.disc(*points[step], 5, faded(JADE, 220))
    c.rect(820, 250, 330, 330, PAPER, 6)
    c.rect(900, 190, 170, 70, CREAM, 6)
    c.rect(976, 204, 18, 44, JADE)
    c.rect(963, 217, 44, 18, JADE)
    for row in range(4):
        for column in range(5):
            lit = (row * 3 + column * 5) % 4 == 0
            c.rect(850 + column * 56, 284 + row * 60, 34, 36, "#e2b55d" if lit else CELADON, 3)
    c.rect(956, 514, 60, 66, PINE, 4)
    return c


def early_detection() -> Canvas:
    """A strand in the blood, with a few marks on it."""
    c = Canvas("#1c2f45", "#23213c")
    c.glow(640, 360, 620, "#3a6078", 0.6)
    for number in range(26):
        x, y = (number * 211) % WIDTH, (number * 149 + 60) % HEIGHT
        c.oval(x, y, 40 + number % 4 * 9, 26 + number % 4 * 6, faded(_BLOOD, 64))
        c.oval(x, y, 16, 9, faded(NIGHT, 60))
    steps = range(-10, 131)
    one = [(step * 10.6, 360 + 130 * sin(step * 0.135)) for step in steps]
    two = [(step * 10.6, 360 - 130 * sin(step * 0.135)) for step in steps]
    for number, (a, b) in enumerate(zip(one, two, strict=True)):
        if number % 4 == 0 and abs(a[1] - b[1]) > 24:
            c.line([a, b], faded(MIST, 130), 5)
    c.line(one, CELADON, 13)
    c.line(two, "#7fa6b8", 13)
    for number in (16, 39, 62, 85, 108):
        x, y = one[number]
        c.glow(x, y, 70, "#f1cf86", 0.75)
        c.disc(x, y, 15, "#f3d28a")
    c.ring(one[62][0], one[62][1], 74, PAPER, 8)
    c.line([around(*one[62], 76, 0.8), around(*one[62], 176, 0.8)], PAPER, 18)
    return c


def hand_held() -> Canvas:
    """The instrument in a hand's reach."""
    c = Canvas("#eee3ca", "#e4d3ae")
    for number in range(6):
        c.arc(640, 170, 170 + number * 64, (180, 360), faded(OCHRE, 110 - number * 15), 3)
    _table(c, 590, "#8c6a36", "#b08a4f")
    c.rect(486, 560, 308, 52, SLATE, 14)
    c.rect(486, 560, 308, 16, MIST, 8)
    _meter(c, 640, 572, 340)
    for number, colour in enumerate(
        ("#8f3f4a", "#c98b3c", "#d8c65a", "#6c9a5b", "#4b82a8", "#6b5a95")
    ):
        c.line([(640 + number * 5 - 12, 128), (470 + number * 68, -10)], faded(colour, 190), 7)
    return c


def hydrogel() -> Canvas:
    """A mesh that holds water."""
    c = Canvas("#dfece6", "#cfe0e4")
    for row in range(-1, 9):
        for column in range(-1, 12):
            x, y = column * 124 + (row % 2) * 62, row * 106 - 20
            corners = [around(x, y, 64, pi / 6 + k * pi / 3) for k in range(6)]
            hue = (CELADON, "#a9cbc4", "#c9dcd6", "#b4cfd9")[(row * 3 + column * 2) % 4]
            c.poly(corners, faded(hue, 170))
            c.line([*corners, corners[0]], faded(PAPER, 200), 5)
            if (row * 5 + column * 3) % 6 == 0:
                c.disc(x, y, 27, faded(RIVER, 170))
                c.disc(x - 8, y - 9, 8, faded(PAPER, 210))
    c.poly(
        [(780, -10), (WIDTH + 10, -10), (WIDTH + 10, HEIGHT + 10), (980, HEIGHT + 10)],
        faded("#e8c95e", 95),
    )
    c.poly([(1010, -10), (WIDTH + 10, -10), (WIDTH + 10, 560)], faded(PLUM, 120))
    return c


def walking() -> Canvas:
    """Five steps, each with less support."""
    c = Canvas("#e6e9da", "#f2e8d2")
    _table(c, 584, "#7d9a86", "#9db7a3")
    for number in range(5):
        x, swing = 170 + number * 236, (0.5, 0.2, -0.1, 0.25, 0.5)[number]
        hip = (x, 350)
        for leg, colour in ((-swing, STONE), (swing, SLATE)):
            knee = (hip[0] + 118 * sin(leg), hip[1] + 118 * cos(leg))
            foot = (knee[0] + 112 * sin(leg - 0.28), knee[1] + 112 * cos(leg - 0.28))
            c.line([hip, knee, foot], colour, 40)
            c.disc(*knee, 20, colour)
            c.rect(foot[0] - 18, foot[1] - 6, 72, 24, INK, 11)
            if colour == SLATE:
                strength = 255 - number * 52
                c.line([hip, knee, foot], faded("#3fa58c", strength), 13)
                c.disc(*knee, 27, faded(JADE, strength))
                c.disc(*knee, 12, faded(CELADON, strength))
        c.rect(x - 46, 170, 92, 200, NIGHT, 40)
        c.disc(x + 6, 124, 38, ("#d9b594", "#c49a78")[number % 2])
        c.draw.chord([v * 2 for v in (x - 36, 82, x + 46, 160)], 170, 330, fill=INK)
    return c


def sleep() -> Canvas:
    """A night, and its curve of breath."""
    c = Canvas("#14233a", "#2f4a63")
    c.glow(980, 170, 300, "#dfe3d0", 0.4)
    c.disc(980, 170, 72, "#f0e6c6")
    c.disc(948, 152, 62, "#1d2e47")
    for number in range(60):
        c.disc((number * 197) % WIDTH, (number * 83) % 330, 1.4 + number % 3, faded(PAPER, 150))
    breath = []
    for x in range(-10, WIDTH + 20, 6):
        calm = 0.16 if 520 < x < 700 else 1
        breath.append((x, 400 - calm * 58 * sin(x / 34)))
    c.line(breath, "#8fd0bd", 7)
    c.rect(520, 366, 180, 4, "#e2b55d", 2)
    c.rect(520, 434, 180, 4, "#e2b55d", 2)
    c.rect(0, 620, WIDTH, 100, "#101c2d")
    c.rect(170, 560, 940, 84, "#6f8798", 20)
    c.poly([(330, 566), (480, 500), (760, 486), (960, 510), (1100, 566)], RIVER)
    c.rect(176, 520, 200, 62, PAPER, 26)
    c.oval(316, 510, 50, 40, "#d9b594")
    c.draw.chord([v * 2 for v in (258, 462, 356, 548)], 120, 300, fill=INK)
    c.rect(440, 508, 40, 22, "#e2b55d", 6)
    return c


def cells() -> Canvas:
    """Cells in a closed vessel."""
    c = Canvas("#ebe3e6", "#e0e7ed")
    _table(c, 600, "#6d5a7a", "#8d7a99")
    c.rect(340, 120, 600, 490, faded(PAPER, 200), 110)
    c.rect(362, 250, 556, 344, "#e7b9a8", 90)
    c.rect(362, 250, 556, 60, "#f0cdbd", 30)
    for number in range(34):
        x, y = 410 + (number * 137) % 460, 330 + (number * 71) % 220
        r = 17 + number % 4 * 5
        c.disc(x, y, r, faded("#f8e9e2", 210))
        c.disc(x + 3, y + 2, r * 0.42, (PLUM, "#9c5c80", BLUE)[number % 3])
        if number % 7 == 0:
            c.disc(x + r * 1.2, y - r * 0.4, r * 0.9, faded("#f8e9e2", 210))
            c.disc(x + r * 1.2, y - r * 0.4, r * 0.38, PLUM)
    for x in (470, 640, 810):
        c.rect(x - 22, 84, 44, 56, SLATE, 8)
    c.line([(470, 90), (470, 40), (130, 40), (130, 420)], JADE, 12)
    c.line([(810, 90), (810, 40), (1150, 40), (1150, 420)], OCHRE, 12)
    for x, colour in ((60, RIVER), (1080, "#d3ac72")):
        c.rect(x, 400, 140, 206, faded(PAPER, 220), 24)
        c.rect(x + 10, 470, 120, 128, colour, 18)
    return c


def materials() -> Canvas:
    """Fibres, a scaffold, a screw that will dissolve."""
    c = Canvas("#efe7d6", "#dfe6dc")
    for number in range(13):
        y = 40 + number * 54
        wave = [(x, y + 16 * sin(x / 90 + number)) for x in range(-10, WIDTH + 20, 10)]
        c.line(wave, (SAND, CELADON, "#d8cdb4")[number % 3], 17)
    for number in range(23):
        x = 10 + number * 58
        wave = [(x + 12 * sin(y / 80 + number), y) for y in range(-10, HEIGHT + 20, 10)]
        c.line(wave, faded((PAPER, RIVER, STONE)[number % 3], 130), 11)
    c.glow(860, 360, 330, "#f7efdf", 0.8)
    for number in range(16):
        alpha = 255 - number * 15
        x, y = 640 + number * 30, 250 + number * 15
        c.poly(
            [(x - 8, y - 46), (x + 20, y - 34), (x + 6, y + 52), (x - 22, y + 38)],
            faded(SLATE, alpha),
        )
        c.poly(
            [(x + 4, y - 40), (x + 20, y - 34), (x + 6, y + 52), (x - 4, y + 46)],
            faded(MIST, alpha),
        )
    c.poly([(560, 150), (652, 196), (616, 330), (520, 282)], SLATE)
    c.poly([(560, 150), (600, 170), (560, 302), (520, 282)], "#53687a")
    c.line([(548, 242), (622, 232)], PAPER, 9)
    return c
