from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.exports import ORGANIZATIONS
from backoffice.identifiers import DistrictFilter, OrganizationForm, warn_of_identifiers
from backoffice.imports import OrganizationResource
from backoffice.kit.bilingual import BilingualAdmin, both, languages
from backoffice.kit.choosers import mark_namesakes, tell_apart
from backoffice.kit.columns import count_column
from backoffice.kit.importing import ImportPage
from backoffice.kit.labels import pair
from backoffice.report_selection import FigureFilter
from events.models import EventRole, Organization
from events.models.scope import scope_of_event_rows


@admin.register(Organization)
class OrganizationAdmin(ImportPage, BilingualAdmin):
    form = OrganizationForm
    resource_classes = [OrganizationResource]
    actions = [ORGANIZATIONS, *BilingualAdmin.actions]
    list_display = [
        both("name", _("name"), sort_by="sort_name_en"),
        "kind",
        "country",
        both("city", _("city")),
        "expert_count",
        "event_count",
        "is_public",
        languages,
    ]
    list_filter = [
        *("kind", "is_public", "is_demonstration", "country"),
        DistrictFilter,
        FigureFilter,
    ]
    search_fields = ["search_text", "credit_code", "ror"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    pair("name"),
                    pair("short_name"),
                    ("kind", "slug"),
                    ("is_public", "is_demonstration"),
                ]
            },
        ),
        (_("Where"), {"fields": [pair("city"), pair("district"), ("country", "website")]}),
        (_("Identifiers"), {"fields": [("credit_code", "ror")]}),
        (_("Texts"), {"fields": [pair("description"), "logo"]}),
    ]

    instead_of_deleting = _(
        "What an organization took part in or signed stays on record. Untick “shown on public "
        "pages” to take its name off them, or put another organization in its place in drafts."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        theirs = scope_of_event_rows(EventRole).condition(request.user, "roles")
        return (
            super()
            .get_queryset(request)
            .annotate(
                experts_here=Count("affiliations", distinct=True),
                events_here=Count("roles__event", filter=theirs or None, distinct=True),
            )
        )

    def save_model(
        self, request: HttpRequest, obj: Organization, form: ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        warn_of_identifiers(request, obj, form)

    def chooser_rows(self, rows: QuerySet[Organization]) -> QuerySet[Organization]:
        return mark_namesakes(rows, "name")

    def chooser_label(self, organization: Organization) -> str:
        """Tell organizations of one name apart where they are chosen: by their place."""
        return tell_apart(organization, organization.city or organization.country.name)

    expert_count = count_column("experts_here", _("experts"))
    event_count = count_column("events_here", _("events"))
