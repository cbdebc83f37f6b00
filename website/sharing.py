"""The pictures that people share of an event, and that previews of its pages show."""

from events.models import Event, Poster
from summit.lib.i18n.languages import current


def posters_of(event: Event) -> dict[str, Poster]:
    """Return the posters in the language of the page, by shape. One query, none for a draft."""
    if event.is_draft:
        return {}
    drawn = Poster.objects.drawn().filter(event=event, language=current())
    return {poster.shape: poster for poster in drawn}


def preview_of(event: Event) -> Poster | None:
    """Return what previews of a link show: the wide poster, once it is drawn."""
    return posters_of(event).get(Poster.Shape.WIDE)
