"""An event as a calendar entry (RFC 5545)."""

from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar
from icalendar import Event as Entry
from icalendar.prop import vText

from events.models import Event
from summit.lib.bilingual import Text
from summit.lib.languages import TAGS


def calendar_of(event: Event) -> bytes:
    """Return the event as an iCalendar file in the current language.

    Times are in UTC, which every calendar shows in its owner's zone without a
    definition of ours. The UID rests on the row, so that a calendar updates its
    entry when the address of the page changes.
    """
    entry = Entry()
    entry.add("uid", f"event-{event.pk}@{urlsplit(settings.SITE_URL).hostname}")
    entry.add("dtstamp", event.cancelled_at or event.published_at or event.starts_at)
    entry.add("dtstart", event.starts_at)
    entry.add("dtend", event.ends_at)
    entry.add("summary", _tagged(event.title))
    if event.summary:
        entry.add("description", _tagged(event.summary))
    place = ", ".join(text for text in (event.venue, event.address, event.city) if text)
    if place:
        entry.add("location", place)
    entry.add("url", settings.SITE_URL + event.get_absolute_url())
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")

    calendar = Calendar()
    calendar.add("prodid", "-//Summit//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return calendar.to_ical()


def _tagged(text: Text) -> vText:
    return vText(text, params={"language": TAGS[text.lang]})
