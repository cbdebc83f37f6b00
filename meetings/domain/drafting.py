"""What organizers do with the draft of a schedule: fill it, move meetings, lock them, discard it.

Each verb takes ``version``, the number of changes that the page showed, and refuses once there
are more: what a move breaks was said of that draft.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Event
from meetings.domain import placing
from meetings.domain.fill import Why, fill
from meetings.domain.loading import load_plan, load_schedule
from meetings.domain.placing import lock_schedule, note_change, take_draft, write_places
from meetings.domain.plan import Place, Plan, Schedule, Span
from meetings.domain.validation import Broken, broken_rules
from meetings.models import (
    Interpreter,
    Meeting,
    MeetingSlot,
    MeetingTable,
    Placement,
    ScheduleVersion,
)

# As often it is filled anew if others change the draft meanwhile.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Filling:
    """What filling did: how many meetings are new in the draft, and which found no place."""

    draft: ScheduleVersion
    placed: int
    left_out: dict[int, Why]


def hold_draft(draft: ScheduleVersion, version: int | None = None) -> ScheduleVersion:
    """Lock the schedule, and return the draft as it is now.

    Raises ``ValidationError`` where it is no draft any more, or was changed since ``version``.
    """
    lock_schedule(draft.event)
    now = ScheduleVersion.objects.drafts().filter(pk=draft.pk).select_related("event").first()
    if now is None:
        raise ValidationError(
            _("This draft was published or discarded in the meantime. Reload the page."),
            code="no_draft",
        )
    if version is not None and now.changes != version:
        raise ValidationError(
            _("Somebody else has changed this in the meantime. Reload the page and look again."),
            code="changed_meanwhile",
        )
    return now


@transaction.atomic
def move(
    draft: ScheduleVersion,
    meeting: Meeting,
    slot: MeetingSlot,
    table: MeetingTable,
    interpreter: Interpreter | None,
    people: Iterable[int],
    *,
    version: int,
) -> ScheduleVersion:
    """Put a meeting into a slot and at a table, whatever that breaks; publishing asks for it.

    Raises ``ValidationError`` for a slot that has begun, for a meeting that has begun, is over or
    is locked, and for people who are not of the meeting.
    """
    draft = hold_draft(draft, version)
    _refuse_strange(draft, slot, table, interpreter)
    if slot.starts_at <= timezone.now():
        raise ValidationError(_("This slot has begun. Choose a later one."), code="begun")
    _refuse_unless_movable(draft, [meeting.pk])
    comes = frozenset(people)
    known = set(meeting.people.values_list("participant", flat=True))
    if not comes or not comes <= known:
        raise ValidationError(_("Choose who comes of the people of this meeting."), code="people")
    place = Place(
        Span(slot.starts_at, slot.ends_at),
        table.pk,
        comes,
        interpreter.pk if interpreter else None,
    )
    placing.put(draft, meeting.pk, place)
    return check(draft)


@transaction.atomic
def swap(draft: ScheduleVersion, one: Meeting, other: Meeting, *, version: int) -> ScheduleVersion:
    """Let two meetings change places. Each keeps its people and its interpreter."""
    draft = hold_draft(draft, version)
    _refuse_unless_movable(draft, [one.pk, other.pk])
    schedule = load_schedule(draft)
    if one.pk not in schedule or other.pk not in schedule or one.pk == other.pk:
        raise ValidationError(_("Choose two meetings that have a place."), code="no_place")
    first, second = schedule[one.pk], schedule[other.pk]
    now = timezone.now()
    if min(first.slot.start, second.slot.start) <= now:
        raise ValidationError(_("This slot has begun. Choose a later one."), code="begun")
    write_places(
        draft,
        {
            one.pk: replace(first, slot=second.slot, table=second.table),
            other.pk: replace(second, slot=first.slot, table=first.table),
        },
    )
    return check(draft)


@transaction.atomic
def take_out(draft: ScheduleVersion, meetings: Collection[int], *, version: int) -> ScheduleVersion:
    """Leave meetings without a place. What is locked or has begun is refused."""
    draft = hold_draft(draft, version)
    _refuse_unless_movable(draft, meetings)
    placing.take_out(draft, meetings)
    return check(draft)


@transaction.atomic
def set_locked(
    draft: ScheduleVersion, meetings: Collection[int], *, locked: bool, version: int
) -> ScheduleVersion:
    """Lock meetings where they are, or let filling and others move them again."""
    draft = hold_draft(draft, version)
    Placement.objects.filter(version=draft, meeting__in=meetings).update(is_locked=locked)
    note_change(draft)
    return check(draft)


@transaction.atomic
def discard_draft(draft: ScheduleVersion, *, version: int) -> None:
    """Delete the draft. What is published stays."""
    hold_draft(draft, version).delete()


def fill_draft(event: Event, *, by: User | None = None) -> Filling:
    """Place what is open, in a draft that is made where there is none.

    Meetings that break a rule are placed anew, unless they are locked or have begun. It is
    worked out without holding up others, and anew if they changed the draft meanwhile. Proves
    nothing: another schedule may hold more. Raises ``ValidationError`` if others never stop.
    """
    for _try in range(_TRIES):
        draft = take_draft(event, by=by)
        plan, schedule = load_plan(event, draft), load_schedule(draft)
        sound = without_broken(plan, schedule)
        filled = fill(plan, sound)
        with transaction.atomic():
            lock_schedule(event)
            now = ScheduleVersion.objects.drafts().filter(pk=draft.pk).first()
            if now is None or now.changes != draft.changes:
                continue
            return _write(now, plan, schedule, filled.schedule, filled.left_out)
    raise ValidationError(
        _("Others change the draft at this moment. Fill it again in a minute."), code="busy"
    )


def _write(
    draft: ScheduleVersion,
    plan: Plan,
    before: Schedule,
    after: Schedule,
    left_out: dict[int, Why],
) -> Filling:
    changed = {key: place for key, place in after.items() if before.get(key) != place}
    gone = before.keys() - after.keys()
    if gone:
        placing.take_out(draft, gone)
    if changed:
        write_places(draft, changed)
    draft.left_out = {str(key): why.name for key, why in left_out.items()}
    draft.save(update_fields=["left_out"])
    note_problems(draft, broken_rules(plan, after))
    return Filling(draft, len(after.keys() - before.keys()), left_out)


def without_broken(plan: Plan, schedule: Schedule) -> dict[int, Place]:
    """Return the schedule without as many meetings as it takes to break no rule.

    What is locked or has begun stays, even where it breaks one.
    """
    left = dict(schedule)
    priority = {meeting.key: meeting.priority for meeting in plan.meetings}
    while True:
        taken: set[int] = set()
        for broken in broken_rules(plan, left):
            movable = [key for key in broken.meetings if _may_go(plan, left, key)]
            if movable and not taken & broken.meetings:
                taken.add(min(movable, key=lambda key: (priority.get(key, -1), -key)))
        if not taken:
            return left
        for key in taken:
            del left[key]


def _may_go(plan: Plan, schedule: Schedule, key: int) -> bool:
    has_begun = plan.now is not None and key in schedule and schedule[key].slot.start < plan.now
    return key in schedule and key not in plan.locked and not has_begun


def check(version: ScheduleVersion) -> ScheduleVersion:
    """Find out anew which rules a version breaks, and note it, for pages to show."""
    broken = broken_rules(load_plan(version.event, version), load_schedule(version))
    note_problems(version, broken)
    return version


def note_problems(version: ScheduleVersion, broken: Iterable[Broken]) -> None:
    version.problems = [
        [each.rule.name, sorted(each.meetings), sorted(each.whom)] for each in broken
    ]
    version.checked_at = timezone.now()
    version.checked_at_change = version.changes
    version.save(update_fields=["problems", "checked_at", "checked_at_change"])


def _refuse_strange(
    draft: ScheduleVersion,
    slot: MeetingSlot,
    table: MeetingTable,
    interpreter: Interpreter | None,
) -> None:
    events = {slot.event_id, table.event_id, draft.event_id}
    if interpreter is not None:
        events.add(interpreter.event_id)
    if len(events) > 1:
        raise ValidationError(_("This belongs to another event."), code="strange")


def _refuse_unless_movable(draft: ScheduleVersion, meetings: Collection[int]) -> None:
    keys = set(meetings)
    rows = Meeting.objects.filter(event=draft.event_id, pk__in=keys)
    if rows.filter(status=Meeting.Status.AGREED).count() != len(keys):
        raise ValidationError(
            _("This meeting has begun, is over or was called off, so it stays where it is."),
            code="over",
        )
    places = Placement.objects.filter(meeting__in=keys)
    if places.filter(version=draft, is_locked=True).exists():
        raise ValidationError(_("This meeting is locked. Unlock it first."), code="locked")
    published = places.filter(
        version__event=draft.event_id,
        version__status=ScheduleVersion.Status.PUBLISHED,
        slot__starts_at__lte=timezone.now(),
    )
    if published.exists():
        raise ValidationError(
            _("The time of this meeting has begun, so only the desk moves it."), code="begun"
        )
