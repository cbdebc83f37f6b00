"""Where uploaded files lie: pictures and private files, on the disk or in a bucket."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import models

from ops.backup import manifest
from ops.backup.errors import BackupError
from ops.backup.manifest import Stored
from summit.lib.files.pictures import PictureFile
from summit.lib.files.private_files import WithoutAddress

# The folder in a backup, and which of settings.STORAGES it is a copy of.
FOLDERS = {"media": "default", "private": "private"}
# New files wait in the one, and what they replace in the other, inside of the place
# itself: it may be a mounted volume, which cannot be renamed.
NEW, OLD = ".restoring", ".replaced"
# A file system keeps this at the root of a volume, for itself.
NOT_OURS = {"lost+found"}


def names(storage: Storage, folder: str = "") -> Iterator[str]:
    """Every stored file, as the storage names it."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for each in sorted(set(folders) - NOT_OURS):
        yield from names(storage, str(PurePosixPath(folder, each)))
    for each in sorted(files):
        yield str(PurePosixPath(folder, each))


def named_by_rows(query: Callable[[str], list[tuple[Any, ...]]], tables: set[str]) -> set[str]:
    """Return the files that rows refer to, as paths within a backup."""
    named = set()
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.FileField) and model._meta.db_table in tables:
                folder = "private" if isinstance(field.storage, WithoutAddress) else "media"
                column, table = field.column, model._meta.db_table
                rows = query(f'SELECT "{column}" FROM "{table}" WHERE "{column}" <> \'\'')  # noqa: S608 - our own names
                for (name,) in rows:
                    named |= {f"{folder}/{each}" for each in _with_widths(field, name)}
    return named


def _with_widths(field: models.FileField, name: str) -> list[str]:
    """A picture is stored in several widths, of which the row names the largest."""
    file = field.attr_class(None, field, name)  # type: ignore[arg-type]  # names() needs no row
    return [name, *file.names().values()] if isinstance(file, PictureFile) else [name]


def copy_out(directory: Path) -> dict[str, Stored]:
    """Copy every stored file below ``directory``; return them by path within the backup.

    Those that go away while this runs are left out.
    """
    copied = {}
    for folder, alias in FOLDERS.items():
        storage = storages[alias]
        for name in names(storage):
            target = directory / folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with storage.open(name) as source:
                    copied[f"{folder}/{name}"] = manifest.copy(source, target)
            except FileNotFoundError:
                continue
    return copied


class Place:
    """One storage that is given the files of a backup, all at once."""

    def __init__(self, folder: str, storage: Storage) -> None:
        self.folder, self.storage = folder, storage

    def is_empty(self) -> bool:
        return next(names(self.storage), None) is None

    def begin(self) -> None:
        """Take away what is left of a restore that was cut off."""

    def stage(self, name: str, source: Path, stored: Stored) -> None:
        """Bring a file near; nothing that is there changes."""
        raise NotImplementedError

    def abandon(self) -> None:
        """Take away what was staged."""
        raise NotImplementedError

    def swap(self) -> None:
        """Put what was staged in the place of all that was there. Repeatable."""
        raise NotImplementedError


class OnDisk(Place):
    storage: FileSystemStorage

    def __init__(self, folder: str, storage: FileSystemStorage) -> None:
        super().__init__(folder, storage)
        self.root = Path(storage.location)

    def begin(self) -> None:
        for each in (self.root / NEW, self.root / OLD):
            if each.exists():
                shutil.rmtree(each)

    def stage(self, name: str, source: Path, stored: Stored) -> None:
        # Through the storage, which knows the modes of its files and folders.
        with source.open("rb") as file:
            self.storage.save(f"{NEW}/{name}", File(file))
        if manifest.measure(self.root / NEW / name) != stored:
            raise BackupError(f"{self.folder}/{name} is not what the backup holds: a disk fails.")

    def abandon(self) -> None:
        shutil.rmtree(self.root / NEW, ignore_errors=True)

    def swap(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        new, old = self.root / NEW, self.root / OLD
        old.mkdir(exist_ok=True)
        for each in self.root.iterdir():
            if each not in (new, old) and each.name not in NOT_OURS:
                each.rename(old / each.name)
        for each in new.iterdir() if new.is_dir() else ():
            each.rename(self.root / each.name)
        self.begin()


class InBucket(Place):
    """Nothing can be renamed there: new objects come first, what they replace goes last."""

    def __init__(self, folder: str, storage: Storage) -> None:
        super().__init__(folder, storage)
        self.kept: set[str] = set()
        self.added: list[str] = []

    def stage(self, name: str, source: Path, stored: Stored) -> None:
        self.kept.add(name)
        if self.storage.exists(name):
            # Names are never used twice for different content.
            if self.storage.size(name) == stored.size:
                return
            self.storage.delete(name)
        self.added.append(name)
        with source.open("rb") as file:
            self.storage.save(name, File(file))

    def abandon(self) -> None:
        for name in self.added:
            # What failed is told already. An object that stays is found by the next restore,
            # which then asks before it replaces anything.
            with suppress(OSError):
                self.storage.delete(name)

    def swap(self) -> None:
        for name in set(names(self.storage)) - self.kept:
            self.storage.delete(name)


def places() -> list[Place]:
    """Return the place of each folder of a backup."""
    return [_place(folder, storages[alias]) for folder, alias in FOLDERS.items()]


def _place(folder: str, storage: Storage) -> Place:
    if isinstance(storage, FileSystemStorage):
        return OnDisk(folder, storage)
    return InBucket(folder, storage)
