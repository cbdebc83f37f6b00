"""What an event offers of one-to-one meetings: its rules and its slots."""

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from events.models import Event
from events.models.scope import OfEvent, scoped

# Interpreting is consecutive: each sentence is said twice.
SLOT_MINUTES = 30


@scoped(OfEvent("event"))
class MeetingSettings(models.Model):
    """That an event offers one-to-one meetings, and by which rules. An event without it has none.

    ``version`` counts the writes, by which two people who edit it find each other out.
    """

    shown_on_public_pages = False

    class Way(models.TextChoices):
        GRID = "grid", _("by a schedule of slots and tables")
        QUEUE = "queue", _("by queues at the tables")

    class Sides(models.TextChoices):
        ACROSS = "across", _("companies with experts and project owners")
        ANYBODY = "anybody", _("everybody with everybody")

    class Answer(models.TextChoices):
        OTHER_SIDE = "other_side", _("the other side accepts or declines")
        ORGANIZER = "organizer", _("the organizer arranges them")

    event = models.OneToOneField(
        Event,
        on_delete=models.CASCADE,
        related_name="meeting_settings",
        verbose_name=_("event"),
    )
    way = models.CharField(
        _("how meetings are held"), max_length=10, choices=Way.choices, default=Way.GRID
    )
    sides = models.CharField(
        _("who meets whom"), max_length=10, choices=Sides.choices, default=Sides.ACROSS
    )
    answer = models.CharField(
        _("how requests are answered"),
        max_length=10,
        choices=Answer.choices,
        default=Answer.OTHER_SIDE,
    )
    slot_minutes = models.PositiveSmallIntegerField(
        _("length of a meeting in minutes"),
        default=SLOT_MINUTES,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
        help_text=_("30 with consecutive interpretation, 20 without; fewer than 15 are hurried."),
    )
    most = models.PositiveSmallIntegerField(
        _("meetings per person at the most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: as many as there are slots."),
    )
    most_in_a_row = models.PositiveSmallIntegerField(
        _("meetings in a row at the most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: no limit."),
    )
    most_open = models.PositiveSmallIntegerField(
        _("open requests per person at the most"), default=10, validators=[MinValueValidator(1)]
    )
    answer_days = models.PositiveSmallIntegerField(
        _("days to answer a request"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("Then it expires. The other side is reminded before."),
    )
    requests_until = models.DateTimeField(
        _("requests until"),
        null=True,
        blank=True,
        help_text=_("Empty: until the event begins."),
    )
    # Where the desk of the meetings is, so that people find the way to their table.
    way_to_tables = models.TextField(_("the way to the tables"), max_length=500, blank=True)
    # Of the address at which a screen in the hall shows the schedule without a log-in.
    screen_code = models.CharField(
        max_length=40, null=True, blank=True, unique=True, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords(excluded_fields=["screen_code"])

    class Meta:
        verbose_name = _("settings of the meetings")
        verbose_name_plural = _("settings of meetings")
        permissions = [("run_meeting", "Can run the desk of the meetings")]
        constraints = [
            models.CheckConstraint(
                condition=Q(slot_minutes__gte=5, slot_minutes__lte=240),
                name="meeting_lasts_from_5_to_240_minutes",
                violation_error_message=_("A meeting lasts from 5 to 240 minutes."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.event_id}"

    @property
    def ends_requests_at(self) -> dt.datetime:
        """Until when participants may ask for a meeting."""
        return self.requests_until or self.event.starts_at

    @property
    def takes_requests(self) -> bool:
        is_ahead = timezone.now() < self.ends_requests_at
        return self.event.is_on and is_ahead

    @property
    def is_queue(self) -> bool:
        return self.way == self.Way.QUEUE


@scoped(OfEvent("event"))
class MeetingSlot(models.Model):
    """A time at which meetings are held, at every table at once. Slots of an event are apart."""

    shown_on_public_pages = False

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="meeting_slots", verbose_name=_("event")
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))

    class Meta:
        verbose_name = pgettext_lazy("meetings", "slot")
        verbose_name_plural = pgettext_lazy("meetings", "slots")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="meeting_slot_ends_after_start",
                violation_error_message=_("The slot must end after it starts."),
            ),
            models.UniqueConstraint(
                fields=["event", "starts_at"],
                name="meeting_slot_starts_once",
                violation_error_message=_("There is a slot at this time already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}Z"
