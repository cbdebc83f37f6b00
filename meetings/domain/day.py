"""How a meeting goes on the day, as the desk taps it: who is there, begun, over, not come.

Every tap can be sent again, and two people may tap at once: what is so already stays so.
"""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Event
from meetings.domain.fitting import broken_by
from meetings.domain.loading import load_plan, load_schedule
from meetings.domain.placing import lock_schedule
from meetings.domain.rule_words import in_words
from meetings.models import Meeting, MeetingPerson, Placement, ScheduleVersion
from summit.lib.database.states import move

Status = Meeting.Status


class DayRefused(ValidationError):
    """What was tapped cannot be done, and why."""


def refuse_unless_on(event: Event) -> None:
    """Raise where the meetings of an event are not held, whatever its schedule says."""
    if event.is_cancelled:
        raise DayRefused(_("This event has been cancelled."), code="event_cancelled")
    if event.is_postponed or event.is_draft:
        raise DayRefused(
            _("This event is not published, so its meetings cannot be run."), code="not_published"
        )


def lock_published(event: Event) -> ScheduleVersion:
    """Return the published version, and let nobody else write a schedule of the event."""
    event = lock_schedule(event)
    refuse_unless_on(event)
    version = ScheduleVersion.objects.filter(event=event).published().first()
    if version is None:
        raise DayRefused(
            _("No schedule of the meetings is published yet. Ask an organizer to publish it."),
            code="no_schedule",
        )
    version.event = event
    return version


def lock_meeting(meeting: Meeting) -> Meeting:
    """Return the meeting as it is now, and let nobody else write the schedule of its event."""
    event = lock_schedule(meeting.event)
    refuse_unless_on(event)
    found = Meeting.objects.get(pk=meeting.pk)
    found.event = event
    return found


@transaction.atomic
def arrive(meeting: Meeting, people: Iterable[int] | None = None) -> Meeting:
    """Note that these participants, by their keys, are at the table; by default all who come.

    As soon as everybody is there who has to be, the meeting begins. Raises ``DayRefused`` once it
    is over, and for somebody who is not of it.
    """
    meeting = lock_meeting(meeting)
    _refuse_over(meeting)
    rows = {row.participant_id: row for row in meeting.people.all()}
    whom = _expected(meeting, rows.values()) if people is None else set(people)
    if not whom <= rows.keys():
        raise DayRefused(_("This person is not in this meeting."), code="not_of_it")
    now = timezone.now()
    new = [rows[key] for key in whom if rows[key].arrived_at is None]
    for row in new:
        row.arrived_at, row.did_not_come = now, False
        row.save(update_fields=["arrived_at", "did_not_come"])
    if meeting.status == Status.AGREED and _is_complete(meeting, rows.values()):
        move(meeting, Status.RUNNING, begun_at=now, version=meeting.version + 1)
    return meeting


@transaction.atomic
def take_back_arrival(meeting: Meeting, person: int) -> Meeting:
    """Take back that somebody is there. A meeting whose side is empty then has not begun."""
    meeting = lock_meeting(meeting)
    _refuse_over(meeting)
    meeting.people.filter(participant=person).update(arrived_at=None)
    there = set(meeting.people.exclude(arrived_at=None).values_list("side", flat=True))
    if meeting.status == Status.RUNNING and there != {1, 2}:
        move(meeting, Status.AGREED, begun_at=None, version=meeting.version + 1)
    return meeting


@transaction.atomic
def begin(meeting: Meeting) -> Meeting:
    """Begin a meeting though somebody of a delegation is missing: each side has one person."""
    meeting = lock_meeting(meeting)
    if meeting.status == Status.RUNNING:
        return meeting
    _refuse_over(meeting)
    there = set(meeting.people.exclude(arrived_at=None).values_list("side", flat=True))
    if there != {1, 2}:
        raise DayRefused(
            _("Nobody of one side is here yet. Tap who has arrived first."), code="side_missing"
        )
    move(meeting, Status.RUNNING, begun_at=timezone.now(), version=meeting.version + 1)
    return meeting


@transaction.atomic
def end(meeting: Meeting) -> Meeting:
    """Note that a meeting is over and was held, with or without taps before."""
    meeting = lock_meeting(meeting)
    if meeting.status == Status.HELD:
        return meeting
    now = timezone.now()
    begun_at = meeting.begun_at or _planned_start(meeting, now)
    version = meeting.version + 1
    move(meeting, Status.HELD, begun_at=begun_at, ended_at=now, version=version)
    return meeting


@transaction.atomic
def take_back_end(meeting: Meeting) -> Meeting:
    """Let a meeting that was ended by mistake go on."""
    meeting = lock_meeting(meeting)
    if meeting.status == Status.HELD:
        move(meeting, Status.RUNNING, ended_at=None, version=meeting.version + 1)
    return meeting


@transaction.atomic
def not_come(meeting: Meeting, people: Iterable[int]) -> Meeting:
    """Note that these participants did not come; if it cannot be held so, its place is free.

    It can still be held if those who may come are enough without them. Raises ``DayRefused`` for
    a meeting that was held or called off.
    """
    meeting = lock_meeting(meeting)
    if meeting.status != Status.NO_SHOW:
        _refuse_over(meeting)
    whom = set(people)
    rows = {row.participant_id: row for row in meeting.people.all()}
    if not whom or not whom <= rows.keys():
        raise DayRefused(_("Choose who of this meeting did not come."), code="not_of_it")
    for key in whom:
        rows[key].did_not_come, rows[key].arrived_at = True, None
        rows[key].save(update_fields=["did_not_come", "arrived_at"])
    if meeting.status != Status.NO_SHOW and not _can_be_held(meeting, rows.values()):
        move(meeting, Status.NO_SHOW, begun_at=None, version=meeting.version + 1)
    return meeting


@transaction.atomic
def take_back_not_come(meeting: Meeting) -> Meeting:
    """Let a meeting wait again for who was said not to come, at the place that it had.

    Raises ``DayRefused`` where that place was given to others in the meantime.
    """
    meeting = lock_meeting(meeting)
    if meeting.status == Status.NO_SHOW:
        # First, so that the plan holds it again; a refusal undoes it.
        move(meeting, Status.AGREED, version=meeting.version + 1)
        _refuse_taken_place(meeting)
    meeting.people.filter(did_not_come=True).update(did_not_come=False)
    return meeting


def published_placement(meeting: Meeting) -> Placement | None:
    """Return where the published version has a meeting, with slot, table and interpreter."""
    return (
        Placement.objects.filter(meeting=meeting, version__status=ScheduleVersion.Status.PUBLISHED)
        .select_related("slot", "table", "interpreter__event", "version__event")
        .first()
    )


def _refuse_taken_place(meeting: Meeting) -> None:
    placement = published_placement(meeting)
    if placement is None:
        return
    plan, schedule = load_plan(meeting.event), load_schedule(placement.version)
    place = schedule.pop(meeting.pk)
    [planned] = [each for each in plan.meetings if each.key == meeting.pk]
    broken = broken_by(plan, schedule, planned, place)
    if broken:
        raise DayRefused(
            [
                _("Its place was given to others in the meantime. Move the meeting instead."),
                *in_words(broken),
            ]
        )


def _refuse_over(meeting: Meeting) -> None:
    if meeting.status in (Status.AGREED, Status.RUNNING):
        return
    words = {
        Status.HELD: _("This meeting is over. Take its end back first."),
        Status.NO_SHOW: _("Somebody was marked as not come. Take that back first."),
        Status.CANCELLED: _("This meeting was called off."),
    }
    raise DayRefused(words[Status(meeting.status)], code="over")


def _expected(meeting: Meeting, rows: Iterable[MeetingPerson]) -> set[int]:
    """Return who comes, by the published version; of a meeting without a place who has to."""
    placement = published_placement(meeting)
    if placement is None:
        return {row.participant_id for row in rows if row.must}
    return set(placement.people.values_list("pk", flat=True))


def _is_complete(meeting: Meeting, rows: Iterable[MeetingPerson]) -> bool:
    return _has_sides(meeting, [row for row in rows if row.arrived_at]) and all(
        row.arrived_at for row in rows if row.must
    )


def _can_be_held(meeting: Meeting, rows: Iterable[MeetingPerson]) -> bool:
    """Whether enough people are left on both sides without those who did not come."""
    left = [row for row in rows if not row.did_not_come]
    return _has_sides(meeting, left) and not any(row.must and row.did_not_come for row in rows)


def _has_sides(meeting: Meeting, rows: Iterable[MeetingPerson]) -> bool:
    sides = [row.side for row in rows]
    return sides.count(1) >= meeting.least_1 and sides.count(2) >= meeting.least_2


def _planned_start(meeting: Meeting, now: dt.datetime) -> dt.datetime:
    placement = published_placement(meeting)
    return placement.slot.starts_at if placement and placement.slot.starts_at < now else now
