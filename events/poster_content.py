"""What the poster of an event says, in the current language."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events.models import Event, SiteProfile
from summit.lib.drawing.poster_content import Content, Line
from summit.lib.i18n import clock
from summit.lib.i18n.bilingual import Text
from summit.lib.i18n.clock import Span
from summit.lib.i18n.languages import current, listed_long

# Of sponsors: more would not fit.
_MOST = 3


def content_of(event: Event, sponsors: Sequence[Text], site: SiteProfile) -> Content:
    """Return what the poster says; ``sponsors`` are names of public organizations."""
    return Content(
        language=current(),
        title=str(event.title),
        title_language=event.title.lang,
        kind=capfirst(str(event.get_kind_display())),
        lines=tuple(_lines(event, sponsors)),
        notice=listed_long(_notices(event)),
        invitation=_("Scan or long-press the code to open the page of this event"),
        site_name=str(site.site_name),
        address=settings.SITE_URL + event.get_absolute_url(),
        slug=event.slug,
        family=event.series.slug if event.series else "",
    )


def _lines(event: Event, sponsors: Sequence[Text]) -> Iterator[Line]:
    if not event.is_postponed:
        span = Span.of(event.starts_at, event.ends_at, event.zone)
        yield Line(pgettext("poster", "When"), strip_tags(clock.in_zone(span, event.zone)))
    if place := place_of(event):
        yield Line(pgettext("poster", "Where"), place)
    if sponsors:
        names = listed_long(sponsors[:_MOST])
        if len(sponsors) > _MOST:
            names = pgettext("poster, sponsors", "%(names)s and others") % {"names": names}
        yield Line(pgettext("poster", "Sponsors"), names)


def place_of(event: Event) -> str:
    """Return venue and city, in the order of the language; that it is online, or nothing."""
    if event.format == Event.Format.ONLINE:
        return capfirst(_("online"))
    venue, city = str(event.venue), str(event.city)
    if venue and city and city not in venue:
        return pgettext("place", "%(venue)s, %(city)s") % {"venue": venue, "city": city}
    return venue or city


def _notices(event: Event) -> Iterator[str]:
    if event.is_cancelled:
        yield _("This event has been cancelled")
    elif event.is_postponed:
        yield _("Postponed: the new date will be announced")
    elif event.is_rescheduled:
        yield pgettext("poster", "New date")
    if event.is_demonstration:
        yield pgettext("poster", "An invented event, for demonstration")
