"""The one way to a document: by its code, for those who may see it, and on record."""

import logging
import re
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from projects.domain.document import record_download
from projects.models import Document
from summit.lib.files.file_types import plain_name
from summit.lib.given import given
from summit.lib.web.requests import StaffRequest

log = logging.getLogger(__name__)

HEADERS = {
    "Cache-Control": "no-store, private",
    # Should a browser show it after all, it runs nothing there.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


@require_GET
def document(request: StaffRequest, code: str) -> HttpResponseBase:
    found = get_object_or_404(Document.objects.select_related("intention"), code=code)
    if not Document.objects.visible_to(request.user).filter(pk=found.pk).exists():
        record_download(found, by=request.user, request=request, was_refused=True)
        raise PermissionDenied
    if found.is_withdrawn:
        return _page(request, found, status=410)
    try:
        response = _given_out(found)
    except OSError as error:
        log.error("A document cannot be read: %s (%s)", found.file.name, type(error).__name__)
        record_download(found, by=request.user, request=request, file_was_missing=True)
        return _page(request, found, status=503)
    record_download(found, by=request.user, request=request)
    return response


def _given_out(found: Document) -> HttpResponseBase:
    """Return the file, or the word to the proxy that does; raise ``OSError`` where it is gone."""
    name = given(found.file.name)
    stored = found.file.storage.size(name)
    if stored != found.size:
        raise OSError(f"{name} has {stored} bytes")
    if settings.X_ACCEL_PREFIX:
        response: HttpResponseBase = HttpResponse()
        response.headers["X-Accel-Redirect"] = settings.X_ACCEL_PREFIX + quote(name)
    else:
        response = FileResponse(found.file.open("rb"))
    about = {
        "Content-Type": found.content_type,
        "Content-Disposition": content_disposition_header(True, file_name(found)),
    }
    for header, value in (HEADERS | about).items():
        response.headers[header] = value
    return response


def file_name(found: Document) -> str:
    """Name the file for whoever keeps it: reference and title, as any file system takes it."""
    name = f"{found.intention.reference} {found.title}".removesuffix(found.ending)
    # File systems take 255 bytes, of which a Chinese character needs three.
    return plain_name(re.sub(r'[\\/:*?"<>|]+', " ", name), 80).rstrip(" .") + found.ending


def _page(request: HttpRequest, found: Document, *, status: int) -> HttpResponse:
    response = render(request, "website/document.html", {"document": found}, status=status)
    response.headers["Cache-Control"] = HEADERS["Cache-Control"]
    response.headers["X-Robots-Tag"] = HEADERS["X-Robots-Tag"]
    return response
