"""A day of meetings for tests: an event with a published schedule, and people who meet."""

import datetime as dt

from django.utils import timezone

from events.models import Event
from meetings.models import Meeting, MeetingSlot, ScheduleVersion
from tests.meetings import rows


def day_event(**fields) -> Event:
    """An event with slots from nine in the morning at its place, two tables, and a schedule."""
    event = rows.meeting_event(**fields)
    rows.published(event)
    return event


def schedule_of(event: Event) -> ScheduleVersion:
    return ScheduleVersion.objects.published().get(event=event)


def pair(event: Event, *, slot=0, table=0, interpreter=None, **fields) -> Meeting:
    """Two people who meet, at a place of the published schedule; ``slot=None`` for none."""
    made = rows.meeting(rows.participant(event), rows.owner(event), **fields)
    if slot is not None:
        rows.placed(schedule_of(event), made, slot=slot, table=table, interpreter=interpreter)
    return made


def keys(meeting: Meeting) -> list[int]:
    """The participants of a meeting, the first side first."""
    return [row.participant_id for row in meeting.people.order_by("side", "pk")]


def let_it_be_now(event: Event, *, slot: int = 0, minutes: int = 5) -> MeetingSlot:
    """Move all slots so that this one began some minutes ago; returns it.

    The event moves to a time zone in which it is ten in the morning: a civil hour.
    """
    offset = (timezone.now().hour - 10 + 12) % 24 - 12
    event.time_zone = f"Etc/GMT{offset:+}" if offset else "Etc/GMT"
    Event.objects.filter(pk=event.pk).update(time_zone=event.time_zone)
    event.__dict__.pop("zone", None)
    slots = list(event.meeting_slots.all())
    shift = timezone.now() - dt.timedelta(minutes=minutes) - slots[slot].starts_at
    for each in slots:
        MeetingSlot.objects.filter(pk=each.pk).update(
            starts_at=each.starts_at + shift, ends_at=each.ends_at + shift
        )
    return MeetingSlot.objects.get(pk=slots[slot].pk)
