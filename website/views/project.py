from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from events.models import Event, Expert
from projects.models import CooperationIntention, Project
from projects.models.project import ProjectQuerySet
from summit.lib.i18n.languages import CONTENT_LANGUAGES, column
from website.forms.catalogue import ProjectFilter
from website.views.intention import latest, with_projects

# What a card does not show is not fetched: these are the long texts of a project.
LONG_TEXTS = [
    column(name, language)
    for name in ("description", "advantages")
    for language in CONTENT_LANGUAGES
]


def cards(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Fetch what templates/components/project_card.html shows, in two queries."""
    sectors = Prefetch("sectors", to_attr="shown_sectors")
    return projects.select_related("owner").prefetch_related(sectors).defer(*LONG_TEXTS)


class ProjectListView(ListView):
    template_name = "website/project_list.html"
    context_object_name = "projects"
    extra_context = {"section": "projects"}
    paginate_by = 24

    def get_queryset(self) -> QuerySet[Project]:
        self.filter = ProjectFilter(self.request.GET)
        return cards(self.filter.apply(Project.objects.visible().open()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(filter=self.filter, **kwargs)


class ProjectView(DetailView):
    template_name = "website/project.html"
    context_object_name = "project"
    extra_context = {"section": "projects"}

    def get_queryset(self) -> ProjectQuerySet:
        return Project.objects.visible_to(self.request.user).select_related("owner")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Not Recommendation.visible(): the preview of a draft shows its page as it will be.
        recommendations = (
            self.object.recommendations.filter(
                event__status__in=Event.VISIBLE, expert__is_public=True
            )
            .select_related("event", "session__event")
            .prefetch_related(Prefetch("expert", Expert.objects.with_affiliations()))
            .order_by("-event__starts_at", "order", "pk")
        )
        intentions = CooperationIntention.objects.visible().about(self.object)
        [shown] = with_projects(latest(intentions, project=self.object.slug))
        published_at = self.object.published_at
        return super().get_context_data(
            recommendations=recommendations,
            intentions=shown,
            sectors=self.object.sectors.all(),
            modes=self.object.modes.all(),
            listed_on=published_at and timezone.localdate(published_at),
            trail=[(_("Projects"), reverse("projects"))],
            **kwargs,
        )
