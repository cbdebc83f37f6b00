"""The JPEG beside each picture, for previews of links: made with it, and later for old ones."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import ExifTags, Image

from summit.lib.files import previews
from summit.lib.files.pictures import PictureFile
from summit.lib.files.preview_size import preview_size
from summit.lib.files.previews import Previews
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def opened(file):
    with default_storage.open(file.preview_name) as stored:
        image = Image.open(io.BytesIO(stored.read()))
    image.load()
    return image


def upload(image, **extra):
    buffer = io.BytesIO()
    image.save(buffer, "PNG", **extra)
    return ContentFile(buffer.getvalue(), "upload.png")


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1600, 900), (1200, 675)),
        ((900, 1600), (675, 1200)),
        ((300, 200), (300, 200)),
        ((1600, 1), (1200, 1)),
    ],
)
def test_size_of_a_preview(size, expected):
    assert preview_size(size) == expected


def test_picture_is_stored_with_a_jpeg_without_what_its_file_told():
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "somebody"
    photo = factories.picture("a.jpg", format="JPEG", size=(1700, 850), exif=exif)
    expert = factories.expert(photo=photo)

    image = opened(expert.photo)
    told = expert.photo.preview("Ann")

    assert (image.format, image.size) == ("JPEG", (1200, 600))
    assert not image.getexif()
    assert (told.pixel_width, told.pixel_height, told.alt) == (1200, 600, "Ann")
    assert told.url == default_storage.url(expert.photo.preview_name)


def test_transparent_picture_is_shown_on_white():
    logo = Image.new("RGBA", (60, 40), (0, 0, 0, 0))

    organization = factories.organization(logo=upload(logo))

    assert min(opened(organization.logo).getpixel((30, 20))) > 250


def test_grey_picture_has_a_preview():
    organization = factories.organization(logo=upload(Image.new("LA", (60, 40), (0, 255))))

    assert opened(organization.logo).mode == "RGB"


def test_picture_from_before_is_given_its_preview_once():
    expert = factories.expert(photo=factories.picture(size=(1700, 850)))
    series = factories.series(cover=factories.picture(size=(300, 200)))
    for file in (expert.photo, series.cover):
        default_storage.delete(file.preview_name)

    step = Previews()

    assert (step.store_missing(), step.store_missing()) == (2, 0)
    assert opened(expert.photo).size == (1200, 600)
    assert opened(series.cover).size == (300, 200)
    assert Previews().store_missing() == 0


def test_round_that_is_over_is_gone_on_with_in_the_next(monkeypatch):
    for _n in range(2):
        default_storage.delete(factories.photo().image.preview_name)
    step = Previews()
    monkeypatch.setattr(previews, "SECONDS", 0)
    assert step.store_missing() == 0
    monkeypatch.setattr(previews, "SECONDS", 60)

    assert step.store_missing() == 2


def test_picture_that_is_gone_keeps_no_other_out(caplog):
    gone, kept = factories.photo().image, factories.photo().image
    for file in (gone, kept):
        default_storage.delete(file.preview_name)
    default_storage.delete(gone.name)

    assert Previews().store_missing() == 1
    assert default_storage.exists(kept.preview_name)
    assert gone.name in caplog.text


def test_site_without_pictures_has_nothing_to_do():
    assert Previews().store_missing() == 0


def test_name_that_tells_no_size_has_no_preview():
    field = factories.photo()._meta.get_field("image")

    assert PictureFile(None, field, "old.webp").preview("x") is None
