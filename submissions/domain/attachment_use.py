"""Which files of a submission go with the project that it became, as an organizer chooses."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events.models.scope import scope_of
from projects.models import Project
from submissions.domain import attachment
from submissions.models import Attachment, Submission
from summit.lib.database.history import write_as
from summit.lib.files import pictures

Use = Attachment.Use


class UseRefused(ValidationError):
    """The files cannot go with the project as it was chosen; nothing was changed."""


def use_files(submission: Submission, uses: Mapping[str, str], *, by: User) -> int:
    """Let files go with the project, by their codes, and return how many now do otherwise.

    A picture is copied into the project, which has one; a document stays with its submission, is
    shown on the project's page in the admin, and outlives the erasure of the person. "" keeps a
    file private again; a picture stays in the project until somebody removes it there.
    Raises ``UseRefused`` for two pictures, for what is no picture, before anything is accepted,
    for a project beyond somebody's limits, and for a picture that cannot be read. Reads the
    picture outside of the transaction.
    """
    rows = {row.code: row for row in submission.attachments.filter(code__in=uses)}
    changed = {
        code: use for code, use in uses.items() if code in rows and rows[code].used_as != use
    }
    if not changed:
        return 0
    chosen = [rows[code] for code, use in uses.items() if code in rows and use == Use.PICTURE]
    if len(chosen) > 1:
        raise UseRefused(_("A project has one picture. Choose one of the files."), code="pictures")
    if not all(row.is_picture for row in chosen):
        raise UseRefused(_("Only a JPEG or PNG can be the picture."), code="no_picture")
    is_new = bool(chosen) and chosen[0].code in changed
    picture = _read(chosen[0]) if is_new else None
    with transaction.atomic():
        stored = Submission.objects.locked().get(pk=submission.pk)
        project = _lock_project(stored, by)
        if picture is not None:
            write_as(project, by)
            project.picture = picture
            project.full_clean()
            project.save()
        for code, use in changed.items():
            if stored.erased_at and use != Use.DOCUMENT:
                # Nobody is left whose private file it could be.
                attachment.remove_all([stored.pk], code=code)
            else:
                stored.attachments.filter(code=code).update(used_as=use)
    return len(changed)


def _read(row: Attachment) -> ContentFile[bytes]:
    try:
        with row.file.open("rb") as stored:
            picture = ContentFile(stored.read(), row.download_name)
    except OSError as error:
        raise UseRefused(_("The picture cannot be read."), code="not_read") from error
    pictures.check(picture)
    return picture


def _lock_project(submission: Submission, by: User) -> Project:
    rows = Project.objects.select_for_update(no_key=True, of=("self",))
    project = rows.filter(pk=submission.project_id or 0).first()
    if project is None or submission.status not in Submission.ACCEPTED_STATES:
        raise UseRefused(_("Accept a value first, then choose the files."), code="not_accepted")
    if why := scope_of(Project).explain_read_only(by, project):
        raise UseRefused(why, code="beyond_limits")
    return project
