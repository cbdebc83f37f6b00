"""Documents of what was signed: attached, withdrawn, and every download on record."""

import logging
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from projects.audited import Action
from projects.models import CooperationIntention, Document, DocumentDownload
from projects.models.document import unguessable_name
from summit.lib.database.sqlite import empty_write_ahead_log
from summit.lib.files import file_types, private_files
from summit.lib.files.private_files import private_storage

log = logging.getLogger(__name__)

NOT_SIGNED = _("Documents can be attached to signed intentions only. Sign this one first.")
WITHDRAWN = _("This document is withdrawn already.")


class DocumentRefused(ValidationError):
    """This document cannot be attached or withdrawn."""


def examine(uploaded: "File[Any]") -> file_types.Examined:
    """Return what the file is, or refuse it as ``attach`` does. Takes twelve seconds at worst."""
    return file_types.examine(uploaded, most_bytes=settings.DOCUMENT_MAX_BYTES)


def attach(
    intention: CooperationIntention,
    uploaded: "File[Any]",
    *,
    title: str,
    by: User,
    examined: file_types.Examined | None = None,
) -> Document:
    """Attach a scan or PDF of what was signed, whatever has come of it since.

    The bytes are stored as they came, with whatever they say of the camera or the
    program that made them: a signed scan must stay what it is. What the file is,
    its content alone tells; its name is kept as text. Raises ``ValidationError``
    for a file that ``file_types.examine`` refuses, for one that is attached
    already and for a missing title, and ``DocumentRefused`` for what is not signed
    and where the file cannot be stored. A refusal leaves neither row nor file.

    ``examined`` is what ``examine`` said of this very file, where that was asked before.
    Neither that nor storing the file, which may be far away, happens in the transaction
    of its row: nobody waits for them. Should a transaction around this one fail, the
    file stays behind without a row until ``sweep``.
    """
    examined = examined or examine(uploaded)
    storage, name = private_storage(), unguessable_name()
    try:
        _store(storage, name, uploaded)
        with transaction.atomic():
            # One at a time for each intention, so that the same file is not attached twice.
            intention.refresh_from_db(
                from_queryset=CooperationIntention.objects.select_for_update(no_key=True)
            )
            if not intention.was_signed or intention.is_voided:
                raise DocumentRefused(NOT_SIGNED, code="not_signed")
            document = Document(
                intention=intention,
                title=" ".join(title.split()),
                file=name,
                original_name=file_types.plain_name(uploaded.name or ""),
                content_type=examined.content_type,
                size=examined.size,
                sha256=examined.sha256,
                uploaded_by=by,
            )
            document.full_clean()
            document.save(force_insert=True)
    except (InterfaceError, OperationalError):
        # Nobody can say whether that was committed; if not, ``sweep`` finds the file.
        raise
    except BaseException:
        private_files.remove(storage, name)
        raise
    return document


def _store(storage: Storage, name: str, uploaded: "File[Any]") -> None:
    try:
        stored = storage.save(name, uploaded)
    except OSError as error:
        log.exception("A document could not be stored")
        raise DocumentRefused(
            _(
                "The file could not be stored, and nothing was attached. Try again later; if "
                "that does not help, contact the system administrator."
            ),
            code="not_stored",
        ) from error
    if stored != name:
        raise RuntimeError(f"{name} was stored as {stored}")


def withdraw(document: Document, *, reason: str, by: User) -> Document:
    """Take back a document that was attached by mistake.

    Its file is deleted for good, and so is the name that it came with; the row
    stays with title, size and SHA-256 and says who withdrew it, when and why, and
    so do its downloads. The same file can be attached again. Raises
    ``DocumentRefused`` without a reason or with an endless one, and where it is withdrawn already.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise DocumentRefused(_("Enter the reason for the withdrawal."), code="no_reason")
    if len(reason) > 300:
        raise DocumentRefused(_("Use at most 300 characters."), code="too_long")
    name = document.file.name or ""
    with transaction.atomic():
        changed = Document.objects.kept().filter(pk=document.pk)
        if not changed.update(
            file="",
            original_name="",
            withdrawn_at=timezone.now(),
            withdrawn_by=by,
            withdrawal_reason=reason,
        ):
            raise DocumentRefused(WITHDRAWN, code="withdrawn")
        # Only then: a file without a row can be swept away, a row without its file cannot.
        transaction.on_commit(partial(private_files.remove, private_storage(), name))
        transaction.on_commit(empty_write_ahead_log)
    document.refresh_from_db()
    return document


@transaction.atomic
def record_download(
    document: Document,
    *,
    by: User,
    was_refused: bool = False,
    file_was_missing: bool = False,
    request: HttpRequest | None = None,
) -> DocumentDownload:
    """Put on record that somebody asked for a document, and whether it was given."""
    trail.record(
        Action.DOCUMENT_REFUSED if was_refused else Action.DOCUMENT_DOWNLOADED,
        by=by,
        request=request,
        subject=f"document · {document.code}",
        intention=document.intention.reference,
        file_was_missing=file_was_missing or None,
    )
    return DocumentDownload.objects.create(
        document=document,
        user=by,
        user_name=by.get_username(),
        was_refused=was_refused,
        file_was_missing=file_was_missing,
    )


def sweep() -> int:
    """Delete the stored files that no document names, and return how many.

    A crash between storing a file and its row, or between withdrawing a row and
    deleting its file, leaves one behind. Those of the last day are let be.
    """
    named = set(Document.objects.exclude(file="").values_list("file", flat=True))
    return private_files.sweep("documents", named)
