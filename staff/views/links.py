"""What a mailed link opens: a new password, a new authenticator, recovery codes, the log-in."""

import time

import django_otp
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from audit import trail
from staff import account_links
from staff.account_links import Purpose
from staff.audited import Action
from staff.domain import account, authenticator, known_browsers, log_in, logins
from staff.forms import CodeForm, NewPasswordForm
from staff.views.guards import count_set_up, secretive, set_known_browser, show
from summit.lib.drawing.qr import qr
from summit.lib.given import given
from summit.lib.web import client_network
from throttle import rate_limit

# In the session: the token, whether its owner has chosen a password by it, and the key that
# the QR code shows until its first code confirms it.
_LINK = "staff_link"
# In the session until their owner has kept them, and for ten minutes at most.
_CODES = "staff_recovery_codes"
_CODES_SECONDS = 600
_FIRST_PAGES = {
    Purpose.WELCOME: "staff-new-password",
    Purpose.PASSWORD: "staff-new-password",
    Purpose.AUTHENTICATOR: "staff-new-authenticator",
    Purpose.LOG_IN: "staff-open-log-in",
}


@secretive
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address, where histories and logs would keep it."""
    found = account_links.read_token(token)
    response = begin(request, token) if found else _dead(request, count=True)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def begin(request: HttpRequest, token: str) -> HttpResponse:
    """Keep a good token in the session and lead to the first page that it opens."""
    _user, purpose = given(account_links.read_token(token))
    request.session[_LINK] = {"token": token}
    return redirect(_FIRST_PAGES[purpose])


@secretive
def open_log_in(request: HttpRequest) -> HttpResponse:
    """Ask before the link is used up: programs that check mails open links, and press no button."""
    user = _owner(request, Purpose.LOG_IN)
    if user is None:
        return _dead(request)
    if request.method == "POST":
        return _open_log_in(request)
    return show(request, "staff/open_log_in.html", {"owner": user})


@transaction.atomic
def _open_log_in(request: HttpRequest) -> HttpResponse:
    user = account_links.use_log_in_link(request.session[_LINK]["token"])
    if user is None:  # another process was quicker
        return _dead(request)
    del request.session[_LINK]
    trail.record(Action.LOG_IN_OPENED, request=request, subject=trail.account(user))
    response = redirect(f"{reverse('admin:login')}?over=opened")
    return set_known_browser(response, known_browsers.remember(request, user))


@secretive
def new_password(request: HttpRequest) -> HttpResponse:
    user = _owner(request, Purpose.WELCOME, Purpose.PASSWORD)
    if user is None:
        return _dead(request)
    form = NewPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and count_set_up(user, form) and form.is_valid():
        return _set_password(request, form.cleaned_data["password"])
    return show(request, "staff/new_password.html", {"form": form, "owner": user})


@transaction.atomic
def _set_password(request: HttpRequest, password: str) -> HttpResponse:
    user = _owner(request, Purpose.WELCOME, Purpose.PASSWORD, lock=True)
    if user is None:  # another process was quicker
        return _dead(request)
    _user, purpose = given(account_links.read_token(request.session[_LINK]["token"]))
    account.set_password(user, password, request=request)
    del request.session[_LINK]
    if purpose == Purpose.PASSWORD:
        return redirect(f"{reverse('admin:login')}?over=password")
    if not settings.STAFF_OTP:
        return set_known_browser(redirect("admin:index"), log_in.finish(request, user))
    # The mailed token ended with the old password; this one never leaves the server.
    token = account_links.make_token(user, Purpose.AUTHENTICATOR)
    request.session[_LINK] = {"token": token, "chose_password": True}
    return redirect("staff-new-authenticator")


@secretive
def new_authenticator(request: HttpRequest) -> HttpResponse:
    user = _owner(request, Purpose.AUTHENTICATOR)
    if user is None:
        return _dead(request)
    link = request.session[_LINK]
    if "key" not in link:
        request.session[_LINK] = link = link | {"key": authenticator.new_key()}
    form = CodeForm(request.POST or None)
    if request.method == "POST" and count_set_up(user, form) and form.is_valid():
        try:
            return _enrol(request, form.cleaned_data["code"])
        except authenticator.CodeRefused as refusal:
            form.add_error("code", refusal)
    setup_url = authenticator.setup_url(user, link["key"])
    context = {
        "form": form,
        "owner": user,
        "qr": qr(setup_url),
        "setup_url": setup_url,
        "key": authenticator.key_in_groups(link["key"]),
    }
    return show(request, "staff/new_authenticator.html", context)


@transaction.atomic
def _enrol(request: HttpRequest, code: str) -> HttpResponse:
    user = _owner(request, Purpose.AUTHENTICATOR, lock=True)
    if user is None:
        return _dead(request)
    link = request.session[_LINK]
    # Asked first: without the authenticator that it came with, the login is over.
    is_own = request.user == user
    device = authenticator.enrol(user, key=link["key"], code=code, request=request)
    codes = authenticator.make_codes(user, request=request)
    logins.end_all(user, by=user, request=request, but=request.session.session_key)
    del request.session[_LINK]
    # Whoever has just proved both factors is logged in; a link alone is only one of them.
    if "chose_password" in link:
        known = log_in.finish(request, user, device)
        return set_known_browser(show_codes(request, codes), known)
    if is_own:
        django_otp.login(request, device)
    return show_codes(request, codes)


def show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Lead to the page that shows new recovery codes, once."""
    request.session[_CODES] = {"codes": codes, "at": int(time.time())}
    return redirect("staff-recovery-codes")


@secretive
def recovery_codes(request: HttpRequest) -> HttpResponse:
    codes = _shown_codes(request)
    if request.method == "POST" or not codes:
        request.session.pop(_CODES, None)
        if request.user.is_authenticated:
            return redirect("admin:index" if codes else "account")
        return redirect(f"{reverse('admin:login')}?over=authenticator")
    return show(request, "staff/recovery_codes.html", {"codes": codes})


@secretive
@require_safe
def recovery_codes_file(request: HttpRequest) -> HttpResponse:
    codes = _shown_codes(request)
    if not codes:
        return redirect("staff-recovery-codes")
    response = HttpResponse(
        "\r\n".join([settings.SITE_URL, *codes, ""]), content_type="text/plain; charset=utf-8"
    )
    response.headers["Content-Disposition"] = content_disposition_header(True, "recovery-codes.txt")
    return response


def _shown_codes(request: HttpRequest) -> list[str]:
    kept = request.session.get(_CODES)
    return kept["codes"] if kept and time.time() - kept["at"] < _CODES_SECONDS else []


def _owner(request: HttpRequest, *purposes: Purpose, lock: bool = False) -> User | None:
    """Return whose link is open in this session, where it still holds and is for one of these.

    With ``lock`` nobody else changes the account until the end of the transaction.
    """
    token = request.session.get(_LINK, {}).get("token", "")
    found = account_links.read_token(token)
    if found and lock:
        User.objects.select_for_update().get(pk=found[0].pk)
        # What came before the lock may have used the link.
        found = account_links.read_token(token)
    return found[0] if found and found[1] in purposes else None


def _dead(request: HttpRequest, *, count: bool = False) -> HttpResponse:
    """Say that a link is used, too old or none of ours; guesses are counted."""
    if not count and request.session.pop(_LINK, None) is None:
        return redirect("admin:login")
    try:
        if count:
            rate_limit.count("code", client_network.network_of(request))
    except rate_limit.TooManyTries as error:
        return show(request, "staff/dead_link.html", {"reason": error.messages[0]}, status=429)
    return show(request, "staff/dead_link.html", {}, status=410)
