"""Who takes part in the meetings of an event, what is said of them, and when they are away."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Event
from mail import outbox
from meetings.domain.placing import lock_schedule
from meetings.domain.plan import Span
from meetings.domain.who_may_meet import settings_of
from meetings.mail_kinds import Kind
from meetings.models import (
    Absence,
    Participant,
)
from projects.models import Project
from registrations.models import Registration
from submissions.domain.decisions import ChangedMeanwhile
from summit.lib.database.states import MoveRefused, move

Status, Side = Participant.Status, Participant.Side
# More times away than this are a mistake.
MOST_ABSENCES = 60
# What an organizer sets, and what the person says.
_OF_ORGANIZER = ("side", "expert", "delegation", "staff_note")
_OF_PERSON = ("languages", "topics", "time_zone")
# Of these a company asks nobody by itself: they have something to offer.
_OWNERS = (Registration.Category.RESEARCHER, Registration.Category.SPEAKER)

type Ending = Callable[[Participant, User | None], None]
_endings: list[Ending] = []


def on_end(ending: Ending) -> None:
    """Have ``ending`` called with a participant who takes part no longer. Called once, when ready.

    It ends the person's requests and meetings, in the same transaction.
    """
    if ending not in _endings:
        _endings.append(ending)


def may_apply(registration: Registration) -> bool:
    """Whether somebody may take part: with a confirmed place and a contact of their own.

    A possible duplicate looks like anybody else here, and is not admitted.
    """
    is_confirmed = registration.shown_status == Registration.Status.CONFIRMED
    return is_confirmed and registration.has_own_proof and registration.erased_at is None


@transaction.atomic
def apply(
    registration: Registration,
    *,
    languages: Sequence[str],
    topics: str,
    listed: bool,
    time_zone: str = "",
    projects: Iterable[Project] = (),
) -> Participant:
    """Ask to take part in the meetings. Doing it again changes what was said the first time.

    Raises ``ValidationError`` for a registration without a confirmed place, an event without
    meetings or one that has begun, and ``MoveRefused`` for who was not admitted.
    """
    stored = _lock_registration(registration)
    event = stored.event
    settings_of(event)
    _refuse_unless_ahead(event)
    if not may_apply(stored):
        raise ValidationError(
            _("Only people with a confirmed and verified registration can take part."),
            code="not_confirmed",
        )
    lock_schedule(event)
    found = Participant.objects.filter(registration=stored).first()
    if found is not None and found.status == Status.REFUSED:
        raise MoveRefused(
            _("The organizers have not admitted you to the meetings. Ask them, please."),
            code="refused",
        )
    participant = found or Participant(
        event=event, registration=stored, side=_likely_side(stored), version=0
    )
    said = {"languages": list(languages), "topics": topics, "time_zone": time_zone}
    _write(participant, said, listed=listed)
    participant.projects.set(projects)
    if participant.status == Status.LEFT:
        move(participant, Status.APPLIED, applied_at=timezone.now())
    return participant


@transaction.atomic
def add(
    registration: Registration,
    *,
    by: User,
    side: str,
    languages: Sequence[str],
    topics: str = "",
    listed: bool = False,
    time_zone: str = "",
    projects: Iterable[Project] = (),
    **more: Any,
) -> Participant:
    """Enter and admit somebody who asked an organizer, as by telephone. Again it changes the entry.

    ``more`` is what ``admit`` takes. ``listed`` says that the person agreed to be seen by others.
    Raises ``ValidationError`` for a registration without a confirmed place.
    """
    stored = _lock_registration(registration)
    settings_of(stored.event)
    lock_schedule(stored.event)
    found = Participant.objects.filter(registration=stored).first()
    participant = found or Participant(event=stored.event, registration=stored, version=0)
    said = {"languages": list(languages), "topics": topics, "time_zone": time_zone}
    _write(participant, said | {"side": side}, listed=listed)
    return admit(participant, by=by, projects=projects, **more)


@transaction.atomic
def admit(participant: Participant, *, by: User, **set_by_organizer: Any) -> Participant:
    """Let somebody take part, and say so by mail. Admitting twice changes what is given.

    ``set_by_organizer`` may hold ``side``, ``expert``, ``delegation``, ``staff_note`` and
    ``projects``; what is not given stays. Raises ``ValidationError`` where the registration has no
    confirmed place.
    """
    stored = lock_participant(participant)
    registration = stored.registration
    if registration.status != Registration.Status.CONFIRMED or registration.erased_at:
        raise ValidationError(
            _("Only people with a confirmed registration can be admitted to the meetings."),
            code="not_confirmed",
        )
    projects = set_by_organizer.pop("projects", None)
    _write(stored, set_by_organizer)
    if projects is not None:
        stored.projects.set(projects)
    if stored.status != Status.ADMITTED:
        move(stored, Status.ADMITTED, admitted_at=timezone.now(), admitted_by=by)
        tell(Kind.ADMITTED, stored)
    return stored


@transaction.atomic
def refuse(participant: Participant, *, by: User) -> Participant:
    """Let somebody not take part, or no longer: requests end and meetings are called off.

    Refusing twice is harmless.
    """
    return _end(participant, Status.REFUSED, by)


@transaction.atomic
def leave(participant: Participant, *, by: User | None = None) -> Participant:
    """Take part no longer: requests end and meetings are called off. Twice is harmless."""
    return _end(participant, Status.LEFT, by)


def _end(participant: Participant, to: str, by: User | None) -> Participant:
    stored = lock_participant(participant)
    if stored.status != to:
        move(stored, to, version=stored.version + 1)
        for ending in _endings:
            ending(stored, by)
    return stored


@transaction.atomic
def change(
    participant: Participant,
    *,
    version: int,
    listed: bool | None = None,
    projects: Iterable[Project] | None = None,
    **values: Any,
) -> Participant:
    """Change what is said of somebody who takes part; what is not given stays.

    ``values`` may hold ``languages``, ``topics``, ``time_zone``, and of an organizer ``side``,
    ``expert``, ``delegation`` and ``staff_note``. Raises ``ChangedMeanwhile`` where somebody else
    has saved since that ``version``.
    """
    stored = lock_participant(participant)
    refuse_other_version(stored, version)
    _write(stored, values, listed=listed)
    if projects is not None:
        stored.projects.set(projects)
    return stored


@transaction.atomic
def set_absences(participant: Participant, spans: Iterable[Span], version: int) -> Participant:
    """Write when somebody is away, in place of what was said before.

    Raises ``ValidationError`` for an end before its start, a time far from the event or too many
    of them, and ``ChangedMeanwhile``.
    """
    stored = lock_participant(participant)
    refuse_other_version(stored, version)
    wanted = sorted(set(spans), key=lambda span: (span.start, span.end))
    if len(wanted) > MOST_ABSENCES:
        raise ValidationError(
            _("Enter at most %(most)d times."), code="too_many", params={"most": MOST_ABSENCES}
        )
    rows = [Absence(participant=stored, starts_at=s.start, ends_at=s.end) for s in wanted]
    first = stored.event.starts_at - dt.timedelta(days=1)
    last = stored.event.ends_at + dt.timedelta(days=1)
    for row in rows:
        row.full_clean(exclude=["participant"])
        if row.ends_at <= first or row.starts_at >= last:
            raise ValidationError(
                _("Check the date: one of the times is not within the event."), code="elsewhen"
            )
    stored.absences.all().delete()
    Absence.objects.bulk_create(rows)
    _write(stored, {})
    return stored


def tell(kind: Kind, participant: Participant, **payload: object) -> None:
    """Queue a mail to somebody whose address is proven or known to staff; to others none."""
    registration = participant.registration
    if registration.has_proven(registration.email_key):
        outbox.queue(kind.value, [registration], **payload)


def lock_participant(participant: Participant) -> Participant:
    """Return a participant read anew, with the event's meetings locked for the transaction."""
    lock_schedule(participant.event)
    rows = Participant.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("event__meeting_settings", "registration").get(pk=participant.pk)


def refuse_other_version(row: Any, version: int) -> None:
    """Raise ``ChangedMeanwhile`` where a row is of another version than a form was opened with."""
    if row.version != version:
        raise ChangedMeanwhile(
            _(
                "This was changed in another window or by an organizer. What you typed is still "
                "here. Compare, and save again to replace what was written meanwhile."
            ),
            code="changed_meanwhile",
        )


def _write(
    participant: Participant, values: dict[str, Any], *, listed: bool | None = None
) -> Participant:
    for name, value in values.items():
        if name not in _OF_ORGANIZER and name not in _OF_PERSON:
            raise TypeError(f"A participant has no {name} that may be written.")
        setattr(participant, name, value)
    _refuse_strange(participant)
    if not participant.registration.is_online:
        participant.time_zone = ""
    if listed is not None and listed != (participant.listed_at is not None):
        participant.listed_at = timezone.now() if listed else None
    participant.version += 1
    participant.full_clean(exclude=["event", "registration", "admitted_by"])
    participant.save()
    return participant


def _refuse_strange(participant: Participant) -> None:
    """Raise ``ValidationError`` for no language, and a delegation of another event."""
    if not participant.languages:
        raise ValidationError(
            {"languages": _("Choose the languages in which you can talk.")}, code="no_language"
        )
    delegation = participant.delegation
    if delegation is not None and delegation.event_id != participant.event_id:
        raise ValidationError(
            {"delegation": _("Choose a delegation of this event.")}, code="elsewhere"
        )


def _refuse_unless_ahead(event: Event) -> None:
    if not event.is_on or event.is_over:
        raise ValidationError(
            _("This event is over or cancelled, so nobody can join its meetings any more."),
            code="over",
        )


def _lock_registration(registration: Registration) -> Registration:
    rows = Registration.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("event").get(pk=registration.pk)


def _likely_side(registration: Registration) -> str:
    return Side.OWNER if registration.category in _OWNERS else Side.COMPANY
