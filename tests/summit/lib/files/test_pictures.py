import errno
import io
import resource
import struct
import zlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import ExifTags, Image

from events.models import Event
from summit.lib.files import pictures
from summit.lib.files.limited import Refused
from summit.lib.files.pictures import PictureFormField, PictureNotStored, check, check_all, drawn
from tests import factories

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def upload(name, content, content_type="image/png"):
    return SimpleUploadedFile(name, content, content_type)


def png(*more, width=2, height=2):
    """A PNG of black pixels, 1000 bytes of them at most, with more chunks behind its header."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * min(1000, (1 + 3 * width) * height))
    chunks = [(b"IHDR", header), *more, (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def bomb(width=30_000, height=30_000):
    """A tiny PNG whose header promises a picture of 900 million pixels."""
    return png(width=width, height=height)


@pytest.mark.parametrize(
    "chunk",
    [
        (b"zTXt", b"k\0\0" + zlib.compress(b"A" * 2**23)),
        (b"tRNS", b"\0"),
        (b"acTL", b"\0"),
        (b"eXIf", b"nonsense"),
    ],
    ids=["text that unpacks to a lot", "transparency", "animation", "Exif"],
)
def test_picture_with_a_hostile_part_is_refused_and_no_error(chunk):
    check(upload("fine.png", png()))

    with pytest.raises(ValidationError) as refused:
        check(upload("x.png", png(chunk)))

    assert refused.value.code == "no_picture"


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (upload("a.svg", SVG, "image/svg+xml"), "no_picture"),
        (upload("a.png", SVG), "no_picture"),
        (upload("a.png", b"just words"), "no_picture"),
        (upload("a.png", b""), "no_picture"),
        (upload("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 100), "no_picture"),
        (upload("a.gif", b"GIF89a\x01\0\x01\0\0\0\0;", "image/gif"), "no_picture"),
        (upload("a.jpg", b"%PDF-1.7", "image/jpeg"), "no_picture"),
        (upload("a.png", bomb()), "too_many_pixels"),
        (upload("a.png", bomb(9_000, 9_000)), "too_many_pixels"),
    ],
)
def test_what_is_no_fit_picture_is_refused(file, code):
    with pytest.raises(ValidationError) as refusal:
        check(file)

    assert refusal.value.code == code


def test_fifty_megabytes_are_refused_with_both_sizes():
    file = upload("a.png", b"")
    file.size = 50 * 1024 * 1024

    with pytest.raises(ValidationError) as refusal:
        check(file)

    message = refusal.value.messages[0].replace("\xa0", " ")
    assert message == "This picture has 50.0 MB. Choose one of at most 12.0 MB."


def drawing(kind, *, size=(64, 48), mode="RGB", **extra):
    buffer = io.BytesIO()
    Image.new(mode, size, 120 if mode == "L" else None).save(buffer, kind, **extra)
    return buffer.getvalue()


def frames(kind, count):
    """An animation of different frames, as no other would be kept."""
    first, *more = [Image.new("RGB", (16, 16), (n % 256, n // 256, 0)) for n in range(count)]
    buffer = io.BytesIO()
    first.save(buffer, kind, save_all=True, append_images=more)
    return buffer.getvalue()


def lying_webp():
    """A WebP whose header promises a picture of 16383 × 16383 pixels, and that has none."""
    bits = (16_382) | (16_382 << 14)
    body = b"WEBPVP8L" + struct.pack("<I", 10) + b"\x2f" + struct.pack("<I", bits) + b"\0" * 5
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    ("make", "code"),
    [
        pytest.param(lambda: bomb(), "too_many_pixels", id="png"),
        pytest.param(
            lambda: drawing("WEBP", size=(16_383, 4_000), method=0),
            "far_too_many_pixels",
            id="webp of one colour",
        ),
        pytest.param(lying_webp, "far_too_many_pixels", id="webp of 16383 by 16383"),
        pytest.param(
            lambda: png((b"iCCP", b"k\0\0" + zlib.compress(b"A" * 2**27))),
            "no_picture",
            id="profile",
        ),
        pytest.param(
            lambda: png((b"zTXt", b"k\0\0" + zlib.compress(b"A" * 2**27))), "no_picture", id="text"
        ),
        pytest.param(lambda: drawing("PNG", size=(300, 30_000)), "too_narrow", id="narrow"),
        pytest.param(lambda: frames("GIF", 2000), "no_picture", id="animated gif"),
        pytest.param(lambda: drawing("TIFF"), "no_picture", id="tiff"),
        pytest.param(lambda: drawing("BMP"), "no_picture", id="bmp"),
        pytest.param(lambda: drawing("ICO"), "no_picture", id="ico"),
        pytest.param(lambda: drawing("PDF"), "no_picture", id="pdf"),
        pytest.param(lambda: drawing("JPEG2000"), "no_picture", id="jpeg 2000"),
        pytest.param(lambda: b"%!PS-Adobe-3.0 EPSF-3.0", "no_picture", id="postscript"),
    ],
)
def test_bomb_is_refused_in_words_and_takes_no_memory_here(make, code):
    data = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(ValidationError) as refusal:
        check(upload("a.png", data))

    assert refusal.value.code == code
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024
    with translation.override("en"):
        assert refusal.value.messages[0].startswith("This ")
    with translation.override("zh-hans"):
        assert refusal.value.messages[0].endswith("。")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photograph_of_fifty_megapixels_is_taken(kind):
    data = drawing(kind, size=(8165, 6123), **({"method": 0} if kind == "WEBP" else {}))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    found = check(upload("a.jpg", data))

    assert (found.size, list(found.encoded)) == ((1600, 1200), [480, 960, 1600])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_taken(kind):
    found = check(upload("a.png", frames(kind, 300)))

    with Image.open(io.BytesIO(found.encoded[16])) as image:
        assert getattr(image, "n_frames", 1) == 1
        assert max(image.convert("RGB").getpixel((8, 8))) < 16


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_picture_of_every_kind_of_pixels_is_taken(mode):
    buffer = io.BytesIO()
    Image.new(mode, (40, 30)).save(buffer, "PNG")

    found = check(upload("a.png", buffer.getvalue()))

    with Image.open(io.BytesIO(found.encoded[40])) as image:
        assert image.size == (40, 30)
        assert (image.mode == "RGBA") == ("A" in mode)


def test_picture_is_read_once_whoever_asks():
    file = factories.picture()
    found = check(file)
    file.file = None

    assert check(file) is found


def test_refused_picture_stays_refused():
    file = upload("a.png", SVG)
    for _time in range(2):
        with pytest.raises(ValidationError):
            check(file)


def test_picture_of_our_own_is_encoded_like_any_other():
    data = factories.picture(size=(2000, 1000)).read()

    assert check(drawn(data)) == check(upload("a.png", data))


def test_pictures_of_a_form_that_take_too_long_together_are_refused(monkeypatch):
    monkeypatch.setattr(pictures, "TOGETHER", 0)
    files = [factories.picture() for _number in range(3)]

    check_all(files)

    for file in files:
        with pytest.raises(ValidationError) as refusal:
            check(file)
        assert refusal.value.code == "too_many_at_once"


WEBP = b"RIFF\0\0\0\0WEBP"
JPEG = b"\xff\xd8\xff...."


@pytest.mark.parametrize(
    ("told", "body"),
    [
        ({}, b""),
        ({"size": [10, 10], "lengths": []}, b""),
        ({"size": [10, 10], "lengths": [12]}, WEBP),
        ({"size": [10, 10], "lengths": [7]}, JPEG),
        ({"size": [10, 10], "lengths": [12, 7]}, b"<script>...." + JPEG),
        ({"size": [10, 10], "lengths": [12, 7]}, WEBP + b"<script"),
        ({"size": [10, 10], "lengths": ["12", 7]}, WEBP + JPEG),
        ({"size": [10, 10], "lengths": [-1, 7]}, WEBP + JPEG),
        ({"size": [10, 10], "lengths": [12, 12]}, WEBP * 2),
        ({"size": [10, 10], "lengths": [12, 12, 7]}, WEBP * 2 + JPEG),
        ({"size": [0, 10], "lengths": [12, 7]}, WEBP + JPEG),
        ({"size": [9000, 10], "lengths": [*[12] * 4, 7]}, WEBP * 4 + JPEG),
        ({"size": ["../x", 10], "lengths": [12, 7]}, WEBP + JPEG),
    ],
)
def test_answer_that_makes_no_sense_is_not_taken(told, body):
    right = pictures._read_renditions({"size": [10, 10], "lengths": [12, 7]}, WEBP + JPEG)
    assert (right.encoded, right.jpeg) == ({10: WEBP}, JPEG)

    with pytest.raises(Refused):
        pictures._read_renditions(told, body)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_three_formats_are_taken(kind):
    check(factories.picture(format=kind))


def test_a_form_refuses_in_the_users_language():
    field = PictureFormField()

    with pytest.raises(ValidationError):
        field.clean(upload("a.svg", SVG, "image/svg+xml"))

    assert field.clean(factories.picture()).size > 0


def stored(name):
    with default_storage.open(name) as file, Image.open(file) as image:
        image.load()
        return image


@pytest.mark.django_db
def test_a_picture_is_stored_as_webp_in_three_widths():
    event = factories.event(cover=factories.picture(size=(2000, 1000)))
    event.refresh_from_db()

    names = event.cover.names()

    assert {width: stored(name).size for width, name in names.items()} == {
        480: (480, 240),
        960: (960, 480),
        1600: (1600, 800),
    }
    assert {stored(name).format for name in names.values()} == {"WEBP"}
    assert (event.cover.pixel_width, event.cover.pixel_height) == (1600, 800)
    assert [part.split()[1] for part in event.cover.srcset.split(", ")] == ["480w", "960w", "1600w"]


@pytest.mark.django_db
def test_a_small_picture_is_not_blown_up():
    event = factories.event(cover=factories.picture(size=(300, 200)))

    assert list(event.cover.names()) == [300]


@pytest.mark.django_db
def test_where_it_was_taken_is_left_behind_and_which_way_up_is_kept():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # turned by a quarter
    exif[ExifTags.Base.Artist] = "somebody"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (38.0, 2.0, 0.0)
    upright = factories.picture("a.jpg", format="JPEG", size=(400, 200), exif=exif)

    event = factories.event(cover=upright)

    image = stored(event.cover.name)
    assert image.size == (200, 400)
    assert dict(image.getexif()) == {}


@pytest.mark.django_db
def test_the_stored_name_says_nothing_of_the_file_that_came():
    event = factories.event(cover=factories.picture("../../secret plans.png"))

    assert event.cover.name.startswith("pictures/")
    assert "secret" not in event.cover.name


@pytest.mark.django_db
def test_saving_again_stores_nothing_again():
    event = factories.event(cover=factories.picture())
    name = event.cover.name

    event = factories.save(Event.objects.get())

    assert event.cover.name == name


def test_no_picture_has_no_sizes():
    cover = Event().cover

    assert (cover.pixel_width, cover.pixel_height, cover.srcset) == (None, None, "")


def test_picture_that_is_stored_in_part_is_not_stored_at_all(tmp_path, monkeypatch):
    stored = []

    class NearlyFull(FileSystemStorage):
        def _save(self, name, content):
            if len(stored) == 2:
                Path(self.path(name)).write_bytes(b"half of it")
                raise OSError(errno.ENOSPC, "No space left on device")
            stored.append(name)
            return super()._save(name, content)

    monkeypatch.setattr(Event._meta.get_field("cover"), "storage", NearlyFull(location=tmp_path))

    with pytest.raises(PictureNotStored, match="No space left"):
        Event().cover.save("a.png", factories.picture(size=(2000, 1000)), save=False)

    assert len(stored) == 2
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
