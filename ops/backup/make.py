"""Making a backup: all of it, or nothing under a final name."""

import datetime as dt
import fcntl
import os
import platform
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import transaction

from audit import trail
from audit.models import AuditEntry
from ops.audited import Action
from ops.backup import databases, manifest, places
from ops.backup.errors import BackupError, of_the_system
from ops.backup.manifest import CHECKSUM, INCOMPLETE, NAME, PARTIAL, Manifest
from summit.lib.process.restoring import restoring

LOCK = ".summit-backup.lock"
NAMED = re.compile(r"summit-\d{8}T\d{6}Z")
_INCOMPLETE = (
    "This backup is not whole: it is being made or removed just now, or that was cut off.\n"
    "It cannot be restored. The next run of manage.py backup removes it.\n"
)


def make_backup(parent: Path, *, keep: int | None = None) -> tuple[Path, Manifest]:
    """Write a backup into a directory of its own below ``parent``; return it.

    ``parent`` is made where it is missing. The database comes first and the files after
    it: a file is stored before its row is committed, so that those of all rows are there.
    With ``keep`` only so many of the newest backups stay. Raises ``BackupError``, and
    then leaves nothing. One that is killed leaves a directory whose name ends with
    ``.partial``, which the next one in the same place removes.
    """
    _check_place(parent)
    try:
        parent.mkdir(mode=0o700, exist_ok=True)
        with _alone(parent):
            _sweep(parent)
            made = _whole(parent)
            if keep is not None:
                _forget(parent, keep)
            return made
    except OSError as error:
        raise of_the_system(error, parent) from error


def _check_place(parent: Path) -> None:
    if restoring():
        raise BackupError(
            "This site is half restored. Run manage.py restore to its end before a backup."
        )
    if parent.exists() and not parent.is_dir():
        raise BackupError(f"{parent} is a file. Give a directory.")
    roots = [settings.DATA_DIR, settings.STATIC_ROOT, settings.BASE_DIR / "static"]
    roots += [Path(each.location) for each in _on_disk()]
    for root in roots:
        if parent.resolve().is_relative_to(Path(root).resolve()):
            raise BackupError(
                f"{parent} lies in {root}, which holds the site itself. Give a directory "
                "outside, best on another disk."
            )


def _on_disk() -> list[FileSystemStorage]:
    used = [storages[alias] for alias in places.FOLDERS.values()]
    return [storage for storage in used if isinstance(storage, FileSystemStorage)]


@contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """Hold a lock on the place, which ends with the process."""
    with (parent / LOCK).open("w") as file:
        (parent / LOCK).chmod(0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(f"Another backup into {parent} is at work. Wait for it.") from error
        yield


def _sweep(parent: Path) -> None:
    """Remove what a backup that was killed has left. Only while nobody else makes one here."""
    for each in parent.iterdir():
        if NAMED.fullmatch(each.name.removesuffix(PARTIAL)) and each.name.endswith(PARTIAL):
            shutil.rmtree(each)


def _whole(parent: Path) -> tuple[Path, Manifest]:
    started = dt.datetime.now(dt.UTC)
    final = parent / f"summit-{started:%Y%m%dT%H%M%SZ}"
    if final.exists():
        raise BackupError(f"{final} is there already. Try again in a second.")
    partial = parent / f"{final.name}{PARTIAL}"
    partial.mkdir(mode=0o700)
    try:
        (partial / INCOMPLETE).write_text(_INCOMPLETE, encoding="utf-8")
        told = _fill(partial, started)
        _finish(partial, final, told)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return final, told


def _fill(partial: Path, started: dt.datetime) -> Manifest:
    database = databases.ours()
    with database.dump(partial) as snapshot:
        migrations = snapshot.query("SELECT app, name FROM django_migrations ORDER BY id")
        told = Manifest(
            software=_software(),
            vendor=database.vendor,
            database_version=snapshot.version,
            migrations=[(app, name) for app, name in migrations],
            rows=snapshot.rows(),
            started_at=started.isoformat(),
        )
        named = places.named_by_rows(snapshot.query, set(snapshot.tables))
    told.files[database.file] = manifest.measure(partial / database.file)
    told.files |= places.copy_out(partial)
    told.missing = sorted(named - told.files.keys())
    told.finished_at = dt.datetime.now(dt.UTC).isoformat()
    told.write(partial)
    return told


def _finish(partial: Path, final: Path, told: Manifest) -> None:
    """Bring everything onto the disk, then give it its name, and put that on record."""
    for directory, folders, files in partial.walk(top_down=False):
        for each in files:
            (directory / each).chmod(0o600)
            _sync(directory / each)
        for each in folders:
            (directory / each).chmod(0o700)
            _sync(directory / each)
    (partial / INCOMPLETE).unlink()
    _sync(partial)
    with transaction.atomic():
        _record(final, told)
        partial.rename(final)
        _sync(final.parent)


def _record(final: Path, told: Manifest) -> None:
    # A backup before an update is made by either code, so that the table may be missing yet.
    if AuditEntry._meta.db_table in told.rows:
        trail.record(
            Action.BACKED_UP,
            subject=f"backup · {final.name}",
            rows=sum(told.rows.values()),
            files=len(told.files),
            bytes=told.size,
            missing=len(told.missing),
        )


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _forget(parent: Path, keep: int) -> None:
    """Remove all complete backups but the newest."""
    whole = sorted(each for each in parent.iterdir() if NAMED.fullmatch(each.name))
    whole = [each for each in whole if (each / NAME).is_file() and (each / CHECKSUM).is_file()]
    for each in whole[:-keep]:
        # Under its final name it is whole until this moment.
        going = each.rename(parent / f"{each.name}{PARTIAL}")
        (going / INCOMPLETE).write_text(_INCOMPLETE, encoding="utf-8")
        shutil.rmtree(going)


def _software() -> dict[str, str]:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return {
        "summit": project["project"]["version"],
        "commit": _commit(),
        "django": django.get_version(),
        "python": platform.python_version(),
    }


def _commit() -> str:
    """Return the commit of the code where git and its directory are there, or nothing."""
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            ["git", "-C", str(settings.BASE_DIR), "rev-parse", "HEAD"],  # noqa: S607 - from PATH
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
