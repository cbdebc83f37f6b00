"""Who has the link to join an event online, and when: every page, mail and entry asks here."""

import datetime as dt

from django.utils import timezone

from events.models import Event


def link_to_join(event: Event, *, is_confirmed: bool = False) -> str:
    """Return the link to join, "" where the reader may not have it now. No query.

    ``is_confirmed`` says that the reader has a confirmed place and may take part online. Nobody
    has the link before the hours that the organizer chose, nor once the event is over, nor
    while it is cancelled or has no date. It often holds a password.
    """
    if not _is_for_reader(event, is_confirmed) or _shown_later(event):
        return ""
    return event.online_link


def link_comes_at(event: Event, *, is_confirmed: bool = False) -> dt.datetime | None:
    """Return from when the reader has the link, where that is still to come. No query."""
    return _shown_later(event) if _is_for_reader(event, is_confirmed) else None


def _is_for_reader(event: Event, is_confirmed: bool) -> bool:
    is_for_all = event.online_link_for == Event.LinkFor.EVERYBODY
    may_have = bool(event.online_link) and (is_confirmed or is_for_all)
    return may_have and event.is_on and not event.is_over


def _shown_later(event: Event) -> dt.datetime | None:
    moment = event.link_shown_from
    return moment if moment and timezone.now() < moment else None
