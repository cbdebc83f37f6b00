"""What the pages beside that of a call have in common: a button that leads there, and its row."""

from collections.abc import Callable

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from backoffice.kit.actions import Button
from backoffice.kit.model_admin import SummitAdmin
from submissions.models import Call
from summit.lib.i18n.languages import Words
from summit.lib.web.requests import StaffRequest

type Show = Callable[[SummitAdmin, StaffRequest, Call], HttpResponse]


class LinkButton:
    is_main = False
    is_grave = False

    def __init__(self, label: Words) -> None:
        self.label = label


def link_to(name: str, label: Words, call: Call) -> tuple[Button, str]:
    """Return a button that leads to a page of a call."""
    return LinkButton(label), reverse(f"admin:submissions_call_{name}", args=[call.pk])


def link_to_submissions(call: Call) -> tuple[Button, str]:
    """Return a button that leads to what was handed in to a call."""
    listed = reverse("admin:submissions_submission_changelist")
    return LinkButton(_("Submissions")), f"{listed}?call__id__exact={call.pk}"


def call_urls(page: SummitAdmin, name: str, show: Show) -> list[URLPattern]:
    """Return the address of a page of a call, for who may see the call."""

    def view(request: StaffRequest, object_id: str) -> HttpResponse:
        call = page.read_row(request, unquote(object_id))
        if not isinstance(call, Call):
            raise Http404
        if not page.has_view_permission(request, call):
            raise PermissionDenied
        return show(page, request, call)

    # Of an admin site of ours, whichever registers the page.
    site: admin.AdminSite = page.admin_site
    address = f"<path:object_id>/{name}/"
    return [path(address, site.admin_view(view), name=f"submissions_call_{name}")]
