from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from events.models import Appearance, Event, Expert
from events.models.expert import ExpertQuerySet
from projects.models import CooperationIntention, Recommendation
from summit.lib.i18n.languages import columns, current
from website.forms.expert import ExpertFilter
from website.people import people
from website.structured_data import expert_data
from website.views.intention import latest

# What the list of talks shows.
_TALK_COLUMNS = [
    *("kind", "slug", *columns("title", "event__title"), "event__slug", "event__status"),
    *("event__starts_at", "event__ends_at", "event__time_zone", "event__previous_starts_at"),
]


class ExpertListView(ListView):
    template_name = "website/expert_list.html"
    context_object_name = "experts"
    extra_context = {"section": "experts"}
    paginate_by = 24

    def get_queryset(self) -> ExpertQuerySet:
        self.filter = ExpertFilter(self.request.GET)
        experts = self.filter.apply(Expert.objects.visible())
        return experts.by_name(current()).for_cards()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(filter=self.filter, **kwargs)
        return context | {"people": people(context["experts"]).values()}


class ExpertView(DetailView):
    object: Expert
    template_name = "website/expert.html"
    context_object_name = "expert"
    extra_context = {"section": "experts"}

    def get_queryset(self) -> ExpertQuerySet:
        return Expert.objects.visible_to(self.request.user).with_affiliations()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        appearances = (
            Appearance.objects.filter(expert=self.object, session__event__status__in=Event.VISIBLE)
            .select_related("session__event")
            .only("role", *(f"session__{name}" for name in _TALK_COLUMNS))
            .order_by("-session__event__starts_at", "session__event", "session__starts_at", "pk")
        )
        # An expert who is not public is previewed without them, as nothing public names them.
        recommendations = (
            Recommendation.objects.visible()
            .filter(expert=self.object)
            .for_lists("project__slug", "project__maturity", *columns("project__title"))
            .select_related("project")
            .order_by("-event__starts_at", "order", "pk")
        )
        visible, slug = CooperationIntention.objects.visible(), self.object.slug
        # Beyond those above: nothing stands on a page twice.
        intentions, about = latest(
            (visible.filter(expert=self.object), {"expert": slug}),
            (visible.others_about(self.object), {"recommended_by": slug}),
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
            structured=expert_data(self.object),
            trail=[(_("Experts"), reverse("experts"))],
            **kwargs,
        )
