"""How much a call has brought, by district and by department, against the targets."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from backoffice.call_pages import call_urls, link_to
from backoffice.kit.actions import Button
from backoffice.kit.model_admin import SummitAdmin
from submissions.domain.summary import summary_of
from submissions.models import Call
from summit.lib.web.requests import StaffRequest

_NAME, _LABEL = "summary", _("Summary by district")


def link_to_summary(call: Call) -> tuple[Button, str]:
    return link_to(_NAME, _LABEL, call)


def summary_urls(page: SummitAdmin) -> list[URLPattern]:
    return call_urls(page, _NAME, _show)


def _show(page: SummitAdmin, request: StaffRequest, call: Call) -> HttpResponse:
    summary = summary_of(call)
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": call,
        "title": _LABEL,
        "summary": summary,
        "tables": [
            (_("District or park"), summary.districts),
            (_("Recommending department"), summary.departments),
        ],
    }
    return TemplateResponse(request, "backoffice/call_summary.html", context)
