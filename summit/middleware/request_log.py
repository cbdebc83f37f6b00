"""The id of each request and its line in the log."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ops import metrics
from summit.lib.process.logs import route_of
from summit.lib.web import request_id

log = logging.getLogger("summit.requests")
# Asked every few seconds by machines: worth a line only when the answer is bad.
PROBES = frozenset({"healthz", "readyz", "metrics"})


class RequestMiddleware:
    """Gives a request its id, and tells what became of it: route and status, and no address.

    The id of a trusted proxy is taken over where it is well-formed. It is on the
    answer, and in every line that is written until the answer begins to be sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        own = given if request_id.is_well_formed(given) else request_id.new()
        with request_id.work(own):
            start = time.perf_counter()
            response = self.get_response(request)
            seconds = time.perf_counter() - start
            response.headers["X-Request-ID"] = own
            route = _route(request, response)
            metrics.count(route, response, seconds)
            _tell(request.method, route, response.status_code, seconds)
        return response


def _route(request: HttpRequest, response: HttpResponse) -> str:
    # A page that was kept is answered before its address is looked up.
    return getattr(response, "kept_route", "") or route_of(request)


def _tell(method: str | None, route: str, status: int, seconds: float) -> None:
    milliseconds = round(seconds * 1000, 1)
    level = logging.DEBUG if route in PROBES and status < 400 else logging.INFO
    # Anybody can invent a method.
    method = method if method in ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE") else "other"
    extra = {
        "method": method,
        "route": route,
        "status": status,
        "duration_ms": milliseconds,
    }
    log.log(level, "%s %s %s in %s ms", method, route, status, milliseconds, extra=extra)
