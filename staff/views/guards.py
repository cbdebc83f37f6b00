"""What every page of the log-in has in common."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from staff.domain import known_browsers, lockout
from staff.models import LockOut
from summit.lib.web import client_network, constant_pace
from throttle import rate_limit

type View = Callable[..., HttpResponseBase]

WHY_WAIT = {
    None: _("Too many log-ins from your network have failed."),
    LockOut.Place.NETWORK: _("Too many log-ins with this name have failed from your network."),
    LockOut.Place.BROWSER: _("Too many log-ins with this name have failed in this browser."),
    LockOut.Place.LOGIN: _("The password or the code was wrong too often."),
    LockOut.Place.CODES: _("Too many wrong codes were typed for this account."),
}


def secretive(view: View) -> View:
    """Keep the page out of caches and search engines, and what is typed out of error reports.

    Where there were too many failures before, the page about the wait takes its place.
    """

    @never_cache
    @sensitive_post_parameters()
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except lockout.MustWait as refusal:
            response = _must_wait(request, refusal)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def count_link(request: HttpRequest, who: str, users: Iterable[User]) -> float:
    """Count a mail that somebody asks for; raise ``TooManyTries`` past the limit of an account.

    Returns how many seconds the answer is to take. A browser that is known to one of the
    accounts has a count of its own, so that nobody else uses it up. ``who`` is what was
    typed, whether there is such an account or not.

    A network past its limit is still answered, and its mails still leave: others there could
    keep the staff from the one way in that is left to them. Only the wait is shorter, so that
    whoever asks again and again keeps no thread busy.
    """
    for user in users:
        if browser := known_browsers.find(request, user):
            rate_limit.count("staff-link", f"browser {browser.pk}")
            return constant_pace.SECONDS
    rate_limit.count("staff-link", who)
    try:
        rate_limit.count("staff-link-network", client_network.network_of(request))
    except rate_limit.TooManyTries:
        return constant_pace.SHORT_SECONDS
    return constant_pace.SECONDS


def count_set_up(user: User, form: forms.Form) -> bool:
    """Count what is sent with a mailed link of ``user``; return False past the limit.

    By the account: who has no link of its owner uses none of it up.
    """
    try:
        rate_limit.count("staff-set-up", f"account {user.pk}")
    except rate_limit.TooManyTries as error:
        form.add_error(None, error)
        return False
    return True


def set_known_browser(response: HttpResponse, cookie: str) -> HttpResponse:
    """Give the browser the cookie by which the account knows it from now on."""
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        cookie,
        max_age=known_browsers.KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def next_page(request: HttpRequest) -> str:
    """Return the page that was asked for, on this site only; the desk without one."""
    page = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(
        page, {request.get_host()}, require_https=request.is_secure()
    )
    return page if is_ours else resolve_url("admin:index")


def _must_wait(request: HttpRequest, refusal: lockout.MustWait) -> HttpResponse:
    context = {
        "why": WHY_WAIT[refusal.place],
        "seconds": refusal.seconds,
        "minutes": -(-refusal.seconds // 60),
        # Who is logged in need not log in.
        "username": "" if request.user.is_authenticated else refusal.username,
        "next": next_page(request),
    }
    response = show(request, "staff/locked_out.html", context, status=429)
    response.headers["Retry-After"] = str(refusal.seconds)
    return response


def show(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Answer with a page; one whose form was refused is no success to programs."""
    form = context.get("form")
    if status == 200 and form is not None and form.errors:
        is_too_many = form.has_error(NON_FIELD_ERRORS, "too_many")
        status = 429 if is_too_many else 422
    return TemplateResponse(request, template, context, status=status)
