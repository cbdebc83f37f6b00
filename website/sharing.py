"""The pictures that people share of an event, and that previews of its pages show."""

from django.db.models.fields.files import ImageFieldFile

from events.models import Event, Poster
from summit.lib.i18n.languages import current


def posters_of(event: Event) -> dict[str, Poster]:
    """Return the posters in the language of the page, by shape. One query, none for a draft."""
    if event.is_draft:
        return {}
    drawn = Poster.objects.drawn().filter(event=event, language=current())
    return {poster.shape: poster for poster in drawn}


def preview_of(event: Event, posters: dict[str, Poster] | None = None) -> Poster | ImageFieldFile:
    """Return what previews of a link show: the wide poster, or the cover until it is drawn.

    ``posters`` are those of ``posters_of``, where a page has them already.
    """
    posters = posters_of(event) if posters is None else posters
    return posters.get(Poster.Shape.WIDE) or event.cover
