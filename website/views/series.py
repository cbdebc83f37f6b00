from typing import Any

from projects.models import CooperationIntention, Project
from projects.report.outcomes import outcomes
from website.views.plain_series import SeriesView as PlainSeriesView

SHOWN = 12


class SeriesView(PlainSeriesView):
    template_name = "website/projects/series.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        intentions = CooperationIntention.objects.visible().filter(event__series=self.object)
        projects = Project.objects.visible().filter(
            recommendations__event__in=[event.pk for event in self.object.shown_events],
            recommendations__expert__is_public=True,
        )
        return super().get_context_data(
            outcomes=outcomes(self.object, self.object.shown_events),
            intentions=intentions.with_parties()[:SHOWN],
            projects=projects.select_related("owner").distinct()[:SHOWN],
            **kwargs,
        )
