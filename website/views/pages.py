from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.generic import TemplateView

from events.calendar import calendar_of, session_calendar_of
from events.models import Event, Session
from registrations.calendar import sequence_of


class AboutView(TemplateView):
    template_name = "website/about.html"
    extra_context = {"section": "about"}


class PrivacyView(TemplateView):
    template_name = "website/privacy.html"


def event_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    event = get_object_or_404(Event.objects.visible_to(request.user), slug=slug)
    return _calendar_file(calendar_of(event, sequence=sequence_of(event)), slug)


def session_calendar(request: HttpRequest, event_slug: str, slug: str) -> HttpResponse:
    events = Event.objects.visible_to(request.user)
    sessions = Session.objects.filter(event__in=events).select_related("event")
    session = get_object_or_404(sessions, event__slug=event_slug, slug=slug)
    return _calendar_file(session_calendar_of(session), f"{event_slug}-{slug}")


def _calendar_file(text: bytes, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.ics")
    return response
