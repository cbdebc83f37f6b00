"""The rows of a list of attendees: read by a cursor, in constant memory, some at a time."""

import datetime as dt
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import BinaryIO, Literal, TypedDict

from django.utils import timezone, translation
from django.utils.translation import gettext

from events.models import Event
from registrations.exports.attendees.columns import Column
from registrations.exports.attendees.reading import CHUNK, Reader
from registrations.models import Registration, SeparateConsent
from registrations.models.registration_queryset import RegistrationQuerySet
from summit.lib.spreadsheets import Cell, csv_chunks, distinct, width, xlsx_file

FILE_FORMATS = ("csv", "xlsx")
# Labels in the language of the export, or names and values for machines.
HEADERS = ("labels", "names")
ORDERS = ("name", "registered")


class Manner(TypedDict):
    """How a list is written, as ``AttendeeList`` takes it."""

    headers: Literal["labels", "names"]
    language: str
    order: Literal["name", "registered"]


def matching(
    event: Event,
    *,
    statuses: Collection[str] = (),
    categories: Collection[str] = (),
    checked_in: bool | None = None,
    languages: Collection[str] = (),
    registered_since: dt.date | None = None,
) -> RegistrationQuerySet:
    """Return the event's registrations that are of each kind given; nothing given is no filter.

    ``registered_since`` is a day in the event's zone. Erased people, who have
    no name any more, are left out.
    """
    found = Registration.objects.filter(event=event, erased_at=None)
    for name, values in (("status", statuses), ("category", categories), ("language", languages)):
        if values:
            found = found.filter(**{f"{name}__in": list(values)})
    if checked_in is not None:
        found = found.arrived() if checked_in else found.not_arrived()
    if registered_since:
        midnight = dt.datetime.combine(registered_since, dt.time(), event.zone)
        found = found.filter(registered_at__gte=midnight)
    return found


@dataclass(frozen=True)
class AttendeeList:
    """``registrations`` of one event, filtered; erased ones among them are left out.

    In the order of their names, Chinese ones by pinyin, or of registration. A list that leaves
    for what people agree to separately, such as for a recipient, is ``to`` that, and holds those
    alone who agree to it at the moment at which it is read.
    """

    event: Event
    registrations: RegistrationQuerySet
    columns: list[Column]
    headers: Literal["labels", "names"] = "labels"
    language: str = "en"
    order: Literal["name", "registered"] = "name"
    to: SeparateConsent | None = None

    def header(self) -> list[str]:
        """Return the names of the columns, or their labels, no two of which are the same."""
        if self.headers == "names":
            return [column.name for column in self.columns]
        with translation.override(self.language):
            return distinct(str(column.label) for column in self.columns)

    def count(self) -> int:
        """Return how many people are on it now."""
        return self._people().count()

    def left_out(self) -> int:
        """Return how many it does without: not agreed or not verified. At most one query."""
        if self.to is None:
            return 0
        return self._kept().exclude(pk__in=self._people().order_by().values("pk")).count()

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Yield a row for each person: text, numbers, and moments on the event's wall clock.

        One query, however many rows, columns and questions, and one more each where
        arrivals are read and attendance of sessions is counted; constant memory. The
        list is as it was at one moment. Outside of a transaction whoever reads slowly holds
        up nobody.
        """
        in_words = self.headers == "labels"
        reader = Reader(self.event, self.columns, language=self.language, in_words=in_words)
        for batch in batched(reader.rows(self._ordered()), CHUNK):
            yield from reader.cells(batch)

    def _ordered(self) -> RegistrationQuerySet:
        found = self._people()
        return (
            found.order_by("registered_at", "pk") if self.order == "registered" else found.by_name()
        )

    def _people(self) -> RegistrationQuerySet:
        return self._kept().agreeing_to(self.to) if self.to else self._kept()

    def _kept(self) -> RegistrationQuerySet:
        return self.registrations.filter(erased_at=None)

    def file_name(self, file_format: str) -> str:
        """Return ``attendees-<event>-<day and time in its zone>.<format>``."""
        now = timezone.localtime(timezone=self.event.zone)
        return f"attendees-{self.event.slug}-{now:%Y%m%d-%H%M}.{file_format}"

    def content(self, file_format: str, rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
        """Yield the file in pieces, of ``rows()`` that may have been passed through something.

        An XLSX file is made as a whole before its first piece. Raises ``TooManyRows``.
        """
        if file_format == "csv":
            yield from self.csv(rows)
            return
        with self.xlsx(rows) as file:
            while piece := file.read(65_536):
                yield piece

    def csv(self, rows: Iterable[Sequence[Cell]] | None = None) -> Generator[bytes]:
        """Yield the list as CSV. ``rows`` are those of ``rows()``, passed through something."""
        return csv_chunks(self.header(), self.rows() if rows is None else rows)

    def xlsx(self, rows: Iterable[Sequence[Cell]] | None = None) -> BinaryIO:
        """Return the list as an XLSX file. Raises ``TooManyRows``."""
        header = self.header()
        kinds = [column.kind for column in self.columns]
        with translation.override(self.language):
            return xlsx_file(
                header,
                self.rows() if rows is None else rows,
                kinds,
                widths=[
                    width(title, column.kind, content=column.width)
                    for title, column in zip(header, self.columns, strict=True)
                ],
                sheet=gettext("Attendees"),
            )
