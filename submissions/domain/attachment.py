"""Files of a submission: checked, stored within the limits, removed, swept."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from submissions.domain.upload import UploadRefused, remove_after_commit, storing
from submissions.models import Attachment, Call, Submission
from submissions.models.attachment import FOLDER, unguessable_name
from submissions.models.upload import WEBP
from summit.lib.files import file_probe, file_types, pictures, private_files

# Of one submission.
MOST_FILES = 20
_MEGABYTE = 1024 * 1024


class AttachmentRefused(UploadRefused):
    """This file cannot be added to a submission or removed from it now."""


@dataclass(frozen=True)
class Space:
    """How many bytes the files of a call take, of how many that it allows."""

    used: int
    allowed: int

    @property
    def free(self) -> int:
        return max(0, self.allowed - self.used)


@dataclass(frozen=True)
class _Checked:
    """What is stored of an upload."""

    content: "File[Any]"
    content_type: str
    size: int
    sha256: str


def space_of(call: Call) -> Space:
    """Return how much of the space for attachments of a call is used. One query."""
    used = Attachment.objects.filter(submission__call=call).total_size()
    return Space(used, call.attachment_quota_mb * _MEGABYTE)


def may_upload(submission: Submission) -> bool:
    """Whether the person may add files: the contact is proven, and it takes some."""
    return submission.proven_at is not None and submission.takes_files


def attach(submission: Submission, uploaded: "File[Any]", *, caption: str = "") -> Attachment:
    """Add one file to a submission whose contact is proven.

    A JPEG or PNG is encoded anew, as all pictures are, and leaves behind what the camera wrote;
    all else is kept as it came. Raises ``AttachmentRefused`` where nothing may be added, and past
    the limits of the submission and of its call; and ``ValidationError`` for a file that is
    attached already, or that ``file_types.examine`` or ``pictures.check`` refuses. A refusal
    leaves neither row nor file.

    Takes twelve seconds at worst. The file is checked and stored before the transaction of its
    row, which locks the submission and the call: two at once cannot pass a limit together.
    """
    # Nobody knows yet how small a picture will be.
    _refuse_where_full(submission, 0 if _is_picture(uploaded) else uploaded.size)
    checked = _check(uploaded)
    with storing(checked.content, unguessable_name()) as name, transaction.atomic():
        stored = _lock(submission)
        # Whoever else adds a file to this call waits here, and counts this one.
        stored.call = Call.objects.select_for_update(no_key=True).get(pk=stored.call_id)
        _refuse_where_full(stored, checked.size)
        attachment = Attachment(
            submission=stored,
            file=name,
            name=file_types.plain_name(uploaded.name or "") or gettext("file"),
            caption=" ".join(caption.split()),
            content_type=checked.content_type,
            size=checked.size,
            sha256=checked.sha256,
        )
        attachment.full_clean()
        attachment.save(force_insert=True)
        _note_saved(stored)
    return attachment


@transaction.atomic
def remove(submission: Submission, code: str) -> Attachment | None:
    """Delete a file of a submission for good, and return its row; nothing where it is gone.

    Raises ``AttachmentRefused`` where the submission cannot be changed now.
    """
    stored = _lock(submission)
    attachment = stored.attachments.filter(code=code).first()
    if attachment is not None:
        remove_all([stored.pk], code=code)
        _note_saved(stored)
    return attachment


def remove_all(submissions: Iterable[int], **which: Any) -> int:
    """Delete the files of submissions, by their keys, and return how many. Two queries.

    Within a transaction: the bytes go once that is committed.
    """
    rows = Attachment.objects.filter(submission__in=list(submissions), **which)
    names = list(rows.values_list("file", flat=True))
    if names:
        rows.delete()
        remove_after_commit(names)
    return len(names)


def remove_private(submissions: Iterable[int]) -> None:
    """Delete the files of erased people.

    Documents that go with a project lose their names and captions.
    """
    keys = list(submissions)
    remove_all(keys, used_as__in=["", Attachment.Use.PICTURE])
    for kept in Attachment.objects.filter(submission__in=keys).select_related("submission__call"):
        kept.name, kept.caption = kept.submission.reference + kept.ending, ""
        kept.save(update_fields=["name", "caption"])


@transaction.atomic
def remove_left_behind() -> int:
    """Delete the documents of erased people whose project is gone; return how many."""
    gone = Submission.objects.filter(erased_at__isnull=False, project=None)
    return remove_all(gone.filter(attachments__isnull=False).values_list("pk", flat=True))


def sweep() -> int:
    """Delete the stored files that no attachment names, and return how many."""
    named = set(Attachment.objects.values_list("file", flat=True))
    return private_files.sweep(FOLDER, named)


_NOT_EDITABLE = _(
    "This has been reviewed or the call has closed in the meantime, so that its files cannot be "
    "changed."
)


def _lock(submission: Submission) -> Submission:
    """Return the submission, locked. Raises ``AttachmentRefused`` where it cannot be changed."""
    stored = Submission.objects.locked().filter(pk=submission.pk).first()
    if stored is None or not stored.takes_files:
        raise AttachmentRefused(_NOT_EDITABLE, code="not_editable")
    return stored


def _refuse_where_full(submission: Submission, size: int) -> None:
    """Raise ``AttachmentRefused`` where a file of that size has no place. Three queries."""
    if submission.proven_at is None:
        raise AttachmentRefused(
            _(
                "Open the link in our e-mail first, so that we know that the address is yours, or "
                "ask the organizer to confirm your number."
            ),
            code="not_proven",
        )
    if not submission.takes_files:
        raise AttachmentRefused(_NOT_EDITABLE, code="not_editable")
    if submission.attachments.count() >= MOST_FILES:
        raise AttachmentRefused(
            _("A submission has at most %(count)s files. Remove one first."),
            code="too_many",
            params={"count": MOST_FILES},
        )
    most = settings.ATTACHMENTS_MAX_BYTES
    if (free := most - submission.attachments.all().total_size()) < size:
        raise AttachmentRefused(
            _(
                "The files of a submission have at most %(limit)s together, and %(free)s are left. "
                "Remove a file, or save this one smaller."
            ),
            code="submission_full",
            params={"limit": filesizeformat(most), "free": filesizeformat(max(0, free))},
        )
    if space_of(submission.call).free < size:
        raise AttachmentRefused(
            _(
                "This call has no space left for a file of this size. Send your texts without it, "
                "and tell the organizer."
            ),
            code="call_full",
        )


def _check(uploaded: "File[Any]") -> _Checked:
    if not _is_picture(uploaded):
        examined = file_types.examine(
            uploaded, most_bytes=settings.DOCUMENT_MAX_BYTES, takes_office=True
        )
        return _Checked(uploaded, examined.content_type, examined.size, examined.sha256)
    found = pictures.check(uploaded)
    largest = found.encoded[found.size[0]]
    digest = hashlib.sha256(largest).hexdigest()
    return _Checked(ContentFile(largest), WEBP, len(largest), digest)


def _is_picture(uploaded: "File[Any]") -> bool:
    """Whether it begins as a JPEG or PNG does; its parser tells whether that is true."""
    uploaded.seek(0)
    start = uploaded.read(len(file_probe.PNG))
    uploaded.seek(0)
    return start.startswith((file_probe.JPEG, file_probe.PNG))


def _note_saved(submission: Submission) -> None:
    """Count from now how long it is kept. What is typed in another window stays its version."""
    submission.saved_at = timezone.now()
    submission.save(update_fields=["saved_at"])
