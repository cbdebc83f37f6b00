from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from events.models import Appearance, Event, Expert
from events.models.expert import ExpertQuerySet
from projects.models import CooperationIntention, Recommendation
from summit.lib.i18n.languages import current
from website.forms.expert import ExpertFilter
from website.views.intention import latest, with_projects


class ExpertListView(ListView):
    template_name = "website/expert_list.html"
    context_object_name = "experts"
    extra_context = {"section": "experts"}
    paginate_by = 24

    def get_queryset(self) -> ExpertQuerySet:
        self.filter = ExpertFilter(self.request.GET)
        experts = self.filter.apply(Expert.objects.visible())
        return experts.by_name(current()).with_affiliations()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(filter=self.filter, **kwargs)


class ExpertView(DetailView):
    template_name = "website/expert.html"
    context_object_name = "expert"
    extra_context = {"section": "experts"}

    def get_queryset(self) -> ExpertQuerySet:
        return Expert.objects.visible_to(self.request.user).with_affiliations()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        appearances = (
            Appearance.objects.filter(expert=self.object, session__event__status__in=Event.VISIBLE)
            .select_related("session__event")
            .order_by("-session__event__starts_at", "session__event", "session__starts_at", "pk")
        )
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
        place = self.object.primary_affiliation
        return super().get_context_data(
            appearances=appearances,
            recommendations=recommendations,
            intentions=intentions,
            about=about,
            description=" · ".join(filter(None, [place.position, place.organization.name]))
            if place
            else "",
            trail=[(_("Experts"), reverse("experts"))],
            **kwargs,
        )
