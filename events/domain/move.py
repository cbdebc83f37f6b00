"""Moving a programme, or a day of it, in one step."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.domain import programme
from events.models import Event, Session
from summit.lib.database.history import write_as
from summit.lib.i18n.times import YEARS, shift
from summit.lib.registries import moved_parts


@dataclass(frozen=True)
class Plan:
    """The event and the sessions that move, with their new times, unsaved."""

    event: Event
    sessions: Sequence[Session]
    takes_event: bool


def plan(event: Event, *, by: dt.timedelta, day: dt.date | None = None) -> Plan:
    """Return what ``move_programme`` is about to do, read from the database.

    Raises ``ValidationError`` where nothing would move or further than a calendar goes, and with
    every reason why not: a session outside its event, or a room or an expert in two places at
    once, here or at another event. What is shown of these goes through ``untold.said_to``.
    """
    if not by:
        raise ValidationError(
            _("Enter the number of days or minutes to move the programme by."), code="nowhere"
        )
    event = Event.objects.get(pk=event.pk)
    sessions = list(event.sessions.all())
    for session in sessions:
        session.event = event
    moved = [session for session in sessions if day in (None, session.starts_on)]
    if day is not None and not moved:
        raise ValidationError(_("No session begins on that day."), code="no_sessions")
    zone = event.zone
    rows: Sequence[Event | Session] = moved if day else [event, *moved]
    for row in rows:
        _shift(row, by, zone)
    programme.check(event, programme.slots(event, sessions))
    return Plan(event, moved, takes_event=day is None)


@transaction.atomic
def move_programme(
    event: Event, *, by: dt.timedelta, day: dt.date | None = None, user: User | None
) -> Event:
    """Move the event with all its sessions, or the sessions that begin on ``day``, all or nothing.

    A clock at the event shows ``by`` later for each of them, so that days keep their times of
    day across changes of summer time. Returns the event as it is then. Raises
    ``ValidationError`` as ``plan`` does.
    """
    programme.lock()
    Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    planned = plan(event, by=by, day=day)
    for row in [planned.event, *planned.sessions] if planned.takes_event else planned.sessions:
        write_as(row, user)
        row.full_clean()
        row.save()
    for move_part in moved_parts.values():
        move_part(planned.event, shifted=partial(shift, by=by, zone=event.zone), day=day)
    return planned.event


def in_zone_of(event: Event, sessions: Iterable[Session], before: str) -> list[Session]:
    """Return the sessions, unsaved, at the times of day that they had in the zone ``before``.

    Nine o'clock stays nine o'clock when the zone of an event is changed.
    """
    old, new = ZoneInfo(before), event.zone
    found = list(sessions)
    for session in found:
        session.event = event
        if old != new:
            session.starts_at = _keep_time(session.starts_at, old=old, new=new)
            session.ends_at = _keep_time(session.ends_at, old=old, new=new)
    return found


def change_zone(event: Event, *, before: str, user: User | None) -> None:
    """Let the sessions of an event that was given another zone keep their times of day."""
    for session in in_zone_of(event, event.sessions.all(), before):
        write_as(session, user)
        session.full_clean()
        session.save()
    old, new = ZoneInfo(before), event.zone
    if old != new:
        for move_part in moved_parts.values():
            move_part(event, shifted=partial(_keep_time, old=old, new=new), day=None)


def _keep_time(moment: dt.datetime, *, old: ZoneInfo, new: ZoneInfo) -> dt.datetime:
    return timezone.localtime(moment, old).replace(tzinfo=new).astimezone(dt.UTC)


def _shift(row: Event | Session, by: dt.timedelta, zone: ZoneInfo) -> None:
    first, last = YEARS
    try:
        row.starts_at, row.ends_at = (shift(at, by, zone) for at in (row.starts_at, row.ends_at))
    except OverflowError:
        is_far = True
    else:
        is_far = not first <= row.starts_at.year <= row.ends_at.year <= last
    if is_far:
        raise ValidationError(
            _("The new dates are out of range. They must be between %(first)s and %(last)s."),
            code="far_year",
            params={"first": first, "last": last},
        )
