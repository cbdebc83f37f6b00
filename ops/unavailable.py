"""What people read while the site cannot reach its data: an answer that passes by itself."""

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from website.views.site import server_error, standalone

RETRY_AFTER = 30
# The disk is full, or as full as this process may fill it.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def unavailable_or_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 where the database or the disk is the cause, and 500 where we are.

    Django calls this while it handles the exception. A search engine takes 503 for
    a pause, and a proxy does not take the server for broken.
    """
    if not is_passing(sys.exc_info()[1]):
        return server_error(request)
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    return HttpResponse(standalone(request, "errors/503.html"), status=503, headers=headers)


def is_passing(error: BaseException | None) -> bool:
    """Say whether the same request may well succeed in a while."""
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    return isinstance(error, (OperationalError, InterfaceError))
