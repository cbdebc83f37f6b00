"""The way from an event to its report."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from backoffice.report_selection import report_url
from backoffice.workspace.page import EventPage
from events.models import Event
from projects.report.subject import Subject


class ReportPage(EventPage):
    """Leads to the report, which has an address of its own. Overrides ``show``."""

    name = "report"

    def show(self, request: HttpRequest, event: Event, **context: Any) -> HttpResponse:
        return HttpResponseRedirect(report_url(Subject(event)))
