"""The one way to a document: by its code, for those who may see it, and on record."""

import logging

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from projects.domain.document import record_download
from projects.models import Document
from summit.lib.web.downloads import HEADERS, give_out, named_for_disk
from summit.lib.web.requests import StaffRequest

log = logging.getLogger(__name__)


@require_GET
def document(request: StaffRequest, code: str) -> HttpResponseBase:
    found = get_object_or_404(Document.objects.select_related("intention"), code=code)
    if not Document.objects.visible_to(request.user).filter(pk=found.pk).exists():
        record_download(found, by=request.user, request=request, was_refused=True)
        raise PermissionDenied
    if found.is_withdrawn:
        return _page(request, found, status=410)
    try:
        response = give_out(
            found.file,
            size=found.size,
            content_type=found.content_type,
            name=file_name(found),
        )
    except OSError as error:
        log.error("A document cannot be read: %s (%s)", found.file.name, type(error).__name__)
        record_download(found, by=request.user, request=request, file_was_missing=True)
        return _page(request, found, status=503)
    record_download(found, by=request.user, request=request)
    return response


def file_name(found: Document) -> str:
    """Name the file for whoever keeps it: reference and title, as any file system takes it."""
    name = f"{found.intention.reference} {found.title}".removesuffix(found.ending)
    return named_for_disk(name, found.ending)


def _page(request: HttpRequest, found: Document, *, status: int) -> HttpResponse:
    response = render(request, "website/document.html", {"document": found}, status=status)
    response.headers["Cache-Control"] = HEADERS["Cache-Control"]
    response.headers["X-Robots-Tag"] = HEADERS["X-Robots-Tag"]
    return response
