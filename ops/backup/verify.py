"""Reading a backup through, and whether this code can take it."""

from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from ops.backup import databases, manifest
from ops.backup.errors import BackupError
from ops.backup.manifest import CHECKSUM, NAME, Manifest

# More would scroll the first away.
MOST_TOLD = 10


def verify(directory: Path) -> Manifest:
    """Return the manifest of a backup that is whole and readable; raise ``BackupError``.

    Reads every byte once, and changes nothing. The dump is read by the database's own
    tools, which have to be there.
    """
    told = Manifest.read(directory)
    problems = _problems(directory, told)
    if problems:
        more = f"\n  and {len(problems) - MOST_TOLD} more" if len(problems) > MOST_TOLD else ""
        listed = "\n  ".join(problems[:MOST_TOLD])
        raise BackupError(
            f"{directory} is damaged. Take another copy of it, or an earlier one:\n  {listed}{more}"
        )
    database = databases.by_vendor(told.vendor)
    database.check(directory / database.file)
    return told


def _problems(directory: Path, told: Manifest) -> list[str]:
    paths = {
        str(path.relative_to(directory)): path
        for path in sorted(directory.rglob("*"))
        if path.is_symlink() or not path.is_dir()
    }
    found = {name: path for name, path in paths.items() if name not in (NAME, CHECKSUM)}
    problems = [f"{name} is missing" for name in sorted(told.files.keys() - found.keys())]
    problems += [f"{name} does not belong to it" for name in sorted(found.keys() - told.files)]
    for name in sorted(told.files.keys() & found.keys()):
        if found[name].is_symlink() or manifest.measure(found[name]) != told.files[name]:
            problems.append(f"{name} is not what it was")
    return problems


def check_fits(told: Manifest) -> list[tuple[str, str]]:
    """Return the migrations of this code that the backup has not seen.

    Raises ``BackupError`` for another kind of database, and for a backup that is newer
    than this code. Migrations of apps that this code has no more do not matter.
    """
    if told.vendor != connection.vendor:
        raise BackupError(
            f"The backup is of {told.vendor}, and this site is on {connection.vendor}. A backup "
            "goes back into the same kind of database: set DATABASE_URL to one."
        )
    known = set(MigrationLoader(None).disk_migrations)
    apps = {app for app, _name in known}
    newer = [each for each in told.migrations if each[0] in apps and each not in known]
    if newer:
        commit = f", commit {told.software['commit']}" if told.software.get("commit") else ""
        raise BackupError(
            f"The backup is newer than this code, which has no migration {'.'.join(newer[0])}. "
            f"Install the version that made it ({told.software.get('summit')}{commit}) or a newer "
            "one, then restore."
        )
    return sorted(known - set(told.migrations))
