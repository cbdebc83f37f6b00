"""What the desk changes of the published schedule on the day: places, times and tables.

The published version stays valid: a place that breaks a rule is refused, and it is said why.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Event
from meetings.domain.day import DayRefused, Status, lock_meeting, lock_published
from meetings.domain.fitting import broken_by, place_at
from meetings.domain.loading import load_plan, load_schedule
from meetings.domain.placing import put
from meetings.domain.plan import Meeting as Planned
from meetings.domain.plan import Place, Plan, Schedule, Side, Span
from meetings.domain.rule_words import in_words
from meetings.domain.telling import tell
from meetings.models import (
    Meeting,
    MeetingPerson,
    MeetingSlot,
    MeetingTable,
    Participant,
    Placement,
    ScheduleVersion,
)

# How long a meeting may be prolonged in all.
LONGEST_EXTRA = 240
_HOW_MANY_PLACES = 60


@dataclass(frozen=True, slots=True)
class Prolonged:
    """A meeting that lasts longer, and the meetings that it delays: at its table, of its people."""

    meeting: Meeting
    delays: tuple[Placement, ...]


def put_today(version: ScheduleVersion, meeting: int, place: Place) -> None:
    """Put a meeting there in the published version, marked as changed on the day."""
    before = Placement.objects.filter(version=version, meeting=meeting)
    is_locked = before.filter(is_locked=True).exists()
    put(version, meeting, place, is_locked=is_locked)
    before.update(moved_at=timezone.now())


@transaction.atomic
def move_today(meeting: Meeting, slot: MeetingSlot, table: MeetingTable) -> Meeting:
    """Move a meeting to a slot and a table, and tell those of it by mail.

    Moving it where it is already is harmless. Raises ``DayRefused`` with what the move would
    break, in words.
    """
    version = lock_published(meeting.event)
    meeting = lock_meeting(meeting)
    if meeting.status not in (Status.AGREED, Status.RUNNING):
        raise DayRefused(_("Only a meeting that is still to be held can be moved."), code="over")
    refuse_past(slot)
    plan, schedule = load_plan(meeting.event), load_schedule(version)
    times = Span(slot.starts_at, slot.ends_at)
    before = schedule.get(meeting.pk)
    if before and (before.slot, before.table) == (times, table.pk):
        return meeting
    planned = planned_of(plan, meeting.pk)
    place = place_at(plan, schedule, planned, times, table.pk)
    refuse_broken(plan, schedule, planned, place)
    put_today(version, meeting.pk, place)
    tell(meeting.event, schedule, {**schedule, meeting.pk: place})
    return meeting


def free_places(plan: Plan, schedule: Schedule, planned: Planned) -> Iterator[Place]:
    """Yield where a meeting could be from now on, in time, without breaking any rule."""
    now = plan.now or timezone.now()
    before = schedule.get(planned.key)
    taken = {(each.slot, each.table) for each in schedule.values()}
    for slot in plan.slots:
        if slot.end <= now:
            continue
        for table in plan.tables:
            if (slot, table.key) in taken:
                continue
            place = place_at(plan, schedule, planned, slot, table.key)
            broken = broken_by(plan, schedule, planned, place)
            if not broken and place != before:
                yield place
            elif any(each.whom != frozenset([table.key]) for each in broken):
                # It is not for the table: no other one will do.
                break


def places_to_move_to(meeting: Meeting) -> list[Place]:
    """Return the first free places of a meeting, for the desk to choose from."""
    version = _published(meeting.event)
    plan, schedule = load_plan(meeting.event), load_schedule(version)
    found = [each for each in plan.meetings if each.key == meeting.pk]
    if not found:
        return []
    places = free_places(plan, schedule, found[0])
    return [place for place, _number in zip(places, range(_HOW_MANY_PLACES), strict=False)]


def places_for(event: Event, one: Participant, other: Participant) -> list[Place]:
    """Return the first free places at which two people could meet who have no meeting yet.

    Raises ``DayRefused`` where they are not two admitted people, or no schedule is published.
    """
    _refuse_strangers(event, one, other)
    version = _published(event)
    plan, schedule = load_plan(event), load_schedule(version)
    waiting = _of_the_two(event, one, other)
    # Of no meeting yet: a key that none has.
    key = waiting.pk if waiting and waiting.pk not in schedule else -1
    planned = Planned(key, (Side((one.pk,)), Side((other.pk,))))
    places = free_places(plan, schedule, planned)
    return [place for place, _number in zip(places, range(_HOW_MANY_PLACES), strict=False)]


@transaction.atomic
def walk_up(
    event: Event, one: Participant, other: Participant, *, table: MeetingTable, slot: MeetingSlot
) -> Meeting:
    """Let two people meet who come to the desk, at a free table.

    Where they have an agreed meeting that has no place yet, that one is placed. Asking again
    returns the meeting that was made. No mail is sent: both stand at the desk. Raises
    ``DayRefused`` with what stands in the way.
    """
    version = lock_published(event)
    event = version.event
    refuse_past(slot)
    _refuse_strangers(event, one, other)
    schedule = load_schedule(version)
    times = Span(slot.starts_at, slot.ends_at)
    meeting = _of_the_two(event, one, other)
    if meeting and meeting.pk in schedule:
        if (schedule[meeting.pk].slot, schedule[meeting.pk].table) == (times, table.pk):
            return meeting
        meeting = None
    if meeting is None:
        meeting = Meeting(event=event, origin=Meeting.Origin.WALK_UP)
        meeting.full_clean()
        meeting.save()
        MeetingPerson.objects.bulk_create(
            MeetingPerson(meeting=meeting, participant=person, side=side)
            for side, person in ((1, one), (2, other))
        )
    plan = load_plan(event)
    planned = planned_of(plan, meeting.pk)
    place = place_at(plan, schedule, planned, times, table.pk)
    refuse_broken(plan, schedule, planned, place)
    put_today(version, meeting.pk, place)
    return meeting


@transaction.atomic
def prolong(meeting: Meeting, minutes: int) -> Prolonged:
    """Let a meeting last so many minutes longer in all, and return whom that delays.

    The number is the whole of it, so that a tap that is sent twice prolongs once.
    """
    meeting = lock_meeting(meeting)
    if meeting.status not in (Status.AGREED, Status.RUNNING):
        raise DayRefused(_("This meeting is over and cannot be prolonged."), code="over")
    if not 0 <= minutes <= LONGEST_EXTRA:
        raise DayRefused(_("A meeting is prolonged by 240 minutes at most."), code="too_long")
    if meeting.extra_minutes != minutes:
        meeting.extra_minutes = minutes
        meeting.version += 1
        meeting.save(update_fields=["extra_minutes", "version"])
    return Prolonged(meeting, tuple(delayed_by(meeting)))


def delayed_by(meeting: Meeting) -> list[Placement]:
    """Return what should begin while a prolonged meeting lasts, at its table or of its people.

    Two queries; one where it was not prolonged.
    """
    here = (
        Placement.objects.filter(meeting=meeting, version__status="published")
        .select_related("slot")
        .prefetch_related("people")
        .first()
    )
    if here is None or not meeting.extra_minutes:
        return []
    until = here.slot.ends_at + dt.timedelta(minutes=meeting.extra_minutes)
    people = {person.pk for person in here.people.all()}
    rows = (
        Placement.objects.filter(
            version=here.version_id,
            slot__starts_at__gte=here.slot.ends_at,
            slot__starts_at__lt=until,
            meeting__status=Status.AGREED,
        )
        .select_related("slot", "table", "meeting")
        .prefetch_related("people__registration")
    )
    return [
        row
        for row in rows
        if row.table_id == here.table_id
        or (row.interpreter_id is not None and row.interpreter_id == here.interpreter_id)
        or people & {person.pk for person in row.people.all()}
    ]


def planned_of(plan: Plan, meeting: int) -> Planned:
    """Return a meeting of the plan. Raises ``DayRefused`` where it is no longer one."""
    found = [each for each in plan.meetings if each.key == meeting]
    if not found:
        raise DayRefused(
            _("This meeting has been called off in the meantime. Reload the page."), code="gone"
        )
    return found[0]


def refuse_broken(plan: Plan, schedule: Schedule, planned: Planned, place: Place) -> None:
    broken = broken_by(plan, schedule, planned, place)
    if broken:
        raise DayRefused(in_words(broken), code="breaks_rules")


def refuse_past(slot: MeetingSlot) -> None:
    if slot.ends_at <= timezone.now():
        raise DayRefused(_("This slot is over. Choose a later one."), code="past")


def _published(event: Event) -> ScheduleVersion:
    version = ScheduleVersion.objects.filter(event=event).published().first()
    if version is None:
        raise DayRefused(
            _("No schedule of the meetings is published yet. Ask an organizer to publish it."),
            code="no_schedule",
        )
    return version


def _refuse_strangers(event: Event, one: Participant, other: Participant) -> None:
    if one.pk == other.pk:
        raise DayRefused(_("Choose two different people."), code="same_person")
    admitted = Participant.objects.filter(event=event, pk__in=[one.pk, other.pk]).admitted()
    if admitted.count() != 2:
        raise DayRefused(
            _("Both have to be admitted to the meetings. Ask an organizer to admit them."),
            code="not_admitted",
        )


def _of_the_two(event: Event, one: Participant, other: Participant) -> Meeting | None:
    """Return the meeting of exactly these two that is still to be held."""
    to_be_held = Meeting.objects.filter(event=event).to_be_held()
    of_both = to_be_held.filter(people__participant=one).filter(people__participant=other)
    for meeting in of_both.order_by("pk"):
        if meeting.people.count() == 2:
            meeting.event = event
            return meeting
    return None
