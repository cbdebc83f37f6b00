"""Files of events: checked, stored, replaced, and swept where no row names them any more."""

import logging
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from events.models import EventFile
from events.models.event_file import FOLDER, unguessable_name
from summit.lib.database.history import write_as
from summit.lib.files import file_types, private_files
from summit.lib.files.private_files import private_storage

log = logging.getLogger(__name__)

NOT_STORED = _(
    "The file could not be stored, and nothing was saved. Try again later; if that does not "
    "help, contact the system administrator."
)


def examine(uploaded: "File[Any]") -> file_types.Examined:
    """Return what the file is, or raise ``ValidationError`` with what to do instead.

    Takes twelve seconds at worst. What came of it stays with the upload, so that a form which
    is within a transaction need not ask again.
    """
    found = getattr(uploaded, "examined", None)
    if found is None:
        try:
            found = file_types.examine(
                uploaded, most_bytes=settings.DOCUMENT_MAX_BYTES, takes_office=True
            )
        except ValidationError as refusal:
            found = refusal
        uploaded.examined = found  # type: ignore[attr-defined]  # it goes with its upload
    if isinstance(found, ValidationError):
        raise found
    return found


def save(row: EventFile, uploaded: "File[Any] | None", *, by: User | None) -> EventFile:
    """Save a file of an event, with new bytes where there are any; those before are deleted.

    Raises ``ValidationError`` for a file that ``examine`` refuses, for one that cannot be
    stored, and for what is wrong with the row. A refusal leaves neither row nor file.
    """
    # What a form has put into the row is not stored yet.
    stored = EventFile.objects.filter(pk=row.pk).values_list("file", flat=True)
    before = stored.first() if row.pk else None
    if uploaded is not None:
        examined = examine(uploaded)
        row.content_type, row.size, row.sha256 = (
            examined.content_type,
            examined.size,
            examined.sha256,
        )
        row.uploaded_by = by
        row.file = _store(uploaded)
    try:
        with transaction.atomic():
            if by is not None:
                write_as(row, by)
            row.full_clean()
            row.save()
    except (InterfaceError, OperationalError):
        # Nobody can say whether that was committed; if not, ``sweep`` finds the file.
        raise
    except BaseException:
        if uploaded is not None:
            private_files.remove(private_storage(), row.file.name or "")
        raise
    if uploaded is not None and before:
        transaction.on_commit(partial(private_files.remove, private_storage(), before))
    return row


def delete(row: EventFile) -> None:
    """Delete a file of an event with its bytes."""
    name = row.file.name or ""
    with transaction.atomic():
        row.delete()
        # Only then: a file without a row can be swept away, a row without its file cannot.
        transaction.on_commit(partial(private_files.remove, private_storage(), name))


def sweep() -> int:
    """Delete the stored files of events that no row names, and return how many.

    They are left behind by a crash, and where an event is deleted with all that it has.
    """
    named = set(EventFile.objects.values_list("file", flat=True))
    return private_files.sweep(FOLDER, named)


def _store(uploaded: "File[Any]") -> str:
    name = unguessable_name()
    try:
        return private_storage().save(name, uploaded)
    except OSError as error:
        log.exception("A file of an event could not be stored")
        raise ValidationError(NOT_STORED, code="not_stored") from error
