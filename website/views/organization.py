from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404

from projects.models import CooperationIntention, Project
from website.views.intention import latest, with_projects
from website.views.plain_organization import OrganizationView as PlainOrganizationView
from website.views.project import cards


class OrganizationView(PlainOrganizationView):
    template_name = "website/projects/organization.html"
    projects_per_page = 24

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        projects = cards(Project.objects.visible().open().filter(owner=self.object))
        intentions = CooperationIntention.objects.visible().filter(
            Q(company=self.object) | Q(expert_organization=self.object)
        )
        [shown] = with_projects(latest(intentions, organization=self.object.slug))
        page = self._page(projects)
        return super().get_context_data(
            projects=page.object_list,
            page_obj=page,
            intentions=shown,
            **kwargs,
        )

    def _page(self, projects: QuerySet[Project]) -> Page:
        try:
            return Paginator(projects, self.projects_per_page).page(self.request.GET.get("page", 1))
        except InvalidPage as error:
            raise Http404(str(error)) from error
