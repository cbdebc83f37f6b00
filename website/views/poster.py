"""The way to the poster of an event: to be seen in the browser, and kept from there."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from events.models import Poster
from summit.lib.web.downloads import give_out_or_404, named_for_disk


def poster(request: HttpRequest, code: str) -> HttpResponseBase:
    """Give the picture to everybody while its event is published.

    A code is of one picture for good, so it is its checksum too.
    """
    found = get_object_or_404(Poster.objects.visible().select_related("event"), code=code)
    etag = quote_etag(code)
    if not_modified := get_conditional_response(request, etag=etag):
        return not_modified
    response = give_out_or_404(
        found.file,
        size=found.size,
        content_type="image/png",
        name=named_for_disk(f"{found.event.title} {found.language} {found.shape}", ".png"),
        is_public=True,
        is_shown=True,
    )
    response.headers["ETag"] = etag
    return response
