from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.limits import Person
from events.models.scope import Scope, readable, scoped
from submissions.fields import BY_KEY
from submissions.models.expert_proposal import ExpertProposal
from submissions.models.submission import Submission
from summit.lib.database.accounts import account_field


class _OfEither(Scope[QuerySet[Any]]):
    """Decisions about what somebody reads: submissions, or proposals of experts."""

    def readable(self, rows: QuerySet[Any], user: Person) -> QuerySet[Any]:
        submissions = readable(Submission.objects.order_by(), user).values("pk")
        proposals = readable(ExpertProposal.objects.order_by(), user).values("pk")
        return rows.filter(Q(submission__in=submissions) | Q(proposal__in=proposals))


@scoped(_OfEither())
class Decision(models.Model):
    """What a reviewer decided about one proposed value, and when. Never changed afterwards."""

    shown_on_public_pages = False

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("value", "accepted")
        EDITED = "edited", pgettext_lazy("value", "accepted with changes")
        REFUSED = "refused", pgettext_lazy("value", "not accepted")

    submission = models.ForeignKey(
        Submission,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("submission"),
    )
    proposal = models.ForeignKey(
        ExpertProposal,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("proposal"),
    )
    field = models.CharField(_("field"), max_length=40)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    old_value = models.JSONField(_("value before"), null=True, blank=True)
    proposed_value = models.JSONField(_("proposed value"), null=True, blank=True)
    accepted_value = models.JSONField(_("accepted value"), null=True, blank=True)
    by = account_field(_("decided by"))
    at = models.DateTimeField(_("decided at"), default=timezone.now)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        default_permissions = ("view",)
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["accepted", "edited", "refused"]),
                name="decision_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=Q(submission__isnull=False, proposal=None)
                | Q(submission=None, proposal__isnull=False),
                name="decision_is_about_one_row",
                violation_error_message=_("A decision is about a submission or a proposal."),
                violation_error_code="about_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission or self.proposal} · {self.label} · {self.get_outcome_display()}"

    @property
    def label(self) -> str:
        """The name of the field, and its key where the forms no longer have it."""
        known = BY_KEY.get(self.field)
        return str(known.label) if known else self.field
