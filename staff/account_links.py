"""Links that are mailed to staff: to set up an account, a password or an authenticator, once.

A link is one signed token. It holds until it is used, since what it changes is part of what
was signed, and for ``settings.PASSWORD_RESET_TIMEOUT`` at most. One that opens the log-in
changes nothing of the account: it has a row in the database, and holds for half an hour.
"""

import datetime as dt
import hashlib

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from staff.models import LogInLink
from summit.lib.web import signed_links

_SALT = "staff.account_links"
LOG_IN_LINK_HOLDS = dt.timedelta(minutes=30)


class Purpose(models.TextChoices):
    # A password and an authenticator: for who has neither, or has lost both.
    WELCOME = "welcome"
    PASSWORD = "password"  # noqa: S105 - a word, and not one to log in with
    AUTHENTICATOR = "authenticator"
    # Of one browser, past the guesses of others on its network.
    LOG_IN = "log_in"


class _Tokens(PasswordResetTokenGenerator):
    """Tokens that end when the password, the address or the authenticator has changed."""

    def __init__(self, purpose: Purpose) -> None:
        super().__init__()
        self.key_salt = f"{_SALT}.{purpose}"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        devices = TOTPDevice.objects.filter(user=user, confirmed=True).order_by("pk")
        state = [user.is_active, *devices.values_list("pk", flat=True)]
        return f"{super()._make_hash_value(user, timestamp)}{state}"


def make_token(user: User, purpose: Purpose) -> str:
    """Return a token for one purpose; costs one query."""
    if purpose == Purpose.LOG_IN:
        plain = signed_links.new_code()
        LogInLink.objects.create(user=user, code_hash=_hash(plain))
    else:
        plain = _Tokens(purpose).make_token(user)
    return signing.dumps([purpose, user.pk, plain], salt=_SALT)


def read_token(token: str) -> tuple[User, Purpose] | None:
    """Return whom a token is for and what for; nothing where it is forged, used or too old.

    A token that this site has not signed costs no query.
    """
    try:
        named, pk, plain = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    purpose = Purpose(named)
    user = User.objects.filter(pk=pk, is_active=True, is_staff=True).first()
    if user is None:
        return None
    if purpose == Purpose.LOG_IN:
        still_holds = _log_in_link(user, plain).exists()
    else:
        still_holds = _Tokens(purpose).check_token(user, plain)
    return (user, purpose) if still_holds else None


def use_log_in_link(token: str) -> User | None:
    """Use up a link that opens the log-in; return its owner, or nothing where it does not hold."""
    found = read_token(token)
    if found is None or found[1] != Purpose.LOG_IN:
        return None
    _named, _pk, plain = signing.loads(token, salt=_SALT)
    # Of two who delete at once the database lets one succeed.
    return found[0] if _log_in_link(found[0], plain).delete()[0] else None


def _log_in_link(user: User, plain: str) -> models.QuerySet[LogInLink]:
    since = timezone.now() - LOG_IN_LINK_HOLDS
    return LogInLink.objects.filter(user=user, code_hash=_hash(plain), made_at__gte=since)


def _hash(plain: str) -> str:
    # Of 192 random bits: that needs no key.
    return hashlib.sha256(plain.encode()).hexdigest()


def url(user: User, purpose: Purpose) -> str:
    """Return the full address of a new link."""
    return settings.SITE_URL + reverse("staff-link", args=[make_token(user, purpose)])
