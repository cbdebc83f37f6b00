"""Draws the poster of an event, as people share it: upright, and wide as chats preview pages."""

import io

import segno
from PIL import Image, ImageDraw, ImageOps

from summit.lib.drawing import fonts
from summit.lib.drawing.cover_picture import cover_picture, palette
from summit.lib.drawing.fonts import Type
from summit.lib.drawing.line_breaks import fit
from summit.lib.drawing.poster_content import Content

# As css/tokens.css has them.
PAPER, INK, SOFT, LINE = "#faf7f0", "#14202f", "#3c4757", "#d9d0bf"
ACCENT, NOTICE, NOTICE_WASH = "#085043", "#5e410e", "#f7ebcf"

TALL, WIDE = (750, 1000), (1200, 630)
_MARGIN, _GAP, _QR = 52, 34, 176
_LEAST_ART, _MOST_ART = 140, 340
_LEADING = 1.32
# The type of what stands below the title, and from line to line.
_SMALL, _STEP = 25, 36
# Modules of white that a QR code needs around it.
_QUIET = 4


def missing(content: Content) -> str:
    """Return the signs of a poster that no font has, each once."""
    chain = fonts.sans(content.language)
    lacking = [fonts.serif(content.title_language).missing(fonts.prepare(content.title))]
    lacking += [chain.missing(fonts.prepare(text)) for text in content.small_texts]
    return "".join(dict.fromkeys("".join(lacking)))


def draw(content: Content, size: tuple[int, int], *, photo: bytes | None = None) -> bytes:
    """Return a PNG of one of the two sizes. Takes about half a second.

    Raises ``ValueError`` where ``missing`` finds a sign.
    """
    sheet = _Sheet(content, size)
    _draw_wide(sheet, photo) if size == WIDE else _draw_tall(sheet, photo)
    stored = io.BytesIO()
    # A third of the bytes; a photo needs all its colours.
    picture = sheet.picture if photo else sheet.picture.quantize(256, Image.Quantize.MEDIANCUT)
    picture.save(stored, "PNG", optimize=True)
    return stored.getvalue()


def _draw_tall(sheet: "_Sheet", photo: bytes | None) -> None:
    width, height = TALL
    inner, qr_top = width - 2 * _MARGIN, height - _MARGIN - _QR
    below = sheet.kind_height + sheet.notice_height + sheet.lines_height(inner)
    # The picture takes what the words leave.
    room = qr_top - 3 * _GAP - below
    size, title = sheet.fit_title(range(58, 25, -2), (inner, room - _LEAST_ART))
    art_height = int(min(_MOST_ART, room - len(title) * size * _LEADING))
    sheet.paste_art((0, 0, width, art_height), photo)
    sheet.write_words(_MARGIN, art_height + _GAP, title, size, inner)
    sheet.paste_qr((_MARGIN, qr_top))
    sheet.write_beside_qr((_MARGIN + _QR + 28, qr_top), width - _MARGIN)


def _draw_wide(sheet: "_Sheet", photo: bytes | None) -> None:
    width, height = WIDE
    art_left = 860
    inner = art_left - 2 * _MARGIN
    below = sheet.kind_height + sheet.notice_height + sheet.lines_height(inner)
    room = height - 2 * _MARGIN - below
    size, title = sheet.fit_title(range(60, 25, -2), (inner, room))
    qr_top = height - _MARGIN - _QR
    above_qr = (qr_top - _GAP / 2) / height
    sheet.paste_art((art_left, 0, width - art_left, height), photo, rings_within=above_qr)
    # The words stand in the middle of their room.
    spare = room - len(title) * size * _LEADING
    sheet.write_words(_MARGIN, _MARGIN + spare / 2, title, size, inner)
    sheet.paste_qr((art_left + (width - art_left - _QR) // 2, qr_top))


class _Sheet:
    """A poster that is being drawn. What writes returns where the next thing begins."""

    def __init__(self, content: Content, size: tuple[int, int]) -> None:
        self.content = content
        self.picture = Image.new("RGB", size, PAPER)
        self._draw = ImageDraw.Draw(self.picture)
        self._sans = fonts.sans(content.language)
        self._serif = fonts.serif(content.title_language)
        self._small = Type(self._sans, _SMALL)
        self.kind_height = 42
        self.notice_height = 60 if content.notice else 0

    def paste_art(
        self,
        place: tuple[int, int, int, int],
        photo: bytes | None,
        rings_within: float = 1.0,
    ) -> None:
        left, top, width, height = place
        if photo is None:
            slug, family = self.content.slug, self.content.family
            art = cover_picture(slug, family, (width, height), rings_within=rings_within)
        else:
            with Image.open(io.BytesIO(photo)) as opened:
                art = ImageOps.fit(opened.convert("RGB"), (width, height))
        self.picture.paste(art, (left, top))

    def fit_title(self, sizes: range, box: tuple[float, float]) -> tuple[int, list[str]]:
        return fit(
            fonts.prepare(self.content.title),
            sizes,
            self._serif.measure,
            box=box,
            leading=_LEADING,
        )

    def write_words(self, x: float, y: float, title: list[str], size: int, most: float) -> None:
        """Write from ``y`` on what the event is, its title, whether it takes place, the lines."""
        self._small.draw(self._draw, x, y + 22, fonts.prepare(self.content.kind), ACCENT)
        y += self.kind_height
        for line in title:
            Type(self._serif, size).draw(self._draw, x, y + size * 1.02, line, INK)
            y += size * _LEADING
        if self.content.notice:
            self._write_notice(x, y, most)
            y += self.notice_height
        self._write_lines(x, y + _GAP / 2, most)

    def _write_notice(self, x: float, y: float, most: float) -> None:
        """Write it on a ground of its own, on one line."""
        text = fonts.prepare(self.content.notice)
        sizes = range(27, 11, -1)
        size, _lines = fit(
            text,
            sizes,
            self._sans.measure,
            box=(most - 32, sizes[0] * _LEADING),
            leading=_LEADING,
        )
        kind = Type(self._sans, size)
        self._draw.rectangle((x, y + 14, x + kind.width(text) + 32, y + 60), fill=NOTICE_WASH)
        kind.draw(self._draw, x + 16, y + 37 + size * 0.36, text, NOTICE)

    def lines_height(self, most: float) -> float:
        return _GAP / 2 + sum(len(texts) * _STEP + 6 for _label, texts in self._lines(most))

    def _write_lines(self, x: float, y: float, most: float) -> None:
        indent = self._indent()
        for label, texts in self._lines(most):
            self._small.draw(self._draw, x, y + _SMALL, label, SOFT)
            for text in texts:
                self._small.draw(self._draw, x + indent, y + _SMALL, text, INK)
                y += _STEP
            y += 6

    def _indent(self) -> float:
        labels = [fonts.prepare(line.label) for line in self.content.lines]
        return max(map(self._small.width, labels), default=0.0) + 24

    def _lines(self, most: float) -> list[tuple[str, list[str]]]:
        """Return each label with its text, in two lines at most."""
        return [
            (fonts.prepare(line.label), self._two_lines(line.text, most - self._indent()))
            for line in self.content.lines
        ]

    def _two_lines(self, text: str, most: float) -> list[str]:
        box = (most, 2 * _SMALL * _LEADING + 1)
        return fit(fonts.prepare(text), (_SMALL,), self._sans.measure, box=box, leading=_LEADING)[1]

    def paste_qr(self, place: tuple[int, int]) -> None:
        """Draw the QR code with its quiet zone, in whole pixels, on a white square."""
        matrix = segno.make_qr(self.content.address, error="m").matrix
        count = len(matrix) + 2 * _QUIET
        code = Image.new("1", (count, count), 1)
        for row, modules in enumerate(matrix):
            for column, is_dark in enumerate(modules):
                if is_dark:
                    code.putpixel((column + _QUIET, row + _QUIET), 0)
        # Of a very long address the square is a little larger than usual.
        module = max(2, _QR // count)
        code = code.resize((count * module, count * module), Image.Resampling.NEAREST)
        left, top = place
        self._draw.rectangle((left, top, left + _QR - 1, top + _QR - 1), fill="white")
        offset = (_QR - count * module) // 2
        self.picture.paste(code, (left + offset, top + offset))

    def write_beside_qr(self, place: tuple[float, float], right: float) -> None:
        x, y = place[0], place[1] + _SMALL
        for line in self._two_lines(self.content.invitation, right - x):
            self._small.draw(self._draw, x, y, line, SOFT)
            y += _STEP
        near = palette(self.content.slug, self.content.family).near
        self._draw.rectangle((x, y - 6, x + 56, y - 3), fill=near)
        for line in self._two_lines(self.content.site_name, right - x):
            y += _STEP
            self._small.draw(self._draw, x, y, line, INK)
