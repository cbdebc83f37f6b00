import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords
from simple_history.utils import get_history_manager_for_model

from events.models.organizer_scope import within_limits_of
from events.models.scope import OfEvent, scope_of_event_rows, scoped
from projects.models.intention import CooperationIntention
from summit.lib.database.accounts import account_field, staff_with
from summit.lib.given import given
from summit.lib.i18n.bilingual import Text, pick
from summit.lib.web.signed_links import new_code

MAY_SEE = "projects.view_followup"
# To be done still: of what is signed, or converted to a contract. The rest of those that are
# not done is no longer needed.
DUE = Q(done_on=None, intention__status__in=CooperationIntention.ALIVE)
VOID = Q(done_on=None) & ~Q(intention__status__in=CooperationIntention.ALIVE)


def may_see_follow_ups(user: User) -> bool:
    """Whether somebody is staff still, and may read them. Two queries where it is asked first."""
    return user.is_active and user.is_staff and user.has_perm(MAY_SEE)


def who_may_see_follow_ups() -> models.QuerySet[User]:
    """Everybody to whom one can be assigned."""
    return staff_with(MAY_SEE)


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def done(self) -> Self:
        return self.filter(done_on__isnull=False)

    def due(self) -> Self:
        """Not done yet, of intentions that are still alive: signed, or converted to a contract."""
        return self.filter(DUE)

    def overdue(self, today: dt.date | None = None) -> Self:
        return self.due().filter(due_on__lt=today or timezone.localdate())

    def upcoming(self, *, days: int = 30, today: dt.date | None = None) -> Self:
        """Due from today on, within so many days."""
        today = today or timezone.localdate()
        return self.due().filter(due_on__gte=today, due_on__lte=today + dt.timedelta(days=days))

    def due_within(self, *, days: int = 30, today: dt.date | None = None) -> Self:
        """Both: overdue, or due within so many days."""
        today = today or timezone.localdate()
        return self.due().filter(due_on__lte=today + dt.timedelta(days=days))

    def of(self, user: User) -> Self:
        return self.within_limits().filter(assigned_to=user)

    def within_limits(self) -> Self:
        """Leave out those assigned to somebody who is limited to other events since."""
        path = scope_of_event_rows(self.model).path
        return self.filter(within_limits_of("assigned_to", path))

    def with_revisions(self) -> Self:
        """Annotate ``revisions`` and ``revised_at``, as the history tells; none without one."""
        history = get_history_manager_for_model(self.model)
        told = history.filter(id=OuterRef("pk")).order_by().values("id")
        return self.annotate(
            revisions=Subquery(told.annotate(value=Count("pk")).values("value")),
            revised_at=Subquery(told.annotate(value=Max("history_date")).values("value")),
        )


@scoped(OfEvent("intention__event"))
class FollowUp(models.Model):
    """A dated look at a signed intention, and what it found."""

    shown_on_public_pages = False
    # Only of what was read ``with_revisions()``.
    revisions: int | None
    revised_at: dt.datetime | None

    class Outcome(models.TextChoices):
        PROGRESSING = "progressing", _("progressing")
        KEEP_TALKING = "keep_talking", _("keep talking")
        STALLED = "stalled", _("stalled")
        NO_ANSWER = "no_answer", _("no answer")
        CONCLUDED = "concluded", _("concluded")
        # Of one that was looked after before anybody recorded it here: no look found it.
        EARLIER = "earlier", _("done earlier")

    # What a look can find.
    FINDINGS = (
        *(Outcome.PROGRESSING, Outcome.KEEP_TALKING, Outcome.STALLED),
        *(Outcome.NO_ANSWER, Outcome.CONCLUDED),
    )

    intention = models.ForeignKey(
        CooperationIntention,
        on_delete=models.PROTECT,
        related_name="follow_ups",
        verbose_name=_("cooperation intention"),
    )
    due_on = models.DateField(_("due on"))
    assigned_to = account_field(_("assigned to"), related_name="follow_ups")
    outcome = models.CharField(
        pgettext_lazy("follow-up", "outcome"), max_length=12, choices=Outcome.choices, blank=True
    )
    note = models.TextField(_("note"), blank=True)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_by = account_field(_("done by"))

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
                        *("", "progressing", "keep_talking", "stalled", "no_answer", "concluded"),
                        "earlier",
                    ]
                ),
                name="follow_up_outcome_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.intention.reference} · {self.due_on}"

    @property
    def parties(self) -> list[Text]:
        """The company and the expert as signed, for staff; public pages may not name them."""
        words = given(self.intention.snapshot)
        return [pick(words[party]["name"]) for party in ("company", "expert")]

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
    """That the mail about somebody's follow-ups is queued for a week, so that no week has two."""

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
