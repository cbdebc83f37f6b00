"""Tells people and interpreters that their schedule has changed, and nobody else."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from events.models import Event
from mail import outbox
from meetings.domain.changes import Change, changes_of_interpreters, changes_of_people
from meetings.domain.plan import Place, Schedule
from meetings.models import Interpreter, MeetingPerson, Participant, ScheduleVersion
from meetings.schedule_kinds import Kind

# A version has fewer changes than this, so that a later one counts on from an earlier one.
_CHANGES_OF_A_VERSION = 100_000


@dataclass(frozen=True, slots=True)
class Audience:
    """Whose schedule differs, and by what: who gets a mail, and who has to be telephoned.

    Keys are those of participants and of interpreters.
    """

    people: Mapping[int, Sequence[Change]]
    interpreters: Mapping[int, Sequence[Change]]
    mailed: tuple[Participant, ...] = ()
    mailed_interpreters: tuple[Interpreter, ...] = ()
    telephoned: tuple[Participant, ...] = ()
    telephoned_interpreters: tuple[Interpreter, ...] = ()

    @property
    def mails(self) -> int:
        return len(self.mailed) + len(self.mailed_interpreters)


NOBODY = Audience({}, {})


def audience_of(event: Event, before: Schedule, after: Schedule) -> Audience:
    """Return whom a change of the schedule concerns. What is over by now concerns nobody.

    A mail goes to a proven address only. Whose registration has ended or is erased is left out.
    Two queries at most.
    """
    people = _ahead(changes_of_people(before, after))
    interpreters = _ahead(changes_of_interpreters(before, after))
    rows = Participant.objects.filter(pk__in=people, registration__erased_at=None)
    known = (
        [each for each in rows.with_person() if each.registration.can_be_ended] if people else []
    )
    hired = list(Interpreter.objects.filter(pk__in=interpreters)) if interpreters else []
    return Audience(
        people,
        interpreters,
        mailed=tuple(each for each in known if has_address(each)),
        mailed_interpreters=tuple(each for each in hired if each.email),
        telephoned=tuple(each for each in known if not has_address(each)),
        telephoned_interpreters=tuple(each for each in hired if not each.email),
    )


def tell(event: Event, before: Schedule, after: Schedule) -> Audience:
    """Queue one mail for each person and interpreter whose schedule differs; return whom.

    ``after`` is what the published version holds now. Calendars take the entries in the order of
    the versions and of their changes.
    """
    audience = audience_of(event, before, after)
    sequence = _sequence(event)
    outbox.queue_apart(
        Kind.CHANGED,
        (
            (each.registration, _payload(audience.people[each.pk], sequence, person=each.pk))
            for each in audience.mailed
        ),
    )
    outbox.queue_apart(
        Kind.OF_INTERPRETER,
        (
            (each, _payload(audience.interpreters[each.pk], sequence, interpreter=each.pk))
            for each in audience.mailed_interpreters
        ),
    )
    changed = {change.meeting for each in audience.people.values() for change in each}
    if audience.mailed and changed:
        MeetingPerson.objects.filter(participant__in=audience.mailed, meeting__in=changed).update(
            sequence=sequence
        )
    return audience


def has_address(participant: Participant) -> bool:
    """Whether mails reach the person: an address that is proven, or that staff know."""
    registration = participant.registration
    return bool(registration.email) and registration.has_proven(registration.email_key)


def _sequence(event: Event) -> int:
    """Return a number that rises with each change of what is published."""
    published = ScheduleVersion.objects.filter(event=event).published()
    number, changes = published.values_list("number", "changes").first() or (0, 0)
    return number * _CHANGES_OF_A_VERSION + changes


def _ahead(told: Mapping[int, list[Change]]) -> dict[int, list[Change]]:
    now = timezone.now()
    ahead = {
        key: [change for change in changes if _ends_after(change, now)]
        for key, changes in told.items()
    }
    return {key: changes for key, changes in ahead.items() if changes}


def _ends_after(change: Change, moment: dt.datetime) -> bool:
    return any(end and end.slot.end > moment for end in (change.before, change.after))


def _payload(
    changes: Sequence[Change],
    sequence: int,
    *,
    person: int | None = None,
    interpreter: int | None = None,
) -> dict[str, object]:
    """Return what became of each meeting for one reader: where it was and where it is."""

    def seen(place: Place | None) -> list[object] | None:
        if place is None:
            return None
        is_theirs = person in place.people or (interpreter and place.interpreter == interpreter)
        if not is_theirs:
            return None
        return [place.slot.start.isoformat(), place.slot.end.isoformat(), place.table]

    return {
        "sequence": sequence,
        "changes": [[each.meeting, seen(each.before), seen(each.after)] for each in changes],
    }
