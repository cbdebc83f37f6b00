from typing import Any

from projects.models import CooperationIntention, Project
from website.views.event import by_project
from website.views.intention import latest, with_projects
from website.views.plain_session import SessionView as PlainSessionView


class SessionView(PlainSessionView):
    template_name = "website/projects/session.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recommendations = self.object.recommendations.filter(
            project__status=Project.Status.PUBLISHED, expert__is_public=True
        ).select_related("project__owner", "expert")
        visible = CooperationIntention.objects.visible()
        here = f"{self.object.event.slug}/{self.object.slug}"
        # Beyond those above: nothing stands on a page twice.
        intentions, about = with_projects(
            latest(visible.filter(session=self.object), session=here),
            latest(visible.elsewhere_about(self.object), presented_in=here),
        )
        return super().get_context_data(
            recommended=by_project(list(recommendations)),
            intentions=intentions,
            about=about,
            **kwargs,
        )
