from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.contact import UNRECORDED, ContactInline
from backoffice.exports import ORGANIZATIONS
from backoffice.identifiers import DistrictFilter, OrganizationForm, warn_of_identifiers
from backoffice.imports import OrganizationResource
from backoffice.intention_fields import FORMFIELDS
from backoffice.intentions_panel import intentions_panel
from backoffice.kit.bilingual import BilingualAdmin, both, languages
from backoffice.kit.choosers import mark_namesakes, tell_apart
from backoffice.kit.columns import count_column
from backoffice.kit.fields import SummitFields
from backoffice.kit.importing import ImportPage
from backoffice.kit.labels import pair
from backoffice.kit.merging import merge_selected
from backoffice.kit.searched_filters import CountryFilter, by_event, by_series
from backoffice.past_pages import point_to_renaming
from backoffice.related import (
    attendees_of_organization,
    events_of_organization,
    former_people_of_organization,
    people_of_organization,
    projects_of_organization,
    related_panel,
)
from backoffice.report_selection import FigureFilter
from events.domain.former_names import note_former_names
from events.models import EventRole, FormerName, Organization
from events.models.organization import overlapping_name
from events.models.period import holding_on
from events.models.scope import scope_of_event_rows
from projects.models import CooperationIntention
from projects.models.intention_queryset import IntentionQuerySet


class FormerNameFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """Say beside a name that another one was in use in its time."""
        super().clean()
        forms = [form for form in self.forms if form not in self.deleted_forms and form.is_valid()]
        if (name := overlapping_name([form.instance for form in forms])) is not None:
            form = next(form for form in forms if form.instance is name)
            form.add_error("starts_on", _("Another former name was in use during this time."))


class FormerNameInline(SummitFields, admin.TabularInline):
    model = FormerName
    formset = FormerNameFormSet
    formfield_overrides = FORMFIELDS
    fields = [*pair("name"), "starts_on", "ends_on"]
    extra = 0


@admin.register(Organization)
class OrganizationAdmin(ImportPage, BilingualAdmin):
    offers_merging = True
    form = OrganizationForm
    resource_classes = [OrganizationResource]
    actions = [ORGANIZATIONS, merge_selected, *BilingualAdmin.actions]
    panels = [
        related_panel(
            people_of_organization,
            former_people_of_organization,
            projects_of_organization,
            events_of_organization,
            attendees_of_organization,
        ),
        intentions_panel,
    ]
    inlines = [FormerNameInline, ContactInline]
    unrecorded = UNRECORDED
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
        "kind",
        by_event("roles__event"),
        by_series("roles__event__series"),
        *("is_public", "is_demonstration"),
        CountryFilter,
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

    translation_parts = ("former_names",)
    history_parts = {FormerName: "organization_id"}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        note_former_names(form.instance)
        changed = [name for name in pair("name") if change and name in form.changed_data]
        point_to_renaming(request, form.instance, [form.initial[name] for name in changed])

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        theirs = scope_of_event_rows(EventRole).condition(request.user, "roles")
        present = holding_on(timezone.localdate(), "affiliations__")
        return (
            super()
            .get_queryset(request)
            .annotate(
                experts_here=Count("affiliations__expert", filter=present, distinct=True),
                events_here=Count("roles__event", filter=theirs or None, distinct=True),
            )
        )

    def save_model(
        self, request: HttpRequest, obj: Organization, form: ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        warn_of_identifiers(request, obj, form)

    def intentions_of(self, organization: Organization) -> IntentionQuerySet:
        """Signed by it, or by an expert of it."""
        is_party = Q(company=organization) | Q(expert_organization=organization)
        return CooperationIntention.objects.filter(is_party)

    def chooser_rows(self, rows: QuerySet[Organization]) -> QuerySet[Organization]:
        return mark_namesakes(rows, "name")

    def chooser_label(self, organization: Organization) -> str:
        """Tell organizations of one name apart where they are chosen: by their place and kind."""
        place = organization.city or organization.country.name
        # Of ``mark_namesakes``.
        has_namesake = getattr(organization, "has_namesake", False)
        kind = organization.get_kind_display() if has_namesake else ""
        return tell_apart(organization, place, kind)

    expert_count = count_column("experts_here", _("experts"))
    event_count = count_column("events_here", _("events"))
