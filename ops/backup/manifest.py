"""What a backup says of itself: ``manifest.json``, with a checksum of its own beside it."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Self

from django.core.files.base import File

from ops.backup.errors import BackupError

FORMAT = 1
NAME = "manifest.json"
# As sha256sum writes it, so that `sha256sum --check` reads it too.
CHECKSUM = "manifest.json.sha256"
# Stands in a backup until it is whole, or from where its removal began.
INCOMPLETE = "INCOMPLETE"
PARTIAL = ".partial"
PIECE = 2**20


@dataclass(frozen=True)
class Stored:
    """A file as it was when it was copied."""

    size: int
    sha256: str


@dataclass
class Manifest:
    # Version and commit of the product, versions of Django and Python.
    software: dict[str, str]
    vendor: str
    database_version: str
    migrations: list[tuple[str, str]]
    # The number of rows by table, of the same moment as the dump.
    rows: dict[str, int]
    started_at: str
    finished_at: str = ""
    # By path within the backup.
    files: dict[str, Stored] = field(default_factory=dict)
    # Those that rows name and that were not there to be copied.
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def size(self) -> int:
        return sum(stored.size for stored in self.files.values())

    def write(self, directory: Path) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (directory / NAME).write_text(text, encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        (directory / CHECKSUM).write_text(f"{digest}  {NAME}\n", encoding="utf-8")

    @classmethod
    def read(cls, directory: Path) -> Self:
        """Return the manifest of a complete backup; raise ``BackupError`` for anything else."""
        if not directory.is_dir():
            raise BackupError(f"{directory} is not a directory. Give the one of a backup.")
        if directory.name.endswith(PARTIAL) or (directory / INCOMPLETE).exists():
            raise BackupError(
                f"{directory} is incomplete: the backup was cut off. Take an earlier one."
            )
        try:
            text = (directory / NAME).read_bytes()
            expected = (directory / CHECKSUM).read_text(encoding="utf-8").split()
        except FileNotFoundError as error:
            raise BackupError(
                f"{directory} is no backup: {Path(error.filename).name} is missing. Give a "
                "directory that manage.py backup has made, such as summit-20261122T020000Z."
            ) from error
        if expected[:1] != [hashlib.sha256(text).hexdigest()]:
            raise BackupError(f"{directory}: {NAME} is damaged. Take another copy of this backup.")
        told = json.loads(text)
        if told.get("format") != FORMAT:
            raise BackupError(
                f"{directory} has format {told.get('format')}, and this version of Summit reads "
                f"{FORMAT}. Use the version that made it."
            )
        told["files"] = {path: Stored(**stored) for path, stored in told["files"].items()}
        told["migrations"] = [(app, name) for app, name in told["migrations"]]
        return cls(**told)


def copy(source: "BinaryIO | File[Any]", target: Path) -> Stored:
    """Copy into a new file for its owner alone, and return what was copied."""
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as file:
        target.chmod(0o600)
        while piece := source.read(PIECE):
            digest.update(piece)
            size += file.write(piece)
    return Stored(size, digest.hexdigest())


def measure(path: Path) -> Stored:
    """Read a file through, and return its size and checksum."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return Stored(file.tell(), digest.hexdigest())
