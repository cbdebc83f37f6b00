"""Meetings as entries in the calendars of those who come (RFC 5545, RFC 5546)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from icalendar import Event as Entry
from icalendar import vCalAddress

from events.calendar import at_this_site, calendar_address, calendar_file, organizer
from events.models import Event
from meetings.domain.own_schedule import Appointment
from meetings.models import Meeting, MeetingTable, Participant
from summit.lib.i18n.bilingual import Text
from summit.lib.web import mail_addresses


@dataclass(frozen=True, slots=True)
class Known:
    """What an entry says of a meeting, as its reader is told it."""

    event: Event
    meeting: Meeting
    starts_at: dt.datetime
    ends_at: dt.datetime
    table: MeetingTable | None
    others: Sequence[Participant]
    about: str = ""


def known_of(appointment: Appointment, about: str = "") -> Known:
    return Known(
        appointment.meeting.event,
        appointment.meeting,
        appointment.starts_at,
        appointment.ends_at,
        appointment.table,
        appointment.others,
        about,
    )


def mailed_entry(known: Known, *, method: str, sequence: int, email: str, name: str) -> bytes:
    """Return the one entry of a mail: ``REQUEST`` adds or moves it, ``CANCEL`` removes it.

    The UID stays the same for as long as the meeting is, and ``sequence`` rises, by which
    calendars know the newer of two. Its reader is the one ATTENDEE, without which many calendars
    change nothing. Times are in UTC, which every calendar shows in its owner's zone.
    """
    entry = _entry(known, organizer())
    entry.add("sequence", sequence)
    entry.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    entry.add(
        "attendee",
        calendar_address(
            mail_addresses.canonical(email),
            name,
            ROLE="REQ-PARTICIPANT",
            PARTSTAT="ACCEPTED",
            RSVP="FALSE",
        ),
    )
    return calendar_file(entry, method=method)


def schedule_file(meetings: Iterable[Known], *, sequences: dict[int, int]) -> bytes:
    """Return a whole schedule for a calendar, with the same UIDs as the mails about it."""
    entries, by = [], organizer()
    for known in meetings:
        entry = _entry(known, by)
        entry.add("sequence", sequences.get(known.meeting.pk, 0))
        entry.add("status", "CONFIRMED")
        entries.append(entry)
    return calendar_file(*entries, method="PUBLISH")


def names_of(people: Iterable[Participant]) -> str:
    """Return who they are: names, each with its organization, and never a contact."""
    return pgettext("between names", ", ").join(filter(None, map(name_of, people)))


def name_of(participant: Participant) -> str:
    registration = participant.registration
    if registration.erased_at:
        return _("somebody whose data was erased")
    if not registration.organization_name:
        return registration.name
    return pgettext("person and organization", "%(name)s (%(organization)s)") % {
        "name": registration.name,
        "organization": registration.organization_name,
    }


def place_of(table: MeetingTable) -> str:
    """Return the table and its room: “Table A3, Hall 2”."""
    parts = [_("Table %(table)s") % {"table": table.name}, table.room]
    return pgettext("between parts of a place", ", ").join(str(each) for each in parts if each)


def _entry(known: Known, by: vCalAddress) -> Entry:
    entry = Entry()
    entry.add("uid", at_this_site(f"meeting-{known.meeting.code}"))
    now = timezone.now()
    entry.add("dtstamp", now)
    entry.add("last-modified", now)
    entry.add("organizer", by)
    entry.add("url", settings.SITE_URL + known.event.get_absolute_url())
    entry.add("dtstart", known.starts_at.astimezone(dt.UTC))
    entry.add("dtend", known.ends_at.astimezone(dt.UTC))
    who = names_of(known.others)
    entry.add("summary", _("Meeting: %(who)s") % {"who": who} if who else _("Meeting"))
    entry.add("description", "\n\n".join(filter(None, (str(known.event.title), known.about))))
    event = known.event
    venue: list[Text | str] = [event.venue, event.address, event.city]
    table = [place_of(known.table)] if known.table else []
    parts = [str(each) for each in (*table, *venue) if each]
    if parts:
        entry.add("location", pgettext("between parts of a place", ", ").join(parts))
    entry.add("class", "PRIVATE")
    return entry
