from functools import cached_property
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models import Expert
from events.models.scope import scoped
from submissions.expert_fields import ExpertRecord, fields_of_expert
from submissions.models.expert_link import ExpertLink
from submissions.models.reviewed import Reviewed, ReviewedQuerySet
from submissions.models.scope import OfExpert
from summit.lib.database.accounts import account_field
from summit.lib.files.private_files import private_storage, unguessable

if TYPE_CHECKING:
    from submissions.fields import Field

FOLDER = "portraits"


def unguessable_name(_proposal: "ExpertProposal | None" = None, _name: str = "") -> str:
    """Return a random name for a proposed portrait, in the private storage."""
    return unguessable(FOLDER)


class ExpertProposalQuerySet(ReviewedQuerySet["ExpertProposal"]):
    pass


@scoped(OfExpert())
class ExpertProposal(Reviewed):
    """What an expert proposes to correct of their own page, talks and projects, by their link.

    Its values go by the keys of ``submissions/expert_fields.py``. There is one at a time that is
    not decided; the next begins with the next change.
    """

    shown_on_public_pages = False
    decided_as = "proposal"
    reviewed_with = "expert"
    # What the expert or a reviewer may still go on with.
    OPEN = (*Reviewed.EDITABLE, Reviewed.Status.SENT)

    expert = models.ForeignKey(
        Expert, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("expert")
    )
    link = models.ForeignKey(
        ExpertLink,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("personal link"),
    )
    # As a process apart has encoded it; the public picture is another file.
    portrait = models.FileField(
        _("portrait"),
        storage=private_storage,
        upload_to=unguessable_name,
        max_length=200,
        blank=True,
        editable=False,
    )
    reviewer = account_field(_("reviewer"), related_name="proposals_reviewed")

    objects = ExpertProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal of an expert")
        verbose_name_plural = _("proposals of experts")
        default_permissions = ("view", "change")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        *("draft", "sent", "returned", "accepted"),
                        *("partly_accepted", "refused", "withdrawn"),
                    ]
                ),
                name="proposal_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"]) | Q(sent_at__isnull=False),
                name="proposal_was_sent_before_it_is_reviewed",
            ),
            models.UniqueConstraint(
                fields=["expert"],
                condition=Q(status__in=["draft", "returned", "withdrawn", "sent"], erased_at=None),
                name="expert_has_one_open_proposal",
                violation_error_message=_("This expert has an open proposal already."),
            ),
        ]

    def __str__(self) -> str:
        """Name nobody: logs and messages keep it."""
        return f"{self._meta.verbose_name} {self.reference}"

    @property
    def reference(self) -> str:
        return f"E{self.pk or 0:05d}"

    @cached_property
    def record(self) -> ExpertRecord:
        """What there is of the expert. Three queries the first time."""
        return ExpertRecord.of(self.expert)

    def known_fields(self) -> "list[Field]":
        return fields_of_expert(self.record)
