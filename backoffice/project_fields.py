"""What of a project stands on its page: the same for both kinds, or for one of them."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.amounts import AmountField
from backoffice.intention_fields import FORMFIELDS
from backoffice.kit.labels import pair
from projects.models import Industry, Project
from summit.lib.i18n.keywords import KeywordsField
from summit.lib.i18n.languages import Words

PROJECT_FORMFIELDS: dict[type[models.Field], dict[str, Any]] = {
    **FORMFIELDS,
    models.DecimalField: {"form_class": AmountField},
    KeywordsField: {"widget": AdminTextareaWidget({"rows": 2})},
}

_FOLDED = ["collapse"]
FIELDSETS: list[tuple[Words | None, Any]] = [
    (
        None,
        {
            "fields": [
                pair("title"),
                ("kind", "slug"),
                ("owner", "valid_until", "is_demonstration"),
                ("disclosure", "shows_price", "shows_contacts"),
            ]
        },
    ),
    (
        _("Cooperation"),
        {"fields": [("maturity", "stage", "property_status"), ("sectors", "modes")]},
    ),
    (
        _("Texts"),
        {
            "fields": [
                *(pair("summary"), pair("description"), pair("advantages")),
                *(pair("keywords"), "picture"),
            ]
        },
    ),
    (
        _("Indicators and conditions"),
        {"classes": _FOLDED, "fields": [pair("key_indicators"), pair("partner_conditions")]},
    ),
    (
        _("Budget or asking price"),
        {
            "classes": _FOLDED,
            "fields": [("price_from", "price_to", "price_currency"), "price_band"],
            "description": _("An amount may be typed as 500000 or 50万."),
        },
    ),
    (
        _("Only for a request"),
        {
            "classes": _FOLDED,
            "fields": [
                ("solution_mode", "needed_from", "needed_until"),
                *(pair("existing_basis"), pair("ownership_rule")),
            ],
        },
    ),
    (_("Only for an offer"), {"classes": _FOLDED, "fields": ["patent_numbers"]}),
    (
        _("Where it comes from"),
        {"classes": _FOLDED, "fields": [("industry", "district", "department")]},
    ),
]


def without_other_kind(fieldsets: Any, kind: str) -> Any:
    """Leave out the group of the other kind than the stored one; before that stand both."""
    others = set(Project.of_other_kinds(kind)) if kind else set()
    return [
        (name, options)
        for name, options in fieldsets
        if others.isdisjoint(flatten(options["fields"]))
    ]


def hint_at_stage(
    _page: admin.ModelAdmin, _request: HttpRequest, project: Project
) -> dict[str, Any]:
    """Point out a stage and a level that rarely go together. A panel."""
    if not project.is_stage_far_from_maturity:
        return {}
    words = _("Stage and TRL are far apart: “%(stage)s”, TRL %(level)d. Check both.")
    return {
        "row_hints": [words % {"stage": project.get_stage_display(), "level": project.maturity}]
    }


class SectionFilter(admin.SimpleListFilter):
    """The sections of the industries that projects have."""

    title = _("industry")
    parameter_name = "section"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Words]]:
        codes = Industry.objects.filter(projects__isnull=False).order_by().values_list("code")
        sections = {code[0] for (code,) in codes.distinct()}
        return [(each.code, str(each)) for each in Industry.objects.filter(code__in=sections)]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        section = self.value()
        return queryset.filter(industry__code__startswith=section) if section else queryset
