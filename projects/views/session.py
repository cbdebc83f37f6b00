from typing import Any

from events.views.session import SessionView as PlainSessionView
from projects.forms import elsewhere_about
from projects.models import CooperationIntention, Project
from projects.views.event import by_project
from projects.views.intention import latest


class SessionView(PlainSessionView):
    template_name = "projects/session.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recommendations = self.object.recommendations.filter(
            project__status=Project.Status.PUBLISHED, expert__is_public=True
        ).select_related("project__owner", "expert")
        visible = CooperationIntention.objects.visible()
        here = f"{self.object.event.slug}/{self.object.slug}"
        return super().get_context_data(
            recommended=by_project(list(recommendations)),
            intentions=latest(visible.filter(session=self.object), session=here),
            # Beyond those above: nothing stands on a page twice.
            about=latest(elsewhere_about(visible, self.object), presented_in=here),
            **kwargs,
        )
