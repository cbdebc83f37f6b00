"""Which rows of each model a report counts at all, and by which path each belongs to an event."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from events.models import Affiliation, Appearance, Event, Expert, Organization, Session
from projects.models import CooperationIntention, FollowUp, Project, Recommendation
from projects.report.scope import Scope
from registrations.models import Registration


@dataclass(frozen=True)
class Pool:
    """The rows of a model within a scope: those that any figure of it may count.

    ``event`` is the path from a row to the one event that it belongs to, where it
    belongs to one.
    """

    model: type[Model]
    within: Callable[[Scope], Q]
    event: str = ""

    def rows(self, scope: Scope) -> QuerySet[Any]:
        return self.model._default_manager.filter(self.within(scope))


def in_programme(scope: Scope) -> Q:
    """Experts who stand in the programme of a published event."""
    appearances = Appearance.objects.filter(scope.published("session__event"))
    return Q(pk__in=appearances.order_by().values("expert"))


def recommending(scope: Scope) -> Q:
    """Experts who recommended a project at a published event."""
    return Q(pk__in=_recommended(scope).values("expert"))


def _recommended(scope: Scope) -> QuerySet[Any]:
    return Recommendation.objects.filter(scope.published("event")).order_by()


def _of_experts(scope: Scope) -> Q:
    experts = Expert.objects.filter(in_programme(scope)).order_by()
    places = Affiliation.objects.filter(expert__in=experts.values("pk")).order_by()
    return Q(pk__in=places.values("organization"))


EVENTS = Pool(Event, lambda scope: scope.events())
SESSIONS = Pool(Session, lambda scope: scope.published("event"), "event")
EXPERTS = Pool(Expert, lambda scope: in_programme(scope) | recommending(scope))
ORGANIZATIONS = Pool(Organization, _of_experts)
PROJECTS = Pool(Project, lambda scope: Q(pk__in=_recommended(scope).values("project")))
RECOMMENDATIONS = Pool(Recommendation, lambda scope: scope.published("event"), "event")
REGISTRATIONS = Pool(Registration, lambda scope: scope.events("event"), "event")
INTENTIONS = Pool(CooperationIntention, lambda scope: scope.events("event"), "event")
FOLLOW_UPS = Pool(FollowUp, lambda scope: scope.events("intention__event"), "intention__event")

POOLS = (
    *(EVENTS, SESSIONS, EXPERTS, ORGANIZATIONS, PROJECTS, RECOMMENDATIONS),
    *(REGISTRATIONS, INTENTIONS, FOLLOW_UPS),
)
