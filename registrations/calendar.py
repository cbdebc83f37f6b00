"""An attendee's own calendar entry (RFC 5545), and how mails update it (RFC 5546)."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import vCalAddress

from events.calendar import calendar_address, calendar_file, entry_for, revision_of, uid_of
from events.models import Event
from registrations.models import Registration, RegistrationGroup, RegistrationSettings
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
    entry = entry_for(event, uid=_uid(registration), is_confirmed=registration.may_join)
    now = timezone.now()
    entry.add("dtstamp", now)
    entry.add("last-modified", now)
    # Whoever cancels alone must be ahead of the entry that the others keep.
    alone = is_cancel and event.is_on
    # Whose contact is that of the group has the entry which its contact person was mailed.
    group = None if registration.has_own_contact else registration.group
    mailed = group.mails.count() if group else 0
    entry.add("sequence", sequence_of(event) + registration.calendar_offset + alone + mailed)
    # Who waits keeps the time free, and may yet come.
    entry.add("status", "CANCELLED" if is_cancel else "CONFIRMED" if has_seat else "TENTATIVE")
    if method != "PUBLISH":
        entry.add("attendee", _attendee(registration))
    return calendar_file(entry, method=method)


def entry_of_group(
    group: RegistrationGroup,
    seated: Sequence[Registration],
    *,
    method: str,
    mailed_before: int,
    about: str = "",
) -> bytes:
    """Return the one entry for all of a group whose contact person has their mails.

    Calendars take one entry from a mail, and one UID is one entry: Outlook and Apple's leave out
    what else stands in it. So it is for the contact person, as ATTENDEE, and ``about`` in its text
    names the ``seated``. Each mail counts the SEQUENCE up, so that seats which go and come again
    are always the newer entry; ``mailed_before`` is how many went before.
    """
    event = group.event
    is_joining = any(row.may_join for row in seated)
    entry = entry_for(event, uid=uid_of(event), is_confirmed=is_joining, about=about)
    now = timezone.now()
    entry.add("dtstamp", now)
    entry.add("last-modified", now)
    offset = max((row.calendar_offset for row in seated), default=0)
    entry.add("sequence", sequence_of(event) + offset + mailed_before)
    entry.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    entry.add("attendee", _address(group.email, group.name if group.proven_at else ""))
    return calendar_file(entry, method=method)


def _uid(registration: Registration) -> str:
    if registration.calendar_uid:
        return f"{registration.calendar_uid}@{urlsplit(settings.SITE_URL).hostname}"
    return uid_of(registration.event)


def _attendee(registration: Registration) -> vCalAddress:
    # Until the address is proven, a mail to it says nothing that was typed.
    return _address(registration.email, registration.mailed_name)


def _address(email: str, name: str) -> vCalAddress:
    return calendar_address(
        mail_addresses.canonical(email),
        name,
        ROLE="REQ-PARTICIPANT",
        PARTSTAT="ACCEPTED",
        RSVP="FALSE",
    )
