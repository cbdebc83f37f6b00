"""Posters of published events: drawn when due, removed where an event is no longer published.

Nothing asks for a poster. Each round compares what every poster should show with what it was
drawn from, so that a change of any kind, a file that a crash has left behind, and a worker
that was killed while it drew need no care of their own.
"""

import hashlib
import logging
import time
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Prefetch
from django.utils import timezone, translation

from events.models import Event, EventRole, Poster, SiteProfile
from events.models.event import EventQuerySet
from events.models.organization import FormerNames
from events.models.poster import FOLDER, unguessable_name
from events.poster_content import content_of
from summit.lib.drawing.poster_content import Content
from summit.lib.files import private_files
from summit.lib.files.pictures import PictureFile
from summit.lib.files.private_files import private_storage
from summit.lib.i18n.bilingual import Text
from summit.lib.i18n.languages import CONTENT_LANGUAGES
from summit.lib.web.signed_links import new_code

log = logging.getLogger(__name__)

# Raised when posters look different, so that all are drawn anew.
DESIGN = 1
# Of one round: mails wait for the next one meanwhile. Each poster takes about a second.
SECONDS = 20

type Key = tuple[int, str, str]


class State(NamedTuple):
    """What there is of a poster, and whether it is still to be drawn, perhaps anew."""

    language: str
    shape: Poster.Shape
    poster: Poster | None
    is_due: bool


def draw_due() -> int:
    """Draw what is missing or out of date, and remove what is no longer published.

    Returns how many posters were drawn or removed. Draws for ``SECONDS`` at most, what is next
    in time first; the next round goes on. One that cannot be drawn keeps no other out.
    """
    done = _remove_unpublished()
    until = time.monotonic() + SECONDS
    for event, content, shape, digest in _due(Event.objects.visible()):
        if time.monotonic() >= until:
            break
        try:
            _draw(event, content, shape, digest)
        except (InterfaceError, OperationalError):
            raise
        except Exception:
            log.exception("The poster of an event could not be drawn: %s", event.slug)
        else:
            done += 1
    return done


def sweep() -> int:
    """Delete the stored pictures that no poster names, and return how many."""
    return private_files.sweep(FOLDER, set(Poster.objects.values_list("file", flat=True)))


def _remove_unpublished() -> int:
    removed = 0
    for poster in Poster.objects.exclude(event__in=Event.objects.visible()):
        with transaction.atomic():
            poster.delete()
            transaction.on_commit(partial(_forget, poster.file.name or ""))
        removed += 1
    return removed


def _forget(name: str) -> None:
    if name:
        private_files.remove(private_storage(), name)


def states_of(event: Event) -> list[State]:
    """Return what there is of each poster of an event, nothing for a draft.

    As many queries as a round, and one more.
    """
    visible = Event.objects.visible().filter(pk=event.pk)
    due = {(content.language, shape) for _event, content, shape, _digest in _due(visible)}
    drawn = {(each.language, each.shape): each for each in event.posters.all()}
    return [
        State(language, shape, drawn.get((language, shape)), (language, shape) in due)
        for language in CONTENT_LANGUAGES[::-1]
        for shape in Poster.Shape
        if not event.is_draft
    ]


def _due(events: EventQuerySet) -> Iterator[tuple[Event, Content, str, str]]:
    """Return each poster that is missing or out of date, with the digest of what it shows.

    Five queries, and one more where a sponsor had another name.
    """
    columns = ("event", "language", "shape", "drawn_from")
    drawn: dict[Key, str] = {
        (event, language, shape): digest
        for event, language, shape, digest in Poster.objects.values_list(*columns)
    }
    sponsors = EventRole.objects.filter(
        role=EventRole.Role.SPONSOR, organization__is_public=True
    ).select_related("organization")
    events = (
        events.select_related("series")
        .prefetch_related(Prefetch("roles", sponsors, to_attr="sponsors"))
        .order_by("-starts_at", "pk")
    )
    site = SiteProfile.load()
    names = FormerNames(
        (role.organization_id, role.organization.names_before)
        for event in events
        for role in _sponsors(event)
    )
    for event in events:
        for language in CONTENT_LANGUAGES:
            with translation.override(language):
                content = content_of(event, _names(event, names), site)
            for shape in Poster.Shape.values:
                digest = _digest(event, content, shape)
                if drawn.get((event.pk, language, shape)) != digest:
                    yield event, content, shape, digest


def _sponsors(event: Event) -> list[EventRole]:
    return event.sponsors  # type: ignore[attr-defined]  # as prefetched


def _names(event: Event, names: FormerNames) -> list[Text]:
    """Return the sponsors by the names of the day of the event."""
    day = event.starts_on
    return [
        names.at(role.organization_id, day) or role.organization.name for role in _sponsors(event)
    ]


def _digest(event: Event, content: Content, shape: str) -> str:
    shown = (DESIGN, settings.POSTER_FONTS, event.cover.name or "", shape, content)
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def _draw(event: Event, content: Content, shape: str, digest: str) -> None:
    # No web process needs Pillow.
    from summit.lib.drawing import poster as drawing

    if missing := drawing.missing(content):
        log.warning("The poster of %s lacks signs that no font has: %s", event.slug, missing)
        _keep(event, content.language, shape, drawn_from=digest, missing=missing[:200])
        return
    data = drawing.draw(content, Poster.SIZES[shape], photo=_photo(event))
    name = private_storage().save(unguessable_name(), ContentFile(data))
    try:
        was_kept = _keep(
            event, content.language, shape, drawn_from=digest, file=name, size=len(data)
        )
    except (InterfaceError, OperationalError):
        # Nobody can say whether that was committed; if not, ``sweep`` finds the file.
        raise
    except BaseException:
        _forget(name)
        raise
    if not was_kept:
        _forget(name)


@transaction.atomic
def _keep(event: Event, language: str, shape: str, **drawn: Any) -> bool:
    """Save what was drawn in the place of the one before; False where nobody may see it.

    The lock makes two workers take turns, and keeps the event published meanwhile.
    """
    visible = Event.objects.visible().select_for_update(no_key=True)
    if not visible.filter(pk=event.pk).exists():
        return False
    poster = Poster.objects.filter(event=event, language=language, shape=shape).first()
    poster = poster or Poster(event=event, language=language, shape=shape)
    before = poster.file.name or ""
    nothing = {"file": "", "size": 0, "missing": ""}
    fresh = {"code": new_code(), "drawn_at": timezone.now()}
    for name, value in (nothing | fresh | drawn).items():
        setattr(poster, name, value)
    poster.full_clean()
    poster.save()
    transaction.on_commit(partial(_forget, before))
    return True


def _photo(event: Event) -> bytes | None:
    """Return the cover of the event in a middle width, if it has one that can be read."""
    cover = event.cover
    names = list(cover.names().values()) if isinstance(cover, PictureFile) else []
    if not names:
        return None
    try:
        with cover.storage.open(names[:2][-1]) as file:
            return bytes(file.read())
    except OSError:
        log.exception("The cover of %s could not be read for its poster", event.slug)
        return None
