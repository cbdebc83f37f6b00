"""A site whose files lie in a bucket is backed up and put back as one on a disk is."""

import json
import time

import pytest

from tests import s3
from tests.ops.backup.site import Site
from tests.ops.backup.test_killed import kill, wait_for


@pytest.fixture
def bucket():
    with s3.bucket() as made:
        yield made


@pytest.fixture
def elsewhere(bucket, tmp_path):
    """An empty site whose files lie in the bucket."""
    variables = {
        "MEDIA_STORAGE_URL": bucket.url("media"),
        "PRIVATE_STORAGE_URL": bucket.url("private"),
        "S3_ACCESS_KEY_ID": s3.KEY,
        "S3_SECRET_ACCESS_KEY": s3.SECRET,
    }
    site = Site("elsewhere", tmp_path, variables).make()
    yield site
    site.drop()


def files_of(backup_path):
    told = json.loads((backup_path / "manifest.json").read_text())["files"]
    return {name: stored for name, stored in told.items() if "/" in name}


def is_whole(site, bucket, populated):
    """Whether the bucket holds the files of the populated site, and the disk none of them."""
    return bucket.objects == populated.files() and site.files() == {}


def test_backup_of_a_disk_goes_into_a_bucket_and_out_of_it_again(
    populated, backup, elsewhere, bucket, tmp_path
):
    said = elsewhere.manage("restore", backup.path)

    assert "every table has the rows of the manifest" in said
    assert is_whole(elsewhere, bucket, populated)

    gone = next(key for key in bucket.objects if key.startswith("private/"))
    del bucket.objects[gone]
    said = elsewhere.manage("backup", tmp_path / "backups")

    [again] = (tmp_path / "backups").glob("summit-*")
    expected = files_of(backup.path)
    assert expected.pop(gone)
    assert files_of(again) == expected != {}
    assert json.loads((again / "manifest.json").read_text())["missing"] == [gone]
    assert gone in said


def test_bucket_that_is_not_empty_is_not_restored_into(backup, elsewhere, bucket):
    bucket.objects["private/documents/ab/x"] = b"somebody's"

    words = elsewhere.refused("restore", backup.path)

    assert "This site is not empty: there is something in private" in words
    assert (bucket.objects, elsewhere.rows()) == ({"private/documents/ab/x": b"somebody's"}, {})


def test_what_the_backup_does_not_know_leaves_the_bucket(populated, backup, elsewhere, bucket):
    elsewhere.manage("restore", backup.path)
    changed = next(key for key in bucket.objects if key.startswith("media/"))
    bucket.objects[changed] = b"half"
    bucket.objects["private/documents/ab/x"] = b"came since"
    bucket.objects["of-others/x"] = b"of others"

    elsewhere.manage("restore", backup.path, "--yes-replace", elsewhere.database_name)

    assert bucket.objects.pop("of-others/x") == b"of others"
    assert is_whole(elsewhere, bucket, populated)


def test_restore_that_is_killed_before_the_bucket_has_all_can_be_repeated(
    populated, backup, elsewhere, bucket
):
    bucket.room = 2
    process = elsewhere.start("restore", backup.path)
    wait_for(lambda: bucket.room == 0, process)
    time.sleep(0.5)
    kill(process)

    assert (elsewhere.data / "restoring").exists()
    assert elsewhere.rows() == {}
    bucket.room = None
    bucket.has_room.set()
    elsewhere.manage("restore", backup.path)
    assert is_whole(elsewhere, bucket, populated)
    assert not (elsewhere.data / "restoring").exists()


def test_bucket_that_cannot_be_asked_is_said_and_nothing_changes(
    backup, populated, elsewhere, bucket, tmp_path
):
    bucket.broken = 503

    restored = elsewhere.refused("restore", backup.path)
    elsewhere.take_database_of(populated)
    backed_up = elsewhere.refused("backup", tmp_path / "backups")

    assert restored.startswith("CommandError: S3: ") and backed_up.startswith("CommandError: S3: ")
    assert not (elsewhere.data / "restoring").exists()
    assert list((tmp_path / "backups").glob("summit-*")) == []


def test_bucket_that_fails_in_the_middle_of_a_restore_leaves_the_site_as_it_was(
    backup, elsewhere, bucket
):
    bucket.room, bucket.is_full = 2, True

    words = elsewhere.refused("restore", backup.path)

    assert "S3: " in words
    assert (bucket.objects, elsewhere.rows()) == ({}, {})
    assert not (elsewhere.data / "restoring").exists()
