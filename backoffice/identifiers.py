"""Identifiers and districts on the pages of organizations and experts."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.kit.bilingual import BilingualForm
from backoffice.kit.deletion import page_of
from backoffice.kit.labels import field_of
from backoffice.kit.suggestions import SuggestingInput
from events.domain.identifiers import doubts_about, others_with_same
from events.models import Expert, Organization
from summit.lib.i18n.bilingual import text_of
from summit.lib.i18n.languages import Words, columns
from summit.lib.i18n.names import sort_key


def warn_of_identifiers(
    request: HttpRequest, row: Organization | Expert, form: forms.ModelForm
) -> None:
    """Say of the identifiers that a form has changed which cannot be right, and who else has one.

    The row is saved all the same. Costs a query for each that was changed.
    """
    doubts = doubts_about(row)
    for name in ("credit_code", "ror", "orcid"):
        if name not in form.changed_data:
            continue
        if name in doubts:
            messages.warning(request, gettext("Saved. %(doubt)s") % {"doubt": doubts[name]})
        for each in others_with_same(row, name)[:3]:
            messages.warning(request, _has_same_identifier(each, name))


def _has_same_identifier(row: Organization | Expert, name: str) -> SafeString:
    return format_html(
        gettext("{row} has the same {identifier}. Check whether they are the same."),
        row=format_html('<a href="{}">{}</a>', page_of(row), row),
        identifier=field_of(type(row), name).verbose_name,
    )


class OrganizationForm(BilingualForm):
    class Meta:
        widgets = {
            name: SuggestingInput(Organization, name)
            for name in ("district_en", "district_zh_hans")
        }


class DistrictFilter(admin.SimpleListFilter):
    """The districts in use, each once, by its Chinese name where it has one."""

    title = _("district")
    parameter_name = "district"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Words]]:
        return districts_in_use()

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Organization]
    ) -> QuerySet[Organization]:
        if not (chosen := self.value()):
            return queryset
        in_english = Q(district_zh_hans="", district_en=chosen)
        return queryset.filter(Q(district_zh_hans=chosen) | in_english)


def districts_in_use() -> list[tuple[str, Words]]:
    """Return what districts are filtered by, and their names in the current language. One query."""
    rows = Organization.objects.exclude(district_en="", district_zh_hans="").order_by("pk")
    names: dict[str, Words] = {}
    for row in rows.values(*columns("district")).distinct():
        known_by = row["district_zh_hans"] or row["district_en"]
        names.setdefault(known_by, text_of(row, "district"))
    return sorted(names.items(), key=lambda item: sort_key(str(item[1])))
