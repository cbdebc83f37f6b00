"""Logging in: a name and a password, then a code. In between nobody is logged in at all."""

import time

import django_otp
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device

from audit import trail
from staff.audited import Action
from staff.domain import authenticator, known_browsers, lockout

_PENDING = "log_in_pending"
PENDING_SECONDS = 600
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


class LogInRefused(ValidationError):
    """Not let in; the words are the same whatever was wrong."""


def check_password(request: HttpRequest, *, username: str, password: str) -> User:
    """Return the account of staff that these open; raise ``LogInRefused``.

    An unknown name, a wrong password, a closed account and one that is not of staff take
    the same work and get the same answer. Raises ``lockout.MustWait`` where there were too
    many failures before it, or with it.
    """
    tried = lockout.Try.begin(request, username)
    user = auth.authenticate(request, username=username, password=password)
    if user is None or not user.is_staff:
        tried.record_failure(request, reason="password")
        raise LogInRefused(_("The user name or the password is wrong."), code="wrong")
    tried.give_back()
    return user


def check_code(request: HttpRequest, user: User, typed: str) -> Device:
    """Use up a code of the account; raise ``authenticator.CodeRefused``.

    A wrong one counts as a failed log-in. Raises ``lockout.MustWait`` as ``check_password`` does.
    """
    tried = lockout.Try.begin(request, user.get_username(), of_code=True)
    try:
        device = authenticator.match(user, typed, request=request)
    except authenticator.CodeRefused:
        tried.record_failure(request, reason="code")
        raise
    tried.give_back()
    return device


def wait_for_code(request: HttpRequest, user: User) -> None:
    """Remember for ten minutes whose password was right, in a session that is new and empty."""
    request.session.flush()
    request.session[_PENDING] = {
        "user": user.pk,
        "backend": user.backend,
        # A password that was changed meanwhile was not the right one.
        "password": user.get_session_auth_hash(),
        "at": int(time.time()),
    }


def pending(request: HttpRequest) -> User | None:
    """Return whose password was right less than ten minutes ago; costs a query where there is one.

    This gives no access to anything but the page that asks for the code.
    """
    kept = request.session.get(_PENDING)
    if not kept or time.time() - kept["at"] > PENDING_SECONDS:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True, is_staff=True).first()
    if user is None or not constant_time_compare(kept["password"], user.get_session_auth_hash()):
        return None
    user.backend = kept["backend"]
    return user


def finish(request: HttpRequest, user: User, device: Device | None = None) -> str:
    """Log in whose password, and where it is asked for whose code, was right: a new session.

    Returns the value of the cookie by which the account knows this browser from now on.
    """
    if settings.STAFF_OTP and device is None:
        raise LookupError("Nobody logs in without a code while STAFF_OTP is on.")
    with transaction.atomic():
        request.session.pop(_PENDING, None)
        lockout.forget_failures(request, user)
        # Who comes by a link has not passed through a backend, and this one knows all accounts.
        auth.login(request, user, backend=getattr(user, "backend", MODEL_BACKEND))
        if device is not None:
            django_otp.login(request, device)
        trail.record(
            Action.LOGGED_IN,
            by=user,
            request=request,
            subject=trail.account(user),
            second=device.name if device else "",
        )
        return known_browsers.remember(request, user)
