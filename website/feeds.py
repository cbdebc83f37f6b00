"""An Atom feed (RFC 4287) in the language of its address."""

import datetime as dt
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from events.models import Event, SiteProfile
from summit.lib.i18n.languages import TAGS, current

LENGTH = 30


class Entry(NamedTuple):
    title: str
    path: str
    summary: str
    published: dt.datetime
    unique_id: str


def event_entries() -> list[Entry]:
    """The events published last."""
    events = Event.objects.visible().exclude(published_at=None).order_by("-published_at", "-pk")
    return [
        Entry(
            _("Cancelled: %(event)s") % {"event": event.title}
            if event.is_cancelled
            else event.title,
            event.get_absolute_url(),
            event.summary,
            event.published_at,
            f"event-{event.pk}",
        )
        for event in events[:LENGTH]
    ]


def atom(entries: list[Entry]) -> str:
    """Return the latest entries as a feed whose links carry the site's own address."""
    site = SiteProfile.load()
    feed = Atom1Feed(
        title=site.site_name,
        link=settings.SITE_URL + reverse("home"),
        description=site.tagline,
        language=TAGS[current()],
        feed_url=settings.SITE_URL + reverse("feed"),
        subtitle=site.tagline,
        author_name=site.operator or site.site_name,
    )
    latest = sorted(entries, key=lambda entry: entry.published, reverse=True)[:LENGTH]
    for entry in latest:
        feed.add_item(
            title=entry.title,
            link=settings.SITE_URL + entry.path,
            description=entry.summary,
            pubdate=entry.published,
            updateddate=entry.published,
            unique_id=f"{settings.SITE_URL}/{current()}/#{entry.unique_id}",
        )
    return feed.writeString("utf-8")
