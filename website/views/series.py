from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from events.models import Event, EventSeries
from events.models.series import EventSeriesQuerySet
from projects.models import CooperationIntention, Project
from projects.report.outcomes import outcomes
from website.cards import for_project_cards, project_cards
from website.intention_rows import intention_rows
from website.views.paging import page_of

# On the page of a series; the lists hold the rest.
SHOWN = 12
# On a line among others; the page of its series holds the rest.
SHOWN_EVENTS = 12


@dataclass(frozen=True)
class Line:
    """A series with its latest events, the earliest of them first."""

    series: EventSeries
    events: list[Event]
    are_more: bool


def lines(all_series: Iterable[EventSeries]) -> list[Line]:
    """Load the latest visible events of each series. One query, however many there are."""
    found = list(all_series)
    latest = Event.objects.visible().order_by("-starts_at", "-pk")[: SHOWN_EVENTS + 1]
    prefetch_related_objects(found, Prefetch("events", latest, to_attr="latest_events"))
    return [_line(series, series.latest_events) for series in found]  # type: ignore[attr-defined]  # just now


def _line(series: EventSeries, latest: list[Event]) -> Line:
    return Line(series, latest[SHOWN_EVENTS - 1 :: -1], len(latest) > SHOWN_EVENTS)


class SeriesListView(ListView):
    template_name = "website/series_list.html"
    paginate_by = 12

    def get_queryset(self) -> EventSeriesQuerySet:
        return EventSeries.objects.visible()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        trail = [(_("Events"), reverse("events"))]
        context = super().get_context_data(section="events", trail=trail, **kwargs)
        return context | {"lines": lines(context["object_list"])}


class SeriesView(DetailView):
    template_name = "website/series.html"
    context_object_name = "series"
    events_per_page = 24

    def get_queryset(self) -> EventSeriesQuerySet:
        return EventSeries.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        trail = [(_("Events"), reverse("events")), (_("Event series"), reverse("series-list"))]
        visible = self.object.events.visible().order_by("-starts_at", "-pk")
        statuses = dict(visible.values_list("pk", "status"))
        page = page_of(list(statuses), self.events_per_page, self.request)
        events = Event.objects.filter(pk__in=page.object_list).order_by("starts_at", "pk")
        published = [pk for pk, status in statuses.items() if status == Event.Status.PUBLISHED]
        intentions = CooperationIntention.objects.visible().filter(event__series=self.object)
        projects = Project.objects.visible().filter(
            recommendations__event__series=self.object,
            recommendations__event__status__in=Event.VISIBLE,
            recommendations__expert__is_public=True,
        )
        return super().get_context_data(
            section="events",
            trail=trail,
            events=list(events),
            page_obj=page,
            outcomes=outcomes(self.object, published),
            intentions=intention_rows(intentions.for_rows()[:SHOWN]),
            projects=project_cards(for_project_cards(projects).distinct()[:SHOWN]),
            **kwargs,
        )
