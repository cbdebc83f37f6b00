"""Rows as the file that their import reads again without a difference."""

from collections.abc import Generator, Iterable, Sequence
from itertools import batched
from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.utils import translation

from backoffice.kit.exporting.table import CHUNK, Table
from backoffice.kit.importing.resource import SheetResource
from summit.lib.spreadsheets import Cell, Kind, read_as_typed
from summit.lib.spreadsheets.table import close


class ForImport(Table):
    """The table of a resource, with the columns and the words that its import knows."""

    def __init__(self, name: str, resource: SheetResource) -> None:
        self.name, self.resource = name, resource

    def header(self) -> list[str]:
        return self.resource.header()

    def kinds(self) -> list[Kind]:
        return self.resource.kinds()

    def contents(self) -> list[int]:
        return [20] * len(self.resource.written())

    def xlsx(self, rows: Iterable[Sequence[Cell]], *, sheet: str) -> BinaryIO:
        return super().xlsx(_read_as_typed(rows), sheet=sheet)

    def cells(self, rows: QuerySet[Any], language: str) -> Generator[Sequence[Cell]]:
        read = rows.prefetch_related(*self.resource.related).iterator(chunk_size=CHUNK)
        for batch in batched(read, CHUNK):
            # Not while the rows are on their way: others are answered meanwhile.
            with translation.override(language):
                made = [self.resource.cells(row) for row in batch]
            yield from made


def _read_as_typed(rows: Iterable[Sequence[Cell]]) -> Generator[Sequence[Cell]]:
    try:
        for row in rows:
            yield [
                read_as_typed(cell, begins_line=not place) if isinstance(cell, str) else cell
                for place, cell in enumerate(row)
            ]
    finally:
        close(rows)
