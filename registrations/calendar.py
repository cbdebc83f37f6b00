"""An attendee's own calendar entry (RFC 5545), and how mails update it (RFC 5546)."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import vCalAddress

from events.calendar import calendar_address, calendar_file, entry_for, revision_of, uid_of
from events.models import Event
from registrations.models import Registration, RegistrationSettings
from summit.lib.web import mail_addresses


def sequence_of(event: Event) -> int:
    """Return the SEQUENCE of an event's entry, in mails and files alike.

    It counts up with each announcement and with each change of time or place, so that
    calendars know which of two entries is the newer one. Two queries at most.
    """
    how = RegistrationSettings.objects.filter(event=event)
    told = how.values_list("calendar_sequence", flat=True).first() or 0
    return max(told, revision_of(event).number)


def entry_of(registration: Registration, *, method: str) -> bytes:
    """Return an attendee's own entry.

    ``REQUEST`` adds or updates it by mail, ``CANCEL`` removes it, ``PUBLISH`` is for a file
    that the person imports. All have one UID and one ORGANIZER, and the first two name the
    person as ATTENDEE, without which many calendars change nothing. An event that is postponed
    without a date is cancelled in calendars until it has one: ``events.calendar.calendar_of``.
    """
    event = registration.event
    is_cancel = method == "CANCEL"
    has_seat = registration.shown_status == Registration.Status.CONFIRMED
    with_link = event.has_public_link or (has_seat and not is_cancel)
    entry = entry_for(event, uid=_uid(registration), with_link=with_link)
    now = timezone.now()
    entry.add("dtstamp", now)
    entry.add("last-modified", now)
    # Whoever cancels alone must be ahead of the entry that the others keep.
    alone = is_cancel and event.is_on
    entry.add("sequence", sequence_of(event) + registration.calendar_offset + alone)
    # Who waits keeps the time free, and may yet come.
    entry.add("status", "CANCELLED" if is_cancel else "CONFIRMED" if has_seat else "TENTATIVE")
    if method != "PUBLISH":
        entry.add("attendee", _attendee(registration))
    return calendar_file(entry, method=method)


def _uid(registration: Registration) -> str:
    if registration.calendar_uid:
        return f"{registration.calendar_uid}@{urlsplit(settings.SITE_URL).hostname}"
    return uid_of(registration.event)


def _attendee(registration: Registration) -> vCalAddress:
    # Until the address is proven, a mail to it says nothing that was typed.
    name = registration.mailed_name
    return calendar_address(
        mail_addresses.canonical(registration.email),
        name,
        ROLE="REQ-PARTICIPANT",
        PARTSTAT="ACCEPTED",
        RSVP="FALSE",
    )
