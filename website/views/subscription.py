"""New projects by e-mail: asked for, confirmed by a code, changed and ended."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from projects.models import Sector
from subscriptions.domain import subscription as domain
from subscriptions.models import Subscription
from summit.lib.given import given
from summit.lib.web.signed_links import SUBSCRIPTION
from throttle import rate_limit
from website.forms.subscription import CodeForm, SubscribeForm, WhatForm
from website.views.guards import count_post
from website.views.personal import keyed

# The key of a browser's session under which it keeps which subscription waits for its code.
_WAITING = "subscription"


@never_cache
@sensitive_post_parameters()
def subscribe(request: HttpRequest) -> HttpResponse:
    """Take the address and the sectors, and mail a code; the same for every address.

    ``?sector=…&kind=…`` fills the form, as the filters of the catalogue are named.
    """
    # Who has lost a link at the same place still gets one.
    refusal = count_post(request, "link", apart="subscribe")
    filtered = {
        "kind": request.GET.get("kind", ""),
        "sectors": Sector.objects.filter(slug__in=request.GET.getlist("sector")),
    }
    form = SubscribeForm(request.POST or None, initial=filtered)
    if refusal:
        form.add_error(None, refusal)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        if not rate_limit.is_first_use(given(form.stamp).use):
            form.add_error(None, form.sent_before())
        else:
            asked = domain.ask(
                cleaned["email"],
                kind=cleaned["kind"],
                sectors=cleaned["sectors"],
                language=str(get_language()),
            )
            request.session[_WAITING] = asked.pk
            return redirect("subscribe-code")
    status = 422 if form.errors else 200
    context = {"form": form, "section": "projects"}
    return TemplateResponse(request, "website/subscribe.html", context, status=status)


@never_cache
@sensitive_post_parameters()
def enter_code(request: HttpRequest) -> HttpResponse:
    """Confirm what this browser asked for by the code of the mail."""
    pk = request.session.get(_WAITING)
    if pk is None:
        return redirect("subscribe")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            confirmed = domain.confirm(pk, form.cleaned_data["code"])
        except ValidationError as error:
            form.add_error("code", error)
        else:
            del request.session[_WAITING]
            return redirect("subscription", code=confirmed.signed_code)
    status = 422 if form.errors else 200
    context = {"form": form, "section": "projects"}
    return TemplateResponse(request, "website/subscribe_code.html", context, status=status)


def _find(code: str) -> Subscription | None:
    return Subscription.objects.confirmed().filter(code=code).first()


def _opened(_subscription: Subscription) -> None:
    """The code has confirmed it already."""


def _manage(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """Show of which projects it tells, change that, or end it."""
    if "end" in request.POST:
        domain.end(subscription)
        return TemplateResponse(request, "website/subscription_ended.html")
    now = {"kind": subscription.kind, "sectors": subscription.sectors.all()}
    form = WhatForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        domain.change(subscription, **form.cleaned_data)
        return redirect(f"{request.path}?saved")
    status = 422 if form.errors else 200
    context = {"form": form, "subscription": subscription, "is_saved": "saved" in request.GET}
    return TemplateResponse(request, "website/subscription.html", context, status=status)


def _end_at_once(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """End it where a mail program asks for that (RFC 8058); lead anybody else to the page."""
    if request.method != "POST":
        return redirect("subscription", code=subscription.signed_code)
    domain.end(subscription)
    return TemplateResponse(request, "website/subscription_ended.html")


manage = keyed(_manage, SUBSCRIPTION, _find, _opened)
# A mail program has no cookie. Who has the address can do no more with it than end the mails.
end_at_once = csrf_exempt(keyed(_end_at_once, SUBSCRIPTION, _find, _opened))
