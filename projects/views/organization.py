from typing import Any

from django.db.models import Q

from events.views.organization import OrganizationView as PlainOrganizationView
from projects.models import CooperationIntention, Project
from projects.views.project import cards


class OrganizationView(PlainOrganizationView):
    template_name = "projects/organization.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        projects = cards(Project.objects.visible().open().filter(owner=self.object))
        intentions = (
            CooperationIntention.objects.visible()
            .filter(Q(company=self.object) | Q(expert_organization=self.object))
            .with_parties()
        )
        return super().get_context_data(projects=projects, intentions=intentions, **kwargs)
