"""A computation of a schedule: a process works on it, and says here how far it is."""

import datetime as dt
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event
from events.models.scope import OfEvent, scoped
from summit.lib.database.accounts import account_field
from summit.lib.database.states import Stateful

# A process that has said nothing for so long is gone: it was killed, or its machine was.
SILENT = dt.timedelta(seconds=60)


class ComputationQuerySet(models.QuerySet["Computation"]):
    def running(self) -> Self:
        return self.filter(status=Computation.Status.RUNNING)

    def silent(self) -> Self:
        """Those that say that they run, and whose process is gone."""
        return self.running().filter(beat_at__lt=timezone.now() - SILENT)


@scoped(OfEvent("event"))
class Computation(Stateful):
    """What is computed for the draft of an event: one at a time.

    ``results`` are [kind, class, found, at least] of each goal in their order, ``places`` where
    the best schedule has each meeting, ``reasons`` why others are not held, all by keys and
    without names. What it found is written into the draft as it ends, unless that was changed.
    """

    shown_on_public_pages = False

    class Status(models.TextChoices):
        RUNNING = "running", pgettext_lazy("computation", "computing")
        DONE = "done", pgettext_lazy("computation", "done")
        STOPPED = "stopped", pgettext_lazy("computation", "stopped")
        FAILED = "failed", pgettext_lazy("computation", "ended by itself")

    MOVES = {
        Status.RUNNING: (Status.DONE, Status.STOPPED, Status.FAILED),
        Status.DONE: (),
        Status.STOPPED: (),
        Status.FAILED: (),
    }

    class Way(models.TextChoices):
        ANEW = "anew", _("as well as can be, whatever moves")
        FEW_MOVES = "few_moves", _("as well as can be with as few moves as possible")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="computations", verbose_name=_("event")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.RUNNING, editable=False
    )
    way = models.CharField(
        pgettext_lazy("computation", "way"), max_length=10, choices=Way.choices, default=Way.ANEW
    )
    seconds = models.PositiveSmallIntegerField(
        _("seconds at the most"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(600)],
    )
    # What ``changes`` of the draft was as this began.
    base_changes = models.PositiveIntegerField(default=0, editable=False)
    started_at = models.DateTimeField(_("started at"), default=timezone.now, editable=False)
    started_by = account_field(_("started by"), editable=False)
    beat_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)
    # The solvers that prove; empty where none is installed.
    solvers = models.CharField(max_length=100, blank=True, editable=False)
    meetings = models.PositiveIntegerField(default=0, editable=False)
    results = models.JSONField(default=list, blank=True, editable=False)
    places = models.JSONField(default=dict, blank=True, editable=False)
    reasons = models.JSONField(default=dict, blank=True, editable=False)
    # Locks, or what has begun, contradict each other.
    is_impossible = models.BooleanField(default=False, editable=False)
    # Whether the draft has what was found.
    is_taken_over = models.BooleanField(default=False, editable=False)

    objects = ComputationQuerySet.as_manager()

    class Meta:
        verbose_name = _("computation of a schedule")
        verbose_name_plural = _("computations of schedules")
        ordering = ["-started_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["event"],
                condition=Q(status="running"),
                name="one_computation_of_an_event_at_a_time",
                violation_error_message=_("A schedule of this event is being computed already."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["running", "done", "stopped", "failed"]),
                name="computation_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status="running", ended_at=None)
                | (~Q(status="running") & Q(ended_at__isnull=False)),
                name="computation_that_ended_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()

    @property
    def is_running(self) -> bool:
        return self.status == self.Status.RUNNING

    @property
    def is_silent(self) -> bool:
        """Whether the process that ran it is gone."""
        return self.is_running and timezone.now() - self.beat_at > SILENT
