"""Who is logged in, and for how long: asked once for each request that asks at all."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from staff.domain import logins
from summit.lib.given import given

# What pages ask for by themselves, so that a screen left open is no sign of a person.
POLLING = {"desk-counts"}


class LoggedOut(AnonymousUser):
    """A visitor whose login has ended with this request, and why."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class LoginMiddleware:
    """Ends logins that are past their time, idle, or without the code that they need.

    It stands between the middleware of django-otp and the one that asks for a log-in, so
    that no view, the public pages with their previews included, ever sees such a user.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        lazily = SimpleLazyObject(lambda: _still_logged_in(request, user))
        request.user = lazily  # type: ignore[assignment]  # it is the user, once asked
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        if request.user.is_authenticated:
            if given(request.resolver_match).url_name not in POLLING:
                logins.touch(request)
            return None
        if reason := _why_logged_out(request):
            back = {REDIRECT_FIELD_NAME: _page_of(request), "over": reason}
            if request.method == "POST":
                back["unsent"] = "1"
            return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode(back)}")
        return None


def _still_logged_in(request: HttpRequest, user: User | AnonymousUser) -> User | AnonymousUser:
    if not user.is_authenticated:
        return user
    reason = logins.why_over(request)
    if not reason and not user.is_staff:
        reason = "not_staff"
    if not reason and settings.STAFF_OTP and not is_verified(user):
        reason = "no_code"
    if not reason:
        return user
    logins.close(request, user, reason=reason)
    return LoggedOut(reason)


def is_verified(user: User) -> bool:
    """Whether somebody has given a code of the second factor in this login."""
    return user.is_verified()  # type: ignore[attr-defined]  # of OTPMiddleware


def _why_logged_out(request: HttpRequest) -> str:
    if isinstance(request.user, LoggedOut):
        return request.user.reason
    return _ended_elsewhere(request)


def _ended_elsewhere(request: HttpRequest) -> str:
    """Return ``ended`` where the browser still names a session that there is no more."""
    names_one = settings.SESSION_COOKIE_NAME in request.COOKIES
    return "ended" if names_one and not request.session.keys() else ""


def _page_of(request: HttpRequest) -> str:
    """Return the page to go back to: of a form that was sent, the one it stands on."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return came_from
    return resolve_url("admin:index")
