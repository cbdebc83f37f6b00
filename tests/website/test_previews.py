"""What previews of a link show: on every public page a JPEG or PNG, as large as the page says."""

import io
import re

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from PIL import Image

from tests import factories
from tests.pages import story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]


def preview(client, path):
    """Return the address of the picture of a page without the host, and the size it tells."""
    head = client.get(path).content.decode().split("</head>")[0]
    found = dict(re.findall(r'<meta property="og:([^"]*)" content="([^"]*)">', head))
    size = int(found["image:width"]), int(found["image:height"])
    return found["image"].removeprefix("https://summit.example.org"), size


def fetched(client, address):
    """Return format and size of the picture at an address of the site."""
    if address.startswith("/static/"):
        with Image.open(finders.find(address.removeprefix("/static/"))) as picture:
            return picture.format, picture.size
    response = client.get(address)
    with Image.open(io.BytesIO(response.getvalue())) as picture:
        assert response.headers["Content-Type"] == f"image/{picture.format.lower()}"
        return picture.format, picture.size


def give_pictures(told, size):
    for row, field in (
        *((told.series, "cover"), (told.event, "cover"), (told.organization, "logo")),
        *((told.expert, "photo"), (told.project, "picture")),
    ):
        setattr(row, field, factories.picture(size=size))
        row.save()


@pytest.mark.parametrize("size", [(1700, 850), (850, 1700), (64, 48)])
def test_every_public_page_shows_a_jpeg_or_png_of_the_size_it_tells(client, settings, size):
    settings.SITE_URL = "https://summit.example.org"
    told = story()
    give_pictures(told, size)
    shown = {}

    for path in told.pages():
        address, told_size = preview(client, path)
        shown[path] = address
        kind, real_size = fetched(client, address)
        assert kind in ("JPEG", "PNG"), path
        assert real_size == told_size, path

    assert len(shown) > 20
    assert len({each for each in shown.values() if each.endswith(".jpg")}) == 5


def test_each_page_shows_its_own_picture(client, settings):
    settings.SITE_URL = "https://summit.example.org"
    told = story()
    give_pictures(told, (640, 480))

    shown = {
        name: preview(client, getattr(told, name).get_absolute_url())[0]
        for name in ("series", "event", "session", "organization", "expert", "project")
    }

    assert len(set(shown.values())) == 5
    assert shown["expert"] == default_storage.url(told.expert.photo.preview_name)
    assert shown["organization"] == default_storage.url(told.organization.logo.preview_name)
    # What belongs to an event without a poster shows its cover.
    assert shown["session"] == shown["event"]
