from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models import EventFile, Session
from events.models.scope import scoped
from submissions.models.expert_proposal import ExpertProposal
from submissions.models.scope import OfExpert
from submissions.models.upload import Upload, UploadQuerySet
from summit.lib.files.file_types import FileType
from summit.lib.files.private_files import private_storage, unguessable

FOLDER = "slides"
# What slides are shown from anywhere.
TYPES = (FileType.PDF, FileType.PPTX)


def unguessable_name(_slides: "Slides | None" = None, _name: str = "") -> str:
    return unguessable(FOLDER)


class SlidesQuerySet(UploadQuerySet["Slides"]):
    pass


@scoped(OfExpert("proposal__expert"))
class Slides(Upload):
    """The slides of a talk that an expert proposes by the personal link.

    Written and removed by ``submissions/domain/slides.py`` alone. What a reviewer accepts is
    copied into a file of the event, which is ``accepted_as``.
    """

    shown_on_public_pages = False

    proposal = models.ForeignKey(
        ExpertProposal,
        # A row that went with its proposal would leave its file behind.
        on_delete=models.PROTECT,
        related_name="slides",
        verbose_name=_("proposal of an expert"),
    )
    # They outlive the session, so that nothing that was sent is lost.
    session = models.ForeignKey(
        Session,
        on_delete=models.SET_NULL,
        null=True,
        related_name="proposed_slides",
        verbose_name=_("session"),
    )
    file = models.FileField(
        _("file"), storage=private_storage, upload_to=unguessable_name, max_length=200
    )
    accepted_as = models.ForeignKey(
        EventFile,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("file of the event"),
    )

    objects = SlidesQuerySet.as_manager()

    class Meta:
        verbose_name = _("slides of an expert")
        verbose_name_plural = _("slides of experts")
        # Who reviews a proposal gets its files.
        default_permissions = ()
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "session"],
                name="talk_has_one_file_of_slides_in_a_proposal",
                violation_error_message=_("There are slides of this talk already."),
                violation_error_code="slides_already",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="slides_have_content"),
            models.CheckConstraint(
                condition=Q(content_type__in=[each.value for each in TYPES]),
                name="slides_are_pdf_or_pptx",
            ),
        ]
