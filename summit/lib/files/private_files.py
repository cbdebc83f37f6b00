"""Files that have no address: only a view that asks who wants them gives them out."""

import datetime as dt
import logging
import secrets
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils import timezone

log = logging.getLogger(__name__)

# Longer than any upload takes: until then a file may be waiting for its row.
STRAY_AFTER = dt.timedelta(days=1)


class WithoutAddress:
    """A storage that hands out no links, signed ones neither."""

    def url(self, name: str | None, *args: object, **kwargs: object) -> str:
        raise ValueError("A private file has no address.")


class PrivateFileSystemStorage(WithoutAddress, FileSystemStorage):
    """On the disk of the server, readable by its own user alone.

    Where a proxy gives the files out (``X_ACCEL_PREFIX``) it has to read them:
    ``group_may_read`` lets those in who are in the group of the server's user.
    """

    def __init__(self, location: str, *, group_may_read: bool = False) -> None:
        files, folders = (0o640, 0o750) if group_may_read else (0o600, 0o700)
        super().__init__(
            location=location, file_permissions_mode=files, directory_permissions_mode=folders
        )


def private_storage() -> Storage:
    """Where they lie: never under a public address. ``PRIVATE_STORAGE_URL`` chooses it."""
    return storages["private"]


def unguessable(folder: str) -> str:
    """Return a random name in a folder."""
    name = secrets.token_hex(20)
    return f"{folder}/{name[:2]}/{name}"


def remove(storage: Storage, name: str) -> bool:
    """Delete the file, where it is there. One that cannot be deleted is left to ``sweep``."""
    try:
        storage.delete(name)
    except OSError:
        log.exception("A stored file could not be deleted: %s", name)
        return False
    return True


def sweep(folder: str, named: Collection[str]) -> int:
    """Delete the files of a folder that no row names, and return how many.

    Those of the last day are let be.
    """
    storage, swept = private_storage(), 0
    for name in _stored(storage, folder):
        is_old = storage.get_modified_time(name) < timezone.now() - STRAY_AFTER
        if name not in named and is_old and remove(storage, name):
            swept += 1
    return swept


def _stored(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for each in folders:
        yield from _stored(storage, str(PurePosixPath(folder, each)))
    for each in files:
        yield str(PurePosixPath(folder, each))
