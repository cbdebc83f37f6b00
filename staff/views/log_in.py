"""The log-in for everything that staff do: name and password, then a code."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staff.domain import account, authenticator, log_in
from staff.forms import ForgottenForm, LogInForm, LogInLinkForm, NextCodeForm, RecoveryCodeForm
from staff.views.guards import count_link, next_page, secretive, set_known_browser, show
from summit.lib.web import constant_pace, mail_addresses
from throttle import rate_limit

# Why one has to log in again, by the word in the address that the middleware leads to.
OVER = {
    "idle": _("You were logged out after a period of inactivity. Log in to go on."),
    "long": _("You were logged out since your login had lasted its time. Log in to go on."),
    "ended": _("This login was ended. Log in to go on."),
    "opened": _("Log-in is unblocked in this browser. Log in now."),
    "expired": _("The log-in has timed out. Start again."),
    "password": _("The password is changed. Log in with the new one."),
    "authenticator": _("The authenticator is set up. Log in with it."),
}


@secretive
def password(request: HttpRequest) -> HttpResponse:
    """Ask for name and password. Not yet logged in where a code is asked for as well."""
    form = LogInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = log_in.check_password(request, **form.cleaned_data)
        except log_in.LogInRefused as refusal:
            form.add_error(None, refusal)
        else:
            if not settings.STAFF_OTP:
                known = log_in.finish(request, user)
                return set_known_browser(redirect(next_page(request)), known)
            log_in.wait_for_code(request, user)
            return _to("staff-code", request)
    context = _context(
        request,
        form,
        over=OVER.get(request.GET.get("over", ""), ""),
        unsent="unsent" in request.GET,
    )
    return show(request, "staff/log_in.html", context)


@secretive
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of whose password was right."""
    user = log_in.pending(request)
    if user is None:
        return _to("admin:login", request, over="expired")
    if not authenticator.is_enrolled(user):
        return _to("staff-no-authenticator", request)
    is_recovery = "recovery" in request.GET
    form = (RecoveryCodeForm if is_recovery else NextCodeForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device = log_in.check_code(request, user, form.cleaned_data["code"])
        except authenticator.CodeRefused as refusal:
            form.add_error("code", refusal)
        else:
            known = log_in.finish(request, user, device)
            return set_known_browser(redirect(next_page(request)), known)
    context = _context(request, form, is_recovery=is_recovery)
    return show(request, "staff/code.html", context)


@secretive
def no_authenticator(request: HttpRequest) -> HttpResponse:
    """Offer a link to who has proved the password and has no authenticator."""
    user = log_in.pending(request)
    if user is None or authenticator.is_enrolled(user):
        return _to("admin:login", request, over="" if user else "expired")
    refusal = ""
    if request.method == "POST":
        try:
            # By the account alone, since only who has its password comes here.
            rate_limit.count("staff-link", f"account {user.pk}")
            account.mail_authenticator_link(user)
        except ValidationError as error:
            refusal = error.messages[0]
        else:
            return show(request, "staff/link_sent.html", {"proved": True})
    context = {"refusal": refusal, "has_address": bool(user.email)}
    status = 422 if refusal else 200
    return show(request, "staff/no_authenticator.html", context, status=status)


@secretive
def forgotten(request: HttpRequest) -> HttpResponse:
    """Mail a link to a new password; the answer is the same whether there is an account or not."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            users = account.accounts_with_address(email)
            seconds = count_link(request, mail_addresses.key(email), users)
        except rate_limit.TooManyTries as error:
            form.add_error(None, error)
        else:
            with constant_pace.keep_pace(seconds):
                account.mail_password_links(email)
            return show(request, "staff/link_sent.html", {})
    return show(request, "staff/forgotten.html", {"form": form})


@secretive
def log_in_link(request: HttpRequest) -> HttpResponse:
    """Mail a link that opens the log-in here; the answer is the same whether there is an account.

    For who would have to wait since somebody else, on the same network, has guessed.
    """
    form = LogInLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["username"]
        try:
            named = User.objects.filter(username=name)
            seconds = count_link(request, f"name {name}", named)
        except rate_limit.TooManyTries as error:
            form.add_error(None, error)
        else:
            with constant_pace.keep_pace(seconds):
                account.mail_log_in_link(name)
            return show(request, "staff/link_sent.html", {"for_log_in": True})
    return show(request, "staff/log_in_link.html", {"form": form})


def _to(name: str, request: HttpRequest, **query: str) -> HttpResponse:
    """Lead to another step of the log-in, which knows where to go afterwards."""
    query = {REDIRECT_FIELD_NAME: next_page(request)} | {k: v for k, v in query.items() if v}
    return redirect(f"{reverse(name)}?{urlencode(query)}")


def _context(request: HttpRequest, form: object, **more: object) -> dict[str, object]:
    return {"form": form, "next": next_page(request), **more}
