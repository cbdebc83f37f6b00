from typing import Any

from projects.models import CooperationIntention, Project, Recommendation
from website.views.plain_event import EventView as PlainEventView


class EventView(PlainEventView):
    template_name = "website/projects/event.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Not Recommendation.visible(): the preview of a draft shows its page as it will be.
        recommendations = list(
            self.object.recommendations.filter(
                project__status=Project.Status.PUBLISHED, expert__is_public=True
            ).select_related("project__owner", "expert")
        )
        intentions = CooperationIntention.objects.visible().filter(event=self.object)
        return super().get_context_data(
            recommended=by_project(recommendations),
            intentions=intentions.with_parties(),
            **kwargs,
        )


def by_project(recommendations: list[Recommendation]) -> list[tuple[Project, list[Recommendation]]]:
    """Group recommendations by project, in the order of the first of each."""
    found: dict[int, tuple[Project, list[Recommendation]]] = {}
    for each in recommendations:
        found.setdefault(each.project_id, (each.project, []))[1].append(each)
    return list(found.values())
