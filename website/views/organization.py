from typing import Any
from urllib.parse import urlsplit

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404
from django.views.generic import DetailView

from events.models import Event, EventRole, Organization
from events.models.expert import CARD_COLUMNS
from events.models.organization import OrganizationQuerySet
from projects.models import CooperationIntention, Project
from summit.lib.i18n.languages import columns
from website.cards import Person, for_project_cards, project_cards, with_sectors
from website.views.intention import latest, with_projects

_EVENT_COLUMNS = ["slug", "starts_at", "ends_at", "time_zone", *columns("title")]


class OrganizationView(DetailView):
    template_name = "website/organization.html"
    context_object_name = "organization"
    projects_per_page = 24

    def get_queryset(self) -> OrganizationQuerySet:
        return Organization.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        affiliations = (
            self.object.affiliations.filter(expert__is_public=True)
            .select_related("expert")
            .only(
                "organization", *columns("position"), *(f"expert__{name}" for name in CARD_COLUMNS)
            )
            .order_by("expert__name_en", "expert__pinyin", "pk")
        )
        roles = (
            EventRole.objects.filter(organization=self.object, event__status__in=Event.VISIBLE)
            .select_related("event")
            .only("role", *(f"event__{name}" for name in _EVENT_COLUMNS))
            .order_by("-event__starts_at", "order", "pk")
        )
        projects = with_sectors(for_project_cards(self.object.projects.visible().open()))
        intentions = CooperationIntention.objects.visible().filter(
            Q(company=self.object) | Q(expert_organization=self.object)
        )
        [shown] = with_projects(latest(intentions, organization=self.object.slug))
        page = self._page(projects)
        place = [self.object.city, self.object.country.name]
        return super().get_context_data(
            people=[Person.of(each.expert, each) for each in affiliations],
            roles=roles,
            projects=project_cards(page.object_list),
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
