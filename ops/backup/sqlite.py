"""SQLite: copied and put back by its online backup, beside readers and writers."""

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from ops.backup.errors import BackupError
from ops.backup.manifest import Manifest
from ops.backup.snapshot import Snapshot

# How long to wait, in tries of a quarter of a second, for others who write just now.
TRIES = 120
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


class SQLite:
    vendor = "sqlite"
    file = "database.sqlite3"

    @contextmanager
    def dump(self, directory: Path) -> Iterator[Snapshot]:
        connection.ensure_connection()
        with closing(sqlite3.connect(directory / self.file)) as copied:
            (directory / self.file).chmod(0o600)
            _copy(connection.connection, copied)
            # One file and nothing beside it.
            copied.execute("PRAGMA journal_mode = DELETE")
            yield Snapshot(_query(copied), sqlite3.sqlite_version, _tables(copied))

    def check(self, dump: Path) -> None:
        try:
            with closing(_read_only(dump)) as opened:
                [(answer,), *_rest] = opened.execute("PRAGMA integrity_check").fetchall()
        except sqlite3.DatabaseError as error:
            answer = str(error)
        if answer != "ok":
            raise BackupError(f"{dump}: SQLite cannot read it: {answer}.")

    def check_target(self, manifest: Manifest) -> None:
        """There is nothing to refuse: readers see the change, and writers wait for it."""

    def restore(self, dump: Path, manifest: Manifest, afterwards: Iterable[str]) -> None:
        """Prepare a copy beside the live database, then copy it into that in one transaction.

        Into, not over: a process that has the live file open would go on in the old one.
        """
        live = Path(connection.settings_dict["NAME"])
        connection.close()
        # Under one name, so that what a restore that was killed left there goes.
        beside = live.with_name(f"{live.name}.restoring")
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700)
        try:
            with (
                closing(_read_only(dump)) as source,
                closing(sqlite3.connect(beside / self.file)) as prepared,
                closing(sqlite3.connect(live)) as target,
            ):
                _copy(source, prepared)
                _check_rows(prepared, manifest)
                for statement in afterwards:
                    prepared.execute(statement)
                prepared.commit()
                _copy(prepared, target)
        except sqlite3.Error as error:
            raise BackupError(f"SQLite took nothing of the backup: {error}.") from error
        finally:
            shutil.rmtree(beside)


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    tries = 0

    def still_waiting(status: int, _remaining: int, _total: int) -> None:
        nonlocal tries
        tries += status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        if tries > TRIES:
            raise BackupError(
                "The database is being written without a pause. Stop what writes, and try again."
            )

    try:
        # All pages in one step: another process that writes in between would make it begin anew.
        source.backup(target, pages=-1, progress=still_waiting)
    except sqlite3.Error as error:
        raise BackupError(
            f"SQLite could not copy the database: {error}. Is there room on the disk?"
        ) from error


def _query(opened: sqlite3.Connection) -> Callable[[str], list[tuple[Any, ...]]]:
    return lambda sql: opened.execute(sql).fetchall()


def _tables(opened: sqlite3.Connection) -> list[str]:
    return sorted(name for (name,) in opened.execute(TABLES))


def _check_rows(prepared: sqlite3.Connection, manifest: Manifest) -> None:
    if Snapshot(_query(prepared), "", _tables(prepared)).rows() != manifest.rows:
        raise BackupError("The dump has not the rows that the manifest tells. Take another backup.")
