from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.kit.bilingual import BilingualAdmin, both, languages
from backoffice.kit.columns import count_column
from backoffice.kit.deletion import link_to
from backoffice.kit.labels import pair
from events.models import Department, District, Term
from projects.models import CooperationMode, Industry, Project, Sector


class TermAdmin(BilingualAdmin):
    """The page of the terms of a catalogue. Overrides ``get_queryset``."""

    list_display = [both("name", _("name")), "slug", "order", "project_count", languages]
    search_fields = ["search_text"]
    fieldsets = [(None, {"fields": [pair("name"), ("slug", "order")]})]
    view_on_site = False
    # The field of a project that names such terms.
    named_in = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(projects_here=Count("projects"))

    project_count = count_column("projects_here", _("projects"))

    def explain_kept(self, request: HttpRequest, rows: Sequence[Term]) -> list[str]:
        """Name the projects that bear the term."""
        bearing = Project.objects.filter(**{f"{self.named_in}__in": [term.pk for term in rows]})
        return [link_to(project) for project in bearing.distinct()]


@admin.register(Sector)
class SectorAdmin(TermAdmin):
    named_in = "sectors"


@admin.register(CooperationMode)
class CooperationModeAdmin(TermAdmin):
    named_in = "modes"


# Of terms with a code of a standard.
_CODED: Any = [(None, {"fields": [pair("name"), ("code", "slug", "order")]})]


@admin.register(Industry)
class IndustryAdmin(TermAdmin):
    named_in = "industry"
    list_display = ["code", both("name", _("name")), "order", "project_count", languages]
    search_fields = ["search_text", "code"]
    fieldsets = _CODED
    ordering = ["code"]


@admin.register(District)
class DistrictAdmin(TermAdmin):
    named_in = "district"
    list_display = [both("name", _("name")), "code", "order", "project_count", languages]
    search_fields = ["search_text", "code"]
    fieldsets = _CODED


@admin.register(Department)
class DepartmentAdmin(TermAdmin):
    named_in = "department"
