"""The rules of a programme: sessions lie inside their event, nobody is in two places at once."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.domain.untold import QuotesAnother
from events.models import Appearance, Event, Expert, Session, SiteProfile
from summit.lib.i18n.clock import Span, iso_times
from summit.lib.i18n.languages import CONTENT_LANGUAGES, column
from summit.lib.i18n.likeness import fold


@dataclass(frozen=True)
class Slot:
    """A session as it is or is about to be, with the experts who appear in it (primary keys)."""

    session: Session
    experts: frozenset[int] = frozenset()


def slots(event: Event, sessions: Iterable[Session] | None = None) -> list[Slot]:
    """Return the event's sessions, or those given, with their experts as stored. Two queries."""
    if sessions is None:
        sessions = event.sessions.all()
    sessions = list(sessions)
    stored: dict[int, set[int]] = {}
    for session, expert in Appearance.objects.filter(
        session__in=[session.pk for session in sessions if session.pk]
    ).values_list("session", "expert"):
        stored.setdefault(session, set()).add(expert)
    return [Slot(session, frozenset(stored.get(session.pk, ()))) for session in sessions]


def refusals(event: Event, programme: Sequence[Slot]) -> list[list[ValidationError]]:
    """Say of each slot of the whole programme what is wrong with it, in the order given.

    Compares the slots with each other as they stand in memory, so that two
    sessions can change places in one go, and with other events' sessions as
    stored, those of cancelled and postponed events left out. Slots without both times are
    passed over. Costs at most three queries. What is shown of them goes through ``untold.said_to``.
    """
    timed = [slot for slot in programme if slot.session.starts_at and slot.session.ends_at]
    elsewhere = _elsewhere(event, timed)
    found = []
    for slot in programme:
        errors = []
        if slot in timed:
            others = [other for other in timed if other is not slot] + elsewhere
            overlapping = [other for other in others if _overlap(slot.session, other.session)]
            errors = [
                *_outside(event, slot.session),
                *_room_clashes(event, slot, overlapping),
                *_expert_clashes(event, slot, overlapping),
            ]
        found.append(errors)
    return found


def check(event: Event, programme: Sequence[Slot]) -> None:
    """Raise ``ValidationError`` with every refusal of the programme."""
    errors = [error for of_slot in refusals(event, programme) for error in of_slot]
    if errors:
        raise ValidationError(errors)


def lock() -> None:
    """Let nobody else change any programme until the transaction ends.

    Two organizers who book the same room or expert at once, for one event or for two,
    see each other's session. One lock for all events: one that is new, or moved to
    hours where nothing was, has no row yet that another could have locked. Take it
    before any row of an event, and read what is compared after it.
    """
    site = SiteProfile.load()
    SiteProfile.objects.select_for_update(no_key=True).get(pk=site.pk)


def _overlap(one: Session, two: Session) -> bool:
    return one.starts_at < two.ends_at and two.starts_at < one.ends_at


def _elsewhere(event: Event, timed: Sequence[Slot]) -> list[Slot]:
    if not timed:
        return []
    sessions = (
        Session.objects.overlapping(
            min(slot.session.starts_at for slot in timed),
            max(slot.session.ends_at for slot in timed),
        )
        .exclude(event=event.pk)
        .exclude(event__status__in=[Event.Status.CANCELLED, Event.Status.POSTPONED])
        .select_related("event")
        .prefetch_related("appearances")
    )
    return [
        Slot(session, frozenset(appearance.expert_id for appearance in session.appearances.all()))
        for session in sessions
    ]


def _hours(session: Session, event: Event) -> str:
    return iso_times(Span.of(session.starts_at, session.ends_at, event.zone))


def _outside(event: Event, session: Session) -> list[ValidationError]:
    if event.starts_at <= session.starts_at and session.ends_at <= event.ends_at:
        return []

    def local(moment: dt.datetime) -> str:
        return f"{timezone.localtime(moment, event.zone):%Y-%m-%d %H:%M}"

    return [
        ValidationError(
            _(
                "“%(session)s” (%(hours)s) is outside its event, which lasts from %(start)s "
                "to %(end)s. Change the session's times or the event's."
            ),
            code="outside_event",
            params={
                "session": session,
                "hours": _hours(session, event),
                "start": local(event.starts_at),
                "end": local(event.ends_at),
            },
        )
    ]


def _rooms(event: Event, session: Session) -> dict[tuple[str, str], str]:
    """Return the room by (place, room) in each language, however its letters are written."""
    rooms = {}
    for language in CONTENT_LANGUAGES:
        room = getattr(session, column("room", language)).strip()
        place = getattr(session, column("place", language)) or getattr(
            event, column("venue", language)
        )
        if room:
            rooms[fold(place), fold(room)] = room
    return rooms


def _room_clashes(event: Event, slot: Slot, overlapping: list[Slot]) -> list[ValidationError]:
    rooms = _rooms(event, slot.session)
    errors: list[ValidationError] = []
    for other in overlapping:
        theirs = _rooms(
            other.session.event if other.session.event_id != event.pk else event, other.session
        )
        same_event = other.session.event_id == event.pk
        # Where no venue is given, rooms of two events called "1" are not the same room.
        shared = [key for key in rooms if key in theirs and (key[0] or same_event)]
        if shared:
            errors.append(
                QuotesAnother(
                    _(
                        "“%(room)s” is taken by “%(other)s” (%(hours)s). "
                        "Choose another room or time."
                    ),
                    unquoted=_(
                        "“%(room)s” is booked elsewhere at that time. Choose another room or time."
                    ),
                    event=event if same_event else other.session.event,
                    code="room_taken",
                    params={
                        "room": rooms[shared[0]],
                        "other": _name_session(other.session, event),
                        "hours": _hours(other.session, event),
                    },
                )
            )
    return errors


def _expert_clashes(event: Event, slot: Slot, overlapping: list[Slot]) -> list[ValidationError]:
    clashes = [
        (expert, other) for other in overlapping for expert in sorted(slot.experts & other.experts)
    ]
    names = Expert.objects.in_bulk({expert for expert, _other in clashes}) if clashes else {}
    return [
        QuotesAnother(
            _(
                "%(expert)s is in “%(other)s” at that time (%(hours)s). "
                "Choose another time or expert."
            ),
            unquoted=_(
                "%(expert)s is booked elsewhere at that time. Choose another time or expert."
            ),
            event=event if other.session.event_id == event.pk else other.session.event,
            code="expert_elsewhere",
            params={
                "expert": names[expert],
                "other": _name_session(other.session, event),
                "hours": _hours(other.session, event),
            },
        )
        for expert, other in clashes
    ]


def _name_session(session: Session, event: Event) -> str:
    """The session's title, with its event's where that is another one."""
    return str(session) if session.event_id == event.pk else f"{session} · {session.event}"
