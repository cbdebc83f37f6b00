import datetime as dt
import itertools
from typing import Any

from django.db.models import Prefetch
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from events.models import Affiliation, Appearance, Event, EventRole, Expert, Photo, Session
from events.models.event import EventQuerySet
from events.models.session import SessionQuerySet
from projects.models import CooperationIntention, Project, Recommendation
from website.structured_data import event_data


class EventListView(ListView):
    template_name = "website/event_list.html"
    context_object_name = "events"
    paginate_by = 12

    def get_queryset(self) -> EventQuerySet:
        events = Event.objects.visible().select_related("series")
        self.when = self.request.GET.get("when", "upcoming")
        if self.when == "upcoming":
            return events.upcoming()
        if self.when == "past":
            return events.past()
        raise Http404(_("Events are listed as upcoming or past."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(section="events", when=self.when, **kwargs)


def with_speakers(sessions: SessionQuerySet) -> SessionQuerySet:
    """Load the public experts in each session as ``public_appearances``, with affiliations."""
    affiliations = Affiliation.objects.filter(organization__is_public=True)
    appearances = Appearance.objects.filter(expert__is_public=True).select_related("expert")
    # Along the join rather than through Expert.with_affiliations(), which would cost a query more.
    appearances = appearances.prefetch_related(
        Prefetch("expert__affiliations", affiliations.select_related("organization"))
    )
    return sessions.prefetch_related(
        Prefetch("appearances", appearances, to_attr="public_appearances")
    )


def by_day(sessions: list[Session]) -> list[tuple[dt.date, list[Session]]]:
    """Group a programme by the days of its event's zone."""
    return [(day, list(group)) for day, group in itertools.groupby(sessions, lambda s: s.starts_on)]


def by_role(roles: list[EventRole]) -> list[tuple[str, list[EventRole]]]:
    """Group roles under their names, sponsors first, each in the order staff gave them."""
    return [
        (label, group)
        for role, label in EventRole.Role.choices
        if (group := [each for each in roles if each.role == role])
    ]


def speakers(sessions: list[Session]) -> list[Expert]:
    """Return each public expert of a programme once, in the order of their appearance."""
    found = {
        each.expert_id: each.expert for session in sessions for each in session.public_appearances
    }
    return list(found.values())


def by_project(recommendations: list[Recommendation]) -> list[tuple[Project, list[Recommendation]]]:
    """Group recommendations by project, in the order of the first of each."""
    found: dict[int, tuple[Project, list[Recommendation]]] = {}
    for each in recommendations:
        found.setdefault(each.project_id, (each.project, []))[1].append(each)
    return list(found.values())


class EventView(DetailView):
    template_name = "website/event.html"
    context_object_name = "event"

    def get_queryset(self) -> EventQuerySet:
        roles = EventRole.objects.filter(organization__is_public=True)
        return (
            Event.objects.visible_to(self.request.user)
            .select_related("series", "registration_settings")
            .prefetch_related(
                Prefetch("roles", roles.select_related("organization"), to_attr="public_roles"),
                Prefetch("sessions", with_speakers(Session.objects.all()), to_attr="programme"),
                Prefetch("photos", Photo.objects.all(), to_attr="album"),
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event = self.object
        experts = speakers(event.programme)
        # Not Recommendation.visible(): the preview of a draft shows its page as it will be.
        recommendations = event.recommendations.filter(
            project__status=Project.Status.PUBLISHED, expert__is_public=True
        ).select_related("project__owner", "expert")
        intentions = CooperationIntention.objects.visible().filter(event=event)
        return super().get_context_data(
            section="events",
            trail=trail(event),
            days=by_day(event.programme),
            roles=by_role(event.public_roles),
            experts=experts,
            recommended=by_project(list(recommendations)),
            intentions=intentions.with_parties(),
            structured=event_data(event, experts),
            admin_url=reverse("admin:events_event_change", args=[event.pk]),
            **kwargs,
        )


def trail(event: Event) -> list[tuple[str, str]]:
    """Return the way to an event's page: all events, then its series."""
    way = [(_("Events"), reverse("events"))]
    if event.series:
        way.append((event.series.title, event.series.get_absolute_url()))
    return way
