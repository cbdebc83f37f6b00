"""Locking out after repeated failures. django-axes counts them; here is what it is told."""

import datetime as dt

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from events.domain import audit
from staff.domain import authenticator

# Before the hash of a name that no account has.
UNKNOWN = "?"


def counted_name(request: HttpRequest | None, credentials: dict | None) -> str:
    """Return the name under which a failure is counted: for ``AXES_USERNAME_CALLABLE``.

    What is typed as a name may be a password. So only names of accounts are kept, and of
    everything else a keyed hash, which counts just as well.
    """
    typed = (credentials or {}).get("username") or ""
    if User.objects.filter(username=typed).exists():
        return typed
    return UNKNOWN + salted_hmac("staff.lockout", typed, algorithm="sha256").hexdigest()[:20]


def blank_what_was_typed(sender: type, instance: AccessAttempt, **kwargs: object) -> None:
    """Keep whole forms and addresses out of the table of failures, whatever was in them."""
    instance.get_data = instance.post_data = ""


def is_locked_out(request: HttpRequest, username: str) -> bool:
    """Say whether the account may be tried from here now; if not, the answer will say so.

    The middleware of django-axes puts the page about it in the place of the view's answer.
    """
    allowed = AxesProxyHandler.is_allowed(request, {"username": username})
    request.axes_locked_out = not allowed
    return not allowed


def count_failure(request: HttpRequest, username: str) -> None:
    """Count a failure that no backend has seen, such as a wrong code."""
    user_login_failed.send(
        sender=__name__, credentials={"username": username}, request=request, by_hand=True
    )


def record_failure(request: HttpRequest, username: str, *, reason: str) -> None:
    """Put a counted failure, and the lock-out that it led to, into the audit trail."""
    user = User.objects.filter(username=username).first()
    about = {"request": request, "subject": audit.account(user) if user else ""}
    audit.record(audit.Action.LOG_IN_FAILED, **about, reason=reason)
    # Set by django-axes where this failure was the last one allowed, and not after it.
    if request.axes_locked_out and request.axes_failures_since_start is not None:
        minutes = round(settings.AXES_COOLOFF_TIME.total_seconds() / 60)
        audit.record(audit.Action.LOCKED_OUT, **about, minutes=minutes)


def minutes_left(request: HttpRequest, username: str) -> int:
    """Return after how many minutes a locked-out name may be tried again from here."""
    last = (
        AccessAttempt.objects.filter(
            username=counted_name(request, {"username": username}),
            ip_address=request.axes_ip_address,
        )
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)
        .first()
    )
    until = (last or timezone.now()) + settings.AXES_COOLOFF_TIME
    left = (until - timezone.now()) / dt.timedelta(minutes=1)
    return max(1, -int(-left // 1))


def unlock(username: str, *, by: User | None, request: HttpRequest | None = None) -> int:
    """Let an account log in again from everywhere at once; return from how many places it was.

    Failures that were not enough for a lock-out are forgotten too.
    """
    with transaction.atomic():
        places = AccessAttempt.objects.filter(username=username)
        number = places.values("ip_address").distinct().count()
        places.delete()
        user = User.objects.filter(username=username).first()
        if user:
            authenticator.forget_failures(user)
        audit.record(
            audit.Action.ACCOUNT_CHANGED,
            by=by,
            request=request,
            subject=audit.account(user) if user else "",
            unlocked=True,
        )
    return number
