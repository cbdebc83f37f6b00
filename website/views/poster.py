"""The way to the poster of an event: to be seen in the browser, and kept from there."""

import logging

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from events.models import Poster
from website.private_files import give_out, named_for_disk

log = logging.getLogger(__name__)


def poster(request: HttpRequest, code: str) -> HttpResponseBase:
    """Give the picture to everybody while its event is published.

    A code is of one picture for good, so it is its checksum too.
    """
    found = get_object_or_404(Poster.objects.visible().select_related("event"), code=code)
    etag = quote_etag(code)
    if not_modified := get_conditional_response(request, etag=etag):
        return not_modified
    try:
        response = give_out(
            found.file,
            size=found.size,
            content_type="image/png",
            name=named_for_disk(f"{found.event.title} {found.language} {found.shape}", ".png"),
            is_public=True,
            is_shown=True,
        )
    except OSError as error:
        log.error("A poster cannot be read: %s (%s)", found.file.name, error)
        raise Http404 from error
    response.headers["ETag"] = etag
    return response
