"""What is made of a picture that staff upload: WebP in up to three widths, and one JPEG.

Runs in ``summit.lib.files.limited_reader``. The codes of its refusals are worded in ``pictures``.
"""

import io
from collections.abc import Sequence
from typing import Any

from PIL import AvifImagePlugin, ExifTags, Image, ImageCms, ImageOps

from summit.lib.files.limited_reader import Refused
from summit.lib.files.preview_size import preview_size

# Only these parsers are ever started, each for what begins as its format does.
BEGINNINGS = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "WEBP": b"RIFF"}
# What else the files of phones are, by the brands that they name behind their first eight bytes.
# No decoder of HEIC has a licence under which it could be brought along.
AVIF, HEIC = {b"avif", b"avis"}, {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
# The most pixels that a side of a WebP picture can have, and how often a picture may be higher
# than it is wide: nothing could be seen of it.
MOST_OF_A_SIDE = 16_383
MOST_TIMES_AS_HIGH = 50
# The kinds of pixels that a colour profile of each kind is about.
OF_PROFILES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}
LANCZOS = Image.Resampling.LANCZOS
TURNED_BY_A_QUARTER = (5, 6, 7, 8)


def read(data: bytes, *, most_pixels: int, widths: Sequence[int]) -> tuple[dict[str, Any], bytes]:
    """Answer with width and height of the largest, and the length of each.

    The narrowest WebP comes first, and the JPEG last.
    """
    # Threads would be processes of their own, of which there may be none.
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    # WebP is unpacked as it is opened: Pillow looks at its size before, and takes twice of this.
    # All others say first how large they are, and are refused with it.
    Image.MAX_IMAGE_PIXELS = most_pixels // 2 if data.startswith(BEGINNINGS["WEBP"]) else None
    size, encoded, jpeg = render(data, most_pixels, widths)
    parts = [*encoded.values(), jpeg]
    return {"size": size, "lengths": [len(each) for each in parts]}, b"".join(parts)


def render(
    data: bytes, most_pixels: int, widths: Sequence[int]
) -> tuple[tuple[int, int], dict[int, bytes], bytes]:
    """Return the largest size, the WebP bytes by width, and those of the JPEG for previews.

    EXIF and GPS data are left behind.

    Raises ``Refused``. Of an animation, its first picture is taken. Colours are those of sRGB,
    to which a picture with a colour profile of its own is converted.
    """
    kind = _kind(data)
    try:
        largest = _largest(data, kind, most_pixels, max(widths))
        encoded = {
            width: _webp(largest, width)
            for width in [*(each for each in widths if each < largest.width), largest.width]
        }
        jpeg = _jpeg(largest)
    except Image.DecompressionBombError as error:
        raise Refused("far_too_many_pixels") from error
    except (Refused, MemoryError):
        raise
    # Pillow raises whatever it stumbles over in a damaged file, ValueError and struct.error too.
    except Exception as error:
        raise Refused("no_picture") from error
    return largest.size, encoded, jpeg


def _kind(data: bytes) -> str:
    """Return the name of a parser. Raises ``Refused`` for what none of them reads."""
    for kind, begin in BEGINNINGS.items():
        if data.startswith(begin):
            return kind
    brands = _brands(data)
    if brands & HEIC:
        raise Refused("heic")
    if brands & AVIF:
        return "AVIF"
    raise Refused("no_picture")


def is_heic(data: bytes) -> bool:
    """Whether a file is a picture as iPhones take them, by what it says at its beginning."""
    return bool(_brands(data) & HEIC)


def _brands(data: bytes) -> set[bytes]:
    """Return what a file of the kind of MPEG-4 says that it is, and is compatible with."""
    if data[4:8] != b"ftyp":
        return set()
    length = min(int.from_bytes(data[:4]), 256)
    return {data[8:12], *(data[at : at + 4] for at in range(16, length, 4))}


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
        small = _plain(image).resize(size, LANCZOS, reducing_gap=3)
        return ImageOps.exif_transpose(_in_srgb(small, image.info.get("icc_profile")))


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture with pixels that can be scaled, in the colours of its profile."""
    if image.mode.startswith("I;16"):
        # Of sixteen bits, the upper eight.
        image = image.point(lambda value: value / 256)
        return image.convert("L")
    if image.mode == "CMYK":
        return image
    if image.mode in ("1", "L", "LA"):
        return (
            image.convert("RGBA").convert("LA")
            if image.has_transparency_data
            else image.convert("L")
        )
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in the colours of sRGB, which a WebP without a profile has.

    A profile that is broken, or about other pixels than these, is taken for none, as browsers do.
    """
    image.info.pop("icc_profile", None)
    transparency = image.getchannel("A") if image.mode.endswith("A") else None
    colours = image.convert(image.mode.removesuffix("A")) if transparency else image
    srgb = _converted(colours, profile) if profile else colours.convert("RGB")
    if transparency:
        srgb.putalpha(transparency)
    return srgb


def _converted(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = OF_PROFILES.get(meant.profile.xcolor_space)
        if mode == "RGB" and image.mode == "L":
            image = image.convert("RGB")
        if mode == image.mode:
            converted = ImageCms.profileToProfile(
                image,
                meant,
                ImageCms.createProfile("sRGB"),
                renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                outputMode="RGB",
                flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
            if converted is not None:
                return converted
    except (ImageCms.PyCMSError, OSError, ValueError):
        pass
    return image.convert("RGB")


def _opened(data: bytes, kind: str, most_pixels: int) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=[kind])
    if image.width * image.height > most_pixels:
        raise Refused("too_many_pixels", width=image.width, height=image.height)
    return image


def _fitted(size: tuple[int, int], most_width: int) -> tuple[int, int]:
    if size[1] > MOST_TIMES_AS_HIGH * size[0]:
        raise Refused("too_narrow", width=size[0], height=size[1])
    width = min(size[0], most_width, MOST_OF_A_SIDE * size[0] // size[1])
    return width, _height(size, width)


def _height(size: tuple[int, int], width: int) -> int:
    return max(1, round(size[1] * width / size[0]))


def jpeg_of(webp: bytes) -> bytes:
    """Return the JPEG for previews of a picture that was stored before there was one."""
    with Image.open(io.BytesIO(webp), formats=["WEBP"]) as image:
        return _jpeg(image)


def _jpeg(image: Image.Image) -> bytes:
    """Return the picture as JPEG, on white where it is transparent."""
    small = image.resize(preview_size(image.size), LANCZOS)
    if small.has_transparency_data:
        small = small.convert("RGBA")
        white = Image.new("RGBA", small.size, "white")
        small = Image.alpha_composite(white, small)
    buffer = io.BytesIO()
    small.convert("RGB").save(buffer, "JPEG", quality=82, optimize=True)
    return buffer.getvalue()


def _webp(image: Image.Image, width: int) -> bytes:
    buffer = io.BytesIO()
    image.resize((width, _height(image.size, width)), LANCZOS).save(buffer, "WEBP", quality=80)
    return buffer.getvalue()
