"""The events whose desk one works at."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

from events.models import Event


@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("events.check_in_registration"):
        raise PermissionDenied
    events = Event.objects.at_desk_of(request.user)
    context = {"upcoming": events.upcoming(), "past": events.past()[:20]}
    return TemplateResponse(request, "desk/desk.html", context)
