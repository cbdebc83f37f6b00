"""The ways to a file of an event: its own address, and the personal page of an attendee."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from events.models import EventFile
from events.models.event_file import EventFileQuerySet
from registrations.models import Registration
from summit.lib.web.downloads import give_out_or_404, named_for_disk
from website.views.my import files_of
from website.views.personal import personal


def event_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """Give a public file to everybody, and any to staff who may see the files of the event."""
    return _given_out(EventFile.objects.visible_to(request.user), code)


@personal
@require_safe
def file_of_attendee(
    request: HttpRequest, registration: Registration, file_code: str
) -> HttpResponseBase:
    """Give a file to somebody with a confirmed place at its event."""
    return _given_out(files_of(registration), file_code)


def _given_out(files: EventFileQuerySet, code: str) -> HttpResponseBase:
    found = get_object_or_404(files, code=code)
    is_public = found.audience == EventFile.Audience.PUBLIC
    return give_out_or_404(
        found.file,
        size=found.size,
        content_type=found.content_type,
        name=named_for_disk(str(found.title), found.ending),
        is_public=is_public and not found.event.is_draft,
    )
