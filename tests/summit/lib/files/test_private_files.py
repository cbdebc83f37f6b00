import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile

from summit.lib.files.private_files import PrivateFileSystemStorage
from summit.storage import accel_prefix, private_files, s3_options

ON_DISK = {"key": "", "secret": "", "group_may_read": False}


@pytest.mark.parametrize(
    ("group", "file_mode", "folder_mode"), [(False, 0o600, 0o700), (True, 0o640, 0o750)]
)
def test_group_reads_only_where_a_proxy_gives_the_files_out(
    tmp_path, group, file_mode, folder_mode
):
    storage = PrivateFileSystemStorage(str(tmp_path / "private"), group_may_read=group)

    path = Path(storage.path(storage.save("documents/ab/x", ContentFile(b"x"))))

    folders = [path.parent, path.parent.parent, tmp_path / "private"]
    assert stat.S_IMODE(path.stat().st_mode) == file_mode
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {folder_mode}


def test_private_file_has_no_address(tmp_path):
    with pytest.raises(ValueError, match="no address"):
        PrivateFileSystemStorage(str(tmp_path)).url("x")


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "a/../../outside"])
def test_nothing_outside_is_read_or_written(tmp_path, name):
    storage = PrivateFileSystemStorage(str(tmp_path / "private"))

    for use in (storage.open, lambda each: storage.save(each, ContentFile(b"x"))):
        with pytest.raises(Exception, match="(?i)traversal|outside|located"):
            use(name)

    assert list(tmp_path.iterdir()) == []


def test_files_lie_on_the_disk_unless_another_place_is_named(tmp_path):
    made = private_files("", tmp_path / "private", public=[tmp_path / "media"], **ON_DISK)

    assert made == {
        "BACKEND": "summit.lib.files.private_files.PrivateFileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "private"), "group_may_read": False},
    }


@pytest.mark.parametrize("public", ["private", ".", "private/media", "link"])
def test_place_that_everybody_may_read_is_refused(tmp_path, public):
    (tmp_path / "private").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "private")

    with pytest.raises(ImproperlyConfigured, match="served to everybody"):
        private_files("", tmp_path / "private", public=[tmp_path / public], **ON_DISK)


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("s3://papers", {"bucket_name": "papers", "location": ""}),
        ("s3://papers/of/2020/", {"bucket_name": "papers", "location": "of/2020"}),
        (
            "s3://papers/signed?endpoint=https://oss.example.org:9000&region=cn-1&addressing=path",
            {
                "bucket_name": "papers",
                "location": "signed",
                "endpoint_url": "https://oss.example.org:9000",
                "region_name": "cn-1",
                "addressing_style": "path",
            },
        ),
    ],
)
def test_place_in_an_s3_store_is_read_from_its_url(url, options):
    assert s3_options(url, key="", secret="") == options
    with_keys = s3_options(url, key="id", secret="word")
    assert with_keys == {**options, "access_key": "id", "secret_key": "word"}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://bucket.example.org", "write it as s3://bucket"),
        ("s3:///prefix", "A bucket is needed"),
        ("s3://", "A bucket is needed"),
        ("papers", "write it as s3://bucket"),
        ("s3://papers?regoin=x", "write it as s3://bucket"),
        ("s3://papers#x", "write it as s3://bucket"),
        ("s3://key:secret@papers", "keys belong in S3_ACCESS_KEY_ID"),
        ("s3://papers?endpoint=oss.example.org", "the endpoint begins with https://"),
        ("s3://papers?addressing=dns", "addressing is path, virtual or auto"),
    ],
)
def test_url_that_cannot_be_meant_is_refused_and_no_secret_is_repeated(url, words):
    with pytest.raises(ImproperlyConfigured) as refusal:
        s3_options(url, key="", secret="")

    assert words in str(refusal.value)
    assert "key:secret" not in str(refusal.value)


@pytest.mark.parametrize(("key", "secret"), [("id", ""), ("", "word")])
def test_one_key_without_the_other_is_refused(key, secret):
    with pytest.raises(ImproperlyConfigured, match="or neither"):
        s3_options("s3://papers", key=key, secret=secret)


@pytest.mark.parametrize(
    ("prefix", "address"),
    [("", ""), ("/private-files/", "/private-files/"), ("/private-files", "/private-files/")],
)
def test_address_inside_the_proxy_ends_with_a_slash(prefix, address):
    assert accel_prefix(prefix, on_disk=True) == address


@pytest.mark.parametrize(
    ("prefix", "on_disk", "words"),
    [
        ("private", True, "such as /private-files/"),
        ("/", True, "such as /private-files/"),
        ("/private/", False, "Unset one of the two"),
    ],
)
def test_address_inside_the_proxy_that_cannot_work_is_refused(prefix, on_disk, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        accel_prefix(prefix, on_disk=on_disk)
