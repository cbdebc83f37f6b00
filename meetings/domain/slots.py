"""Slots: making equal ones of a part of a day, and deleting them with what is placed in them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Event
from meetings.domain.concerned import refuse_what_was_held, take_places_away
from meetings.domain.placing import lock_schedule
from meetings.domain.plan import EARLIEST, LATEST
from meetings.domain.telling import Audience
from meetings.models import MeetingSlot, Placement
from summit.lib.i18n import clock

# As many as an event has: what goes beyond is a slip of the pen.
MOST = 400
SHORTEST, LONGEST = 5, 240
# Meetings may be on the day before an event, or the one after.
_DAYS_AROUND = 7


@transaction.atomic
def add_slots(
    event: Event, *, day: dt.date, start: dt.time, end: dt.time, minutes: int, pause: int = 0
) -> list[MeetingSlot]:
    """Make slots of ``minutes`` from ``start`` to ``end`` on a clock in the event's zone.

    As many as fit are made, with ``pause`` minutes between them; each lasts its minutes also
    where the clocks are changed meanwhile. Raises ``ValidationError``, naming ``day``, ``start``,
    ``end`` or ``minutes``, where none fits, where one overlaps with a slot that there is, and for
    times that are past, far from the event, or at an hour at which nobody is placed.
    """
    lock_schedule(event)
    _check_day(event, day)
    _check_length(minutes, pause)
    made = [
        MeetingSlot(event=event, starts_at=begin, ends_at=begin + dt.timedelta(minutes=minutes))
        for begin in _begins(
            _moment(event.zone, day, start, "start"),
            _moment(event.zone, day, end, "end"),
            dt.timedelta(minutes=minutes),
            dt.timedelta(minutes=pause),
        )
    ]
    if start < EARLIEST or end > LATEST:
        field = "start" if start < EARLIEST else "end"
        raise ValidationError(
            {field: _("Meetings are between 07:00 and 21:00, so that nobody meets at night.")},
            code="night",
        )
    if made[0].starts_at <= timezone.now():
        raise ValidationError({"start": _("This time is past.")}, code="past")
    others = list(MeetingSlot.objects.filter(event=event))
    _check_overlaps(event, made, others)
    if len(others) + len(made) > MOST:
        words = _("An event has at most %(most)d slots.") % {"most": MOST}
        raise ValidationError({"minutes": words}, code="too_many")
    return MeetingSlot.objects.bulk_create(made)


@transaction.atomic
def delete_slots(slots: Iterable[MeetingSlot]) -> list[Audience]:
    """Delete slots and take the meetings that are placed in them out of the schedules.

    ``meetings.domain.concerned.concerned_by`` says before whom that concerns; whoever loses a
    published place is told. Returns whom, for each event. Raises ``ValidationError`` where a
    meeting was held there, for its record names the slot. Deleting them twice is harmless.
    """
    rows = MeetingSlot.objects.filter(pk__in=[slot.pk for slot in slots])
    told = []
    events = Event.objects.filter(meeting_slots__in=rows.order_by()).distinct()
    for event in events.order_by("pk"):
        lock_schedule(event)
        places = Placement.objects.filter(slot__in=rows.filter(event=event).order_by().values("pk"))
        refuse_what_was_held(
            places, _("Meetings were held in these slots, so they stay for the record.")
        )
        told.append(take_places_away(event, places))
    rows.delete()
    return told


def _check_day(event: Event, day: dt.date) -> None:
    first = event.starts_at.astimezone(event.zone).date() - dt.timedelta(days=_DAYS_AROUND)
    last = event.ends_at.astimezone(event.zone).date() + dt.timedelta(days=_DAYS_AROUND)
    if not first <= day <= last:
        words = _("This day is far from the event. Choose one from %(first)s to %(last)s.") % {
            "first": clock.date(first),
            "last": clock.date(last),
        }
        raise ValidationError({"day": words}, code="far")


def _check_length(minutes: int, pause: int) -> None:
    if not SHORTEST <= minutes <= LONGEST:
        raise ValidationError(
            {"minutes": _("A meeting lasts from 5 to 240 minutes.")}, code="length"
        )
    if not 0 <= pause <= LONGEST:
        raise ValidationError({"pause": _("A pause lasts up to 240 minutes.")}, code="pause")


def _moment(zone: ZoneInfo, day: dt.date, time: dt.time, field: str) -> dt.datetime:
    """Return the moment at which the clocks show a time. Raises where they skip or repeat it."""
    early, late = (
        dt.datetime.combine(day, time, tzinfo=zone).replace(fold=fold).astimezone(dt.UTC)
        for fold in (0, 1)
    )
    if early != late:
        words = _("The clocks are changed at this time on that day. Choose another time.")
        raise ValidationError({field: words}, code="clock_change")
    return early


def _begins(
    start: dt.datetime, end: dt.datetime, length: dt.timedelta, pause: dt.timedelta
) -> Sequence[dt.datetime]:
    if end <= start:
        raise ValidationError({"end": _("The end must be after the start.")}, code="end")
    begins = []
    while start + length <= end:
        begins.append(start)
        start += length + pause
    if not begins:
        words = _("No slot of this length fits between start and end.")
        raise ValidationError({"end": words}, code="none_fits")
    return begins


def _check_overlaps(
    event: Event, made: Sequence[MeetingSlot], others: Sequence[MeetingSlot]
) -> None:
    for slot in made:
        for other in others:
            if slot.starts_at < other.ends_at and other.starts_at < slot.ends_at:
                raise ValidationError(
                    {
                        "start": _(
                            "%(slot)s overlaps with the slot %(other)s that there is already."
                        )
                        % {
                            "slot": _hours(event.zone, slot),
                            "other": _hours(event.zone, other),
                        }
                    },
                    code="overlap",
                )


def _hours(zone: ZoneInfo, slot: MeetingSlot) -> str:
    ends = [clock.hours(each.astimezone(zone)) for each in (slot.starts_at, slot.ends_at)]
    return "–".join(ends)
