"""Fonts that pictures with text are set in, and which of them has which sign.

Each text goes through a chain of fonts: a sign is drawn by the first that has it. A sign
that none has is never drawn as an empty box: ``Chain.missing`` names it beforehand.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from django.conf import settings
from fontTools.ttLib import TTFont
from PIL import ImageDraw, ImageFont

# Between Chinese and Latin, in em: what browsers call ``text-autospace``.
_GAP = 0.1
_VARIATION_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


@dataclass(frozen=True)
class Face:
    """A font file: its weight where it has several, else how much its strokes are thickened."""

    path: str
    weight: int = 0
    # In em.
    thickened: float = 0.0

    @property
    def signs(self) -> frozenset[int]:
        return _signs(self.path)

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        return _sized(self.path, self.weight, size)


@lru_cache(maxsize=32)
def _signs(path: str) -> frozenset[int]:
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


@lru_cache(maxsize=128)
def _sized(path: str, weight: int, size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(path, size)
    if weight:
        font.set_variation_by_axes([weight, 100])
    return font


@dataclass(frozen=True)
class Chain:
    """Fonts in the order in which they are asked for a sign."""

    faces: tuple[Face, ...]

    def face_of(self, cluster: str) -> Face | None:
        return next(
            (face for face in self.faces if all(ord(sign) in face.signs for sign in cluster)), None
        )

    def missing(self, text: str) -> str:
        """Return the signs of a prepared text that no font has, each once."""
        lacking = (cluster for cluster in _clusters(text) if self.face_of(cluster) is None)
        return "".join(dict.fromkeys("".join(lacking)))

    def measure(self, text: str) -> float:
        """Return the width of a prepared text on one line, in em, as ``line_breaks`` asks."""
        return _em(self, text)


@lru_cache(maxsize=5000)
def _em(chain: Chain, text: str) -> float:
    # Large, so that the rounding to pixels is of no weight.
    return Type(chain, 200).width(text) / 200


@dataclass(frozen=True)
class Type:
    """A chain of fonts at a size in pixels. Measures and draws prepared texts of one line."""

    chain: Chain
    size: int

    def width(self, text: str) -> float:
        return sum(face.at(self.size).getlength(run) + gap for face, run, gap in self._runs(text))

    def draw(self, on: ImageDraw.ImageDraw, x: float, base: float, text: str, fill: str) -> None:
        """Draw a text from ``x`` on, standing on the line ``base``."""
        for face, run, gap in self._runs(text):
            font = face.at(self.size)
            stroke = face.thickened * self.size
            on.text((x + gap, base), run, fill=fill, font=font, anchor="ls", stroke_width=stroke)
            x += gap + font.getlength(run)

    def gap(self, left: str, right: str) -> float:
        """Return the room between two signs that stand side by side."""
        return _GAP * self.size if _meet(left, right) else 0.0

    def _runs(self, text: str) -> Iterator[tuple[Face, str, float]]:
        """Return parts that one font draws, each with the room before it."""
        run, before, last, gap = "", None, "", 0.0
        for cluster in _clusters(text):
            face = self.chain.face_of(cluster)
            if face is None:
                raise ValueError(f"No font has {cluster!r}")
            room = self.gap(last, cluster[0]) if last else 0.0
            if before is not None and (face != before or room):
                yield before, run, gap
                run, gap = "", room
            run, before, last = run + cluster, face, cluster[0]
        if before is not None:
            yield before, run, gap


def _clusters(text: str) -> Iterator[str]:
    """Return each sign with the marks that stand on it."""
    cluster = ""
    for sign in text:
        if cluster and not unicodedata.category(sign).startswith("M"):
            yield cluster
            cluster = ""
        cluster += sign
    if cluster:
        yield cluster


def is_chinese(sign: str) -> bool:
    """Whether a sign is an ideograph; punctuation is none."""
    return unicodedata.name(sign, "").startswith(("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH"))


def _meet(left: str, right: str) -> bool:
    return (is_chinese(left) and _is_latin(right)) or (_is_latin(left) and is_chinese(right))


def _is_latin(sign: str) -> bool:
    return sign.isalnum() and unicodedata.east_asian_width(sign) not in "WF"


def prepare(text: object) -> str:
    """Return a text on one line, composed, without what is never seen."""
    composed = unicodedata.normalize("NFC", str(text))
    return " ".join(
        "".join(" " if sign.isspace() else sign for sign in composed if _is_seen(sign)).split()
    )


def _is_seen(sign: str) -> bool:
    if sign.isspace():
        return True
    is_selector = any(ord(sign) in each for each in _VARIATION_SELECTORS)
    return not is_selector and unicodedata.category(sign) not in ("Cc", "Cf")


def serif(language: str) -> Chain:
    """For titles: a text's own language decides whose punctuation and Latin letters it has."""
    chinese = Face(_of_package("pylopdf_fonts_zh_cn", "NotoSerifSC-Regular.otf"), thickened=0.012)
    others = Face(_noto_serif(), weight=600)
    return _chain(language, chinese, others, Face(_sans_path()))


def sans(language: str) -> Chain:
    """For what stands around a title."""
    chinese, others = Face(_sans_path()), Face(_noto_serif(), weight=400)
    serif = Face(_of_package("pylopdf_fonts_zh_cn", "NotoSerifSC-Regular.otf"))
    # Its Latin letters are those of Source Sans, and go with it in English too.
    return Chain((chinese, others, serif, *_more()))


def _chain(language: str, chinese: Face, others: Face, *last: Face) -> Chain:
    first = (chinese, others) if language == "zh-hans" else (others, chinese)
    return Chain((*first, *last, *_more()))


def _more() -> Sequence[Face]:
    return [Face(path) for path in settings.POSTER_FONTS]


def _sans_path() -> str:
    return _of_package("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf")


def _noto_serif() -> str:
    return _of_package("fontpkg_noto_serif", "files/NotoSerif[wdth,wght].ttf")


def _of_package(package: str, name: str) -> str:
    return str(files(package) / name)
