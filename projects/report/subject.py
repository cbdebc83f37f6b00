import datetime as dt
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from events.models import Event, EventSeries
from events.models.event import EventQuerySet
from events.models.series import EventSeriesQuerySet
from summit.lib.i18n.bilingual import Text


class UnknownSubject(LookupError):
    """There is no such event or series."""


@dataclass(frozen=True)
class Subject:
    """What a report is about: one event, or all events of a series, at a moment."""

    row: Event | EventSeries
    at: dt.datetime = field(default_factory=timezone.now)

    @classmethod
    def named(cls, kind: str, slug: str, reader: User) -> "Subject":
        """Find what ``series``, ``event`` and a slug name. One query.

        Raises ``UnknownSubject`` for one that is not there, and for one that the reader, who
        is limited to others, does not run as a whole.
        """
        known: dict[str, EventSeriesQuerySet | EventQuerySet] = {
            "series": EventSeries.objects.run_by(reader),
            "event": Event.objects.run_by(reader).select_related("series"),
        }
        rows = known.get(kind)
        if rows is None:
            raise UnknownSubject(kind)
        found = rows.filter(slug=slug).first()
        if found is None:
            raise UnknownSubject(slug)
        return cls(found)

    @classmethod
    def parse(cls, name: str, reader: User) -> "Subject":
        """Read ``series:slug`` or ``event:slug``, as ``name`` writes it, as ``named`` does."""
        kind, _colon, slug = name.partition(":")
        return cls.named(kind, slug, reader)

    @property
    def kind(self) -> str:
        return "series" if self.is_series else "event"

    @property
    def is_series(self) -> bool:
        return isinstance(self.row, EventSeries)

    @property
    def slug(self) -> str:
        return self.row.slug

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.slug}"

    @property
    def title(self) -> Text:
        return self.row.title

    @property
    def today(self) -> dt.date:
        """The day of ``at`` in the site's time zone, by which follow-ups are due."""
        return timezone.localdate(self.at)

    def events(self, path: str = "") -> Q:
        """Select what belongs to its events, ``path`` leading from a row to its event."""
        if self.is_series:
            return Q(**{f"{path}__series" if path else "series": self.row.pk})
        return Q(**{path or "pk": self.row.pk})

    def published(self, path: str = "") -> Q:
        """Select what belongs to its published events: no drafts, none that was cancelled."""
        status = f"{path}__status" if path else "status"
        return self.events(path) & Q(**{status: Event.Status.PUBLISHED})
