"""Pictures are given out by this server, wherever they are stored."""

import ast
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import InMemoryStorage, default_storage

from summit import storage
from tests import factories
from tests.summit.test_settings import CONFIGURED, OF_THE_SYSTEM, ROOT

KEYS = {"key": "id", "secret": "word"}
# Modules of these names stand in for packages that only some servers have.
STORAGES = """
import sys, types
sys.modules |= {"boto3": types.ModuleType("boto3"), "storages": types.ModuleType("storages")}
import summit.settings as s
print(s.STORAGES["default"])
"""


class Elsewhere(InMemoryStorage):
    """Files that are on no disk of this server, as those in a bucket."""


class Unreachable(InMemoryStorage):
    def _open(self, name, mode="rb"):
        raise OSError("S3: no answer")


def stored_in(storage, settings):
    backend = f"{__name__}.{storage.__name__}"
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": backend}}


@pytest.fixture(params=["disk", "elsewhere"])
def picture(request, db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    if request.param == "elsewhere":
        stored_in(Elsewhere, settings)
    return factories.photo().image


def test_picture_is_served_from_wherever_it_is_stored(client, picture):
    for name in picture.names().values():
        with default_storage.open(name) as file:
            stored = file.read()

        response = client.get(default_storage.url(name))

        assert response.getvalue() == stored != b""
        assert response["Content-Type"] == "image/webp"
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response["X-Content-Type-Options"] == "nosniff"


def test_head_tells_the_length_and_sends_nothing(client, picture):
    response = client.head(picture.url)

    assert response.getvalue() == b""
    assert int(response["Content-Length"]) == picture.size
    assert response["Content-Type"] == "image/webp"


def test_browser_that_has_a_picture_is_not_sent_it_again(client, picture):
    first = client.get(picture.url)
    first.close()
    etag = first["ETag"]

    again = client.get(picture.url, headers={"if-none-match": etag})
    other = client.get(picture.url, headers={"if-none-match": '"another"'})

    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "public, max-age=31536000, immutable"
    assert other.status_code == 200
    other.close()


@pytest.mark.parametrize(
    "path",
    [
        "pictures/none.webp",
        "pictures",
        "secret.txt",
        "../secret.webp",
        "%2e%2e/private/x.webp",
        "pictures/../../x.webp",
        "/etc/x.webp",
        ".restoring/x.webp",
        "pictures/.webp",
        "x%00.webp",
        "x%0a.webp",
        "x" * 300 + ".webp",
        "图.webp",
    ],
)
def test_nothing_but_pictures_is_served(client, picture, path):
    response = client.get(f"/media/{path}")

    assert response.status_code == 404
    assert "immutable" not in response.get("Cache-Control", "")


def test_storage_that_cannot_be_reached_is_said_to_be_so_and_nobody_keeps_that(
    client, db, settings
):
    stored_in(Unreachable, settings)

    response = client.get("/media/pictures/x.webp")

    assert response.status_code == 503
    assert (response["Retry-After"], response["Cache-Control"]) == ("30", "no-store")


# Configuration


def test_pictures_lie_on_the_disk_unless_another_place_is_named():
    made = storage.pictures("", private_url="s3://papers", **KEYS)

    assert made == {"BACKEND": "django.core.files.storage.FileSystemStorage"}


def settings_with(**environment):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", STORAGES],
        cwd=ROOT,
        env=OF_THE_SYSTEM | CONFIGURED | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_place_of_pictures_in_an_s3_store_is_read_from_its_url(tmp_path):
    result = settings_with(
        DATA_DIR=str(tmp_path),
        MEDIA_STORAGE_URL="s3://site/pictures?endpoint=https://oss.example.org",
        PRIVATE_STORAGE_URL="s3://site/papers?endpoint=https://oss.example.org",
        S3_ACCESS_KEY_ID="id",
        S3_SECRET_ACCESS_KEY="word",
    )

    assert ast.literal_eval(result.stdout) == {
        "BACKEND": "summit.lib.files.picture_s3.PictureS3Storage",
        "OPTIONS": {
            "bucket_name": "site",
            "location": "pictures",
            "endpoint_url": "https://oss.example.org",
            "access_key": "id",
            "secret_key": "word",
        },
    }


@pytest.mark.parametrize("private", ["s3://site", "s3://site/files", "s3://site/files/private"])
def test_pictures_never_share_a_place_with_private_files(tmp_path, private):
    result = settings_with(
        DATA_DIR=str(tmp_path), MEDIA_STORAGE_URL="s3://site/files", PRIVATE_STORAGE_URL=private
    )

    assert result.returncode != 0
    assert "neither inside the other" in result.stderr


def test_refusal_names_the_variable_that_is_wrong():
    with pytest.raises(ImproperlyConfigured, match="MEDIA_STORAGE_URL: write it as s3://bucket"):
        storage.s3_options("pictures", name="MEDIA_STORAGE_URL", **KEYS)
