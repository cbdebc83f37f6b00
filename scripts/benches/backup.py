"""Backup and restore of a site with 100,000 registrations, beside the bare tools of its database.

Every command runs in a process of its own, as an operator runs it. The backup is put
back in the place of what is there, which is the slower way.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

type Call = Callable[[], object]

# Over the bare tools there are the start of Django, counts, checksums and migrate. Of
# PostgreSQL: to copy a file of SQLite takes a second, beside which these are much.
RATIO_AIM = 3
ROOT = Path(__file__).resolve().parent.parent.parent
BARE_RESTORE = ("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction")


def run() -> bool:
    from django.db import connection

    from scripts.benches.export import PEOPLE, crowd

    print(f"\nBackup and restore of {PEOPLE} registrations on {connection.vendor}")
    if connection.vendor == "postgresql" and shutil.which("pg_dump") is None:
        print("  left out: no pg_dump on the path")
        return True
    crowd()
    with tempfile.TemporaryDirectory(prefix="summit-bench-backup-") as directory:
        return _measured(Path(directory))


def _measured(directory: Path) -> bool:
    from django.db import connection

    from ops.backup.manifest import Manifest
    from ops.backup.restore import database_name

    is_postgresql = connection.vendor == "postgresql"
    dump, put_back = _bare_postgresql(directory) if is_postgresql else _bare_sqlite(directory)
    # Nobody else may be connected while a backup is put back.
    connection.close()
    bare, made = _seconds(dump), _seconds(lambda: _manage("backup", directory))
    [backup] = directory.glob("summit-*")
    told = Manifest.read(backup)
    print(
        f"  backup  {_beside(made, bare)}, {told.size / 1e6:.0f} MB, {sum(told.rows.values())} rows"
    )
    read = _seconds(lambda: _manage("verify_backup", backup))
    bare = _seconds(put_back)
    restored = _seconds(lambda: _manage("restore", backup, "--yes-replace", database_name()))
    print(f"  verify  {read:6.1f} s")
    print(f"  restore {_beside(restored, bare)}")
    return True


def _beside(seconds: float, bare: float) -> str:
    from django.db import connection

    verdict = "PASS" if seconds <= RATIO_AIM * bare else "MISS"
    aim = f" (aim {RATIO_AIM}: {verdict})" if connection.vendor == "postgresql" else ""
    return f"{seconds:6.1f} s, {seconds / bare:4.1f} × {bare:.1f} s of the bare tool{aim}"


def _bare_postgresql(directory: Path) -> tuple[Call, Call]:
    url, dump = os.environ["DATABASE_URL"], str(directory / "bare.dump")

    def call(*command: str) -> None:
        subprocess.run(command, check=True)

    return (
        lambda: call("pg_dump", "--format=custom", f"--file={dump}", url),
        lambda: call(*BARE_RESTORE, f"--dbname={url}", dump),
    )


def _bare_sqlite(directory: Path) -> tuple[Call, Call]:
    """Copy the database by its online backup, there and back."""
    from django.db import connection

    live, copy = connection.settings_dict["NAME"], directory / "bare.sqlite3"

    def call(source: str | Path, target: str | Path) -> None:
        with (
            closing(sqlite3.connect(source)) as opened,
            closing(sqlite3.connect(target)) as written,
        ):
            opened.backup(written)

    return lambda: call(live, copy), lambda: call(copy, live)


def _manage(*command: object) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *map(str, command)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _seconds(call: Call) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
