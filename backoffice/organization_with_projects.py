"""The organization's page with what this app adds to it, which the events app knows nothing of."""

from django.contrib import admin

from backoffice.organization import OrganizationAdmin
from events.models import Organization

admin.site.unregister(Organization)


@admin.register(Organization)
class OrganizationWithProjectsAdmin(OrganizationAdmin):
    connections = (
        *OrganizationAdmin.connections,
        *("intentions__event", "intentions_of_experts__event"),
        "affiliations__expert__recommendations__event",
        "affiliations__expert__intentions__event",
        *("projects__recommendations__event", "projects__intention_links__intention__event"),
    )
