"""Known browsers: a cookie tells a browser in which an account was logged in from all others.

The pattern is OWASP's "device cookies": failed log-ins are counted apart for each known
browser, so that nobody who guesses from elsewhere, be it on the same network, keeps the
owner of an account out. The cookie is no way in: password and code are asked for as ever.
"""

import datetime as dt
import hashlib

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from staff import account_links
from staff.models import KnownBrowser, Login, LogInLink
from summit.lib.web import signed_links

_KIND = "known-browser"
KNOWN_FOR = dt.timedelta(days=180)


def find(request: HttpRequest, user: User | None) -> KnownBrowser | None:
    """Return the row of this browser for the account, or nothing where it is unknown to it.

    Costs one query; none where the cookie is missing or was not signed by this site.
    """
    code = _code_of(request)
    if code is None or user is None or not (user.is_active and user.is_staff):
        return None
    since = timezone.now() - KNOWN_FOR
    found = KnownBrowser.objects.filter(user=user, code_hash=_hash(code), seen_at__gte=since)
    browser = found.first()
    if browser and constant_time_compare(browser.password_hash, _hash(user.password)):
        return browser
    return None


@transaction.atomic
def remember(request: HttpRequest, user: User) -> str:
    """Make this browser known to the account; return the value of its new cookie.

    The code is a new one each time, so that one which somebody copied or planted is worth
    nothing after the next log-in, and failures are counted anew. The browser stays known to
    other accounts.
    """
    code = signed_links.new_code()
    if old := _code_of(request):
        here = KnownBrowser.objects.filter(code_hash=_hash(old))
        here.filter(user=user).delete()
        here.update(code_hash=_hash(code))
    browser = KnownBrowser.objects.create(
        user=user, code_hash=_hash(code), password_hash=_hash(user.password)
    )
    if session_key := request.session.session_key:
        Login.objects.filter(user=user, session_key=session_key).update(browser=browser)
    return signed_links.sign(code, _KIND)


def end_all(user: User, *, but: str | None = None) -> None:
    """Make all browsers unknown to the account, save that of the session ``but``.

    Mailed links that would open the log-in in another browser end too.
    """
    kept = Login.objects.filter(session_key=but or "", browser__isnull=False)
    KnownBrowser.objects.filter(user=user).exclude(pk__in=kept.values("browser")).delete()
    LogInLink.objects.filter(user=user).delete()


def forget() -> int:
    """Delete browsers that were not seen for long, and links that are too old; return how many."""
    now = timezone.now()
    browsers = KnownBrowser.objects.filter(seen_at__lt=now - KNOWN_FOR).delete()[0]
    too_old = LogInLink.objects.filter(made_at__lt=now - account_links.LOG_IN_LINK_HOLDS)
    return browsers + too_old.delete()[0]


def _code_of(request: HttpRequest) -> str | None:
    signed = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
    return signed_links.unsign(signed, _KIND)


def _hash(text: str) -> str:
    # Without a key: a code has 192 random bits, a stored password is a salted hash itself.
    return hashlib.sha256(text.encode()).hexdigest()
