from typing import Any
from urllib.parse import urlsplit

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404
from django.views.generic import DetailView

from events.models import Affiliation, Event, EventRole, Organization
from events.models.organization import OrganizationQuerySet
from projects.models import CooperationIntention, Project
from website.views.intention import latest, with_projects
from website.views.project import cards


class OrganizationView(DetailView):
    template_name = "website/organization.html"
    context_object_name = "organization"
    projects_per_page = 24

    def get_queryset(self) -> OrganizationQuerySet:
        return Organization.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        affiliations = (
            Affiliation.objects.filter(organization=self.object, expert__is_public=True)
            .select_related("expert")
            .order_by("expert__name_en", "expert__pinyin", "pk")
        )
        roles = (
            EventRole.objects.filter(organization=self.object, event__status__in=Event.VISIBLE)
            .select_related("event")
            .order_by("-event__starts_at", "order", "pk")
        )
        projects = cards(Project.objects.visible().open().filter(owner=self.object))
        intentions = CooperationIntention.objects.visible().filter(
            Q(company=self.object) | Q(expert_organization=self.object)
        )
        [shown] = with_projects(latest(intentions, organization=self.object.slug))
        page = self._page(projects)
        place = [self.object.city, self.object.country.name]
        return super().get_context_data(
            affiliations=affiliations,
            roles=roles,
            projects=page.object_list,
            page_obj=page,
            intentions=shown,
            description=" · ".join(filter(None, [self.object.get_kind_display(), *place])),
            website=urlsplit(self.object.website).hostname or self.object.website,
            **kwargs,
        )

    def _page(self, projects: QuerySet[Project]) -> Page:
        try:
            return Paginator(projects, self.projects_per_page).page(self.request.GET.get("page", 1))
        except InvalidPage as error:
            raise Http404(str(error)) from error
