from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.scope import scoped
from projects.models import Project
from submissions.models.scope import OfEventOrSeries
from submissions.models.submission import Submission
from submissions.models.upload import WEBP, Upload, UploadQuerySet
from summit.lib.files.private_files import private_storage, unguessable

FOLDER = "attachments"


def unguessable_name(attachment: "Attachment | None" = None, filename: str = "") -> str:
    return unguessable(FOLDER)


class AttachmentQuerySet(UploadQuerySet["Attachment"]):
    def of_project(self, project: Project) -> Self:
        """The documents that organizers have let go with a project."""
        used = self.filter(submission__project=project, used_as=Attachment.Use.DOCUMENT)
        return used.select_related("submission__call")


@scoped(OfEventOrSeries("submission__call"))
class Attachment(Upload):
    """A file that somebody adds to a submission. The person and its reviewers get it, nobody else.

    Written and removed by ``submissions/domain/attachment.py`` alone, with its bytes in the
    private storage.
    """

    shown_on_public_pages = False

    class Use(models.TextChoices):
        """What an organizer has made of it; "" keeps it private to its submission."""

        PICTURE = "picture", _("picture of the project")
        DOCUMENT = "document", _("document of the project")

    submission = models.ForeignKey(
        Submission,
        # A row that went with its submission would leave its file behind.
        on_delete=models.PROTECT,
        related_name="attachments",
        verbose_name=_("submission"),
    )
    file = models.FileField(
        _("file"), storage=private_storage, upload_to=unguessable_name, max_length=200
    )
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    used_as = models.CharField(
        _("goes with the project"), max_length=10, choices=Use.choices, blank=True, db_default=""
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        # Who reviews a submission gets its files.
        default_permissions = ()
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "sha256"],
                name="file_is_attached_to_a_submission_once",
                violation_error_message=_("This file is attached already."),
                violation_error_code="attached_already",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_has_content"),
            models.CheckConstraint(
                condition=Q(used_as__in=["", "picture", "document"]),
                name="attachment_use_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(used_as="picture") | Q(content_type=WEBP),
                name="attachment_used_as_a_picture_is_one",
            ),
        ]
