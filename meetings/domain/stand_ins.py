"""Who could meet at the place of a meeting to which somebody did not come."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events.models import Event
from meetings.domain.day import DayRefused, Status, lock_meeting, lock_published
from meetings.domain.day_places import planned_of, put_today, refuse_broken
from meetings.domain.fitting import broken_by, is_free, place_at
from meetings.domain.loading import load_plan, load_schedule
from meetings.domain.placing import take_out
from meetings.domain.plan import Meeting as Planned
from meetings.domain.plan import Plan, Schedule, Side, Span
from meetings.domain.request import accept
from meetings.domain.telling import tell
from meetings.models import (
    Meeting,
    MeetingRequest,
    Participant,
    Placement,
    ScheduleVersion,
)

# So many are offered: the desk chooses with one tap.
MOST = 6


@dataclass(frozen=True, slots=True)
class StandIn:
    """An agreed meeting without a place, or a request that waits for an answer.

    ``people`` are the keys of who would come.
    """

    people: frozenset[int]
    interpreter: int | None
    priority: int
    # Whether somebody of it sits at the table already, whom the others left alone.
    is_with_who_waits: bool
    meeting: int | None = None
    request: int | None = None


def stand_ins(meeting: Meeting) -> list[StandIn]:
    """Return what could be held at the place of a meeting, the most important first.

    Everybody of it is free then, and the languages fit or an interpreter is free.
    """
    placement = _place_of(meeting)
    if placement is None:
        return []
    plan, schedule = load_plan(meeting.event), dict(load_schedule(placement.version))
    schedule.pop(meeting.pk, None)
    slot = Span(placement.slot.starts_at, placement.slot.ends_at)
    if any((each.slot, each.table) == (slot, placement.table_id) for each in schedule.values()):
        return []
    waits = set(meeting.people.filter(did_not_come=False).values_list("participant", flat=True))
    candidates = [*_agreed(plan, schedule, meeting.pk), *_requested(meeting.event)]
    candidates.sort(
        key=lambda each: (-each[0].priority, not waits & _keys(each[0]), each[0].key < 0)
    )
    found = list[StandIn]()
    for planned, request in candidates:
        if len(found) == MOST:
            break
        must = [key for side in planned.sides for key in side.must]
        if not all(key in plan.people and is_free(plan, schedule, key, slot) for key in must):
            continue
        place = place_at(plan, schedule, planned, slot, placement.table_id)
        if broken_by(plan, schedule, planned, place):
            continue
        found.append(
            StandIn(
                place.people,
                place.interpreter,
                planned.priority,
                bool(waits & place.people),
                meeting=None if request else planned.key,
                request=request,
            )
        )
    return found


@transaction.atomic
def replace_by(
    meeting: Meeting,
    *,
    by: User,
    by_meeting: Meeting | None = None,
    by_request: MeetingRequest | None = None,
) -> Meeting:
    """Give the place of a meeting that is not held to another one, or to one of a request.

    The request counts as accepted, since both stand at the desk. Their people are told by mail.
    Repeating it returns the meeting that stands in. Raises ``DayRefused`` where the place is not
    free, or does not fit.
    """
    version = lock_published(meeting.event)
    meeting = lock_meeting(meeting)
    if by_request is not None:
        by_meeting = _of_request(version.event, by_request, by)
    if by_meeting is None:
        raise DayRefused(_("Choose who takes the place."), code="nobody")
    stand_in = Meeting.objects.get(pk=by_meeting.pk, event=meeting.event)
    stand_in.event = meeting.event
    if stand_in.stands_in_for_id == meeting.pk:
        return stand_in
    if meeting.status not in (Status.NO_SHOW, Status.CANCELLED):
        raise DayRefused(
            _("This meeting can still be held. Tap who did not come first."), code="not_free"
        )
    placement = _place_of(meeting)
    if placement is None:
        raise DayRefused(_("This meeting has no place that could be taken."), code="no_place")
    plan, schedule = load_plan(meeting.event), load_schedule(version)
    if stand_in.pk in schedule:
        raise DayRefused(
            _("That meeting has a place of its own in the meantime. Choose another one."),
            code="has_place",
        )
    planned = planned_of(plan, stand_in.pk)
    slot = Span(placement.slot.starts_at, placement.slot.ends_at)
    place = place_at(plan, schedule, planned, slot, placement.table_id)
    refuse_broken(plan, schedule, planned, place)
    put_today(version, stand_in.pk, place)
    tell(meeting.event, schedule, {**schedule, stand_in.pk: place})
    stand_in.stands_in_for = meeting
    stand_in.version += 1
    stand_in.save(update_fields=["stands_in_for", "version"])
    return stand_in


@transaction.atomic
def take_back_stand_in(stand_in: Meeting) -> Meeting:
    """Take a meeting that stands in out of its place: it waits again. Harmless when repeated."""
    version = lock_published(stand_in.event)
    stand_in = lock_meeting(stand_in)
    if stand_in.stands_in_for_id is None:
        return stand_in
    if stand_in.status != Status.AGREED:
        raise DayRefused(
            _("This meeting has begun and cannot be taken back any more."), code="begun"
        )
    before = load_schedule(version)
    take_out(version, [stand_in.pk])
    tell(version.event, before, load_schedule(version))
    stand_in.stands_in_for = None
    stand_in.version += 1
    stand_in.save(update_fields=["stands_in_for", "version"])
    return stand_in


def waiting_list(event: Event) -> list[Meeting]:
    """Return the agreed meetings that have no place, the most important first. Three queries."""
    placed = Placement.objects.filter(version__event=event, version__status="published")
    return list(
        Meeting.objects.filter(event=event, status=Status.AGREED)
        .exclude(pk__in=placed.values("meeting"))
        .with_people()
        .order_by("-priority", "agreed_at", "pk")
    )


def _place_of(meeting: Meeting) -> Placement | None:
    return (
        Placement.objects.filter(meeting=meeting, version__status=ScheduleVersion.Status.PUBLISHED)
        .select_related("slot", "version__event")
        .first()
    )


def _agreed(plan: Plan, schedule: Schedule, but: int) -> Iterator[tuple[Planned, int | None]]:
    agreed = set(
        Meeting.objects.filter(
            pk__in=[each.key for each in plan.meetings if each.key not in schedule],
            status=Status.AGREED,
        ).values_list("pk", flat=True)
    )
    for planned in plan.meetings:
        if planned.key in agreed and planned.key != but:
            yield planned, None


def _requested(event: Event) -> Iterator[tuple[Planned, int | None]]:
    rows = MeetingRequest.objects.open().filter(
        event=event,
        asker__status=Participant.Status.ADMITTED,
        asked__status=Participant.Status.ADMITTED,
    )
    for pk, asker, asked, priority in rows.order_by("asked_at", "pk").values_list(
        "pk", "asker", "asked", "priority"
    ):
        # No meeting yet: its key is one that no meeting has.
        yield Planned(-pk, (Side((asker,)), Side((asked,))), priority), pk


def _of_request(event: Event, row: MeetingRequest, by: User) -> Meeting:
    """Return the meeting of a request, which is accepted with that."""
    made = Meeting.objects.filter(event=event, request=row).to_be_held().first()
    return made or Meeting.objects.get(request=accept(row, by=by))


def _keys(planned: Planned) -> set[int]:
    return {key for side in planned.sides for key in side.must}
