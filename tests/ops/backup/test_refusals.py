"""What is not done is refused in plain words, and nothing is left or changed by it."""

import fcntl
import io
import json
import resource
import shutil
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from ops.backup import databases, manifest, marker
from ops.backup.errors import BackupError
from ops.backup.make import LOCK, make_backup
from ops.backup.manifest import CHECKSUM, NAME, Manifest
from ops.backup.restore import check_is_free, database_name
from ops.backup.verify import check_fits, verify
from tests.ops.backup.site import ON_POSTGRESQL

# Less than a dump of a site and than its largest picture, and enough for what SQLite keeps beside.
LITTLE = 60_000


def with_little_room():
    resource.setrlimit(resource.RLIMIT_FSIZE, (LITTLE, LITTLE))


def rewrite(directory, **changes):
    """Change the manifest as somebody could who knows how, checksum and all."""
    told = Manifest.read(directory)
    for name, value in changes.items():
        setattr(told, name, value)
    told.write(directory)


@pytest.fixture
def copied(backup, tmp_path):
    return Path(shutil.copytree(backup.path, tmp_path / backup.path.name))


# A backup that is not what it was


def damage(directory):
    path = next((directory / "private").rglob("*/*/*"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def damage_dump(directory):
    path = next(directory.glob("database.*"))
    path.write_bytes(path.read_bytes()[:-1] + b"?")


def take_away(directory):
    next((directory / "media").rglob("*.webp")).unlink()


def add(directory):
    (directory / "media" / "more.webp").write_bytes(b"x")


def link(directory):
    path = next((directory / "media").rglob("*.webp"))
    copy = shutil.copy(path, directory.parent / "elsewhere.webp")
    path.unlink()
    path.symlink_to(copy)


def damage_manifest(directory):
    text = (directory / NAME).read_text()
    (directory / NAME).write_text(text.replace('"auth_user": ', '"auth_user": 1'))


def forget_manifest(directory):
    (directory / NAME).unlink()


def mark_incomplete(directory):
    (directory / manifest.INCOMPLETE).touch()


def use_other_format(directory):
    told = json.loads((directory / NAME).read_text()) | {"format": 99}
    (directory / NAME).write_text(json.dumps(told))
    digest = manifest.measure(directory / NAME).sha256
    (directory / CHECKSUM).write_text(f"{digest}  {NAME}\n")


def break_dump(directory):
    told = Manifest.read(directory)
    path = next(directory.glob("database.*"))
    path.write_bytes(b"no dump at all" * 100)
    rewrite(directory, files=told.files | {path.name: manifest.measure(path)})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (damage, "is not what it was"),
        (damage_dump, "is not what it was"),
        (take_away, "is missing"),
        (add, "media/more.webp does not belong to it"),
        (link, "is not what it was"),
        (damage_manifest, "manifest.json is damaged"),
        (forget_manifest, "is no backup: manifest.json is missing"),
        (mark_incomplete, "is incomplete"),
        (use_other_format, "has format 99"),
        (break_dump, "pg_restore failed" if ON_POSTGRESQL else "SQLite cannot read it"),
    ],
)
@pytest.mark.django_db
def test_backup_that_is_not_what_it_was_is_refused(copied, change, words):
    verify(copied)

    change(copied)

    with pytest.raises(BackupError, match=words):
        verify(copied)


@pytest.mark.parametrize("name", ["summit-20261122T020000Z.partial", "nothing", "file"])
def test_what_is_no_complete_backup_is_refused(tmp_path, name):
    (tmp_path / "summit-20261122T020000Z.partial").mkdir()
    (tmp_path / "file").touch()

    with pytest.raises(BackupError, match="is incomplete|is not a directory"):
        verify(tmp_path / name)


@pytest.mark.django_db
def test_backup_of_another_kind_of_database_is_refused(copied):
    rewrite(copied, vendor="sqlite" if ON_POSTGRESQL else "postgresql")

    with pytest.raises(BackupError, match="goes back into the same kind"):
        check_fits(Manifest.read(copied))


@pytest.mark.django_db
def test_backup_of_a_newer_version_is_refused_and_says_which_it_needs(copied):
    told = Manifest.read(copied)
    told.software["commit"] = "f00"
    told.migrations.append(("events", "9999_to_come"))

    with pytest.raises(BackupError, match=r"events\.9999_to_come.*commit f00.* newer"):
        check_fits(told)


@pytest.mark.django_db
def test_migrations_that_a_backup_lacks_are_told_and_those_of_apps_gone_do_not_matter(copied):
    told = Manifest.read(copied)
    gone = told.migrations.pop(told.migrations.index(("projects", "0002_first_sectors_and_modes")))
    told.migrations.append(("an_app_of_old", "0001_initial"))

    assert check_fits(told) == [gone]


# Where nothing can be put back


def test_site_that_is_not_empty_stays_as_it_is(populated, backup):
    rows, files = populated.rows(), populated.files()

    words = populated.refused("restore", backup.path)

    assert "This site is not empty" in words and "--replace" in words
    assert (populated.rows(), populated.files()) == (rows, files)
    assert not (populated.data / "restoring").exists()


@pytest.mark.parametrize(
    ("typed", "words"), [("yes\n", "is not called “yes”"), ("", "Use --yes-replace NAME")]
)
@pytest.mark.django_db
def test_replacing_asks_for_the_name_of_the_database(backup, monkeypatch, typed, words):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))

    with pytest.raises(CommandError, match=words):
        call_command("restore", str(backup.path), "--replace")


@pytest.mark.django_db
def test_only_the_database_that_was_named_is_replaced():
    check_is_free([], database_name())

    with pytest.raises(BackupError, match="is not called “another”. Nothing was changed"):
        check_is_free([], "another")


@pytest.mark.django_db
def test_site_that_was_only_migrated_is_empty_until_somebody_has_an_account():
    check_is_free([], None)

    User.objects.create_user("somebody")

    with pytest.raises(BackupError, match="something in auth_user"):
        check_is_free([], None)


def test_restore_on_a_full_disk_changes_nothing(empty, backup):
    words = empty.refused("restore", backup.path, preexec_fn=with_little_room)

    assert "File too large" in words
    assert empty.rows() == {}
    assert empty.files() == {}
    assert not (empty.data / "restoring").exists()


def test_dump_that_holds_other_rows_than_the_manifest_tells_is_put_back_nowhere(empty, copied):
    rows = Manifest.read(copied).rows
    rewrite(copied, rows=rows | {"auth_user": rows["auth_user"] + 1})

    words = empty.refused("restore", copied)

    assert "manifest tells" in words
    assert (empty.rows(), empty.files()) == ({}, {})
    assert not (empty.data / "restoring").exists()


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite's readers see the change")
def test_restore_waits_for_nobody_who_is_connected(empty, backup):
    with empty.connect():
        words = empty.refused("restore", backup.path)

    assert "1 other connections to this database are open. Stop the web server" in words


@pytest.mark.skipif(not ON_POSTGRESQL, reason="a file of SQLite is read by every version")
@pytest.mark.django_db
def test_older_server_than_that_of_the_backup_is_refused(copied):
    told = Manifest.read(copied)
    told.database_version = "99.1"

    with pytest.raises(BackupError, match=r"is of PostgreSQL 99\.1"):
        databases.ours().check_target(told)


# Where no backup can be made


def nothing_is_left(parent):
    return [path.name for path in parent.iterdir() if path.name != LOCK] == []


@pytest.mark.parametrize("inside", ["DATA_DIR", "STATIC_ROOT"])
def test_backup_into_the_site_itself_is_refused(settings, inside):
    place = Path(getattr(settings, inside)) / "backups"

    with pytest.raises(BackupError, match="holds the site itself. Give a directory outside"):
        make_backup(place)

    assert not place.exists()


@pytest.mark.parametrize(
    ("place", "words"), [("file", "is a file"), ("none/none", "No such file"), ("/proc/x", "/proc")]
)
def test_place_that_cannot_be_written_is_named(tmp_path, place, words):
    (tmp_path / "file").touch()

    with pytest.raises(BackupError, match=words):
        make_backup(tmp_path / place)


def test_two_backups_into_one_place_are_not_made_at_once(tmp_path):
    with (tmp_path / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(BackupError, match="is at work. Wait for it"):
            make_backup(tmp_path)

    assert nothing_is_left(tmp_path)


def test_site_that_is_half_restored_is_not_backed_up(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"

    with marker.standing("summit-1"), pytest.raises(BackupError, match="half restored"):
        make_backup(tmp_path / "backups")


def test_backup_onto_a_full_disk_leaves_nothing(populated, tmp_path):
    words = populated.refused("backup", tmp_path, preexec_fn=with_little_room)

    assert "room on the disk" in words
    assert nothing_is_left(tmp_path)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (None, "pg_dump is not there. Install PostgreSQL's client, version"),
        ("echo 'pg_dump (PostgreSQL) 9.6.1'", "pg_dump is of PostgreSQL 9, and the server is"),
    ],
)
@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite needs no tools")
@pytest.mark.django_db(transaction=True)
def test_tool_that_is_missing_or_older_than_the_server_is_named(
    tmp_path, monkeypatch, script, words
):
    connection.ensure_connection()
    tools = tmp_path / "tools"
    tools.mkdir()
    if script:
        (tools / "pg_dump").write_text(f"#!/bin/sh\n{script}\n")
        (tools / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))

    with pytest.raises(BackupError, match=words):
        make_backup(tmp_path / "backups")

    assert nothing_is_left(tmp_path / "backups")


def test_keeping_none_is_refused(tmp_path):
    with pytest.raises(CommandError, match="from 1 on"):
        call_command("backup", str(tmp_path), "--keep=0")

    assert list(tmp_path.iterdir()) == []
