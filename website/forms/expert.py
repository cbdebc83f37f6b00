from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import Expert
from events.models.expert import ExpertQuerySet
from summit.lib.web.fields import field_of
from summit.lib.web.filters import FilterForm, SearchField, country_choices


class ExpertFilter(FilterForm):
    q = SearchField(label=_("Name, pinyin or organization"))
    country = forms.ChoiceField(label=_("Country/region"))

    def prepare(self) -> None:
        countries = country_choices(Expert.objects.visible())
        field_of(self, "country", forms.ChoiceField).choices = countries

    def apply(self, experts: ExpertQuerySet) -> ExpertQuerySet:
        if country := self.data.get("country"):
            experts = experts.filter(country=country)
        return experts.search(self.typed)
