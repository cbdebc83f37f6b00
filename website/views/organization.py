from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q
from django.utils import timezone
from django.views.generic import DetailView

from events.models import Affiliation, Event, EventRole, Organization
from events.models.expert import CARD_COLUMNS
from events.models.organization import OrganizationQuerySet
from projects.models import CooperationIntention
from summit.lib.i18n.languages import column, columns, current
from website.cards import for_project_cards, project_cards
from website.people import NOWHERE, Person
from website.structured_data import organization_data
from website.views.intention import latest
from website.views.paging import page_of

_EVENT_COLUMNS = [
    *("slug", "status", "starts_at", "ends_at", "previous_starts_at", "time_zone"),
    *columns("title"),
]


class OrganizationView(DetailView):
    object: Organization
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
                *("organization", "starts_on", "ends_on", *columns("position")),
                *(f"expert__{name}" for name in CARD_COLUMNS),
            )
            .order_by(f"expert__{column('sort_name', current())}", "-ends_on", "pk")
        )
        today = timezone.localdate()
        present = [each for each in affiliations if each.holds_on(today)]
        former = [each for each in affiliations if each.ends_on and each.ends_on < today]
        roles = (
            EventRole.objects.filter(organization=self.object, event__status__in=Event.VISIBLE)
            .select_related("event")
            .only("role", *(f"event__{name}" for name in _EVENT_COLUMNS))
            .order_by("-event__starts_at", "order", "pk")
        )
        projects = for_project_cards(self.object.projects.visible().open())
        intentions = CooperationIntention.objects.visible().filter(
            Q(company=self.object) | Q(expert_organization=self.object)
        )
        [shown] = latest((intentions, {"organization": self.object.slug}))
        page = page_of(projects, self.projects_per_page, self.request)
        place = [self.object.city, self.object.district, self.object.country.name]
        return super().get_context_data(
            people=[_person(each) for each in present],
            former_people=[(_person(each), each.years) for each in former],
            former_names=self.object.former_names.all() if self.object.names_before else [],
            roles=roles,
            projects=project_cards(page.object_list, with_sectors=True),
            page_obj=page,
            intentions=shown,
            description=" · ".join(filter(None, [self.object.get_kind_display(), *place])),
            structured=organization_data(self.object),
            website=urlsplit(self.object.website).hostname or self.object.website,
            **kwargs,
        )


def _person(affiliation: Affiliation) -> Person:
    """Return the expert in the position that is or was held here."""
    return Person.at(affiliation.expert, NOWHERE._replace(position=affiliation.position))
