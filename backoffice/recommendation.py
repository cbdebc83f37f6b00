from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.kit.bilingual import BilingualAdmin, languages
from backoffice.kit.fields import SummitFields
from backoffice.kit.labels import pair
from backoffice.kit.scope import RowsInScope
from backoffice.kit.searched_filters import by_event, by_series
from backoffice.report_selection import FigureFilter
from projects.models import Recommendation


class OfProject(forms.ModelForm):
    @property
    def headline(self) -> str:
        """Who and where, since the project is the page."""
        return f"{self.instance.expert} · {self.instance.event}"


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
