"""An event as a calendar entry (RFC 5545)."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import pgettext
from icalendar import Calendar
from icalendar import Event as Entry
from icalendar.prop import vText

from events.models import Event
from registrations.models import Registration
from summit.lib.i18n.bilingual import Text
from summit.lib.i18n.languages import TAGS


def calendar_of(event: Event) -> bytes:
    """Return the event as an iCalendar file in the current language.

    Times are in UTC, which every calendar shows in its owner's zone without a
    definition of ours. The UID rests on the row, so that a calendar updates its
    entry when the address of the page changes.
    """
    entry = _entry(event, uid=f"event-{event.pk}")
    entry.add("dtstamp", event.cancelled_at or event.published_at or event.starts_at)
    entry.add("url", settings.SITE_URL + event.get_absolute_url())
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    return _calendar(entry, method="PUBLISH")


def entry_of(registration: Registration, *, method: str) -> bytes:
    """Return an attendee's own entry; ``PUBLISH`` adds or updates it, ``CANCEL`` removes it.

    The UID stays the same and SEQUENCE counts up with each announcement, so that
    calendars know which of two is the newer one (RFC 5545, RFC 5546).
    """
    event = registration.event
    sequence = event.registration_settings.calendar_sequence
    entry = _entry(event, uid=f"registration-{registration.pk}")
    entry.add("dtstamp", timezone.now())
    entry.add("url", settings.SITE_URL + event.get_absolute_url())
    # Whoever cancels alone must be ahead of the entry that the others keep.
    entry.add("sequence", sequence if method == "PUBLISH" or event.is_cancelled else sequence + 1)
    entry.add("status", "CONFIRMED" if method == "PUBLISH" else "CANCELLED")
    return _calendar(entry, method=method)


def _entry(event: Event, *, uid: str) -> Entry:
    entry = Entry()
    entry.add("uid", f"{uid}@{urlsplit(settings.SITE_URL).hostname}")
    entry.add("dtstart", event.starts_at)
    entry.add("dtend", event.ends_at)
    entry.add("summary", _tagged(event.title))
    if event.summary:
        entry.add("description", _tagged(event.summary))
    comma = pgettext("between parts of a place", ", ")
    place = comma.join(text for text in (event.venue, event.address, event.city) if text)
    if place:
        entry.add("location", place)
    return entry


def _calendar(entry: Entry, *, method: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Summit//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(entry)
    return calendar.to_ical()


def _tagged(text: Text) -> vText:
    return vText(text, params={"language": TAGS[text.lang]})
