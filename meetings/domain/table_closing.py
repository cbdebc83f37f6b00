"""A table that breaks on the day: nothing more is held at it, and its meetings go elsewhere."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from meetings.domain.day import Status, lock_published
from meetings.domain.day_places import free_places, planned_of, put_today
from meetings.domain.fitting import broken_by, place_at
from meetings.domain.loading import load_plan, load_schedule
from meetings.domain.placing import lock_schedule
from meetings.domain.plan import Meeting as Planned
from meetings.domain.plan import Place, Plan, Schedule, Span
from meetings.domain.telling import tell
from meetings.models import MeetingTable, Placement, ScheduleVersion


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where a meeting of a closed table could be instead; ``place`` is None where nowhere is."""

    meeting: int
    place: Place | None


@transaction.atomic
def close_table(table: MeetingTable, *, at: dt.datetime | None = None) -> list[Proposal]:
    """Let nothing more be held at a table, and return where its meetings could go.

    Nothing is moved yet. Closing it again keeps the time of the first closing.
    """
    lock_schedule(table.event)
    table.refresh_from_db(fields=["closed_from"])
    if table.closed_from is None:
        table.closed_from = at or timezone.now()
        table.save(update_fields=["closed_from"])
    return proposals(table)


@transaction.atomic
def reopen_table(table: MeetingTable) -> MeetingTable:
    """Let meetings be held at a table again. What was moved stays where it is."""
    lock_schedule(table.event)
    table.closed_from = None
    table.save(update_fields=["closed_from"])
    return table


def proposals(table: MeetingTable) -> list[Proposal]:
    """Return another place for each meeting that is still to be held at a closed table.

    The same slot at another table comes first. No two are proposed one place.
    """
    version = ScheduleVersion.objects.filter(event=table.event_id).published().first()
    if version is None or table.closed_from is None:
        return []
    plan, schedule = load_plan(table.event), dict(load_schedule(version))
    to_move = [
        key
        for key in _to_be_held_at(version, table)
        if key in schedule and schedule[key].slot.end > table.closed_from
    ]
    found = []
    for key in to_move:
        planned = planned_of(plan, key)
        same_slot = [*_at_other_tables(plan, schedule, planned, schedule[key].slot)]
        place = next(iter(same_slot), None) or next(free_places(plan, schedule, planned), None)
        if place is not None:
            schedule[key] = place
        found.append(Proposal(key, place))
    return found


@transaction.atomic
def empty_table(table: MeetingTable) -> list[Proposal]:
    """Move the meetings of a closed table where they are proposed to go, and tell their people.

    Returns those for which there is no place. Repeating it is harmless.
    """
    version = lock_published(table.event)
    before = load_schedule(version)
    left = []
    for proposal in proposals(table):
        if proposal.place is None:
            left.append(proposal)
        else:
            put_today(version, proposal.meeting, proposal.place)
    tell(version.event, before, load_schedule(version))
    return left


def _at_other_tables(
    plan: Plan, schedule: Schedule, planned: Planned, slot: Span
) -> Iterator[Place]:
    for table in plan.tables:
        place = place_at(plan, schedule, planned, slot, table.key)
        if not broken_by(plan, schedule, planned, place):
            yield place


def _to_be_held_at(version: ScheduleVersion, table: MeetingTable) -> list[int]:
    rows = Placement.objects.filter(
        version=version, table=table, meeting__status__in=[Status.AGREED, Status.RUNNING]
    )
    return list(rows.order_by("slot__starts_at", "pk").values_list("meeting", flat=True))
