"""Queues at the tables of an event without a grid (流水席): numbers, calls and minutes.

The host sits at the table; whoever waits is called by number. Nobody is called while they sit or
are called elsewhere. Every tap can be sent again.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Event
from meetings.domain.day import refuse_unless_on
from meetings.domain.placing import lock_schedule
from meetings.models import (
    Meeting,
    MeetingPerson,
    MeetingSettings,
    MeetingTable,
    Participant,
    QueueEntry,
    RatherNot,
)
from summit.lib.database.states import move

Status = QueueEntry.Status
# Of so many meetings at a table the length of the next ones is guessed.
_RECENT = 5


class QueueRefused(ValidationError):
    """What was tapped at a queue cannot be done, and why."""


@dataclass(frozen=True, slots=True)
class Call:
    """Who is called, and whom the call passed over since they are at another table."""

    entry: QueueEntry | None
    passed_over: tuple[QueueEntry, ...] = ()


@transaction.atomic
def join(table: MeetingTable, participant: Participant) -> QueueEntry:
    """Let somebody wait for the host of a table, under the next number of it.

    Who waits there already keeps the number; who left or missed the call waits anew.
    """
    table = _lock(table)
    _refuse_guest(table, participant)
    entries = QueueEntry.objects.filter(table=table)
    present = entries.filter(participant=participant, status__in=QueueEntry.PRESENT).first()
    if present is not None:
        return present
    last = entries.aggregate(last=Max("number"))["last"] or 0
    entry = QueueEntry(table=table, participant=participant, number=last + 1)
    entry.full_clean()
    entry.save()
    return entry


@transaction.atomic
def leave(entry: QueueEntry) -> QueueEntry:
    """Let somebody who waits or was called leave the queue. Harmless when repeated."""
    entry = _lock_entry(entry)
    if entry.status not in (Status.LEFT, Status.DONE, Status.MISSED):
        move(entry, Status.LEFT, called_at=None)
    return entry


@transaction.atomic
def call_next(table: MeetingTable) -> Call:
    """Call the first who waits and is at no other table, nor called there.

    While somebody is called or sits there, that call stands. ``Call.entry`` is None where nobody
    can be called.
    """
    table = _lock(table)
    here = QueueEntry.objects.filter(table=table).select_related("participant__registration")
    standing = here.filter(status__in=[Status.CALLED, Status.AT_TABLE]).first()
    if standing is not None:
        return Call(standing)
    elsewhere = set(
        QueueEntry.objects.filter(
            table__event=table.event_id, status__in=[Status.CALLED, Status.AT_TABLE]
        ).values_list("participant", flat=True)
    )
    passed_over = []
    for entry in here.waiting():
        if entry.participant_id in elsewhere:
            passed_over.append(entry)
            continue
        move(entry, Status.CALLED, called_at=timezone.now())
        return Call(entry, tuple(passed_over))
    return Call(None, tuple(passed_over))


@transaction.atomic
def take_back_call(entry: QueueEntry) -> QueueEntry:
    """Let who was called by mistake wait again, at the same place in the queue."""
    entry = _lock_entry(entry)
    if entry.status == Status.CALLED:
        move(entry, Status.WAITING, called_at=None)
    return entry


@transaction.atomic
def came(entry: QueueEntry) -> QueueEntry:
    """Note that who was called sits at the table: the meeting with the host runs."""
    entry = _lock_entry(entry)
    if entry.status in (Status.AT_TABLE, Status.DONE):
        return entry
    if entry.table.host_id is None:
        raise QueueRefused(
            _("Nobody sits at this table as its host. Ask an organizer to enter the host."),
            code="no_host",
        )
    now = timezone.now()
    meeting = entry.meeting or Meeting(event=entry.table.event, origin=Meeting.Origin.QUEUE)
    if meeting.pk is None:
        meeting.full_clean()
        meeting.save()
        MeetingPerson.objects.bulk_create(
            MeetingPerson(meeting=meeting, participant_id=person, side=side, arrived_at=now)
            for side, person in ((1, entry.participant_id), (2, entry.table.host_id))
        )
    move(meeting, Meeting.Status.RUNNING, begun_at=now, version=meeting.version + 1)
    move(entry, Status.AT_TABLE, meeting=meeting)
    return entry


@transaction.atomic
def take_back_came(entry: QueueEntry) -> QueueEntry:
    """Note that who was said to sit there does not yet: the meeting has not begun."""
    entry = _lock_entry(entry)
    if entry.status == Status.AT_TABLE:
        meeting = entry.meeting
        move(entry, Status.CALLED)
        if meeting is not None:
            move(meeting, Meeting.Status.AGREED, begun_at=None, version=meeting.version + 1)
    return entry


@transaction.atomic
def missed(entry: QueueEntry) -> QueueEntry:
    """Note that who was called did not come. They may wait again, under the same number."""
    entry = _lock_entry(entry)
    if entry.status != Status.MISSED:
        move(entry, Status.MISSED)
        if entry.meeting is not None and entry.meeting.status == Meeting.Status.AGREED:
            move(entry.meeting, Meeting.Status.CANCELLED, version=entry.meeting.version + 1)
    return entry


@transaction.atomic
def wait_again(entry: QueueEntry) -> QueueEntry:
    """Let who missed a call or left wait again, at the end of the queue."""
    entry = _lock_entry(entry)
    if entry.status in (Status.MISSED, Status.LEFT):
        _refuse_guest(entry.table, entry.participant)
        others = QueueEntry.objects.filter(
            table=entry.table_id,
            participant=entry.participant_id,
            status__in=QueueEntry.PRESENT,
        )
        if others.exists():
            raise QueueRefused(_("This person is in this queue already."), code="in_queue")
        move(entry, Status.WAITING, joined_at=timezone.now(), called_at=None, meeting=None)
    return entry


@transaction.atomic
def finish(entry: QueueEntry) -> QueueEntry:
    """Note that the meeting of who sat at the table is over: it was held."""
    entry = _lock_entry(entry)
    if entry.status == Status.DONE:
        return entry
    if entry.status != Status.AT_TABLE:
        raise QueueRefused(_("This person does not sit at the table."), code="not_at_table")
    meeting = entry.meeting
    move(entry, Status.DONE)
    if meeting is not None and meeting.status == Meeting.Status.RUNNING:
        move(meeting, Meeting.Status.HELD, ended_at=timezone.now(), version=meeting.version + 1)
    return entry


def minutes_each(table: MeetingTable) -> int:
    """Return how long a meeting at this table lasts, by the last ones that were held there.

    Before the first it is the length of a slot.
    """
    return minutes_of_tables(table.event)[table.pk]


def minutes_of_tables(event: Event) -> dict[int, int]:
    """Return for each table how long a meeting lasts there. Two queries."""
    slot = MeetingSettings.objects.values_list("slot_minutes", flat=True).get(event=event)
    lengths: dict[int, list[dt.timedelta]] = defaultdict(list)
    held = Meeting.objects.filter(
        event=event,
        origin=Meeting.Origin.QUEUE,
        status=Meeting.Status.HELD,
        begun_at__isnull=False,
        ended_at__isnull=False,
    )
    for table, begun, ended in held.order_by("-ended_at").values_list(
        "queue_entry__table", "begun_at", "ended_at"
    ):
        if begun and ended and table and len(lengths[table]) < _RECENT:
            lengths[table].append(ended - begun)
    found: dict[int, int] = defaultdict(lambda: slot)
    for table, spans in lengths.items():
        middle = sorted(spans)[len(spans) // 2]
        found[table] = max(1, round(middle / dt.timedelta(minutes=1)))
    return found


def waiting_minutes(before: int, each: int, begun_at: dt.datetime | None) -> int:
    """Return how long somebody waits, with so many before them and a meeting under way or not."""
    rest = 0
    if begun_at is not None:
        gone = (timezone.now() - begun_at) / dt.timedelta(minutes=1)
        rest = max(0, round(each - gone))
    return rest + before * each


def _lock(table: MeetingTable) -> MeetingTable:
    event = lock_schedule(table.event)
    refuse_unless_on(event)
    locked = MeetingTable.objects.get(pk=table.pk)
    locked.event = event
    return locked


def _lock_entry(entry: QueueEntry) -> QueueEntry:
    table = _lock(entry.table)
    locked = QueueEntry.objects.select_related("meeting", "participant__registration").get(
        pk=entry.pk
    )
    locked.table = table
    return locked


def _refuse_guest(table: MeetingTable, participant: Participant) -> None:
    if table.closed_from is not None and table.closed_from <= timezone.now():
        raise QueueRefused(_("This table is closed. Choose another one."), code="closed")
    if table.host_id == participant.pk:
        raise QueueRefused(_("This person sits at the table as its host."), code="host")
    admitted = Participant.objects.filter(pk=participant.pk, event=table.event_id).admitted()
    if not admitted.exists():
        raise QueueRefused(
            _("This person is not admitted to the meetings. Ask an organizer."),
            code="not_admitted",
        )
    if table.host_id is None:
        return
    pair = [table.host_id, participant.pk]
    if RatherNot.objects.filter(participant__in=pair, other__in=pair).exists():
        raise QueueRefused(_("These two cannot meet. Ask an organizer."), code="apart")
