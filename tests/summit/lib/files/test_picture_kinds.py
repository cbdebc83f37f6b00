"""Whatever pictures people send: each is taken as it looks, or refused with what to do."""

import io
import random
import struct
import zlib
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms

from summit.lib.files import limited, picture_probe
from summit.lib.files.file_types import examine
from summit.lib.files.limited_reader import Refused
from summit.lib.files.pictures import REFUSALS, WIDTHS, PictureFormField, check
from tests.summit.lib.files import profiles

MOST_PIXELS = 50_000_000
# The stripes of a flag: a red, a green and a skin, in sRGB.
COLOURS = [(230, 30, 40), (30, 160, 60), (220, 170, 140)]


def render(data):
    size, encoded, _jpeg = picture_probe.render(data, MOST_PIXELS, WIDTHS)
    with Image.open(io.BytesIO(encoded[size[0]])) as image:
        image.load()
    assert image.size == size
    assert image.format == "WEBP"
    assert "icc_profile" not in image.info
    return image


def saved(image, kind="PNG", **extra):
    buffer = io.BytesIO()
    image.save(buffer, kind, **extra)
    return buffer.getvalue()


def flag(colours=COLOURS, mode="RGB"):
    image = Image.new(mode, (90, 40))
    for number, colour in enumerate(colours):
        image.paste(colour, (30 * number, 0, 30 * number + 30, 40))
    return image


def stripes_of(image):
    return [image.convert("RGB").getpixel((30 * number + 15, 20)) for number in range(3)]


def assert_alike(found, wanted, most=6):
    differences = [
        abs(value - other)
        for one, two in zip(found, wanted, strict=True)
        for value, other in zip(one, two, strict=True)
    ]
    assert max(differences) <= most, (found, wanted)


def in_profile(profile, image=None, mode="RGB"):
    """The flag as a camera with this profile would store it."""
    return ImageCms.profileToProfile(
        image or flag(),
        ImageCms.createProfile("sRGB"),
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode=mode,
    )


SOFT = [(200, 90, 80), (90, 150, 100), (210, 170, 150)]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("profile", [profiles.DISPLAY_P3, profiles.ADOBE_RGB], ids=["P3", "Adobe"])
def test_colours_of_a_wider_space_stay_as_they_are_seen(kind, profile):
    stored = in_profile(profile, flag(SOFT))
    extra = {"lossless": True} if kind == "WEBP" else {"quality": 95}
    assert max(abs(a - b) for a, b in zip(stripes_of(stored)[0], SOFT[0], strict=True)) > 6

    found = render(saved(stored, kind, icc_profile=profile, **extra))

    assert_alike(stripes_of(found), SOFT)


def test_colours_of_a_wider_space_stay_in_a_palette_and_behind_transparency():
    stored = in_profile(profiles.DISPLAY_P3, flag(SOFT))
    translucent = stored.copy()
    translucent.putalpha(128)

    for image in (stored.quantize(16), translucent):
        found = render(saved(image, icc_profile=profiles.DISPLAY_P3))
        assert_alike(stripes_of(found), SOFT)

    assert found.getchannel("A").getextrema() == (128, 128)


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_greys_of_a_profile_stay_as_they_are_seen(mode):
    greys = [(60,) * 3, (128,) * 3, (200,) * 3]
    # As a linear scale holds them.
    linear = [round(255 * profiles.linear(value[0] / 255)) for value in greys]
    image = flag(linear, "L").convert(mode)

    found = render(saved(image, icc_profile=profiles.LINEAR_GREY))

    assert_alike(stripes_of(found), greys)


def test_a_profile_of_other_pixels_or_a_broken_one_is_taken_for_none():
    for profile in (
        profiles.LINEAR_GREY,
        b"",
        b"nonsense",
        profiles.DISPLAY_P3[:200],
        profiles.DISPLAY_P3[:128] + b"\xff" * 400,
        profiles.DISPLAY_P3.replace(b"RGB XYZ ", b"CMYKLab "),
    ):
        found = render(saved(flag(), icc_profile=profile))
        assert_alike(stripes_of(found), COLOURS)


def test_a_grey_picture_with_a_profile_of_colours_is_grey():
    image = flag([60, 128, 200], "L")

    found = render(
        saved(image, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    )

    assert_alike(stripes_of(found), [(60,) * 3, (128,) * 3, (200,) * 3])


def test_a_jpeg_of_printing_inks_is_taken():
    found = render(saved(flag().convert("CMYK"), "JPEG", quality=95))

    assert_alike(stripes_of(found), COLOURS, most=10)


def test_a_jpeg_of_printing_inks_is_shown_by_its_profile():
    cyan = Image.new("CMYK", (90, 40), (255, 0, 0, 0))

    found = render(saved(cyan, "JPEG", icc_profile=profiles.cmyk((70, 40, 60)), quality=95))

    # What CIELAB 70, 40, 60 is in sRGB.
    assert_alike(stripes_of(found), [(246, 139, 61)] * 3)


def test_sixteen_bits_of_grey_keep_their_tones():
    image = Image.new("I;16", (90, 40))
    for number, value in enumerate((60, 128, 200)):
        image.paste(value * 257, (30 * number, 0, 30 * number + 30, 40))

    found = render(saved(image))

    assert_alike(stripes_of(found), [(60,) * 3, (128,) * 3, (200,) * 3])


def test_transparency_of_a_palette_and_of_grey_is_kept():
    palette = flag().quantize(4)
    clear = palette.getpixel((0, 0))
    grey = Image.new("LA", (20, 20), (200, 0))

    found = render(saved(palette, transparency=clear))
    assert found.getpixel((15, 20))[3] < 20
    assert found.getpixel((45, 20))[3] > 235
    assert render(saved(grey)).getchannel("A").getextrema() == (0, 0)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_up_is_turned_upright(kind, orientation):
    turned = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = flag()
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    stored = upright.transpose(turned[orientation]) if orientation > 1 else upright

    found = render(saved(stored, kind, exif=exif, quality=95))

    assert found.size == (90, 40)
    assert_alike(stripes_of(found), COLOURS, most=25)


@pytest.mark.parametrize(
    ("size", "rendered"),
    [
        ((24_000, 1200), (1600, 80)),
        ((900, 20_000), (737, 16_378)),
        ((1080, 17_000), (1040, 16_370)),
        ((40_000, 10), (1600, 1)),
        ((50_000, 1), (1600, 1)),
        ((1, 1), (1, 1)),
        ((1, 50), (1, 50)),
        ((16_384, 2), (1600, 1)),
        ((400, 16_384), (399, 16_343)),
    ],
)
def test_extreme_sides_are_scaled_to_what_a_stored_picture_can_have(size, rendered):
    assert render(saved(Image.new("RGB", size, COLOURS[0]))).size == rendered


@pytest.mark.parametrize("size", [(1, 51), (300, 30_000), (1, 65_000)])
def test_a_picture_of_which_nothing_could_be_seen_is_refused(size):
    with pytest.raises(Refused, match="too_narrow"):
        render(saved(Image.new("RGB", size)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_data_behind_the_end_changes_nothing(kind):
    data = saved(flag(), kind)

    for trailer in (b"\0", b"\n", b"SEFT" * 1000, saved(flag(), "JPEG"), b"ftypmp42" * 50):
        assert_alike(stripes_of(render(data + trailer)), COLOURS, most=25)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_file_that_was_cut_off_is_refused(kind):
    noise = Image.effect_noise((300, 300), 90).convert("RGB")
    data = saved(noise, kind)

    for kept in (12, 40, len(data) // 4, len(data) // 2, len(data) * 3 // 4):
        with pytest.raises(Refused, match="no_picture"):
            render(data[:kept])


def heic(brand, *compatible):
    names = brand + b"\0\0\0\0" + b"".join(compatible)
    return struct.pack(">I", 8 + len(names)) + b"ftyp" + names + b"\0" * 200


@pytest.mark.parametrize(
    "data",
    [
        heic(b"heic", b"mif1", b"heic"),
        heic(b"heix"),
        heic(b"mif1", b"mif1", b"heic"),
        heic(b"msf1", b"hevc"),
    ],
)
def test_a_heic_picture_is_refused_with_how_to_send_a_jpeg(data):
    for look in (check, partial(examine, most_bytes=1000)):
        with pytest.raises(ValidationError) as refusal:
            look(SimpleUploadedFile("IMG_0001.HEIC", data))

        assert refusal.value.code == "heic"
        assert "Settings › Camera › Formats › Most Compatible" in refusal.value.messages[0]
        with translation.override("zh-hans"):
            assert "设置 › 相机 › 格式 › 兼容性最佳" in refusal.value.messages[0]


def test_the_dialogue_asks_for_what_is_taken_so_that_phones_send_jpeg():
    widget = str(PictureFormField().widget.render("photo", None, {}))
    attrs = PictureFormField().widget.attrs

    assert "image/heic" not in widget
    assert attrs["accept"] == "image/jpeg,image/png,image/webp,image/avif"


def test_an_avif_is_read_within_the_limits_of_its_process():
    """They let it start no threads."""
    found = check(SimpleUploadedFile("a.avif", saved(flag(), "AVIF", quality=95)))

    assert found.size == (90, 40)


def test_a_video_and_a_container_of_nothing_are_refused():
    for data in (heic(b"isom", b"mp42"), heic(b"mif1"), heic(b"avif"), b"\0\0\0\x08ftyp"):
        with pytest.raises(Refused, match="no_picture"):
            render(data)


PROFILES = {
    "none": None,
    "P3": profiles.DISPLAY_P3,
    "Adobe": profiles.ADOBE_RGB,
    "grey": profiles.LINEAR_GREY,
    "inks": profiles.cmyk((70, 40, 60)),
    "broken": profiles.DISPLAY_P3[:300],
    "nonsense": b"\0" * 128,
}
MODES = {
    "PNG": ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"],
    "JPEG": ["1", "L", "RGB", "CMYK", "YCbCr"],
    "WEBP": ["RGB", "RGBA"],
    "AVIF": ["L", "RGB", "RGBA"],
    "GIF": ["1", "L", "P", "RGB"],
    "TIFF": ["L", "RGB", "CMYK", "I;16", "F"],
}
sides = st.one_of(st.integers(1, 40), st.sampled_from([1, 480, 481, 1601]))


@st.composite
def files(draw):
    kind = draw(st.sampled_from(list(MODES)))
    mode = draw(st.sampled_from(MODES[kind]))
    image = Image.new(mode, (draw(sides), draw(sides)))
    if mode in ("L", "RGB") and draw(st.booleans()):
        bands = random.Random(1).randbytes(image.width * image.height * len(mode))
        image = Image.frombytes(mode, image.size, bands)
    extra = {"icc_profile": PROFILES[draw(st.sampled_from(list(PROFILES)))]}
    if draw(st.booleans()):
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = draw(st.integers(0, 9))
        extra["exif"] = exif
    if kind in ("GIF", "PNG", "WEBP") and draw(st.booleans()):
        extra |= {"save_all": True, "append_images": [image.copy()]}
    if kind == "PNG" and mode in ("P", "L", "RGB") and draw(st.booleans()):
        extra["transparency"] = (0, 0, 0) if mode == "RGB" else 0
    if kind in ("GIF", "TIFF"):
        extra.pop("exif", None)
    data = saved(image, kind, **extra)
    match draw(st.sampled_from(["whole", "whole", "trailer", "cut", "flipped"])):
        case "trailer":
            data += draw(st.binary(max_size=300))
        case "cut":
            data = data[: draw(st.integers(0, len(data)))]
        case "flipped":
            at = draw(st.integers(0, len(data) - 1))
            data = data[:at] + bytes([data[at] ^ draw(st.integers(1, 255))]) + data[at + 1 :]
    return data


@given(files())
@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_file_is_taken_or_refused_in_words(data):
    try:
        image = render(data)
    except Refused as refusal:
        assert refusal.code in REFUSALS | limited.REFUSALS
    else:
        assert max(image.size) <= picture_probe.MOST_OF_A_SIDE
        assert image.width <= max(WIDTHS)


def test_a_chunk_that_is_not_what_it_says_does_not_bring_a_picture_down():
    header = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
    chunk = lambda kind, body: (  # noqa: E731
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    )
    pixels = zlib.compress((b"\0" + b"\x50" * 12) * 4)
    profile = b"x\0\0" + zlib.compress(b"not a profile")
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"iCCP", profile)

    assert render(data + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")).size == (4, 4)
