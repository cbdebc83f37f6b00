"""How far tables and interpreters were used: of the times at which they could have been."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from meetings.models import (
    Interpreter,
    Meeting,
    MeetingSlot,
    MeetingTable,
    Placement,
    ScheduleVersion,
)
from projects.report.subject import Subject

# Of these the place is free for others.
_FREED = (Meeting.Status.CANCELLED, Meeting.Status.NO_SHOW)


@dataclass(frozen=True)
class Use:
    """Places of meetings in the published schedules, and how many there could be."""

    at_tables: int
    places: int
    interpreted: int
    presences: int


def use_of(subject: Subject) -> Use:
    """Count the use of tables and interpreters. Four queries."""
    slots = defaultdict(list)
    for event, start, end in MeetingSlot.objects.filter(subject.events("event")).values_list(
        "event", "starts_at", "ends_at"
    ):
        slots[event].append((start, end))
    tables = MeetingTable.objects.filter(subject.events("event")).order_by()
    places = sum(
        closed is None or start < closed
        for event, closed in tables.values_list("event", "closed_from")
        for start, _end in slots[event]
    )
    used = (
        Placement.objects.filter(
            subject.events("version__event"),
            version__status=ScheduleVersion.Status.PUBLISHED,
        )
        .exclude(meeting__status__in=_FREED)
        .aggregate(all=Count("pk"), interpreted=Count("pk", filter=Q(interpreter__isnull=False)))
    )
    return Use(used["all"], places, used["interpreted"], _presences(subject, slots))


def _presences(
    subject: Subject, slots: Mapping[int, Sequence[tuple[dt.datetime, dt.datetime]]]
) -> int:
    """Count the slots of each interpreter's event for the whole of which the person is there."""
    there = defaultdict(list)
    rows = Interpreter.objects.filter(subject.events("event")).order_by()
    for pk, event, start, end in rows.values_list(
        "pk", "event", "presences__starts_at", "presences__ends_at"
    ):
        there[pk, event].append((start, end))
    return sum(
        any(start is None or (start <= slot[0] and slot[1] <= end) for start, end in spans)
        for (_pk, event), spans in there.items()
        for slot in slots.get(event, ())
    )
