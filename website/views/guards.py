"""What every page that takes something from strangers has in common."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse

from summit.lib.web import client_network
from throttle import rate_limit

type View = Callable[..., HttpResponseBase]


def count_post(
    request: HttpRequest, scope: str, *, apart: str = ""
) -> rate_limit.TooManyTries | None:
    """Count what is sent from this network; return the refusal where it is past the limit.

    ``apart`` names a form that is counted by itself: what is sent there keeps nobody from another
    form of the same scope. Pages that are only looked at are not counted.
    """
    if request.method != "POST":
        return None
    network = client_network.network_of(request)
    try:
        rate_limit.count(scope, f"{apart} {network}" if apart else network)
    except rate_limit.TooManyTries as refusal:
        return refusal
    return None


def counted(view: View, scope: str) -> View:
    """Count each thing that is sent to the view, whatever it is, and refuse it past the limit."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        refusal = count_post(request, scope)
        return too_many(request, refusal) if refusal else view(request, *args, **kwargs)

    return guarded


def too_many(request: HttpRequest, refusal: rate_limit.TooManyTries) -> HttpResponse:
    return TemplateResponse(
        request, "website/too_many.html", {"reason": refusal.messages[0]}, status=429
    )
