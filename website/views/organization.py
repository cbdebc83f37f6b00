from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from events.models import Affiliation, Event, EventRole, Organization
from events.models.expert import CARD_COLUMNS
from events.models.organization import OrganizationQuerySet
from projects.models import CooperationIntention, Project
from summit.lib.i18n.languages import column, columns, current
from website.cards import for_project_cards, project_cards
from website.forms.organization import OrganizationFilter
from website.people import NOWHERE, Person
from website.structured_data import organization_data
from website.views.intention import latest
from website.views.paging import page_of

_EVENT_COLUMNS = [
    *("slug", "status", "starts_at", "ends_at", "previous_starts_at", "time_zone"),
    *columns("title"),
]


# What a line of the directory shows.
_LINE_COLUMNS = [
    *("slug", "kind", "country", "logo", "is_demonstration"),
    *columns("name", "city", "district"),
]


class OrganizationListView(ListView):
    """The directory of the organizations that public pages name."""

    template_name = "website/organization_list.html"
    context_object_name = "organizations"
    extra_context = {"section": "organizations"}
    paginate_by = 48

    def get_queryset(self) -> OrganizationQuerySet:
        self.filter = OrganizationFilter(self.request.GET)
        found = self.filter.apply(Organization.objects.visible())
        return (
            found.by_name(current())
            .only(*_LINE_COLUMNS)
            .annotate(offers=_count(Project.Kind.OFFER), requests=_count(Project.Kind.REQUEST))
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(filter=self.filter, **kwargs)


def _count(kind: Project.Kind) -> Coalesce:
    """Count the projects of a kind that the catalogue lists for an organization."""
    owned = Project.objects.visible().open().filter(kind=kind, owner=OuterRef("pk")).order_by()
    counted = owned.values("owner").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


class OrganizationView(DetailView):
    object: Organization
    template_name = "website/organization.html"
    context_object_name = "organization"
    extra_context = {"section": "organizations"}
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
            trail=[(_("Organizations"), reverse("organizations"))],
            website=urlsplit(self.object.website).hostname or self.object.website,
            **kwargs,
        )


def _person(affiliation: Affiliation) -> Person:
    """Return the expert in the position that is or was held here."""
    return Person.at(affiliation.expert, NOWHERE._replace(position=affiliation.position))
