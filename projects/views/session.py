from typing import Any

from events.views.session import SessionView as PlainSessionView
from projects.models import CooperationIntention, Project
from projects.views.event import by_project


class SessionView(PlainSessionView):
    template_name = "projects/session.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recommendations = self.object.recommendations.filter(
            project__status=Project.Status.PUBLISHED, expert__is_public=True
        ).select_related("project__owner", "expert")
        intentions = CooperationIntention.objects.visible().filter(session=self.object)
        return super().get_context_data(
            recommended=by_project(list(recommendations)),
            intentions=intentions.with_parties(),
            **kwargs,
        )
