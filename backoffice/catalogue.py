from django.contrib import admin
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from backoffice.kit.base import BilingualAdmin, both, languages
from backoffice.kit.labels import pair
from backoffice.kit.model_admin import GuardedModelAdmin
from backoffice.kit.scope import OfTheSite
from projects.models import CooperationMode, Project, Sector


class TermAdmin(GuardedModelAdmin, OfTheSite, BilingualAdmin):
    list_display = [both("name", _("name")), "slug", "order", "project_count", languages]
    search_fields = [*pair("name"), "slug"]
    fieldsets = [(None, {"fields": [pair("name"), ("slug", "order")]})]
    view_on_site = False
    # The field of a project that names such terms.
    named_in = ""

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(projects_here=Count("projects"))

    @admin.display(description=_("projects"), ordering="projects_here")
    def project_count(self, term):
        return term.projects_here

    def get_deleted_objects(self, objs, request):
        """Refuse while projects bear the term, and name them."""
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        bearing = Project.objects.filter(**{f"{self.named_in}__in": [term.pk for term in objs]})
        links = [
            format_html(
                '{}: <a href="{}">{}</a>',
                capfirst(project._meta.verbose_name),
                reverse("admin:projects_project_change", args=[project.pk]),
                project,
            )
            for project in bearing.distinct()
        ]
        return to_delete, counts, perms_needed, [*protected, *links]


@admin.register(Sector)
class SectorAdmin(TermAdmin):
    named_in = "sectors"


@admin.register(CooperationMode)
class CooperationModeAdmin(TermAdmin):
    named_in = "modes"
