"""Whether an event takes place, and when: its states, and what follows from them."""

import datetime as dt
import zoneinfo

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from summit.lib.database.states import Stateful
from summit.lib.i18n.bilingual import bilingual


class EventStatus(Stateful):
    """An event that may be postponed, with a new date or without one, cancelled and taken up.

    While no new date is known it is ``postponed``, and its times are those of before. With a
    new date it is ``published`` again, and ``previous_starts_at`` tells from when it was moved.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        POSTPONED = "postponed", _("postponed")
        CANCELLED = "cancelled", _("cancelled")

    # Back to draft only while nothing refers to the event: events/domain/event.py.
    MOVES = {
        Status.DRAFT: (Status.PUBLISHED,),
        Status.PUBLISHED: (Status.POSTPONED, Status.CANCELLED, Status.DRAFT),
        Status.POSTPONED: (Status.PUBLISHED, Status.CANCELLED, Status.DRAFT),
        Status.CANCELLED: (Status.PUBLISHED, Status.DRAFT),
    }
    VISIBLE = (Status.PUBLISHED, Status.POSTPONED, Status.CANCELLED)
    CONSTRAINTS = (
        models.CheckConstraint(
            condition=models.Q(status__in=["draft", "published", "postponed", "cancelled"]),
            name="event_status_is_known",
        ),
        models.CheckConstraint(
            condition=~models.Q(status="postponed") | models.Q(previous_starts_at__isnull=False),
            name="postponed_event_keeps_its_former_start",
        ),
    )

    # Of every event.
    starts_at: "models.DateTimeField[dt.datetime, dt.datetime]"
    ends_at: "models.DateTimeField[dt.datetime, dt.datetime]"

    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    postponed_at = models.DateTimeField(_("postponed at"), null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True, editable=False)
    # The start that was announced before the event was last postponed.
    previous_starts_at = models.DateTimeField(
        _("start before it was postponed"), null=True, blank=True, editable=False
    )
    # Why it was postponed or cancelled. The version before writes no value for these three.
    status_reason = bilingual(
        models.TextField(
            _("reason"), max_length=600, blank=True, default="", db_default="", editable=False
        )
    )
    status_reason_en: str
    status_reason_zh_hans: str
    shows_status_reason = models.BooleanField(
        _("the page shows the reason"), default=False, db_default=False, editable=False
    )

    class Meta:
        abstract = True

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        raise NotImplementedError

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def is_postponed(self) -> bool:
        """Whether it was postponed and its new date is not known yet."""
        return self.status == self.Status.POSTPONED

    @property
    def is_rescheduled(self) -> bool:
        """Whether it was postponed and has a new date."""
        return self.status == self.Status.PUBLISHED and self.previous_starts_at is not None

    @property
    def is_on(self) -> bool:
        """Whether it takes place, as far as is known: neither cancelled, nor without a date."""
        return not (self.is_cancelled or self.is_postponed)

    @property
    def previously_on(self) -> dt.date | None:
        """The day, in its zone, on which it was to start before it was postponed."""
        before = self.previous_starts_at
        return before and timezone.localdate(before, self.zone)

    @property
    def has_begun(self) -> bool:
        return not self.is_postponed and self.starts_at <= timezone.now()

    @property
    def is_over(self) -> bool:
        return not self.is_postponed and self.ends_at <= timezone.now()

    @property
    def is_running(self) -> bool:
        return self.has_begun and not self.is_over
