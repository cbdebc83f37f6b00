"""The versions of an event's schedule: which meeting is in which slot, where, and with whom."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event
from events.models.scope import OfEvent, scoped
from meetings.models.interpreter import Interpreter
from meetings.models.meeting import Meeting
from meetings.models.participant import Participant
from meetings.models.settings import MeetingSlot
from meetings.models.table import MeetingTable
from summit.lib.database.accounts import account_field
from summit.lib.database.states import Stateful


class ScheduleVersionQuerySet(models.QuerySet["ScheduleVersion"]):
    def drafts(self) -> Self:
        return self.filter(status=ScheduleVersion.Status.DRAFT)

    def published(self) -> Self:
        return self.filter(status=ScheduleVersion.Status.PUBLISHED)


@scoped(OfEvent("event"))
class ScheduleVersion(Stateful):
    """A version of the schedule: at most one is drafted, and at most one is published.

    On the day the desk changes the published version; ``changes`` counts that, so that a draft
    that was begun before is brought up to date before it takes its place.
    """

    shown_on_public_pages = False

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("schedule", "draft")
        PUBLISHED = "published", pgettext_lazy("schedule", "published")
        SUPERSEDED = "superseded", pgettext_lazy("schedule", "superseded")

    MOVES = {
        Status.DRAFT: (Status.PUBLISHED,),
        Status.PUBLISHED: (Status.SUPERSEDED,),
        Status.SUPERSEDED: (),
    }

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="schedule_versions", verbose_name=_("event")
    )
    number = models.PositiveIntegerField(_("version"))
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    changes = models.PositiveIntegerField(default=0, editable=False)
    # What ``changes`` of the published version was as this draft was made or brought up to date.
    base_changes = models.PositiveIntegerField(default=0, editable=False)
    # The hard rules that it breaks, as they were at ``checked_at``, when it had been changed as
    # often as ``checked_at_change`` says; and why meetings found no place when it was last filled.
    problems = models.JSONField(default=list, blank=True, editable=False)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True, editable=False)
    checked_at_change = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    left_out = models.JSONField(default=dict, blank=True, editable=False)
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    made_by = account_field(_("made by"), editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    published_by = account_field(_("published by"), editable=False)

    objects = ScheduleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the schedule")
        verbose_name_plural = _("versions of the schedule")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "number"], name="schedule_version_is_numbered"
            ),
            models.UniqueConstraint(
                fields=["event"], condition=Q(status="draft"), name="one_draft_of_the_schedule"
            ),
            models.UniqueConstraint(
                fields=["event"],
                condition=Q(status="published"),
                name="one_published_version_of_the_schedule",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "superseded"]),
                name="schedule_version_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", published_at=None)
                | (~Q(status="draft") & Q(published_at__isnull=False)),
                name="published_schedule_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.number}"


@scoped(OfEvent("version__event"))
class Placement(models.Model):
    """Where a version of the schedule puts a meeting, and who comes to it there.

    No row of the database keeps two meetings from one table: a draft may break rules while it is
    worked on, and ``domain/publishing.py`` publishes none that does.
    """

    shown_on_public_pages = False

    version = models.ForeignKey(
        ScheduleVersion, on_delete=models.CASCADE, related_name="placements"
    )
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="placements")
    # Whoever deletes a slot or a table says first what becomes of its meetings.
    slot = models.ForeignKey(MeetingSlot, on_delete=models.PROTECT, related_name="placements")
    table = models.ForeignKey(MeetingTable, on_delete=models.PROTECT, related_name="placements")
    interpreter = models.ForeignKey(
        Interpreter, on_delete=models.PROTECT, null=True, blank=True, related_name="placements"
    )
    people = models.ManyToManyField(Participant, related_name="placements")
    is_locked = models.BooleanField(_("locked"), default=False)
    # What ``changes`` of the version was when this was written; 0 in a draft of what it began with.
    # By it a draft finds what the desk changed since (``domain/publishing.py``).
    written_at_change = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # When the desk put it there on the day: screens and paper mark it as new.
    moved_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("place of a meeting")
        verbose_name_plural = _("places of meetings")
        ordering = ["slot__starts_at", "table__order", "table__name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["version", "meeting"], name="a_version_places_a_meeting_once"
            ),
        ]
        indexes = [models.Index(fields=["version", "slot", "table"], name="placement_of_slot")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk or ''}".strip()
