"""The page that says which projects of the other kind fit a project, and why."""

from typing import TYPE_CHECKING

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.kit.actions import Button
from projects.domain.matches import MOST_COMPARED, matches_of
from projects.models import Project
from summit.lib.i18n.languages import Words
from summit.lib.web.requests import StaffRequest

if TYPE_CHECKING:
    from backoffice.project import ProjectAdmin

_NAME = "projects_project_matches"
_LABELS: dict[str, Words] = {
    Project.Kind.REQUEST: gettext_lazy("Matching offers"),
    Project.Kind.OFFER: gettext_lazy("Matching requests"),
}


class MatchesButton:
    """What leads from the page of a project to the projects that fit it."""

    is_main = False
    is_grave = False

    def __init__(self, project: Project) -> None:
        self.label = _LABELS[project.kind]


def link_to_matches(project: Project) -> tuple[Button, str]:
    return MatchesButton(project), reverse(f"admin:{_NAME}", args=[project.pk])


def matches_urls(page: "ProjectAdmin") -> list[URLPattern]:
    def matches(request: StaffRequest, object_id: str) -> HttpResponse:
        project = page.read_row(request, unquote(object_id))
        if not isinstance(project, Project):
            raise Http404
        if not page.has_view_permission(request, project):
            raise PermissionDenied
        return _show(page, request, project)

    view = page.admin_site.admin_view(matches)
    return [path("<path:object_id>/matches/", view, name=_NAME)]


def _show(page: "ProjectAdmin", request: StaffRequest, project: Project) -> HttpResponse:
    is_request = project.kind == Project.Kind.REQUEST
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": project,
        "title": _LABELS[project.kind],
        "matches": matches_of(project, Project.objects.all()),
        "is_request": is_request,
        "most": MOST_COMPARED,
        "nothing": _("No published offer matches yet.")
        if is_request
        else _("No published request matches yet."),
    }
    return TemplateResponse(request, "backoffice/project_matches.html", context)
