"""Files of an event for who works at its desk: what attendees and what staff see as well."""

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from desk.views.access import at_desk
from events.models import Event
from summit.lib.web.downloads import give_out_or_404, named_for_disk
from summit.lib.web.requests import StaffRequest


@at_desk
@require_safe
def file(request: StaffRequest, event: Event, code: str) -> HttpResponseBase:
    found = get_object_or_404(event.files, code=code)
    return give_out_or_404(
        found.file,
        size=found.size,
        content_type=found.content_type,
        name=named_for_disk(str(found.title), found.ending),
    )
