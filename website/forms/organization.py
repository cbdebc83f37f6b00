from django import forms
from django.db.models import Exists, OuterRef
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Organization
from events.models.organization import OrganizationQuerySet
from projects.models import Project
from summit.lib.web.fields import field_of
from summit.lib.web.filters import FilterForm, SearchField, country_choices

_PROJECTS = {"offer": Project.Kind.OFFER, "request": Project.Kind.REQUEST}


class OrganizationFilter(FilterForm):
    q = SearchField(label=_("Name, pinyin or place"))
    kind = forms.ChoiceField(label=pgettext_lazy("of an organization", "Kind"))
    country = forms.ChoiceField(label=_("Country/region"))
    projects = forms.ChoiceField(
        label=_("Projects"),
        choices=[
            ("", pgettext_lazy("organizations", "All")),
            ("offer", _("Offers a project")),
            ("request", _("Looks for a project")),
        ],
    )

    def prepare(self) -> None:
        visible = Organization.objects.visible()
        kinds = set(visible.order_by().values_list("kind", flat=True).distinct())
        field_of(self, "kind", forms.ChoiceField).choices = [
            ("", pgettext_lazy("kinds of organizations", "All")),
            *[
                (kind.value, capfirst(kind.label))
                for kind in Organization.Kind
                if kind.value in kinds
            ],
        ]
        field_of(self, "country", forms.ChoiceField).choices = country_choices(visible)

    def apply(self, organizations: OrganizationQuerySet) -> OrganizationQuerySet:
        if kind := self.data.get("kind"):
            organizations = organizations.filter(kind=kind)
        if country := self.data.get("country"):
            organizations = organizations.filter(country=country)
        if projects := self.data.get("projects"):
            owned = Project.objects.visible().open().filter(kind=_PROJECTS[projects])
            organizations = organizations.filter(Exists(owned.filter(owner=OuterRef("pk"))))
        return organizations.search(self.typed)
