"""An Atom feed (RFC 4287) in the language of its address."""

import datetime as dt
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from events.models import Event, SiteProfile
from projects.models import CooperationIntention
from summit.lib.given import given
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
            _headline(event),
            event.get_absolute_url(),
            event.summary,
            given(event.published_at),
            f"event-{event.pk}",
        )
        for event in events[:LENGTH]
    ]


def _headline(event: Event) -> str:
    """Return the title, and before it that the event is cancelled or postponed."""
    if event.is_cancelled:
        return _("Cancelled: %(event)s") % {"event": event.title}
    if event.is_postponed:
        return _("Postponed: %(event)s") % {"event": event.title}
    if event.is_rescheduled and not event.is_over:
        return _("New date: %(event)s") % {"event": event.title}
    return event.title


def intention_entries() -> list[Entry]:
    """The public intentions signed last, each dated at noon of its day where it was signed."""
    intentions = CooperationIntention.objects.visible().with_parties()[:LENGTH]
    return [_intention_entry(intention) for intention in intentions]


def _intention_entry(intention: CooperationIntention) -> Entry:
    signature = given(intention.signature)
    parties = [party.name for party in (signature.company, signature.expert) if party]
    return Entry(
        _("Cooperation intention %(reference)s signed: %(parties)s")
        % {"reference": intention.reference, "parties": " · ".join(parties) or _("not public")},
        intention.get_absolute_url(),
        " · ".join([*(project.name for project in signature.projects)] or [signature.subject]),
        dt.datetime.combine(given(intention.signed_on), dt.time(12), intention.event.zone),
        f"intention-{intention.reference}",
    )


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


def feed(request: HttpRequest) -> HttpResponse:
    text = atom(event_entries() + intention_entries())
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
