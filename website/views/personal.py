"""Pages whose address is a key: who has the link of a mail manages what it names."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

from registrations.domain import personal_link, proof
from registrations.models import Registration, RegistrationGroup
from summit.lib.web import client_network
from summit.lib.web.signed_links import (
    GROUP,
    INTEREST,
    NOT_ME,
    REGISTRATION,
    SUBMISSION,
    SUBSCRIPTION,
    unsign,
)
from throttle import rate_limit
from website import proven_here
from website.views.guards import View, count_post, too_many


def personal(view: View) -> View:
    """Find the registration of a signed code, and keep the page from leaking its address.

    Who opens it has had the mail, so that the address is proven, or has proven the number in this
    browser. A code that this site has
    not signed or that was replaced counts as a guess; what else is sent counts as a form.
    """
    opened_here = proven_here.registration_of
    return keyed(view, REGISTRATION, _registration, personal_link.prove, opened_here)


def of_group(view: View) -> View:
    """Find the group of a signed code, as ``personal`` does: its contact person is proven."""
    return keyed(view, GROUP, _group, proof.prove_group, proven_here.group_of)


def of_removal(view: View) -> View:
    """Find whom a contact person registered, erased or not. The link proves nothing."""
    return keyed(view, NOT_ME, _member, lambda _registration: None)


def keyed(
    view: View,
    kind: str,
    find: Callable[[str], Any],
    opened: Callable[[Any], object],
    opened_here: Callable[[HttpRequest, str], Any] | None = None,
) -> View:
    """Find what a signed code of a kind opens, call ``opened`` with it, and leak no address.

    ``opened_here`` finds what the key of a number opens that was proven in this browser.
    """

    @never_cache
    @wraps(view)
    def load(request: HttpRequest, code: str, **more: Any) -> HttpResponseBase:
        is_here = opened_here is not None and proven_here.is_key(code)
        if opened_here and is_here:
            found = opened_here(request, code)
        else:
            plain = unsign(code, kind)
            found = find(plain) if plain else None
        if found is None:
            # The proof in this browser has ended: its key is no guess.
            response: HttpResponseBase = (
                redirect("find-registration") if is_here else not_found(request, kind)
            )
        elif refusal := count_post(request, "form"):
            response = too_many(request, refusal)
        else:
            if not is_here:
                opened(found)
            response = view(request, found, **more)
        return hide_key(response)

    return load


def hide_key[Response: HttpResponseBase](response: Response) -> Response:
    """Keep the address of a page from leaking, which is a key.

    No search engine keeps it, no link passes it on. Under "no-referrer" browsers send
    "Origin: null" with a form, which is refused as forged.
    """
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def _registration(code: str) -> Registration | None:
    rows = Registration.objects.select_related(
        *("event__registration_settings", "event__meeting_settings", "group")
    )
    return rows.filter(code=code, erased_at=None).first()


def _group(code: str) -> RegistrationGroup | None:
    groups = RegistrationGroup.objects.select_related("event__registration_settings")
    return groups.filter(code=code, erased_at=None).first()


def _member(code: str) -> Registration | None:
    rows = Registration.objects.select_related("event", "group")
    return rows.filter(code=code).exclude(group=None).first()


# Where a new link of a kind is asked for; by default that of a registration.
_ASKED_AT = {
    INTEREST: "find-submission",
    SUBMISSION: "find-submission",
    SUBSCRIPTION: "subscribe",
}


def not_found(request: HttpRequest, kind: str = REGISTRATION) -> HttpResponse:
    """Answer a code that is no key of this site, which counts as a guess."""
    context = {"asked_at": _ASKED_AT.get(kind, "lost-link")}
    try:
        rate_limit.count("code", client_network.network_of(request))
    except rate_limit.TooManyTries as error:
        context["reason"] = error.messages[0]
        return TemplateResponse(request, "website/my_unknown.html", context, status=429)
    return TemplateResponse(request, "website/my_unknown.html", context, status=404)
