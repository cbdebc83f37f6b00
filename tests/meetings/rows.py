"""Rows of meetings for tests: plain functions with valid defaults and keyword overrides."""

import datetime as dt
import itertools

from django.utils import timezone

from events.models import Event
from meetings.domain.placing import put
from meetings.domain.plan import Place, Span
from meetings.models import (
    Absence,
    Delegation,
    Interpreter,
    Meeting,
    MeetingFeedback,
    MeetingOutcome,
    MeetingPerson,
    MeetingRequest,
    MeetingSettings,
    MeetingSlot,
    MeetingTable,
    Participant,
    Presence,
    RatherNot,
    ScheduleVersion,
)
from registrations.models import Registration
from tests import factories
from tests.factories import save

_numbers = itertools.count(1)


def meeting_event(*, slots: int = 3, tables: int = 2, rules=None, **fields) -> Event:
    """An event to come that offers meetings: slots of half an hour from its start, and tables.

    It begins at nine, whatever the clock says, since meetings are at civil hours.
    """
    start = factories.at(9, day=timezone.localdate() + dt.timedelta(days=30))
    times = {"starts_at": start, "ends_at": start + dt.timedelta(hours=8)}
    event = factories.upcoming_event(**times | fields)
    factories.registration_settings(event=event)
    save(MeetingSettings(event=event, **(rules or {})))
    for number in range(slots):
        slot(event, number)
    for number in range(1, tables + 1):
        table(event, name=f"A{number}", order=number)
    return event


def slot(event: Event, number: int = 0) -> MeetingSlot:
    start = event.starts_at + dt.timedelta(minutes=30 * number)
    return save(MeetingSlot(event=event, starts_at=start, ends_at=start + dt.timedelta(minutes=30)))


def table(event: Event, **fields) -> MeetingTable:
    return save(MeetingTable(**{"event": event, "name": f"T{next(_numbers)}"} | fields))


def participant(event: Event, *, name: str = "", **fields) -> Participant:
    """Somebody admitted to the meetings and listed, with a proven registration."""
    now = timezone.now()
    about = {"name": name} if name else {}
    defaults = {
        "event": event,
        "registration": fields.get("registration") or factories.proven(event, **about),
        "status": Participant.Status.ADMITTED,
        "languages": ["zh"],
        "admitted_at": now,
        "listed_at": now,
    }
    return save(Participant(**defaults | fields))


def owner(event: Event, **fields) -> Participant:
    """An expert or project owner."""
    return participant(event, **{"side": Participant.Side.OWNER} | fields)


def delegation(event: Event, **fields) -> Delegation:
    return save(Delegation(**{"event": event, "name": f"Delegation {next(_numbers)}"} | fields))


def interpreter(event: Event, *, present=(), **fields) -> Interpreter:
    """An interpreter between Chinese and English; ``present`` are spans."""
    defaults = {"event": event, "name": f"Interpreter {next(_numbers)}", "languages": ["en", "zh"]}
    made = save(Interpreter(**defaults | fields))
    for span in present:
        save(Presence(interpreter=made, starts_at=span.start, ends_at=span.end))
    return made


def request(asker: Participant, asked: Participant, **fields) -> MeetingRequest:
    defaults = {
        "event": asker.event,
        "asker": asker,
        "asked": asked,
        "reason": "Your method could help our hospital.",
        "expires_at": timezone.now() + dt.timedelta(days=5),
    }
    return save(MeetingRequest(**defaults | fields))


def meeting(one: Participant, other: Participant, *, may=(), **fields) -> Meeting:
    """An agreed meeting of the two; ``may`` are further people of the first side."""
    made = save(Meeting(**{"event": one.event} | fields))
    for side, person, must in (
        (1, one, True),
        (2, other, True),
        *((1, each, False) for each in may),
    ):
        save(MeetingPerson(meeting=made, participant=person, side=side, must=must))
    return made


def version(event: Event, **fields) -> ScheduleVersion:
    """A version of the schedule; a draft unless a status is given."""
    number = event.schedule_versions.count() + 1
    defaults = {"event": event, "number": number}
    if fields.get("status", "draft") != "draft":
        defaults["published_at"] = timezone.now()
    return save(ScheduleVersion(**defaults | fields))


def published(event: Event, **fields) -> ScheduleVersion:
    return version(event, **{"status": ScheduleVersion.Status.PUBLISHED} | fields)


def placed(of: ScheduleVersion, meeting_: Meeting, *, slot=0, table=0, interpreter=None) -> Place:
    """Put a meeting into a version, in a slot and at a table by their places in the event."""
    times = list(of.event.meeting_slots.all())[slot]
    place = Place(
        Span(times.starts_at, times.ends_at),
        list(of.event.meeting_tables.all())[table].pk,
        frozenset(meeting_.people.values_list("participant", flat=True)),
        interpreter.pk if interpreter else None,
    )
    put(of, meeting_.pk, place)
    return place


def one_of_everything(event: Event, registration: Registration, word: str = "Their") -> dict:
    """Return by its model a row of each that has a page, of an event that has no meetings yet."""
    settings = save(MeetingSettings(event=event))
    group = delegation(event, name=f"{word} delegation")
    one = participant(event, registration=registration, delegation=group)
    other = owner(event, name=f"{word} owner")
    times = slot(event)
    span = {"starts_at": times.starts_at, "ends_at": times.ends_at}
    save(Absence(participant=one, **span))
    interprets = interpreter(event, name=f"{word} interpreter")
    save(Presence(interpreter=interprets, **span))
    return {
        MeetingSettings: settings,
        MeetingSlot: times,
        MeetingTable: table(event, room_en=f"{word} room", room_zh_hans=f"{word} 会议室"),
        Interpreter: interprets,
        Delegation: group,
        Participant: one,
        MeetingRequest: request(one, other, reason=f"{word} reason"),
        RatherNot: save(RatherNot(participant=one, other=owner(event, name=f"{word} rival"))),
    }


def held_meeting(event: Event, word: str = "Their") -> dict:
    """Return by its model a meeting that was held, with its outcome, and what somebody says."""
    one, other = owner(event, name=f"{word} guest"), owner(event, name=f"{word} expert")
    held = meeting(one, other, status=Meeting.Status.HELD, origin=Meeting.Origin.WALK_UP)
    save(
        MeetingOutcome(
            meeting=held,
            kind=MeetingOutcome.Kind.KEEP_TALKING,
            note=f"{word} note",
            next_step=f"{word} step",
        )
    )
    said = save(MeetingFeedback(meeting=held, participant=one, rating=4, note=f"{word} opinion"))
    return {Meeting: held, MeetingFeedback: said}
