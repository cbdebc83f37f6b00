import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import Count, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from backoffice import expert_link
from backoffice.contact import UNRECORDED, ContactInline
from backoffice.expert_link import REVOKE_LINK, SEND_LINK, personal_link_panel
from backoffice.exports import EXPERTS
from backoffice.identifiers import warn_of_identifiers
from backoffice.imports import ExpertResource
from backoffice.intention_fields import FORMFIELDS
from backoffice.intentions_panel import intentions_panel
from backoffice.kit.actions import Button
from backoffice.kit.bilingual import BilingualAdmin, BilingualForm, both, languages
from backoffice.kit.choosers import mark_namesakes, tell_apart
from backoffice.kit.columns import count_column
from backoffice.kit.fields import SummitFields
from backoffice.kit.importing import ImportPage
from backoffice.kit.labels import pair
from backoffice.kit.merging import merge_selected
from backoffice.kit.searched_filters import CountryFilter, by_event, by_series
from backoffice.past_pages import point_to_move
from backoffice.related import (
    EXPERTS_AT,
    FORMERLY_AT,
    PRESENTLY_AT,
    projects_of_expert,
    related_panel,
    sessions_of_expert,
)
from backoffice.report_selection import FigureFilter
from events.models import Affiliation, Appearance, Expert, Organization
from events.models.expert import overlap
from events.models.scope import scope_of_event_rows
from projects.models import CooperationIntention
from projects.models.intention_queryset import IntentionQuerySet
from summit.lib.database.numbers import rows_by_keys
from summit.lib.i18n.languages import SPOKEN, listed


class ExpertForm(BilingualForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        choices=SPOKEN,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class AffiliationForm(forms.ModelForm):
    def validate_constraints(self) -> None:
        """Leave to the whole of the rows what holds between them: others may be moving."""
        exclude = {*self._get_validation_exclusions(), "is_primary", "organization"}  # type: ignore[attr-defined]  # not in the stubs
        try:
            self.instance.validate_constraints(exclude=exclude)
        except forms.ValidationError as error:
            self._update_errors(error)  # type: ignore[attr-defined]  # as above


class AffiliationFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """Say beside a row what the database would only refuse: two in one time."""
        super().clean()
        forms = [form for form in self.forms if form not in self.deleted_forms and form.is_valid()]
        rows = [form.instance for form in forms if form.instance.organization_id]
        if found := overlap(rows):
            row, field, words = found
            next(form for form in forms if form.instance is row).add_error(field, words)

    def save(self, commit: bool = True) -> list[Affiliation]:
        # What is changed makes room first, so that there are never two in one time.
        changed = [form.instance.pk for form in self.initial_forms if form.has_changed()]
        self.instance.affiliations.filter(pk__in=changed).update(
            starts_on=None, ends_on=dt.date.min, is_primary=False
        )
        return super().save(commit)


class AffiliationInline(SummitFields, admin.TabularInline):
    model = Affiliation
    form = AffiliationForm
    formset = AffiliationFormSet
    formfield_overrides = FORMFIELDS
    autocomplete_fields = ["organization"]
    fields = ["organization", *pair("position"), "starts_on", "ends_on", "is_primary"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Affiliation]:
        return super().get_queryset(request).select_related("organization", "expert")

    # A page to add an expert of an organization begins with it: ``?organization=3``.

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return len(_of_the_address(request)) if obj is None else 0


def _of_the_address(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the affiliation that the address of a new expert names, nothing for a form sent."""
    named = [request.GET.get("organization", "")] if request.method == "GET" else []
    found = rows_by_keys(Organization.objects.all(), named).first()
    return [{"organization": found.pk, "is_primary": True}] if found else []


@admin.register(Expert)
class ExpertAdmin(ImportPage, BilingualAdmin):
    offers_merging = True
    form = ExpertForm
    resource_classes = [ExpertResource]
    actions = [
        *(EXPERTS, merge_selected, *BilingualAdmin.actions),
        *(SEND_LINK, REVOKE_LINK),
    ]
    panels = [
        related_panel(sessions_of_expert, projects_of_expert),
        intentions_panel,
        personal_link_panel,
    ]
    inlines = [AffiliationInline, ContactInline]
    unrecorded = UNRECORDED
    list_display = [
        both("name", _("name"), sort_by="sort_name_en"),
        "affiliation",
        "country",
        "spoken",
        "session_count",
        "is_public",
        languages,
    ]
    list_filter = [
        by_event("appearances__session__event", "recommendations__event"),
        by_series("appearances__session__event__series", "recommendations__event__series"),
        *("is_public", "is_demonstration"),
        CountryFilter,
        *(EXPERTS_AT, PRESENTLY_AT, FORMERLY_AT),
        FigureFilter,
    ]
    search_fields = ["search_text", "orcid", "affiliations__organization__search_text"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    pair("name"),
                    pair("honorific"),
                    ("slug", "country"),
                    "orcid",
                    "languages",
                    ("is_public", "is_demonstration"),
                ]
            },
        ),
        (_("Texts"), {"fields": [pair("biography"), "photo"]}),
    ]
    readonly_fields = ["spoken"]
    instead_of_deleting = _(
        "What an expert presented or signed stays on record. Untick “shown on public pages” to "
        "take the name off them, or put another expert in this one’s place in drafts."
    )
    translation_parts = ("affiliations",)
    history_parts = {Affiliation: "expert_id"}

    def get_fieldsets(self, request: HttpRequest, obj: Expert | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        # Of the languages Django would show the codes: ["zh"].
        (name, options), *others = fieldsets
        fields = ["spoken" if line == "languages" else line for line in options["fields"]]
        return [(name, {**options, "fields": fields}), *others]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Expert]:
        theirs = scope_of_event_rows(Appearance).condition(request.user, "appearances")
        return (
            super()
            .get_queryset(request)
            .annotate(sessions_here=Count("appearances", filter=theirs or None, distinct=True))
            .prefetch_related("affiliations__organization")
        )

    def get_urls(self) -> list[URLPattern]:
        return [*expert_link.urls(self), *super().get_urls()]

    def actions_for(self, request: HttpRequest, obj: Any) -> list[tuple[Button, str]]:
        may_change = self.has_change_permission(request, obj)
        more = expert_link.buttons(request, obj, may_change=may_change)
        return [*super().actions_for(request, obj), *more]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        before = form.instance.primary_affiliation if change else None
        super().save_related(request, form, formsets, change)
        point_to_move(request, form.instance, before)

    def chooser_rows(self, rows: QuerySet[Expert]) -> QuerySet[Expert]:
        return mark_namesakes(rows, "name").prefetch_related("affiliations__organization")

    def chooser_label(self, expert: Expert) -> str:
        """Tell experts of one name apart where they are chosen: by where they are, and as what."""
        primary = expert.primary_affiliation
        if primary is None:
            return tell_apart(expert, expert.country.name)
        return tell_apart(expert, primary.organization.label, primary.position)

    def save_model(
        self, request: HttpRequest, obj: Expert, form: forms.ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        warn_of_identifiers(request, obj, form)

    def part_in(self, event: int) -> QuerySet[Appearance]:
        """Select what gives an expert a part in an event, for choosers."""
        return Appearance.objects.filter(session__event=event, expert=OuterRef("pk"))

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: InlineModelAdmin, prefix: str
    ) -> dict[str, Any]:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if obj.pk is None and isinstance(inline, AffiliationInline):
            kwargs["initial"] = _of_the_address(request)
        return kwargs

    def intentions_of(self, expert: Expert) -> IntentionQuerySet:
        """Signed by the expert, or about what the expert recommended."""
        about = CooperationIntention.objects.about_what_was_presented(expert=expert)
        return CooperationIntention.objects.filter(Q(expert=expert) | Q(pk__in=about.values("pk")))

    @admin.display(description=_("affiliation"))
    def affiliation(self, expert: Expert) -> str:
        primary = expert.primary_affiliation
        if primary is None:
            return "—"
        return primary.organization.label.in_span

    @admin.display(description=_("languages spoken"))
    def spoken(self, expert: Expert) -> str:
        return listed(expert.spoken) or "—"

    session_count = count_column("sessions_here", _("sessions"))
