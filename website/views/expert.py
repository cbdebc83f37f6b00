from typing import Any

from projects.models import CooperationIntention, Recommendation
from website.views.intention import latest, with_projects
from website.views.plain_expert import ExpertView as PlainExpertView


class ExpertView(PlainExpertView):
    template_name = "website/projects/expert.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # An expert who is not public is previewed without them, as nothing public names them.
        recommendations = (
            Recommendation.objects.visible()
            .filter(expert=self.object)
            .select_related("project", "event", "session__event")
            .order_by("-event__starts_at", "order", "pk")
        )
        visible, slug = CooperationIntention.objects.visible(), self.object.slug
        # Beyond those above: nothing stands on a page twice.
        intentions, about = with_projects(
            latest(visible.filter(expert=self.object), expert=slug),
            latest(visible.others_about(self.object), recommended_by=slug),
        )
        return super().get_context_data(
            recommendations=recommendations, intentions=intentions, about=about, **kwargs
        )
