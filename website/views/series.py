from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from events.models import Event, EventSeries
from projects.models import CooperationIntention, Project
from projects.report.outcomes import outcomes
from summit.lib.i18n.bilingual import BilingualQuerySet
from website.cards import for_project_cards, intention_rows, project_cards

# On the page of a series; the lists hold the rest.
SHOWN = 12


def with_events(series: BilingualQuerySet) -> BilingualQuerySet:
    """Load the visible events of each series as ``shown_events``, the earliest first."""
    events = Event.objects.visible().order_by("starts_at", "pk")
    return series.prefetch_related(Prefetch("events", events, to_attr="shown_events"))


class SeriesListView(ListView):
    template_name = "website/series_list.html"
    context_object_name = "all_series"

    def get_queryset(self) -> BilingualQuerySet:
        return with_events(EventSeries.objects.visible())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        trail = [(_("Events"), reverse("events"))]
        return super().get_context_data(section="events", trail=trail, **kwargs)


class SeriesView(DetailView):
    template_name = "website/series.html"
    context_object_name = "series"

    def get_queryset(self) -> BilingualQuerySet:
        return with_events(EventSeries.objects.visible_to(self.request.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        trail = [(_("Events"), reverse("events")), (_("Event series"), reverse("series-list"))]
        events = self.object.shown_events
        intentions = CooperationIntention.objects.visible().filter(event__series=self.object)
        projects = Project.objects.visible().filter(
            recommendations__event__in=[event.pk for event in events],
            recommendations__expert__is_public=True,
        )
        return super().get_context_data(
            section="events",
            trail=trail,
            outcomes=outcomes(self.object, events),
            intentions=intention_rows(intentions.for_rows()[:SHOWN]),
            projects=project_cards(for_project_cards(projects).distinct()[:SHOWN]),
            **kwargs,
        )
