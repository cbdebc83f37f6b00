"""People as flat shapes: no faces, nobody in particular."""

from demo.pictures.canvas import HEIGHT, INK, PAPER, SKIN, Canvas, Colour

_HAIR = (INK, "#33302c", "#5a4632", "#23323f")


def from_behind(c: Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    """Head and shoulders of one who sits in front of us; ``y`` is the chin."""
    c.oval(x, y - size * 0.52, size * 0.36, size * 0.47, colour)
    c.rect(x - size * 0.14, y - size * 0.2, size * 0.28, size * 0.5, colour, size * 0.1)
    c.rect(x - size * 0.82, y + size * 0.14, size * 1.64, HEIGHT, colour, size * 0.5)


def facing(
    c: Canvas,
    x: float,
    y: float,
    size: float,
    coat: Colour,
    number: int = 0,
    *,
    until: float = HEIGHT,
) -> None:
    """A bust turned to us; ``y`` is the chin, and the coat ends at the height ``until``.

    ``number`` varies skin and hair.
    """
    skin, hair = SKIN[number % 4], _HAIR[(number * 3 + 1) % 4]
    if number % 2:
        c.rect(x - size * 0.46, y - size * 1.02, size * 0.92, size * 1.1, hair, size * 0.44)
    c.rect(x - size * 0.15, y - size * 0.3, size * 0.3, size * 0.62, skin, size * 0.1)
    shoulder = y + size * 0.16
    c.rect(x - size * 0.86, shoulder, size * 1.72, size * 1.1, coat, size * 0.5)
    c.rect(x - size * 0.86, shoulder + size * 0.5, size * 1.72, until - shoulder - size * 0.5, coat)
    c.poly(
        [
            (x - size * 0.22, y + size * 0.15),
            (x + size * 0.22, y + size * 0.15),
            (x, y + size * 0.7),
        ],
        PAPER,
    )
    c.oval(x, y - size * 0.5, size * 0.35, size * 0.46, skin)
    # Hair lies over the upper third of the head.
    c.draw.chord(
        [v * 2 for v in (x - size * 0.39, y - size * 1.02, x + size * 0.39, y - size * 0.06)],
        184 + 8 * (number % 3),
        352 - 6 * (number % 2),
        fill=hair,
    )
