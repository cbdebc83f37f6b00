"""Logins: a row beside each web session of staff, so that people see and end them."""

import datetime as dt
import time

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from audit import trail
from staff.audited import Action
from staff.domain import devices, known_browsers
from staff.models import KnownBrowser, Login
from summit.lib.web import client_network

# In the session itself, so that an ordinary request costs no query.
_STARTED, _SEEN = "login_started", "login_seen"
TOUCH_SECONDS = 60


def start(request: HttpRequest, user: User) -> Login:
    """Write down that somebody has just logged in, in the session and beside it."""
    if not request.session.session_key:
        # One that replaced somebody else's has no key before it is stored.
        request.session.create()
    request.session[_STARTED] = request.session[_SEEN] = int(time.time())
    now = timezone.now()
    login, _made = Login.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "started_at": now,
            "seen_at": now,
            "network_address": client_network.stored_address_of(request),
            "device": devices.in_words(request.META.get("HTTP_USER_AGENT", "")),
        },
    )
    return login


def why_over(request: HttpRequest) -> str:
    """Return ``idle`` or ``long`` where the session is past its time; nothing otherwise.

    A session from before there were logins is over too.
    """
    now = time.time()
    if now - request.session.get(_SEEN, 0) > settings.LOG_IN_IDLE_MINUTES * 60:
        return "idle"
    if now - request.session.get(_STARTED, 0) > settings.LOG_IN_MAX_HOURS * 3600:
        return "long"
    return ""


def touch(request: HttpRequest) -> None:
    """Note that the person is active; costs queries once a minute at most."""
    now = int(time.time())
    if now - request.session[_SEEN] >= TOUCH_SECONDS:
        request.session[_SEEN] = now
        _of(request).update(seen_at=timezone.now())


def follow_session(request: HttpRequest, old_key: str) -> None:
    """Move the row along where the session has got a new key."""
    Login.objects.filter(session_key=old_key).update(session_key=request.session.session_key)


def forget(request: HttpRequest) -> None:
    """Delete the row of a session that ends by itself."""
    _of(request).delete()


def close(request: HttpRequest, user: User, *, reason: str) -> None:
    """End the session of this request for a reason that is not the person's wish."""
    with transaction.atomic():
        trail.record(
            Action.LOGIN_ENDED,
            by=user,
            request=request,
            subject=trail.account(user),
            reason=reason,
        )
        forget(request)
        request.session.flush()


def end(login: Login, *, by: User, request: HttpRequest | None = None) -> None:
    """Log somebody out on one device, which is no longer known to the account.

    Harmless where that has happened already.
    """
    with transaction.atomic():
        if login.browser_id:
            KnownBrowser.objects.filter(pk=login.browser_id).delete()
        if Login.objects.filter(pk=login.pk).delete()[0]:
            Session.objects.filter(session_key=login.session_key).delete()
            trail.record(
                Action.LOGIN_ENDED,
                by=by,
                request=request,
                subject=trail.account(login.user),
                device=login.device,
            )


def end_all(
    user: User, *, by: User | None, request: HttpRequest | None = None, but: str | None = None
) -> int:
    """Log somebody out everywhere, save in the session with the key ``but``; return how often.

    Other browsers are no longer known to the account, logged in or not.
    """
    with transaction.atomic():
        known_browsers.end_all(user, but=but)
        ended = list(Login.objects.filter(user=user).exclude(session_key=but or ""))
        Session.objects.filter(session_key__in=[login.session_key for login in ended]).delete()
        Login.objects.filter(pk__in=[login.pk for login in ended]).delete()
        if ended:
            trail.record(
                Action.LOGIN_ENDED,
                by=by,
                request=request,
                subject=trail.account(user),
                logins=len(ended),
            )
    return len(ended)


def forget_ended() -> int:
    """Delete sessions whose time is over and the rows of logins that have none; return how many."""
    now = timezone.now()
    expired, _kinds = Session.objects.filter(expire_date__lt=now).delete()
    with transaction.atomic():
        over = list(_over(now).values_list("pk", "session_key"))
        Session.objects.filter(session_key__in=[key for _pk, key in over]).delete()
        Login.objects.filter(pk__in=[pk for pk, _key in over]).delete()
    return expired + len(over)


def _over(now: dt.datetime) -> QuerySet[Login]:
    # The row is up to a minute behind the session.
    idle = dt.timedelta(minutes=settings.LOG_IN_IDLE_MINUTES, seconds=TOUCH_SECONDS)
    longest = dt.timedelta(hours=settings.LOG_IN_MAX_HOURS)
    session = Session.objects.filter(session_key=OuterRef("session_key"))
    return Login.objects.filter(
        Q(seen_at__lt=now - idle) | Q(started_at__lt=now - longest) | ~Exists(session)
    )


def _of(request: HttpRequest) -> QuerySet[Login]:
    return Login.objects.filter(session_key=request.session.session_key or "")
