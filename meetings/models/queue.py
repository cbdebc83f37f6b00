"""Queues at the tables of events without a schedule of slots (流水席)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.scope import OfEvent, scoped
from meetings.models.meeting import Meeting
from meetings.models.participant import Participant
from meetings.models.table import MeetingTable
from summit.lib.database.states import Stateful


class QueueEntryQuerySet(models.QuerySet["QueueEntry"]):
    def waiting(self) -> Self:
        """Those who wait, in the order in which they are called."""
        return self.filter(status=QueueEntry.Status.WAITING).order_by("joined_at", "pk")


@scoped(OfEvent("table__event"))
class QueueEntry(Stateful):
    """Somebody who waits for the host of a table, is called, and meets the host."""

    shown_on_public_pages = False

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("queue", "waiting")
        CALLED = "called", pgettext_lazy("queue", "called")
        AT_TABLE = "at_table", pgettext_lazy("queue", "at the table")
        DONE = "done", pgettext_lazy("queue", "done")
        MISSED = "missed", pgettext_lazy("queue", "did not come when called")
        LEFT = "left", pgettext_lazy("queue", "left the queue")

    MOVES = {
        Status.WAITING: (Status.CALLED, Status.LEFT),
        Status.CALLED: (Status.AT_TABLE, Status.MISSED, Status.WAITING, Status.LEFT),
        Status.AT_TABLE: (Status.DONE, Status.CALLED),
        Status.MISSED: (Status.WAITING,),
        Status.LEFT: (Status.WAITING,),
        Status.DONE: (),
    }
    # At these a participant is in the queue.
    PRESENT = (Status.WAITING, Status.CALLED, Status.AT_TABLE)

    table = models.ForeignKey(
        MeetingTable,
        on_delete=models.CASCADE,
        related_name="queue",
        verbose_name=pgettext_lazy("meetings", "table"),
    )
    participant = models.ForeignKey(
        Participant,
        on_delete=models.CASCADE,
        related_name="queue_entries",
        verbose_name=pgettext_lazy("meetings", "participant"),
    )
    # Counted for each table from 1: what stands on the slip and is called.
    number = models.PositiveIntegerField(_("number"))
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.WAITING, editable=False
    )
    joined_at = models.DateTimeField(_("waits since"), default=timezone.now, editable=False)
    called_at = models.DateTimeField(_("called at"), null=True, blank=True, editable=False)
    meeting = models.OneToOneField(
        Meeting,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="queue_entry",
    )

    objects = QueueEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("place in a queue")
        verbose_name_plural = _("places in queues")
        ordering = ["joined_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="queue_number_is_given_once"),
            models.UniqueConstraint(
                fields=["table", "participant"],
                condition=Q(status__in=["waiting", "called", "at_table"]),
                name="participant_is_in_a_queue_once",
                violation_error_message=_("This person is in this queue already."),
            ),
            models.UniqueConstraint(
                fields=["table"],
                condition=Q(status__in=["called", "at_table"]),
                name="a_table_calls_one_at_a_time",
                violation_error_message=_("Somebody is called to this table or sits at it."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "called", "at_table", "done", "missed", "left"]),
                name="queue_status_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()
