"""Moves the meetings of an event with its programme, so that slots keep their times of day."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from events.models import Event
from meetings.domain.concerned import WAS
from meetings.domain.drafting import check
from meetings.domain.loading import load_schedule
from meetings.domain.placing import lock_schedule
from meetings.domain.telling import NOBODY, Audience, tell
from meetings.models import (
    Absence,
    Meeting,
    MeetingSettings,
    MeetingSlot,
    Presence,
    ScheduleVersion,
)

type Shift = Callable[[dt.datetime], dt.datetime]


def move_meetings(event: Event, *, shifted: Shift, day: dt.date | None = None) -> Audience:
    """Move slots, and when people are away or interpreters there; of one ``day``, or all.

    Meetings stay in their slots, and whoever has a published one is told of the new time. Slots
    in which a meeting was held stay. Raises ``ValidationError`` where slots would overlap. In the
    caller's transaction.
    """
    slots = list(
        MeetingSlot.objects.filter(event=event).exclude(placements__meeting__status__in=WAS)
    )
    if not slots and not MeetingSettings.objects.filter(event=event).exists():
        return NOBODY
    lock_schedule(event)
    versions = ScheduleVersion.objects.filter(event=event)
    published = versions.published().first()
    before = load_schedule(published) if published else {}
    for rows in (
        slots,
        Absence.objects.filter(participant__event=event),
        Presence.objects.filter(interpreter__event=event),
    ):
        _shift(event, rows, shifted, day)
    _refuse_overlap(event)
    if day is None:
        _shift_limits(event, shifted)
    for version in versions.exclude(status=ScheduleVersion.Status.SUPERSEDED):
        check(version)
    return tell(event, before, load_schedule(published)) if published else NOBODY


def _shift(event: Event, rows: Iterable[Model], shifted: Shift, day: dt.date | None) -> None:
    moved = [row for row in rows if day in (None, _starts_at(row).astimezone(event.zone).date())]
    if not moved:
        return
    # One after the other, the foremost first: no two slots of an event start at one time.
    is_later = shifted(_starts_at(moved[0])) > _starts_at(moved[0])
    for row in sorted(moved, key=_starts_at, reverse=is_later):
        times = shifted(_starts_at(row)), shifted(_ends_at(row))
        row.starts_at, row.ends_at = times  # type: ignore[attr-defined]
        row.full_clean()
        row.save(update_fields=["starts_at", "ends_at"])


def _starts_at(row: Model) -> dt.datetime:
    moment: dt.datetime = row.starts_at  # type: ignore[attr-defined]
    return moment


def _ends_at(row: Model) -> dt.datetime:
    moment: dt.datetime = row.ends_at  # type: ignore[attr-defined]
    return moment


def _refuse_overlap(event: Event) -> None:
    slots = list(MeetingSlot.objects.filter(event=event).order_by("starts_at"))
    for one, other in zip(slots, slots[1:], strict=False):
        if one.ends_at > other.starts_at:
            raise ValidationError(
                _(
                    "Slots of meetings would overlap. Move the meetings of the other day first, or "
                    "delete slots that are not needed."
                ),
                code="overlap",
            )


def _shift_limits(event: Event, shifted: Shift) -> None:
    settings = MeetingSettings.objects.filter(event=event).first()
    if settings is not None and settings.requests_until is not None:
        settings.requests_until = shifted(settings.requests_until)
        settings.save(update_fields=["requests_until"])
    for meeting in Meeting.objects.filter(event=event, within_start__isnull=False):
        meeting.within_start = meeting.within_start and shifted(meeting.within_start)
        meeting.within_end = meeting.within_end and shifted(meeting.within_end)
        meeting.save(update_fields=["within_start", "within_end"])
