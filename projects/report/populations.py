"""Which rows of each model a report counts at all, and by which path each belongs to an event."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from events.models import Affiliation, Appearance, Event, Expert, Organization, Session
from events.models.period import holding_on
from projects.models import CooperationIntention, FollowUp, Project, Recommendation
from projects.report.subject import Subject
from registrations.models import Registration
from summit.lib.database.local_days import LocalDay


@dataclass(frozen=True)
class Pool:
    """The rows of a model within a subject: those that any figure of it may count.

    ``event`` is the path from a row to the one event that it belongs to, where it
    belongs to one.
    """

    model: type[Model]
    within: Callable[[Subject], Q]
    event: str = ""

    def rows(self, subject: Subject) -> QuerySet[Any]:
        return self.model._default_manager.filter(self.within(subject))


def in_programme(subject: Subject) -> Q:
    """Experts who stand in the programme of a published event."""
    appearances = Appearance.objects.filter(subject.published("session__event"))
    return Q(pk__in=appearances.order_by().values("expert"))


def recommending(subject: Subject) -> Q:
    """Experts who recommended a project at a published event."""
    return Q(pk__in=_recommended(subject).values("expert"))


def _recommended(subject: Subject) -> QuerySet[Any]:
    return Recommendation.objects.filter(subject.published("event")).order_by()


def places_of_experts(subject: Subject) -> QuerySet[Affiliation]:
    """Affiliations that experts had on the first day of an event in whose programme they stand."""
    first_day = LocalDay("session__event__starts_at", "session__event__time_zone")
    # In one call, so that all conditions are about one affiliation at one event.
    appearances = Appearance.objects.filter(
        subject.published("session__event"), holding_on(first_day, "expert__affiliations__")
    ).order_by()
    return Affiliation.objects.filter(pk__in=appearances.values("expert__affiliations")).order_by()


def _of_experts(subject: Subject) -> Q:
    """Organizations at which experts were when they appeared."""
    return Q(pk__in=places_of_experts(subject).values("organization"))


def _of_what_stands(subject: Subject) -> Q:
    """Follow-ups of what was signed and not voided."""
    voided = Q(intention__status=CooperationIntention.Status.VOIDED)
    return subject.events("intention__event") & ~voided


EVENTS = Pool(Event, lambda subject: subject.events())
SESSIONS = Pool(Session, lambda subject: subject.published("event"), "event")
EXPERTS = Pool(Expert, lambda subject: in_programme(subject) | recommending(subject))
ORGANIZATIONS = Pool(Organization, _of_experts)
PROJECTS = Pool(Project, lambda subject: Q(pk__in=_recommended(subject).values("project")))
RECOMMENDATIONS = Pool(Recommendation, lambda subject: subject.published("event"), "event")
REGISTRATIONS = Pool(Registration, lambda subject: subject.events("event"), "event")
INTENTIONS = Pool(CooperationIntention, lambda subject: subject.events("event"), "event")
FOLLOW_UPS = Pool(FollowUp, _of_what_stands, "intention__event")

POOLS = (
    *(EVENTS, SESSIONS, EXPERTS, ORGANIZATIONS, PROJECTS, RECOMMENDATIONS),
    *(REGISTRATIONS, INTENTIONS, FOLLOW_UPS),
)
