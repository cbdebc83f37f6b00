from typing import Any

from events.views.expert import ExpertView as PlainExpertView
from projects.models import CooperationIntention, Recommendation


class ExpertView(PlainExpertView):
    template_name = "projects/expert.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # An expert who is not public is previewed without them, as nothing public names them.
        recommendations = (
            Recommendation.objects.visible()
            .filter(expert=self.object)
            .select_related("project", "event", "session__event")
            .order_by("-event__starts_at", "order", "pk")
        )
        intentions = (
            CooperationIntention.objects.visible().filter(expert=self.object).with_parties()
        )
        return super().get_context_data(
            recommendations=recommendations, intentions=intentions, **kwargs
        )
