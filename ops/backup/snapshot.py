"""What the tools of each kind of database do for a backup."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ops.backup.manifest import Manifest


@dataclass(frozen=True)
class Snapshot:
    """The database of one moment, which its dump holds too."""

    # Asks that moment.
    query: Callable[[str], list[tuple[Any, ...]]]
    version: str
    tables: list[str]

    def rows(self) -> dict[str, int]:
        """Return the number of rows of each table, which reads all of them."""
        counts = {}
        for table in self.tables:
            [(counts[table],)] = self.query(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - our own tables
        return counts


class Database(Protocol):
    vendor: str
    # The name of the dump within a backup.
    file: str

    def dump(self, directory: Path) -> AbstractContextManager[Snapshot]:
        """Write the dump, and give the moment that it shows, for as long as this is open."""

    def check(self, dump: Path) -> None:
        """Raise ``BackupError`` where the dump cannot be read."""

    def check_target(self, manifest: Manifest) -> None:
        """Raise ``BackupError`` where a backup cannot be put back here and now."""

    def restore(self, dump: Path, manifest: Manifest, afterwards: Iterable[str]) -> None:
        """Replace everything in one transaction, ``afterwards`` included.

        Raises ``BackupError`` where that failed and nothing was changed, also where the
        rows are not those of the manifest, and ``HalfRestored`` where nobody can tell.
        """
