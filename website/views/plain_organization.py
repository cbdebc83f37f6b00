from typing import Any
from urllib.parse import urlsplit

from django.views.generic import DetailView

from events.models import Affiliation, Event, EventRole, Organization
from events.models.organization import OrganizationQuerySet


class OrganizationView(DetailView):
    template_name = "website/organization.html"
    context_object_name = "organization"

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
        place = [self.object.city, self.object.country.name]
        return super().get_context_data(
            affiliations=affiliations,
            roles=roles,
            description=" · ".join(filter(None, [self.object.get_kind_display(), *place])),
            website=urlsplit(self.object.website).hostname or self.object.website,
            **kwargs,
        )
