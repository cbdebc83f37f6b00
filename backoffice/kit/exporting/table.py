"""A list of the admin as a table: what it shows, filtered as it is, a row after the other."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, BinaryIO, ClassVar

from django.contrib.admin import ActionLocation, ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import FETCH_RAISE, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.kit.actions import ALL
from backoffice.kit.exporting.columns import Column
from summit.lib.i18n.languages import Words
from summit.lib.spreadsheets import Cell, Kind, csv_chunks, distinct, width, xlsx_file

# So many rows are in memory at a time.
CHUNK = 500
# The name of the action, by which a page knows it for one that only reads.
EXPORT_ROWS = "export_rows"
_NUMBER = Column.of(pgettext_lazy("column", "No."), lambda row: None, Kind.NUMBER, 5)


class Table(ABC):
    """Rows of a list as a file. ``name`` begins the names of files."""

    name: str

    @abstractmethod
    def header(self) -> list[str]:
        """Return the headings in the language that is active, no two of which are the same."""

    @abstractmethod
    def kinds(self) -> list[Kind]: ...

    @abstractmethod
    def contents(self) -> list[int]:
        """Return how many characters usually stand in a cell of each column."""

    @abstractmethod
    def cells(self, rows: QuerySet[Any], language: str) -> Generator[Sequence[Cell]]:
        """Yield a row for each of ``rows`` in a language, read by a cursor, in constant memory.

        One query, and those of what is prefetched for each 500 rows.
        """

    def csv(self, rows: Iterable[Sequence[Cell]]) -> Generator[bytes]:
        return csv_chunks(self.header(), rows)

    def xlsx(self, rows: Iterable[Sequence[Cell]], *, sheet: str) -> BinaryIO:
        """Return the rows of ``cells`` as an XLSX file. Raises ``TooManyRows``."""
        header, kinds = self.header(), self.kinds()
        widths = [
            width(title, kind, content=content)
            for title, kind, content in zip(header, kinds, self.contents(), strict=True)
        ]
        return xlsx_file(header, rows, kinds, widths=widths, sheet=sheet)

    def file_name(self, file_format: str) -> str:
        """Return ``experts-20261129-0740.xlsx``, the moment in the site's time zone."""
        return f"{self.name}-{timezone.localtime():%Y%m%d-%H%M}.{file_format}"


def _as_read(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


@dataclass(frozen=True)
class ExportList(Table):
    """How a list is exported: named among the ``actions`` of its page.

    The page has a button for the whole list, as its filters leave it, and an action for the
    rows that are ticked; both lead to ``ExportPage``. ``name`` begins the names of files.
    ``rows`` fetches what ``columns`` read: one that was forgotten raises ``FieldFetchBlocked``
    instead of costing a query for each row. ``is_numbered`` counts the rows in a first column.
    """

    name: str
    columns: Sequence[Column]
    rows: Callable[[QuerySet[Any]], QuerySet[Any]] = _as_read
    is_numbered: bool = False
    # The full name of the permission that a list of people asks for. Its page asks besides for
    # what and for whom the list is, which the audit trail keeps.
    permission: str = ""

    # What Django asks of the actions of a list.

    do_not_call_in_templates: ClassVar[bool] = True
    __name__ = EXPORT_ROWS
    short_description: ClassVar[Words] = _("Export the selected rows")
    locations: ClassVar[list[ActionLocation]] = [ActionLocation.CHANGE_LIST]
    allowed_permissions: ClassVar[list[str]] = ["view"]

    def __call__(
        self, model_admin: ModelAdmin, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse:
        """Lead from the list to the page that asks for the kind of file, the filters kept."""
        is_all = request.POST.get("select_across") == "1"
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        opts = model_admin.opts
        name = f"admin:{opts.app_label}_{opts.model_name}_export"
        url = reverse(name, args=[ALL if is_all else ",".join(ticked)])
        query = request.GET.urlencode()
        return HttpResponseRedirect(f"{url}?{query}" if query else url)

    # The table

    def header(self) -> list[str]:
        return distinct(str(column.label()) for column in self._columns())

    def kinds(self) -> list[Kind]:
        return [column.kind for column in self._columns()]

    def contents(self) -> list[int]:
        return [column.width for column in self._columns()]

    def cells(self, rows: QuerySet[Any], language: str) -> Generator[Sequence[Cell]]:
        found = self.rows(rows).fetch_mode(FETCH_RAISE).iterator(chunk_size=CHUNK)
        for number, batch in enumerate(batched(found, CHUNK)):
            # Not while the rows are on their way: others are answered meanwhile.
            with translation.override(language):
                made = list(self._made(batch, number * CHUNK + 1))
            yield from made

    def _columns(self) -> list[Column]:
        return [_NUMBER, *self.columns] if self.is_numbered else list(self.columns)

    def _made(self, rows: Sequence[Any], first: int) -> Iterator[tuple[Cell, ...]]:
        for number, row in enumerate(rows, first):
            cells = (_plain(column.cell(row)) for column in self.columns)
            yield (number, *cells) if self.is_numbered else tuple(cells)


def _plain(cell: Cell | Words) -> Cell:
    """Return a text as a mere string: what is lazy or knows its language is none to a file."""
    return str(cell) if isinstance(cell, str | Promise) else cell
