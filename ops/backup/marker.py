"""The marker that stands while a backup is put back, and when that was cut off."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ops.backup.errors import BackupError
from summit.lib.process.restoring import marker as path
from summit.lib.process.restoring import restoring


@dataclass
class Marker:
    # False where it was left by a restore that was cut off.
    is_new: bool
    # Whether anything of the site may have been replaced under it.
    has_begun: bool = False


@contextmanager
def standing(backup: str) -> Iterator[Marker]:
    """Put up the marker, on the disk before anything else happens, and take it down at the end.

    After an error it stays up where something ``has_begun``, now or under the restore
    that left it behind. The process that holds it has a lock on it, which ends with the
    process. Raises ``BackupError`` where another one is at work.
    """
    path().parent.mkdir(parents=True, exist_ok=True)
    is_new = not restoring()
    with path().open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError("Another restore is at work. Wait until it has ended.") from error
        file.write(f"{backup}\n")
        file.flush()
        os.fsync(file.fileno())
        marker = Marker(is_new)
        try:
            yield marker
        except BaseException:
            if marker.is_new and not marker.has_begun:
                path().unlink()
            raise
        path().unlink()
