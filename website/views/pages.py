from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.generic import TemplateView

from events.calendar import calendar_of
from events.models import Event
from registrations.calendar import sequence_of


class AboutView(TemplateView):
    template_name = "website/about.html"
    extra_context = {"section": "about"}


class PrivacyView(TemplateView):
    template_name = "website/privacy.html"


def event_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    event = get_object_or_404(Event.objects.visible_to(request.user), slug=slug)
    text = calendar_of(event, sequence=sequence_of(event))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{slug}.ics")
    return response
