"""What all rows have in common that hold proposed values beside a record, and are reviewed."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from summit.lib.database.states import Stateful
from summit.lib.i18n.languages import TAGS

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models.expressions import Combinable

    from submissions.fields import Field


def is_waiting(through: str = "") -> Q:
    """Return what holds of a row that waits for a decision: sent, and not erased since.

    ``through`` is the path from the rows that are filtered to it.
    """
    before = f"{through}__" if through else ""
    return Q(**{f"{before}status": "sent", f"{before}erased_at": None})


class ReviewedQuerySet[Row: "Reviewed"](models.QuerySet[Row]):
    def named(self) -> Self:
        """Those whose person has not been erased."""
        return self.filter(erased_at=None)

    def waiting(self) -> Self:
        return self.filter(is_waiting())

    def handed_in(self) -> Self:
        """Sent at some time, and neither taken back nor still to be sent."""
        return self.exclude(status__in=Reviewed.NOT_HANDED_IN)

    def locked(self) -> Self:
        """Lock the rows until the transaction ends: whoever writes one does it so."""
        return self.select_for_update(no_key=True, of=("self",))


class Reviewed(Stateful):
    """Values that somebody proposes beside a record, and how far their review has come.

    ``values`` has what is proposed by the keys of fields, and ``base`` what the record had of
    them: where staff changed it since, the three are compared. What is absent touches nothing.
    Every write adds to ``version``, by which two tabs and two reviewers find each other out.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("submission", "draft")
        SENT = "sent", pgettext_lazy("submission", "sent")
        RETURNED = "returned", pgettext_lazy("submission", "returned")
        ACCEPTED = "accepted", pgettext_lazy("submission", "accepted")
        PARTLY_ACCEPTED = "partly_accepted", pgettext_lazy("submission", "partly accepted")
        REFUSED = "refused", pgettext_lazy("submission", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("submission", "withdrawn")

    MOVES = {
        Status.DRAFT: (Status.SENT, Status.WITHDRAWN),
        Status.SENT: (
            *(Status.RETURNED, Status.REFUSED, Status.WITHDRAWN),
            *(Status.ACCEPTED, Status.PARTLY_ACCEPTED),
        ),
        Status.RETURNED: (Status.SENT, Status.WITHDRAWN),
        Status.PARTLY_ACCEPTED: (Status.ACCEPTED,),
        Status.REFUSED: (Status.RETURNED,),
        Status.WITHDRAWN: (Status.SENT,),
    }
    # What the person may write in.
    EDITABLE = (Status.DRAFT, Status.RETURNED, Status.WITHDRAWN)
    NOT_HANDED_IN = (Status.DRAFT, Status.WITHDRAWN)
    REVIEWABLE = (Status.SENT, Status.PARTLY_ACCEPTED)
    ACCEPTED_STATES = (Status.ACCEPTED, Status.PARTLY_ACCEPTED)
    # The field by which a decision refers to it.
    decided_as: ClassVar[str]
    # The field that rows have in common which are reviewed one after the other.
    reviewed_with: ClassVar[str]
    if TYPE_CHECKING:
        reviewer: "models.ForeignKey[User | Combinable | None, User | None]"

    values = models.JSONField(_("proposed values"), default=dict, blank=True)
    base = models.JSONField(_("values before"), default=dict, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.DRAFT
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, db_index=True)
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    # In the language of the row, as the person reads it.
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def reference(self) -> str:
        """The number by which it is spoken of, such as N00012."""
        raise NotImplementedError

    @property
    def record(self) -> Any:
        """What it proposes to change, as the targets of its fields read it; none of a new one."""
        raise NotImplementedError

    def known_fields(self) -> "list[Field]":
        """Return the fields of which it can have a value, in the order of their form."""
        raise NotImplementedError

    @property
    def proposed(self) -> "list[tuple[Field, Any]]":
        """What is proposed, in the order of the form."""
        return [
            (each, self.values[each.key]) for each in self.known_fields() if each.key in self.values
        ]

    @property
    def is_editable(self) -> bool:
        """Whether the person may write in it: also late, where it is kept as a draft."""
        return self.erased_at is None and self.status in self.EDITABLE

    @property
    def is_reviewable(self) -> bool:
        return self.erased_at is None and self.status in self.REVIEWABLE

    @property
    def tag(self) -> str:
        """The language as pages name it."""
        return TAGS[self.language]
