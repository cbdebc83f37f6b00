from django import forms
from django.contrib import admin
from django.db.models import Count
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from events.admin.base import BilingualAdmin, PinyinSearch, SummitFields, both, languages
from events.admin.importing import ImportPage
from events.admin.imports import ExpertResource
from events.admin.labels import pair
from events.models import Affiliation, Expert
from summit.lib.languages import SPOKEN, listed


class ExpertForm(forms.ModelForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        choices=SPOKEN,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class AffiliationFormSet(forms.BaseInlineFormSet):
    def clean(self):
        """Say beside the second primary affiliation what the database would only refuse."""
        super().clean()
        primary = [
            form
            for form in self.forms
            if form not in self.deleted_forms and form.cleaned_data.get("is_primary")
            if form.is_valid()
        ]
        for form in primary[1:]:
            form.add_error("is_primary", _("Only one affiliation can be the primary one."))

    def save(self, commit=True):
        # The one that is primary no more goes first, so that never two of them are.
        self.forms.sort(key=lambda form: bool(form.cleaned_data.get("is_primary")))
        return super().save(commit)


class AffiliationInline(SummitFields, admin.TabularInline):
    model = Affiliation
    formset = AffiliationFormSet
    autocomplete_fields = ["organization"]
    fields = ["organization", *pair("position"), "is_primary"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("organization", "expert")


@admin.register(Expert)
class ExpertAdmin(ImportPage, PinyinSearch, BilingualAdmin):
    form = ExpertForm
    resource_classes = [ExpertResource]
    inlines = [AffiliationInline]
    list_display = [
        both("name", _("name")),
        "affiliation",
        "country",
        "spoken",
        "session_count",
        "is_public",
        languages,
    ]
    list_filter = ["is_public", "is_demonstration", "country"]
    search_fields = [
        *pair("name"),
        "pinyin",
        "slug",
        *(f"affiliations__organization__{column}" for column in pair("name")),
    ]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    pair("name"),
                    pair("honorific"),
                    ("slug", "country"),
                    "languages",
                    ("is_public", "is_demonstration"),
                ]
            },
        ),
        (_("Texts"), {"fields": [pair("biography"), "photo"]}),
    ]
    translation_parts = ("affiliations",)
    history_parts = {Affiliation: "expert_id"}

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(sessions_here=Count("appearances", distinct=True))
            .prefetch_related("affiliations__organization")
        )

    @admin.display(description=_("affiliation"))
    def affiliation(self, expert):
        primary = expert.primary_affiliation
        if primary is None:
            return "—"
        name = primary.organization.label
        return format_html("<span{}>{}</span>", name.lang_attr, name)

    @admin.display(description=_("languages spoken"))
    def spoken(self, expert):
        return listed(expert.spoken) or "—"

    @admin.display(description=_("sessions"), ordering="sessions_here")
    def session_count(self, expert):
        return expert.sessions_here
