"""Writes where meetings are in a version of the schedule."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from events.models import Event
from meetings.domain.plan import Place, Schedule, Span
from meetings.models import MeetingSlot, Placement, ScheduleVersion


def lock_schedule(event: Event) -> Event:
    """Let nobody else write a schedule of the event until the end of the transaction."""
    return Event.objects.select_for_update(no_key=True).get(pk=event.pk)


@transaction.atomic
def take_draft(event: Event, *, by: User | None = None) -> ScheduleVersion:
    """Return the draft of an event's schedule; a copy of what is published where there is none."""
    lock_schedule(event)
    versions = ScheduleVersion.objects.filter(event=event)
    draft = versions.drafts().first()
    if draft is not None:
        return draft
    last = versions.aggregate(last=Max("number"))["last"] or 0
    draft = ScheduleVersion(event=event, number=last + 1, made_by=by)
    published = versions.published().first()
    if published is not None:
        draft.base_changes = published.changes
    draft.full_clean()
    draft.save()
    if published is not None:
        copy_places(published, draft)
    return draft


@transaction.atomic
def put(version: ScheduleVersion, meeting: int, place: Place, *, is_locked: bool = False) -> None:
    """Put a meeting where ``place`` says in a version, wherever it was before.

    It asks nothing: whoever calls it has asked what that breaks. Raises ``ValidationError`` where
    the slot is no longer one of the event's.
    """
    write_places(version, {meeting: place}, locked={meeting} if is_locked else ())


@transaction.atomic
def take_out(version: ScheduleVersion, meetings: Iterable[int]) -> None:
    """Leave meetings out of a version."""
    Placement.objects.filter(version=version, meeting__in=list(meetings)).delete()
    note_change(version)


@transaction.atomic
def write_places(
    version: ScheduleVersion, places: Mapping[int, Place], *, locked: Iterable[int] = ()
) -> None:
    """Write the places of these meetings into a version. Five queries, however many they are."""
    known = {
        Span(slot.starts_at, slot.ends_at): slot.pk
        for slot in MeetingSlot.objects.filter(event=version.event_id)
    }
    if any(place.slot not in known for place in places.values()):
        raise ValidationError(
            _("A slot was deleted in the meantime. Reload the page and look again."), code="no_slot"
        )
    Placement.objects.filter(version=version, meeting__in=list(places)).delete()
    note_change(version)
    stuck = set(locked)
    rows = Placement.objects.bulk_create(
        Placement(
            version=version,
            meeting_id=meeting,
            slot_id=known[place.slot],
            table_id=place.table,
            interpreter_id=place.interpreter,
            is_locked=meeting in stuck,
            written_at_change=version.changes,
        )
        for meeting, place in places.items()
    )
    through = Placement.people.through
    through.objects.bulk_create(
        through(placement_id=row.pk, participant_id=person)
        for row in rows
        for person in sorted(places[row.meeting_id].people)
    )


def replace_schedule(version: ScheduleVersion, schedule: Schedule, locked: Iterable[int]) -> None:
    """Let a version hold this schedule and nothing else."""
    with transaction.atomic():
        Placement.objects.filter(version=version).exclude(meeting__in=list(schedule)).delete()
        write_places(version, schedule, locked=locked)


def note_change(version: ScheduleVersion) -> None:
    """Count a change of a version, by which two people find each other out."""
    rows = ScheduleVersion.objects.filter(pk=version.pk)
    rows.update(changes=F("changes") + 1)
    version.refresh_from_db(fields=["changes"])


def copy_places(
    source: ScheduleVersion, target: ScheduleVersion, meetings: Iterable[int] | None = None
) -> None:
    """Put these meetings, or all, where ``source`` has them, with their locks. Five queries."""
    found = Placement.objects.filter(version=source)
    if meetings is not None:
        wanted = list(meetings)
        found = found.filter(meeting__in=wanted)
        Placement.objects.filter(version=target, meeting__in=wanted).delete()
    rows = list(found)
    people = dict[int, list[int]]()
    through = Placement.people.through
    for placement, person in through.objects.filter(
        placement__in=found.order_by().values("pk")
    ).values_list("placement", "participant"):
        people.setdefault(placement, []).append(person)
    copies = Placement.objects.bulk_create(
        Placement(
            version=target,
            meeting_id=row.meeting_id,
            slot_id=row.slot_id,
            table_id=row.table_id,
            interpreter_id=row.interpreter_id,
            is_locked=row.is_locked,
            moved_at=row.moved_at,
        )
        for row in rows
    )
    through.objects.bulk_create(
        through(placement_id=copy.pk, participant_id=person)
        for row, copy in zip(rows, copies, strict=True)
        for person in people.get(row.pk, [])
    )
