"""What every page that takes something from strangers has in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.datastructures import MultiValueDict

from summit.lib.web import client_network
from throttle import rate_limit
from website.registration_form import AGAIN

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


def is_switched(request: HttpRequest) -> bool:
    """Whether the switch of languages sent the form: it is shown again, and nothing is done."""
    return request.method == "POST" and AGAIN in request.POST


def typed_in(form: forms.Form, data: QueryDict) -> dict[str, Any]:
    """Return what was typed into a form, for it to begin with in another language.

    But for what is hidden, and for ticks: whoever agrees, agrees to the words that they read.
    """
    return {
        name: field.widget.value_from_datadict(data, MultiValueDict(), form.add_prefix(name))
        for name, field in form.fields.items()
        if not field.widget.is_hidden and not isinstance(field, forms.BooleanField)
    }


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
