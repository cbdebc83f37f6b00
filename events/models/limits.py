"""What an organizer is limited to. The one place that says who runs which event."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q

if TYPE_CHECKING:
    from events.models.event import Event

type Person = User | AnonymousUser


@dataclass(frozen=True)
class Limits:
    """Keys of the series and of the single events to which somebody is limited."""

    series: frozenset[int]
    events: frozenset[int]

    def of_events(self) -> Q:
        """Select the events named, and those of the series named."""
        return Q(pk__in=self.events) | Q(series__in=self.series)


def limits_of(user: Person) -> Limits | None:
    """Return what somebody is limited to; nothing for whoever is not, superusers among them.

    Read once for each request, or whatever else holds ``user``: one query, and none
    for superusers and visitors.
    """
    if user.is_superuser or not user.is_authenticated:
        return None
    if hasattr(user, "_limits"):
        known: Limits | None = user._limits
        return known
    rows = list(user.organizer_scopes.order_by().values_list("series", "event"))
    limits = rows and Limits(
        frozenset(series for series, _event in rows if series),
        frozenset(event for _series, event in rows if event),
    )
    user._limits = limits or None  # type: ignore[attr-defined]  # kept with ``user``
    return limits or None


def runs(user: Person, event: "Event") -> bool:
    """Whether an event is within somebody's limits. Costs no query of its own."""
    limits = limits_of(user)
    return limits is None or event.pk in limits.events or event.series_id in limits.series
