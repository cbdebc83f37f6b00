"""The calendar feed of follow-ups: its signed link is the key, since calendars do not log in."""

import hashlib

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from projects.calendar import follow_up_calendar
from projects.domain import feed
from projects.models import FollowUp
from summit.lib.web import client_network
from throttle import rate_limit


@require_safe
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """Answer with what is assigned to the feed's owner and still to be done."""
    owner = feed.owner_of(code)
    response = _not_found(request) if owner is None else _calendar(request, owner)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # No cache on the way keeps it; the calendar itself asks each time whether it has changed.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _calendar(request: HttpRequest, owner: User) -> HttpResponse:
    rows = FollowUp.objects.due().of(owner).select_related("intention").with_revisions()
    text = follow_up_calendar(rows)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, "follow-ups.ics")
    etag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


def _not_found(request: HttpRequest) -> HttpResponse:
    try:
        rate_limit.count("code", client_network.network_of(request))
    except rate_limit.TooManyTries as error:
        return _plain(error.messages[0], status=429)
    return _plain(_("This calendar link does not work, or no longer."), status=404)


def _plain(text: str, *, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
