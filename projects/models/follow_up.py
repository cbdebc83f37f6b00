import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from projects.models.intention import CooperationIntention
from summit.lib.personal_links import new_code


class FollowUpQuerySet(models.QuerySet):
    def done(self) -> Self:
        return self.filter(done_on__isnull=False)

    def due(self) -> Self:
        """Not done yet, of intentions that are still alive: signed, or converted to a contract."""
        return self.filter(done_on=None, intention__status__in=CooperationIntention.ALIVE)

    def overdue(self, today: dt.date | None = None) -> Self:
        return self.due().filter(due_on__lt=today or timezone.localdate())

    def upcoming(self, *, days: int = 30, today: dt.date | None = None) -> Self:
        """Due from today on, within so many days."""
        today = today or timezone.localdate()
        return self.due().filter(due_on__gte=today, due_on__lte=today + dt.timedelta(days=days))

    def of(self, user: AbstractBaseUser) -> Self:
        return self.filter(assigned_to=user)


class FollowUp(models.Model):
    """A dated look at a signed intention, and what it found."""

    shown_on_public_pages = False

    class Outcome(models.TextChoices):
        PROGRESSING = "progressing", _("progressing")
        KEEP_TALKING = "keep_talking", _("keep talking")
        STALLED = "stalled", _("stalled")
        NO_ANSWER = "no_answer", _("no answer")
        CONCLUDED = "concluded", _("concluded")

    intention = models.ForeignKey(
        CooperationIntention,
        on_delete=models.PROTECT,
        related_name="follow_ups",
        verbose_name=_("cooperation intention"),
    )
    due_on = models.DateField(_("due on"))
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("assigned to"),
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True)
    note = models.TextField(_("note"), blank=True)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )

    objects = FollowUpQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["done_on", "due_on"], name="follow_up_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None, outcome="") | (Q(done_on__isnull=False) & ~Q(outcome="")),
                name="follow_up_is_done_with_an_outcome",
                violation_error_message=_("A follow-up that is done has a day and an outcome."),
            ),
            models.CheckConstraint(
                condition=Q(
                    outcome__in=[
                        *("", "progressing", "keep_talking", "stalled", "no_answer", "concluded")
                    ]
                ),
                name="follow_up_outcome_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.intention.reference} · {self.due_on}"

    @property
    def is_done(self) -> bool:
        return self.done_on is not None

    @property
    def is_overdue(self) -> bool:
        """Whether it should have been done; reads the intention's status."""
        return (
            not self.is_done
            and self.intention.status in CooperationIntention.ALIVE
            and self.due_on < timezone.localdate()
        )


class FollowUpFeed(models.Model):
    """The private link under which somebody's calendar reads the follow-ups assigned to them."""

    shown_on_public_pages = False

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follow_up_feed"
    )
    code = models.CharField(max_length=40, unique=True, default=new_code)

    class Meta:
        verbose_name = _("calendar feed of follow-ups")
        verbose_name_plural = _("calendar feeds of follow-ups")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class FollowUpDigest(models.Model):
    """That somebody's digest of a week is queued, so that no week has two."""

    shown_on_public_pages = False

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # The Monday of the week.
    week_starts_on = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "week_starts_on"], name="digest_is_one_a_week")
        ]

    def __str__(self) -> str:
        return f"{self.week_starts_on}"
