"""An attendee's own calendar entry (RFC 5545)."""

from django.conf import settings
from django.utils import timezone

from events.calendar import calendar_file, entry_for
from registrations.models import Registration


def entry_of(registration: Registration, *, method: str) -> bytes:
    """Return an attendee's own entry; ``PUBLISH`` adds or updates it, ``CANCEL`` removes it.

    The UID stays the same and SEQUENCE counts up with each announcement, so that
    calendars know which of two is the newer one (RFC 5545, RFC 5546).
    """
    event = registration.event
    sequence = event.registration_settings.calendar_sequence
    entry = entry_for(event, uid=f"registration-{registration.pk}")
    entry.add("dtstamp", timezone.now())
    entry.add("url", settings.SITE_URL + event.get_absolute_url())
    # Whoever cancels alone must be ahead of the entry that the others keep.
    entry.add("sequence", sequence if method == "PUBLISH" or event.is_cancelled else sequence + 1)
    entry.add("status", "CONFIRMED" if method == "PUBLISH" else "CANCELLED")
    return calendar_file(entry, method=method)
