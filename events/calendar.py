"""An event or a session as an entry (RFC 5545), however it reaches a calendar (RFC 5546)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext, pgettext
from icalendar import Calendar, vCalAddress
from icalendar import Event as Entry
from icalendar.prop import vText
from simple_history.utils import get_history_manager_for_model

from events.domain.online_link import link_comes_at, link_to_join
from events.models import Event, Session, SiteProfile
from summit.lib.i18n.bilingual import Text
from summit.lib.i18n.clock import moment_in_words
from summit.lib.i18n.languages import CONTENT_LANGUAGES, TAGS, column

# What makes an entry another one for whoever has it: each change of these is a revision.
_FACTS = (
    *("starts_at", "ends_at", "time_zone", "online_link"),
    *(column(name, code) for name in ("venue", "address", "city") for code in CONTENT_LANGUAGES),
)

# Likewise of a session.
_SESSION_FACTS = (
    *("starts_at", "ends_at"),
    *(column(name, code) for name in ("room", "place") for code in CONTENT_LANGUAGES),
)

_OFF = (Event.Status.CANCELLED, Event.Status.POSTPONED)


@dataclass(frozen=True)
class Revision:
    """How often time and place of an event were changed, and when its row last was."""

    number: int
    made_at: dt.datetime


def revision_of(event: Event) -> Revision:
    """Count the changes of time, place and whether it takes place in its history. One query."""
    rows = list(_history_of(event).values_list("history_date", "status", *_FACTS))
    told = [(status in _OFF and status, *facts) for _at, status, *facts in rows]
    moments = [event.published_at, event.cancelled_at, *(row[0] for row in rows[-1:])]
    return Revision(
        number=sum(before != after for before, after in pairwise(told)),
        made_at=max((at for at in moments if at), default=event.starts_at),
    )


def _revision_of_session(session: Session) -> Revision:
    """Count the changes of time and place of a session, and of its event. Two queries."""
    of_event = revision_of(session.event)
    rows = list(_history_of(session).values_list("history_date", *_SESSION_FACTS))
    changes = sum(before[1:] != after[1:] for before, after in pairwise(rows))
    moments = [of_event.made_at, *(row[0] for row in rows[-1:])]
    return Revision(of_event.number + changes, max(moments))


def _history_of(row: Event | Session) -> QuerySet[Any]:
    return get_history_manager_for_model(type(row)).filter(id=row.pk).order_by("history_id")


def uid_of(event: Event) -> str:
    """Return the UID of an event's entry, the same in mails, feeds and files.

    It rests on the row, so that a calendar updates its entry when the address of the page
    changes.
    """
    return at_this_site(f"event-{event.pk}")


def calendar_of(event: Event, *, sequence: int | None = None) -> bytes:
    """Return the event as an iCalendar file in the current language, for everybody.

    Times are in UTC, which every calendar shows in its owner's zone without a definition of
    ours. ``sequence`` is given where attendees were mailed newer entries than the event's
    own history counts. The same rows make the same bytes.

    While an event is postponed and no new date is known, its entry is ``CANCELLED`` and its
    title says why. RFC 5545 has no state for it: ``TENTATIVE`` is of an entry that may yet
    take place at its time, and Outlook and Gmail go on showing it there. ``CANCELLED`` takes
    it away; the entry with the new date has the same UID and a higher SEQUENCE, by which
    RFC 5546 has it take the place of the one that was cancelled.
    """
    entry = entry_for(event, uid=uid_of(event))
    return _published(entry, event, revision_of(event), sequence or 0)


def session_calendar_of(session: Session) -> bytes:
    """Return a session as ``calendar_of`` does its event, with the event’s title in its text.

    It takes place as its event does, and is where the session is: in a room of the venue or at
    another place.
    """
    event = session.event
    link = link_to_join(event)
    entry = _entry_of(session, uid=at_this_site(f"session-{session.pk}"))
    entry.add("summary", tagged(_title(event, session.title)))
    entry.add("description", _text(event, event.title, link or _note_of_link(event)))
    venue = [session.place] if session.place else [event.venue, event.address, event.city]
    _add_place(entry, [session.room, *venue], link)
    return _published(entry, event, _revision_of_session(session), 0)


def _published(entry: Entry, event: Event, revision: Revision, sequence: int) -> bytes:
    entry.add("dtstamp", revision.made_at)
    entry.add("last-modified", revision.made_at)
    entry.add("sequence", max(revision.number, sequence))
    entry.add("status", "CONFIRMED" if event.is_on else "CANCELLED")
    return calendar_file(entry, method="PUBLISH")


def entry_for(event: Event, *, uid: str, is_confirmed: bool = False, about: str = "") -> Entry:
    """Return what every entry of the event has, and the link to join where the reader has it.

    ``is_confirmed`` as for ``link_to_join``. Where it comes later, the text says when. The text
    ends with ``about``.
    """
    entry = _entry_of(event, uid=uid)
    entry.add("summary", tagged(_title(event, event.title)))
    link = link_to_join(event, is_confirmed=is_confirmed)
    more = "\n\n".join(
        filter(None, (link or _note_of_link(event, is_confirmed=is_confirmed), about))
    )
    if event.summary or more:
        entry.add("description", _text(event, event.summary, more))
    _add_place(entry, [event.venue, event.address, event.city], link)
    return entry


def _text(event: Event, text: Text, more: str) -> vText:
    return tagged(Text("\n\n".join(filter(None, (text, more))), text.lang))


def _note_of_link(event: Event, *, is_confirmed: bool = False) -> str:
    """Return from when the reader has the link to join, where that is still to come."""
    moment = link_comes_at(event, is_confirmed=is_confirmed)
    if moment is None:
        return ""
    words = {"moment": moment_in_words(moment, event.zone)}
    if event.online_link_for == Event.LinkFor.EVERYBODY:
        return (
            gettext("The link to join online is on the page of the event from %(moment)s.") % words
        )
    return gettext("The link to join online is on your personal page from %(moment)s.") % words


def _entry_of(row: Event | Session, *, uid: str) -> Entry:
    entry = Entry()
    entry.add("uid", uid)
    entry.add("organizer", organizer())
    entry.add("url", settings.SITE_URL + row.get_absolute_url())
    entry.add("dtstart", row.starts_at)
    entry.add("dtend", row.ends_at)
    return entry


def _add_place(entry: Entry, parts: Iterable[Text], link: str) -> None:
    comma = pgettext("between parts of a place", ", ")
    if place := comma.join(text for text in parts if text) or link:
        entry.add("location", place)


def _title(event: Event, title: Text) -> Text:
    """Return a title, and before it that the event is postponed, in the title's language."""
    if not event.is_postponed:
        return title
    with translation.override(title.lang):
        return Text(gettext("Postponed: %(event)s") % {"event": title}, title.lang)


def calendar_file(*entries: Entry, method: str) -> bytes:
    """Return a file of entries. One for a mail has one: calendars take no more from it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Summit//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for entry in entries:
        calendar.add_component(entry)
    return calendar.to_ical()


def calendar_address(email: str, name: str = "", **params: str) -> vCalAddress:
    """Return a person or body of an entry, such as ``ORGANIZER;CN=…:mailto:…``."""
    address = vCalAddress(f"mailto:{email}")
    # A quotation mark cannot be written there at all (RFC 5545, 3.2).
    name = " ".join(name.replace('"', "’").split())
    for key, value in ({"CN": name} | params).items():
        if value:
            address.params[key] = vText(value)
    return address


def organizer() -> vCalAddress:
    """Return who sends our mails, since calendars look whether an update comes from the same."""
    site = SiteProfile.load()
    return calendar_address(
        parseaddr(settings.DEFAULT_FROM_EMAIL)[1], site.operator or site.site_name
    )


def at_this_site(name: str) -> str:
    """Return a UID that no other site makes."""
    return f"{name}@{urlsplit(settings.SITE_URL).hostname}"


def tagged(text: Text) -> vText:
    return vText(text, params={"language": TAGS[text.lang]})
