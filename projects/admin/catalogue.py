from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from events.admin.base import BilingualAdmin, both, languages
from events.admin.labels import pair
from projects.models import CooperationMode, Sector


class TermAdmin(BilingualAdmin):
    list_display = [both("name", _("name")), "slug", "order", "project_count", languages]
    search_fields = [*pair("name"), "slug"]
    fieldsets = [(None, {"fields": [pair("name"), ("slug", "order")]})]
    view_on_site = False

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(projects_here=Count("projects"))

    @admin.display(description=_("projects"), ordering="projects_here")
    def project_count(self, term):
        return term.projects_here


@admin.register(Sector)
class SectorAdmin(TermAdmin):
    pass


@admin.register(CooperationMode)
class CooperationModeAdmin(TermAdmin):
    pass
