"""What is left of interests that were erased: numbers, and which intentions they led to."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Event, Expert
from projects.models import CooperationIntention, Project


class InterestCount(models.Model):
    """How many interests of a month were erased, and how far they had come.

    Several rows may stand for the same: a report adds them up.
    """

    shown_on_public_pages = False

    month = models.DateField(_("month"))
    event = models.ForeignKey(
        Event, on_delete=models.SET_NULL, null=True, related_name="interest_counts"
    )
    project = models.ForeignKey(
        Project, on_delete=models.SET_NULL, null=True, related_name="interest_counts"
    )
    expert = models.ForeignKey(
        Expert, on_delete=models.SET_NULL, null=True, related_name="interest_counts"
    )
    received = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    passed_on = models.PositiveIntegerField(default=0)
    meetings = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("count of expressions of interest")
        verbose_name_plural = _("counts of expressions of interest")
        ordering = ["month", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.received}"


class FromInterest(models.Model):
    """That an intention was drafted from an interest: it outlives the interest."""

    shown_on_public_pages = False

    intention = models.OneToOneField(
        CooperationIntention, on_delete=models.CASCADE, related_name="from_interest"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("intention from an expression of interest")
        verbose_name_plural = _("intentions from expressions of interest")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.intention_id}"
