"""Halls, tables and screens."""

from math import pi

from demo.pictures.canvas import (
    BLUE,
    CELADON,
    CREAM,
    HEIGHT,
    INK,
    JADE,
    MIST,
    MOSS,
    NIGHT,
    OCHRE,
    PAPER,
    PINE,
    PLUM,
    RIVER,
    SAND,
    SLATE,
    STONE,
    VERMILION,
    WIDTH,
    Canvas,
    around,
    faded,
    ridge,
)
from demo.pictures.people import facing, from_behind

_COATS = (SLATE, JADE, BLUE, OCHRE, PLUM, MOSS, NIGHT)


def _audience(c: Canvas, first: float, colours: tuple[str, ...]) -> None:
    for row, colour in enumerate(colours):
        size, gap = 30 + row * 13, 92 + row * 34
        y = first + row * 62
        shift = (row % 2) * gap / 2
        for seat in range(-1, round(WIDTH / gap) + 2):
            # A seat left empty here and there.
            if (seat * 7 + row * 5) % 11 == 3:
                continue
            sway = ((seat * 13 + row * 7) % 5 - 2) * 3
            from_behind(c, seat * gap + shift + sway, y + abs(sway), size, colour)


def _stage(c: Canvas, wall: str, floor: str) -> None:
    for x in range(0, WIDTH, 64):
        c.rect(x, 0, 30, 430, faded(wall, 70))
    c.poly([(0, 432), (WIDTH, 432), (WIDTH, HEIGHT), (0, HEIGHT)], floor)
    c.rect(0, 424, WIDTH, 10, faded(PAPER, 60))


def _screen(c: Canvas, x: float, y: float, w: float, h: float) -> None:
    c.glow(x + w / 2, y + h / 2, w * 0.95, "#d9ebe2", 0.5)
    c.rect(x - 6, y - 6, w + 12, h + 12, INK, 4)
    c.rect(x, y, w, h, PAPER, 2)


def hall() -> Canvas:
    """A keynote by video link, seen from the last rows."""
    c = Canvas("#173a3a", "#0d2429")
    _stage(c, RIVER, "#0f2a2c")
    _screen(c, 330, 74, 620, 318)
    c.rect(330, 74, 620, 318, "#dfe8e1", 2)
    c.poly([(330, 392), (330, 270), (520, 215), (700, 262), (950, 196), (950, 392)], CELADON)
    c.poly([(330, 392), (330, 318), (600, 280), (950, 330), (950, 392)], RIVER)
    facing(c, 770, 246, 74, SLATE, 1, until=392)
    # Title lines on the screen, a lectern with a moderator.
    for number, width in enumerate((150, 118, 136, 84)):
        c.rect(372, 118 + number * 26, width, 9, faded(INK, 150 if number else 220), 4)
    facing(c, 1080, 330, 42, NIGHT, 0, until=380)
    c.poly([(1024, 372), (1136, 372), (1122, 470), (1038, 470)], OCHRE)
    c.poly([(1018, 362), (1142, 362), (1138, 378), (1022, 378)], "#c79a4b")
    _audience(c, 478, ("#16383a", "#112d33", "#0c222b", "#081922"))
    return c


def forum() -> Canvas:
    """Three on a podium before a lecture room."""
    c = Canvas("#efe6d3", "#d9c9a8")
    for x in range(40, WIDTH, 150):
        c.rect(x, 40, 96, 230, "#e9f0ea", 2)
        c.poly([(x, 270), (x, 196), (x + 52, 168), (x + 96, 200), (x + 96, 270)], CELADON)
        c.rect(x + 46, 40, 4, 230, CREAM)
    c.rect(0, 372, WIDTH, 348, "#8a6a3a")
    c.rect(0, 372, WIDTH, 8, "#a8834c")
    for number, x in enumerate((420, 640, 860)):
        c.rect(x - 74, 268, 148, 150, "#6b4f28", 26)
        facing(c, x, 262, 54, (JADE, SLATE, PLUM)[number], number + 1, until=400)
        c.rect(x - 92, 372, 184, 70, "#755729", 4)
    c.rect(318, 400, 644, 60, JADE, 3)
    c.rect(318, 400, 644, 10, RIVER, 3)
    for x in (420, 640, 860):
        c.rect(x - 30, 390, 60, 14, PAPER, 1)
    _audience(c, 520, ("#4d3b22", "#3a2d1c", "#271f16"))
    return c


def exchange() -> Canvas:
    """Questions and answers at a table, hills in the window."""
    c = Canvas("#f3ecdd", "#e2d6bf")
    c.rect(120, 44, 1040, 300, "#dbe7e2", 2)
    c.disc(1010, 126, 42, "#f3e3b6")
    c.poly(ridge(250, [(26, 2, 0.5), (12, 5, 1)], 344), "#b5cdc2")
    c.poly(ridge(296, [(20, 3, 2), (8, 7, 0)], 344), "#83ab9c")
    c.rect(0, 40, 120, 308, "#efe6d4")
    c.rect(1160, 40, 120, 308, "#efe6d4")
    for x in (120, 376, 636, 896, 1152):
        c.rect(x, 44, 8, 300, PAPER)
    c.rect(100, 344, 1080, 14, PAPER)
    for number, x in enumerate((210, 385, 560, 735, 910, 1080)):
        facing(c, x, 344 + (number % 3) * 7, 62, _COATS[number], number, until=480)
    c.poly([(70, 478), (1210, 478), (WIDTH + 120, HEIGHT), (-120, HEIGHT)], "#b88a4c")
    c.poly([(70, 478), (1210, 478), (1216, 488), (64, 488)], "#d4ab6c")
    for x in (230, 400, 585, 770, 930, 1075):
        c.poly([(x - 44, 500), (x + 40, 500), (x + 52, 540), (x - 54, 540)], PAPER)
        c.oval(x + 72, 516, 17, 7, CREAM)
        c.rect(x + 58, 500, 28, 17, CREAM, 5)
        c.oval(x + 72, 501, 14, 5, RIVER)
    for x, size, colour in ((330, 104, NIGHT), (690, 112, PINE), (1020, 100, "#26394a")):
        from_behind(c, x, 632, size, colour)
    return c


def signing() -> Canvas:
    """The table at which intentions are signed."""
    c = Canvas("#12433c", "#0b2f2e")
    for number, r in enumerate((560, 470, 380, 290)):
        c.ring(400, 470, r, faded(CELADON, 26 + number * 8), 2)
        c.ring(880, 470, r, faded("#c79a4b", 26 + number * 8), 2)
    c.glow(640, 180, 520, "#2c7768", 0.5)
    for number, x in enumerate((250, 400, 550, 730, 880, 1030)):
        facing(c, x, 232 + (number % 2) * 10, 56, _COATS[(number + 2) % 7], number + 1, until=480)
    facing(c, 470, 356, 74, NIGHT, 2, until=480)
    facing(c, 810, 356, 74, "#4a5f74", 3, until=480)
    c.rect(120, 470, 1040, 26, "#e7d9ba", 3)
    c.rect(140, 496, 1000, 240, CREAM)
    for x in range(170, 1140, 70):
        c.rect(x, 496, 22, 240, faded(SAND, 150))
    for x in (470, 810):
        c.poly([(x - 96, 474), (x - 84, 446), (x - 4, 446), (x - 2, 474)], PAPER)
        c.poly([(x + 96, 474), (x + 84, 446), (x + 4, 446), (x + 2, 474)], PAPER)
        c.rect(x - 100, 473, 200, 8, JADE, 3)
        for line in range(3):
            c.rect(x - 72 + line * 2, 452 + line * 6, 52, 2, STONE)
        c.poly([(x + 52, 455), (x + 70, 455), (x + 72, 468), (x + 53, 468)], VERMILION)
        c.line([(x + 18, 466), (x + 44, 438)], INK, 4)
    for number in range(15):
        x, y = around(640, 456, 46 - number % 3 * 12, pi + number * pi / 14)
        c.disc(x, y + 6, 12 - number % 2 * 3, (RIVER, CELADON, PAPER)[number % 3])
    c.rect(600, 456, 80, 18, PINE, 6)
    return c


def tables() -> Canvas:
    """Tables of six from above."""
    c = Canvas("#e9e2d0", "#d9cfb7")
    for row in range(-1, 6):
        for column in range(-1, 10):
            c.rect(column * 150 + (row % 2) * 75, row * 150, 148, 148, faded(PAPER, 60))
    places = ((190, 190), (560, 150), (940, 200), (330, 520), (720, 500), (1110, 540))
    for number, (x, y) in enumerate(places):
        c.oval(x + 14, y + 18, 128, 128, faded(INK, 30))
        for seat in range(6):
            px, py = around(x, y, 142, seat * pi / 3 + number * 0.3)
            coat = _COATS[(seat + number * 2) % 7]
            c.disc(px + 6, py + 8, 40, faded(INK, 26))
            c.disc(px, py, 38, coat)
            c.disc(px, py, 19, ("#33302c", INK, "#5a4632")[seat % 3])
        c.disc(x, y, 112, "#c69a5a")
        c.disc(x, y, 106, "#d4ab6c")
        for seat in range(6):
            px, py = around(x, y, 74, seat * pi / 3 + number * 0.3)
            c.rect(px - 17, py - 12, 34, 24, PAPER, 2)
        c.disc(x, y, 24, RIVER)
        c.disc(x - 5, y - 5, 13, CELADON)
    return c


def online() -> Canvas:
    """A wall of faces that are not there."""
    c = Canvas("#22384a", NIGHT)
    c.glow(640, 330, 640, "#47708a", 0.55)
    c.rect(204, 66, 872, 500, INK, 14)
    c.rect(222, 84, 836, 464, "#2b4458", 4)
    grounds = ("#dfe8e1", "#eee6d4", "#e0e7ed", "#ebe3e6", "#e5e9da", "#dfe8e1")
    for number in range(6):
        x, y = 238 + number % 3 * 272, 100 + number // 3 * 222
        c.rect(x, y, 260, 210, grounds[number], 4)
        facing(c, x + 130, y + 122, 62, _COATS[number], number, until=y + 210)
        c.rect(x + 14, y + 184, 70 + number % 3 * 16, 12, faded(INK, 150), 6)
    c.rect(204, 548, 872, 60, INK, 14)
    c.rect(580, 600, 120, 60, "#0e1823")
    c.rect(470, 650, 340, 16, "#0e1823", 6)
    c.rect(0, 664, WIDTH, 60, "#a8834c")
    c.rect(0, 664, WIDTH, 8, "#c69a5a")
    c.rect(980, 612, 62, 56, MIST, 8)
    c.oval(1011, 614, 31, 8, PAPER)
    return c
