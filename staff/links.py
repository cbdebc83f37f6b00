"""Links that are mailed to staff: to set up an account, a password or an authenticator, once.

A link is one signed token. It holds until it is used, since what it changes is part of what
was signed, and for ``settings.PASSWORD_RESET_TIMEOUT`` at most.
"""

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.db import models
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

_SALT = "staff.links"


class Purpose(models.TextChoices):
    # A password and an authenticator: for who has neither, or has lost both.
    WELCOME = "welcome"
    PASSWORD = "password"  # noqa: S105 - a word, and not one to log in with
    AUTHENTICATOR = "authenticator"


class _Tokens(PasswordResetTokenGenerator):
    """Tokens that end when the password, the address or the authenticator has changed."""

    def __init__(self, purpose: Purpose) -> None:
        super().__init__()
        self.key_salt = f"{_SALT}.{purpose}"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        devices = TOTPDevice.objects.filter(user=user, confirmed=True).order_by("pk")
        state = [user.is_active, *devices.values_list("pk", flat=True)]
        return f"{super()._make_hash_value(user, timestamp)}{state}"


def make(user: User, purpose: Purpose) -> str:
    """Return a token for one purpose; costs one query."""
    return signing.dumps([purpose, user.pk, _Tokens(purpose).make_token(user)], salt=_SALT)


def read(token: str) -> tuple[User, Purpose] | None:
    """Return whom a token is for and what for; nothing where it is forged, used or too old.

    A token that this site has not signed costs no query.
    """
    try:
        named, pk, plain = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    purpose = Purpose(named)
    user = User.objects.filter(pk=pk, is_active=True, is_staff=True).first()
    if user is None or not _Tokens(purpose).check_token(user, plain):
        return None
    return user, purpose


def url(user: User, purpose: Purpose) -> str:
    """Return the full address of a new link."""
    return settings.SITE_URL + reverse("staff-link", args=[make(user, purpose)])
