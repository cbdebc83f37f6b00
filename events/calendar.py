"""An event as a calendar entry (RFC 5545)."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import pgettext
from icalendar import Calendar
from icalendar import Event as Entry
from icalendar.prop import vText

from events.models import Event
from summit.lib.i18n.bilingual import Text
from summit.lib.i18n.languages import TAGS


def calendar_of(event: Event) -> bytes:
    """Return the event as an iCalendar file in the current language.

    Times are in UTC, which every calendar shows in its owner's zone without a
    definition of ours. The UID rests on the row, so that a calendar updates its
    entry when the address of the page changes.
    """
    entry = entry_for(event, uid=f"event-{event.pk}")
    entry.add("dtstamp", event.cancelled_at or event.published_at or event.starts_at)
    entry.add("url", settings.SITE_URL + event.get_absolute_url())
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    return calendar_file(entry, method="PUBLISH")


def entry_for(event: Event, *, uid: str) -> Entry:
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


def calendar_file(entry: Entry, *, method: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Summit//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(entry)
    return calendar.to_ical()


def _tagged(text: Text) -> vText:
    return vText(text, params={"language": TAGS[text.lang]})
