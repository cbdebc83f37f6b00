"""What is made of a picture that staff upload: WebP in up to three widths, and nothing else.

Runs in ``summit.lib.files.limited_reader``. The codes of its refusals are worded in ``pictures``.
"""

import io
from collections.abc import Sequence
from typing import Any

from PIL import ExifTags, Image, ImageOps

from summit.lib.files.limited_reader import Refused

# Only these parsers are ever started, each for what begins as its format does.
BEGINNINGS = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "WEBP": b"RIFF"}
# The most pixels that a side of a WebP picture can have.
MOST_OF_A_SIDE = 16_383
LANCZOS = Image.Resampling.LANCZOS
TURNED_BY_A_QUARTER = (5, 6, 7, 8)


def read(data: bytes, *, most_pixels: int, widths: Sequence[int]) -> tuple[dict[str, Any], bytes]:
    """Answer with width and height of the largest, and the length of each, the narrowest first."""
    # WebP is unpacked as it is opened: Pillow looks at its size before, and takes twice of this.
    # All others say first how large they are, and are refused with it.
    Image.MAX_IMAGE_PIXELS = most_pixels // 2 if data.startswith(BEGINNINGS["WEBP"]) else None
    size, encoded = render(data, most_pixels, widths)
    lengths = [len(each) for each in encoded.values()]
    return {"size": size, "lengths": lengths}, b"".join(encoded.values())


def render(
    data: bytes, most_pixels: int, widths: Sequence[int]
) -> tuple[tuple[int, int], dict[int, bytes]]:
    """Return the largest size and the WebP bytes by width; EXIF and GPS data are left behind.

    Raises ``Refused``. Of an animation, its first picture is taken.
    """
    kind = next((kind for kind, begin in BEGINNINGS.items() if data.startswith(begin)), None)
    if kind is None:
        raise Refused("no_picture")
    try:
        largest = _largest(data, kind, most_pixels, max(widths))
        encoded = {
            width: _webp(largest, width)
            for width in [*(each for each in widths if each < largest.width), largest.width]
        }
    except Image.DecompressionBombError as error:
        raise Refused("far_too_many_pixels") from error
    except (Refused, MemoryError):
        raise
    # Pillow raises whatever it stumbles over in a damaged file, ValueError and struct.error too.
    except Exception as error:
        raise Refused("no_picture") from error
    return largest.size, encoded


def _largest(data: bytes, kind: str, most_pixels: int, most_width: int) -> Image.Image:
    """Return the picture upright and no wider than that; its pixels are held once, if possible."""
    if kind == "PNG":
        # Chunks behind the pixels are looked at by nothing else.
        with _opened(data, kind, most_pixels) as image:
            image.verify()
    with _opened(data, kind, most_pixels) as image:
        is_turned = image.getexif().get(ExifTags.Base.Orientation) in TURNED_BY_A_QUARTER
        size = _fitted(image.size[::-1] if is_turned else image.size, most_width)
        size = size[::-1] if is_turned else size
        # A JPEG can be decoded smaller than it is, for a fraction of time and memory.
        image.draft(None, (2 * size[0], 2 * size[1]))
        mode = "RGBA" if image.has_transparency_data else "RGB"
        plain = image if image.mode == mode else image.convert(mode)
        return ImageOps.exif_transpose(plain.resize(size, LANCZOS, reducing_gap=3))


def _opened(data: bytes, kind: str, most_pixels: int) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=[kind])
    if image.width * image.height > most_pixels:
        raise Refused("too_many_pixels", width=image.width, height=image.height)
    return image


def _fitted(size: tuple[int, int], most_width: int) -> tuple[int, int]:
    width = min(size[0], most_width)
    height = _height(size, width)
    if height > MOST_OF_A_SIDE:
        raise Refused("too_narrow", width=size[0], height=size[1])
    return width, height


def _height(size: tuple[int, int], width: int) -> int:
    return max(1, round(size[1] * width / size[0]))


def _webp(image: Image.Image, width: int) -> bytes:
    buffer = io.BytesIO()
    image.resize((width, _height(image.size, width)), LANCZOS).save(buffer, "WEBP", quality=80)
    return buffer.getvalue()
