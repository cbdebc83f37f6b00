"""Follow-ups as a calendar (RFC 5545): one all-day entry each."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from projects.models import FollowUp
from summit.lib.given import given

# How often calendars should look again; many take their own time all the same.
REFRESH = dt.timedelta(hours=6)


def follow_up_calendar(follow_ups: Iterable[FollowUp]) -> bytes:
    """Return the follow-ups ``with_revisions()`` as an iCalendar file in the current language.

    The same rows make the same bytes. Calendars are often kept with somebody else,
    so entries hold neither notes nor, of what is confidential, the parties.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Summit//Follow-ups//EN")
    calendar.add("version", "2.0")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, _("Follow-ups"))
    for name in ("refresh-interval", "x-published-ttl"):
        calendar.add(name, REFRESH, parameters={"VALUE": "DURATION"})
    for follow_up in follow_ups:
        calendar.add_component(_entry(follow_up))
    return calendar.to_ical()


def _entry(follow_up: FollowUp) -> Event:
    entry = Event()
    entry.add("uid", f"{_name(follow_up)}@{urlsplit(settings.SITE_URL).hostname}")
    signed_on = given(follow_up.intention.signed_on)
    revised_at = follow_up.revised_at or dt.datetime.combine(signed_on, dt.time(), dt.UTC)
    entry.add("dtstamp", revised_at)
    entry.add("last-modified", revised_at)
    entry.add("sequence", (follow_up.revisions or 1) - 1)
    entry.add("status", "CONFIRMED")
    # A day in which other things happen too: it keeps nobody from being invited.
    entry.add("transp", "TRANSPARENT")
    entry.add("class", "PRIVATE")
    entry.add("dtstart", follow_up.due_on)
    entry.add("dtend", follow_up.due_on + dt.timedelta(days=1))
    summary = _("Follow-up: %(reference)s") % {"reference": follow_up.intention.reference}
    if follow_up.intention.is_public:
        summary = " · ".join([summary, *follow_up.parties])
    entry.add("summary", summary)
    page = settings.SITE_URL + reverse("admin:projects_followup_change", args=[follow_up.pk])
    entry.add("url", page)
    entry.add("description", _("Record what you found: %(page)s") % {"page": page})
    return entry


def _name(follow_up: FollowUp) -> str:
    """Name the entry so that it stays the same when it moves, and tells nothing of the row."""
    return salted_hmac("follow-up", str(follow_up.pk), algorithm="sha256").hexdigest()[:32]
