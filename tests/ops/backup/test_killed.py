"""Whatever is killed, and wherever, says so and can be run again."""

import os
import shutil
import signal
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ops.backup.errors import BackupError
from ops.backup.manifest import Manifest
from ops.backup.verify import verify
from tests.ops.backup.site import ON_POSTGRESQL, Site


def wait_for(happened, process):
    until = time.monotonic() + 120
    while not happened():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.002)


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)


# Backup


@pytest.fixture
def beside(populated, tmp_path):
    """The populated site with pictures of its own, among which one can be put that blocks."""
    site = Site(populated.name, tmp_path)
    shutil.copytree(populated.data, site.data)
    return site


def test_backup_that_is_killed_says_so_and_the_next_one_removes_it(beside, tmp_path):
    parent = tmp_path / "backups"
    # A pipe that nobody writes: whoever copies it waits.
    pipe = beside.data / "media" / "pictures" / "pipe.webp"
    os.mkfifo(pipe)
    process = beside.start("backup", parent)
    wait_for(lambda: any(parent.glob("*.partial/media/pictures/*")), process)
    kill(process)
    [partial] = parent.glob("summit-*")

    with pytest.raises(BackupError, match="incomplete"):
        verify(partial)
    said = (partial / "INCOMPLETE").read_text()
    pipe.unlink()
    beside.manage("backup", parent)
    [whole] = parent.glob("summit-*")

    assert partial.name.endswith(".partial")
    assert "cannot be restored" in said
    assert verify(whole).missing == []


def test_only_the_newest_backups_are_kept_and_nothing_else_is_touched(populated, tmp_path):
    for name in ("summit-20200101T000000Z", "summit-20200102T000000Z", "summit-mine", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").touch()
        (tmp_path / name / "manifest.json.sha256").touch()
    (tmp_path / "summit-20200103T000000Z").mkdir()

    populated.manage("backup", tmp_path, "--keep", "2")

    left = sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith("."))
    newest = left.pop(-2)
    assert left == ["other", "summit-20200102T000000Z", "summit-20200103T000000Z", "summit-mine"]
    assert verify(tmp_path / newest).rows


def test_file_that_is_not_there_is_told(beside, tmp_path):
    lost = next(path for path in (beside.data / "private").rglob("*") if path.is_file())
    lost.unlink()

    said = beside.manage("backup", tmp_path / "backups")

    [whole] = (tmp_path / "backups").glob("summit-*")
    name = str(lost.relative_to(beside.data))
    assert Manifest.read(whole).missing == [name]
    assert "1 files that the database names were not there to be copied" in said
    assert name in said


# Restore


@contextmanager
def database_held(site):
    """Let nobody write to the database, as soon as this is entered."""
    with closing(site.connect()) as holder:
        holder.execute("BEGIN IMMEDIATE" if not ON_POSTGRESQL else "LOCK TABLE held")
        yield


def make_something_to_hold(site):
    with closing(site.connect()) as connection:
        if not ON_POSTGRESQL:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE held (id integer)")
        connection.commit()


def repeated(site, backup):
    """Run the restore again and say whether the site is then what the backup holds."""
    said = site.manage("restore", backup.path)
    rows = Manifest.read(backup.path).rows
    after = {name: count for name, count in site.rows().items() if name.startswith("projects_")}
    kept = {path for path in Manifest.read(backup.path).files if "/" in path}
    assert "Restored" in said
    assert after == {name: count for name, count in rows.items() if name.startswith("projects_")}
    assert set(site.files()) == kept
    assert not (site.data / "restoring").exists()
    assert list(site.data.rglob("*.restoring")) == list(site.data.rglob(".re*")) == []


def test_restore_that_is_killed_while_files_wait_can_be_repeated(empty, backup):
    make_something_to_hold(empty)
    process = empty.start("restore", backup.path)
    wait_for((empty.data / "media" / ".restoring").exists, process)
    kill(process)

    assert (empty.data / "restoring").read_text() == f"{backup.path.name}\n"
    assert empty.rows() == {"held": 0}
    assert not [name for name in empty.files() if not name.startswith("media/.restoring/")]
    repeated(empty, backup)


def test_restore_that_is_killed_within_the_transaction_can_be_repeated(empty, backup):
    make_something_to_hold(empty)
    process = empty.start("restore", backup.path)
    wait_for((empty.data / "media" / ".restoring").exists, process)
    with database_held(empty):
        # All files wait by now, and the database is asked for.
        wait_for(lambda: (empty.data / "private" / ".restoring").exists(), process)
        time.sleep(1)
        assert process.poll() is None
        kill(process)

    assert (empty.data / "restoring").exists()
    assert empty.rows() == {"held": 0}
    repeated(empty, backup)


def test_restore_that_is_killed_after_the_transaction_can_be_repeated(empty, backup):
    process = empty.start("restore", backup.path)
    wait_for((empty.data / "media" / "pictures").exists, process)
    kill(process)

    assert (empty.data / "restoring").exists()
    assert empty.rows()["auth_user"] > 0
    refused = empty.refused("backup", Path(empty.directory) / "backups")
    assert "half restored" in refused
    repeated(empty, backup)
