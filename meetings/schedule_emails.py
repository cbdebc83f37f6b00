"""The mails about a changed schedule, written from it as it is when they are sent."""

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events.models import Event, SiteProfile
from mail.models import OutboundMail
from mail.writers import address, compose
from meetings.calendar import Known, mailed_entry, names_of, place_of
from meetings.domain.interpreter_link import path_of
from meetings.domain.own_schedule import (
    Appointment,
    appointments_of,
    appointments_of_interpreter,
)
from meetings.models import Interpreter, Meeting, MeetingSettings, MeetingTable, Participant
from registrations.emails import add_entry
from registrations.models import Registration
from summit.lib.i18n.clock import Span, in_second_zone, in_zone
from summit.lib.web.signed_links import sign


@dataclass(frozen=True, slots=True)
class Spot:
    """When and where a meeting was or is, as a reader is told it."""

    span: Span
    table: MeetingTable | None


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a meeting for one reader; without ``now`` it is called off for them."""

    meeting: Meeting
    others: Sequence[Participant]
    was: Spot | None
    now: Spot | None


@dataclass(frozen=True, slots=True)
class Reader:
    event: Event
    name: str
    email: str
    language: str
    link: str
    # Beside which the times of who joins online stand.
    second_zone: zoneinfo.ZoneInfo | None
    appointments: Sequence[Appointment]
    participant: Participant | None = None


def write(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return the mail; nothing where the person or all that it tells of is gone."""
    reader = _reader_of(row, link="")
    return _written(row, reader) if reader else None


def show(row: OutboundMail) -> EmailMultiAlternatives | None:
    """Return what staff may see of it, without the personal link."""
    hidden = _("(personal link, not shown to anybody else)")
    reader = _reader_of(row, link=hidden)
    return _written(row, reader) if reader else None


def _reader_of(row: OutboundMail, *, link: str) -> Reader | None:
    subject = row.subject
    if isinstance(subject, Interpreter):
        return _interpreter(subject, link or settings.SITE_URL + path_of(subject))
    if not isinstance(subject, Registration) or subject.erased_at or not subject.can_be_ended:
        return None
    participant = Participant.objects.filter(registration=subject).first()
    if participant is None:
        return None
    return Reader(
        event=subject.event,
        name=subject.mailed_name,
        email=subject.email,
        language=subject.language,
        link=link or _schedule_url(subject),
        second_zone=participant.zone if participant.time_zone else None,
        appointments=appointments_of(participant),
        participant=participant,
    )


def _schedule_url(registration: Registration) -> str:
    with translation.override(registration.language):
        path = reverse("my-meetings-schedule", args=[sign(registration.code)])
    return settings.SITE_URL + path


def _interpreter(interpreter: Interpreter, link: str) -> Reader:
    return Reader(
        event=interpreter.event,
        name=interpreter.name,
        email=interpreter.email,
        language=interpreter.language,
        link=link,
        second_zone=None,
        appointments=appointments_of_interpreter(interpreter),
    )


def _written(row: OutboundMail, reader: Reader) -> EmailMultiAlternatives | None:
    event = reader.event
    told = [each for each in _told(row, reader) if _is_ahead(each)]
    if not told or not event.is_on or not reader.email:
        return None
    how = MeetingSettings.objects.filter(event=event).first()
    way = how.way_to_tables if how else ""
    with translation.override(reader.language):
        subject = _("Your meetings have changed: %(event)s") % {"event": event.title}
        context = {
            "subject": subject,
            "name": reader.name,
            "event": event,
            "changes": [_change_in_words(each, reader) for each in told],
            "schedule": [
                _line(appointment, reader)
                for appointment in reader.appointments
                if not appointment.is_over
            ],
            "way": way,
            "link": reader.link,
            "site": SiteProfile.load(),
        }
        message = compose(
            row,
            to=address(reader.name, reader.email),
            subject=subject,
            text=render_to_string("mail/meeting_schedule.txt", context),
            html=render_to_string("mail/meeting_schedule.html", context),
        )
        _add_entries(message, row, reader, told, way)
    return message


def _told(row: OutboundMail, reader: Reader) -> list[Told]:
    changes = row.payload.get("changes", [])
    meetings = Meeting.objects.with_people().in_bulk([pk for pk, _was, _now in changes])
    tables = MeetingTable.objects.filter(event=reader.event).in_bulk()
    come = {each.meeting.pk: each.others for each in reader.appointments}
    return [
        Told(
            meetings[pk],
            come.get(pk) or _others_of(meetings[pk], reader.participant),
            _spot(was, tables, reader.event),
            _spot(now, tables, reader.event),
        )
        for pk, was, now in changes
        if pk in meetings
    ]


def _others_of(meeting: Meeting, reader: Participant | None) -> list[Participant]:
    """Return who has to come on the other side, for a meeting that the reader has no more."""
    people = [each for each in meeting.people.all() if each.must]
    own = {each.side for each in meeting.people.all() if reader and each.participant == reader}
    return [each.participant for each in people if each.side not in own]


def _spot(value: list[Any] | None, tables: dict[int, MeetingTable], event: Event) -> Spot | None:
    if value is None:
        return None
    start, end, table = value
    return Spot(
        Span.of(dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end), event.zone),
        tables.get(table),
    )


def _is_ahead(told: Told) -> bool:
    now = timezone.now()
    return any(spot and spot.span.end > now for spot in (told.was, told.now))


def _change_in_words(told: Told, reader: Reader) -> tuple[str, list[str]]:
    """Return the heading of a change and its lines."""
    who = names_of(told.others)
    if told.now is None:
        lines = [who, _place(told.was, reader)]
        reason = told.meeting.off_reason if reader.participant else ""
        if reason:
            lines.append(_("Reason: %(reason)s") % {"reason": reason})
        if told.meeting.status == Meeting.Status.AGREED:
            # Such as where its slot or table was deleted.
            lines.append(_("It is still agreed. You are told as soon as it has a new time."))
            return pgettext("meeting", "No longer at this time"), lines
        return pgettext("meeting", "Called off"), lines
    if told.was is None:
        return pgettext("meeting", "New"), [who, _place(told.now, reader)]
    return pgettext("meeting", "Moved"), [
        who,
        pgettext("moved meeting", "Before: %(place)s") % {"place": _place(told.was, reader)},
        pgettext("moved meeting", "Now: %(place)s") % {"place": _place(told.now, reader)},
    ]


def _place(spot: Spot | None, reader: Reader) -> str:
    if spot is None:
        return ""
    parts = [strip_tags(in_zone(spot.span, reader.event.zone))]
    if reader.second_zone:
        parts.append(strip_tags(in_second_zone(spot.span, reader.second_zone)))
    if spot.table:
        parts.append(place_of(spot.table))
    return " · ".join(parts)


def _line(appointment: Appointment, reader: Reader) -> tuple[str, str, str]:
    """Return when and where, with whom, and whether somebody interprets."""
    span = Span.of(appointment.starts_at, appointment.ends_at, reader.event.zone)
    spot = Spot(span, appointment.table)
    with_interpreter = appointment.interpreter is not None and reader.participant is not None
    return (
        _place(spot, reader),
        names_of(appointment.others),
        _("With an interpreter") if with_interpreter else "",
    )


def _add_entries(
    message: EmailMultiAlternatives, row: OutboundMail, reader: Reader, told: list[Told], way: str
) -> None:
    """Attach an entry for each change. One alone is what the mail program acts on by itself."""
    entries = []
    for each in told:
        method = "REQUEST" if each.now else "CANCEL"
        spot = each.now or each.was
        if spot is None:
            continue
        known = Known(
            reader.event,
            each.meeting,
            spot.span.start,
            spot.span.end,
            spot.table,
            each.others,
            way,
        )
        entry = mailed_entry(
            known,
            method=method,
            sequence=row.payload.get("sequence", 0),
            email=reader.email,
            name=reader.name,
        )
        entries.append((entry, method))
    if len(entries) == 1:
        add_entry(message, *entries[0])
        return
    for number, (entry, method) in enumerate(entries, 1):
        message.attach(f"meeting-{number}.ics", entry.decode(), f"text/calendar; method={method}")
