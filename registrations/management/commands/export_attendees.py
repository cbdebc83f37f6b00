import argparse
import contextlib
import datetime as dt
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from events.models import Event
from registrations.domain import export_record
from registrations.exports.attendee_file import record
from registrations.exports.attendees import (
    DEFAULT_COLUMNS,
    FILE_FORMATS,
    HEADERS,
    ORDERS,
    AttendeeList,
    Column,
    Manner,
    chosen,
    matching,
)
from registrations.forms.attendee_export import ORGANIZER, REASONS
from registrations.models import ColumnSet, ExportRecord, Registration, SeparateConsent
from summit.lib.i18n.bilingual import in_both
from summit.lib.i18n.languages import CONTENT_LANGUAGES
from summit.lib.process import machine


class Command(BaseCommand):
    help = "Exports the attendees of an event, as CSV or XLSX. Every export is recorded."

    def add_arguments(self, parser: CommandParser) -> None:
        choose: dict[str, Any] = {"action": "append", "default": []}
        parser.add_argument("event", metavar="EVENT_SLUG", help="the last part of its address")
        parser.add_argument("--format", choices=FILE_FORMATS, required=True, dest="file_format")
        parser.add_argument(
            "--output",
            required=True,
            metavar="FILE",
            help="where to; a directory for a name with event and time, - for standard output",
        )
        parser.add_argument("--columns", metavar="NAME", help="the name of a column set")
        parser.add_argument("--status", choices=Registration.Status.values, **choose)
        parser.add_argument("--category", choices=Registration.Category.values, **choose)
        parser.add_argument("--language", choices=CONTENT_LANGUAGES, **choose)
        parser.add_argument("--checked-in", choices=["yes", "no"])
        parser.add_argument(
            "--registered-since", type=_day, metavar="YYYY-MM-DD", help="in the event's time zone"
        )
        parser.add_argument(
            "--headers",
            choices=HEADERS,
            default="labels",
            help="labels and words in a language, or names and values for machines",
        )
        parser.add_argument(
            "--for",
            required=True,
            metavar="WHO",
            dest="audience",
            help="organizer: for the organizer's own work, everybody; otherwise the recipient, or "
            "the number or kind of the separate consent without which nobody is on the list",
        )
        parser.add_argument("--purpose", default="", help="what the list is needed for")
        parser.add_argument("--recipient", default="", help="who gets the list")
        parser.add_argument("--order", choices=ORDERS, default="name")
        parser.add_argument(
            "--in", choices=CONTENT_LANGUAGES, default="en", dest="words", help="language of labels"
        )

    def handle(self, *, event: str, file_format: str, output: str, **options: Any) -> None:
        found = Event.objects.filter(slug=event).first()
        if found is None:
            raise CommandError(f"There is no event “{event}”. Give the last part of its address.")
        filters = {
            "statuses": options["status"],
            "categories": options["category"],
            "checked_in": {"yes": True, "no": False, None: None}[options["checked_in"]],
            "languages": options["language"],
            "registered_since": options["registered_since"],
        }
        manner: Manner = {
            "headers": options["headers"],
            "language": options["words"],
            "order": options["order"],
        }
        reasons = {name: options[name] for name in REASONS}
        to = _recipient(found, options["audience"])
        columns = self._columns(found, options["columns"], to)
        if any(each.is_sensitive for each in columns):
            _check_sensitive(to, reasons["purpose"])
        attendees = AttendeeList(found, matching(found, **filters), columns, **manner, to=to)
        if output != "-" and Path(output).is_dir():
            output = str(Path(output) / attendees.file_name(file_format))
        with _opened(output) as file:
            made = record(
                attendees,
                by=None,
                user_name=machine.os_user(),
                source=ExportRecord.Source.SHELL,
                file_format=file_format,
                file_name=Path(output).name,
                filters={**filters, "column_set": options["columns"]},
                reasons=reasons,
            )
            _write(attendees, file_format, made, file)
        # Not among the rows, where those go to standard output.
        told = self.stderr if output == "-" else self.stdout
        place = "on standard output" if output == "-" else f"in {output}"
        told.write(f"{made.rows} attendees of {found.slug} {place}", lambda text: text)
        if left_out := made.filters.get("left_out"):
            told.write(f"{left_out} left out: not agreed or not verified", lambda text: text)

    def _columns(self, event: Event, name: str | None, to: SeparateConsent | None) -> list[Column]:
        column_set = _column_set(name) if name else None
        if column_set and column_set.is_for_others and to is None:
            raise CommandError(
                f"“{column_set}” is a column set for lists for others. Give --for a recipient."
            )
        columns, gone = chosen(event, column_set.columns if column_set else DEFAULT_COLUMNS)
        if gone:
            self.stderr.write(
                f"Left out, since this event has no such column (any more): {', '.join(gone)}"
            )
        if not columns:
            raise CommandError("No column is left to export. Choose another column set.")
        return columns


def _day(text: str) -> dt.date:
    with contextlib.suppress(ValueError):
        day = dt.date.fromisoformat(text)
        # The first days of all have no moment in every zone.
        if day.year >= 1970:
            return day
    raise argparse.ArgumentTypeError(f"“{text}” is not a day such as 2026-11-22.")


def _recipient(event: Event, audience: str) -> SeparateConsent | None:
    """Return what a list for others needs, by its number, its kind or the recipient's name."""
    if audience == ORGANIZER:
        return None
    asked = list(SeparateConsent.objects.filter(settings__event=event))
    found = [
        each
        for each in asked
        if audience and audience in (str(each.pk), each.kind, *in_both(each, "recipient").values())
    ]
    if len(found) == 1:
        return found[0]
    known = "; ".join(f"{each.pk}: {each.name}" for each in asked) or "none"
    said = "names several" if found else "names none"
    raise CommandError(
        f"--for “{audience}” {said} of the separate consents of {event.slug}. There are: {known}."
    )


def _check_sensitive(to: SeparateConsent | None, purpose: str) -> None:
    if to is None and not purpose:
        raise CommandError("A list with sensitive answers needs --purpose.")
    if to is not None and not to.may_hold_sensitive:
        raise CommandError(
            "Only a list for the organizer or for a named recipient holds sensitive answers."
        )


def _column_set(name: str) -> ColumnSet:
    """Return the shared set of this name, or else the only private one."""
    found = list(ColumnSet.objects.filter(name=name).select_related("owner"))
    shared = [each for each in found if each.is_shared]
    if len(shared or found) == 1:
        return (shared or found)[0]
    if found:
        owners = ", ".join(each.owner.get_username() for each in found)
        raise CommandError(
            f"Several people have a column set “{name}”: {owners}. Share one of them, or rename it."
        )
    names = sorted(set(ColumnSet.objects.values_list("name", flat=True)))
    known = f"There are: {', '.join(names)}." if names else "There is none yet."
    raise CommandError(f"There is no column set “{name}”. {known}")


def _write(attendees: AttendeeList, file_format: str, made: ExportRecord, file: BinaryIO) -> None:
    rows = export_record.counted(made, attendees.rows())
    try:
        for piece in attendees.content(file_format, rows):
            file.write(piece)
        file.flush()
    except BaseException as error:
        # The last row may have been made, and the file all the same not be whole.
        rows.close()
        export_record.interrupt(made)
        if isinstance(error, ValidationError):
            raise CommandError(error.messages[0]) from error
        raise


@contextlib.contextmanager
def _opened(output: str) -> Iterator[BinaryIO]:
    """Give a file that takes the place of ``output`` when all went well, for its owner alone.

    Where it did not, nothing is left and what stood there stays.
    """
    try:
        if output == "-":
            yield sys.stdout.buffer
            return
        path = Path(output)
        if path.exists() and not path.is_file():
            raise CommandError(f"{output} is not a file that can be replaced.")
        # Made for its owner alone, and never open to others before.
        number, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(number, "wb") as file:
                yield file
                os.fsync(file.fileno())
            Path(beside).replace(path)
        except BaseException:
            Path(beside).unlink()
            raise
    except OSError as error:
        where = "to standard output" if output == "-" else output
        if isinstance(error, BrokenPipeError):
            # Python would try once more at its end, and complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        reason = error.strerror or type(error).__name__
        raise CommandError(f"Could not write {where}: {reason}.") from error
