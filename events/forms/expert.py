from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries import countries

from events.models import Expert
from events.models.expert import ExpertQuerySet
from summit.lib.filters import FilterForm, SearchField
from summit.lib.slugs import pinyin


class ExpertFilter(FilterForm):
    q = SearchField(label=_("Name, pinyin or organization"))
    country = forms.ChoiceField(label=_("Country/region"))

    def prepare(self) -> None:
        codes = (
            Expert.objects.visible()
            .exclude(country="")
            .order_by("country")
            .values_list("country", flat=True)
            .distinct()
        )
        names = sorted(
            ((code, countries.name(code)) for code in codes), key=lambda pair: pinyin(pair[1])
        )
        self.fields["country"].choices = [("", pgettext_lazy("countries", "All")), *names]

    def apply(self, experts: ExpertQuerySet) -> ExpertQuerySet:
        if country := self.data.get("country"):
            experts = experts.filter(country=country)
        return experts.search(self.terms)
