"""That one participant asks another one for a meeting, and what the other one answers."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event
from events.models.scope import OfEvent, scoped
from interests.models import Interest
from meetings.models.participant import Participant
from projects.models import Project
from summit.lib.database.accounts import account_field
from summit.lib.database.states import Stateful

LONGEST_REASON = 500


class Priority(models.IntegerChoices):
    NORMAL = 0, pgettext_lazy("priority", "normal")
    HIGH = 1, pgettext_lazy("priority", "high")
    MUST = 2, pgettext_lazy("priority", "must be held")


class MeetingRequestQuerySet(models.QuerySet["MeetingRequest"]):
    def open(self) -> Self:
        """Those that wait for an answer."""
        return self.filter(status=MeetingRequest.Status.OPEN)

    def with_people(self) -> Self:
        return self.select_related("asker__registration", "asked__registration")


@scoped(OfEvent("event"))
class MeetingRequest(Stateful):
    """A request for a meeting. While it is open it blocks nobody's time.

    “Rather not” shows as declined; who asked cannot tell the two apart (``RatherNot``).
    """

    shown_on_public_pages = False

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("meeting request", "waiting for an answer")
        ACCEPTED = "accepted", pgettext_lazy("meeting request", "accepted")
        DECLINED = "declined", pgettext_lazy("meeting request", "declined")
        EXPIRED = "expired", pgettext_lazy("meeting request", "expired")
        WITHDRAWN = "withdrawn", pgettext_lazy("meeting request", "withdrawn")

    MOVES = {
        Status.OPEN: (Status.ACCEPTED, Status.DECLINED, Status.EXPIRED, Status.WITHDRAWN),
        # An organizer may take up again what was left.
        Status.EXPIRED: (Status.OPEN, Status.ACCEPTED),
        Status.DECLINED: (Status.ACCEPTED,),
        Status.WITHDRAWN: (Status.OPEN,),
        Status.ACCEPTED: (Status.WITHDRAWN, Status.DECLINED),
    }

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="meeting_requests", verbose_name=_("event")
    )
    asker = models.ForeignKey(
        Participant,
        on_delete=models.CASCADE,
        related_name="requests_made",
        verbose_name=_("asked by"),
    )
    asked = models.ForeignKey(
        Participant,
        on_delete=models.CASCADE,
        related_name="requests_received",
        verbose_name=pgettext_lazy("meeting request", "to"),
    )
    reason = models.TextField(_("reason"), max_length=LONGEST_REASON, blank=True)
    projects = models.ManyToManyField(
        Project, blank=True, related_name="meeting_requests", verbose_name=_("about the projects")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.OPEN, editable=False
    )
    priority = models.SmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NORMAL
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires at"), editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    # The organizer who asked or answered for somebody, such as for who telephoned.
    entered_by = account_field(_("entered by"), editable=False)
    answered_by = account_field(_("answered by"), editable=False)
    # The expression of interest that it came from.
    interest = models.ForeignKey(
        Interest,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="meeting_requests",
        verbose_name=_("expression of interest"),
    )

    objects = MeetingRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting request")
        verbose_name_plural = _("meeting requests")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["event", "status"], name="meeting_request_of_event"),
            models.Index(fields=["status", "expires_at"], name="meeting_request_expiry"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["asker", "asked"],
                condition=Q(status__in=["open", "accepted"]),
                name="meeting_is_requested_once",
                violation_error_message=_("A meeting of the two is requested already."),
            ),
            models.CheckConstraint(
                condition=~Q(asker=F("asked")),
                name="meeting_request_is_of_two_people",
                violation_error_message=_("Choose somebody else: a meeting is of two people."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "accepted", "declined", "expired", "withdrawn"]),
                name="meeting_request_status_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()
