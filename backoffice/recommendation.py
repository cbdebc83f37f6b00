from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.kit.bilingual import BilingualAdmin, languages
from backoffice.kit.fields import SummitFields
from backoffice.kit.labels import pair
from backoffice.kit.scope import RowsInScope
from backoffice.kit.searched_filters import by_event, by_series
from backoffice.report_selection import FigureFilter
from projects.models import Recommendation
from summit.lib.given import given
from summit.lib.web.fields import field_of


class OfProject(forms.ModelForm):
    @property
    def headline(self) -> str:
        """Who and where, since the project is the page."""
        return f"{self.instance.expert} · {self.instance.event}"


class AtEvent(forms.ModelForm):
    @property
    def headline(self) -> str:
        """What and who, since the event is the page."""
        return f"{self.instance.project} · {self.instance.expert}"


class RecommendationOfProjectInline(RowsInScope, SummitFields, admin.StackedInline):
    """On the page of a project: who recommended it where."""

    model = Recommendation
    form = OfProject
    template = "backoffice/folded_inline.html"
    autocomplete_fields = ["expert", "event", "session"]
    fields = [("expert", "event", "session", "order"), pair("note")]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recommendation]:
        related = ("expert", "event", "session", "project")
        return super().get_queryset(request).select_related(*related)


class SessionsOfEvent(forms.BaseInlineFormSet):
    """Offers the sessions of the event whose page this is, read once for all rows."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "session" not in form.fields:
            return
        if not hasattr(self, "sessions"):
            of_event = self.instance.sessions.all() if self.instance.pk else ()
            self.sessions = [(session.pk, session.title_and_start) for session in of_event]
        field = field_of(form, "session", forms.ModelChoiceField)
        field.queryset = given(field.queryset).filter(event=self.instance.pk)
        field.widget.choices = [("", "---------"), *self.sessions]


class RecommendationAtEventInline(SummitFields, admin.StackedInline):
    """On the page of an event: which projects were recommended at it, by whom."""

    model = Recommendation
    form = AtEvent
    formset = SessionsOfEvent
    template = "backoffice/folded_inline.html"
    autocomplete_fields = ["expert", "project"]
    fields = [("project", "expert", "session", "order"), pair("note")]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recommendation]:
        related = ("expert", "event", "session", "project")
        return super().get_queryset(request).select_related(*related)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "session":
            field.help_text = _("Save a new session first; then it can be chosen here.")
        return field


@admin.register(Recommendation)
class RecommendationAdmin(BilingualAdmin):
    autocomplete_fields = ["expert", "project", "event", "session"]
    list_display = ["shown_project", "shown_expert", "shown_event", "shown_session", languages]
    list_select_related = ["project", "expert", "event", "session"]
    list_filter = [by_event("event"), by_series("event__series"), FigureFilter]
    date_hierarchy = "event__starts_at"
    search_fields = ["project__search_text", "expert__search_text", "event__search_text"]
    fieldsets = [
        (None, {"fields": [("project", "expert"), ("event", "session"), "order"]}),
        (_("Texts"), {"fields": [pair("note")]}),
    ]

    def view_on_site(self, obj: Recommendation) -> str:
        return obj.project.get_absolute_url()

    @admin.display(description=_("project"), ordering="project__title_en")
    def shown_project(self, recommendation: Recommendation) -> str:
        return recommendation.project.title.in_span

    @admin.display(description=_("expert"), ordering="expert__sort_name_en")
    def shown_expert(self, recommendation: Recommendation) -> str:
        return recommendation.expert.display_name.in_span

    @admin.display(description=_("event"), ordering="event__starts_at")
    def shown_event(self, recommendation: Recommendation) -> str:
        return recommendation.event.title.in_span

    @admin.display(description=_("session"), ordering="session__starts_at")
    def shown_session(self, recommendation: Recommendation) -> str:
        return recommendation.session.title.in_span if recommendation.session else "—"
