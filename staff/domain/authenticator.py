"""The second factor: an app that shows codes (RFC 6238), and ten recovery codes on paper."""

import re
import time
import unicodedata
from base64 import b32encode

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from audit import trail
from staff.audited import Action

CODES = 10
_SIX_DIGITS = re.compile(r"[0-9]{6}")


class CodeRefused(ValidationError):
    """The code is wrong or was used already."""


def new_key() -> str:
    """Return a secret of 160 random bits in hexadecimal, which is not stored yet."""
    return random_hex(20)


def setup_url(user: User, key: str) -> str:
    """Return the ``otpauth://`` address that an authenticator reads off a QR code."""
    return TOTPDevice(user=user, key=key).config_url


def key_in_groups(key: str) -> str:
    """Return the key as one types it: base 32, in groups of four."""
    text = b32encode(bytes.fromhex(key)).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def is_enrolled(user: User) -> bool:
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def enrol(user: User, *, key: str, code: str, request: HttpRequest | None = None) -> TOTPDevice:
    """Make the holder of ``key`` the account's only authenticator, once its first code is right.

    The code cannot be used a second time to log in. Raises ``CodeRefused``. Called in a
    transaction that holds the account's row.
    """
    typed = _plain(code)
    device = TOTPDevice(user=user, name="authenticator", key=key, confirmed=True)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time()
    if not _SIX_DIGITS.fullmatch(typed) or not totp.verify(int(typed), device.tolerance):
        raise CodeRefused(
            _(
                "This is not the code that the key gives now. Type the one shown at this "
                "moment; the phone’s clock has to be right."
            ),
            code="wrong",
        )
    replaced, _kinds = TOTPDevice.objects.filter(user=user).delete()
    device.drift, device.last_t = totp.drift, totp.t()
    device.save()
    trail.record(
        Action.DEVICE_ENROLLED,
        by=user,
        request=request,
        subject=trail.account(user),
        replaced=bool(replaced),
    )
    return device


def make_codes(user: User, *, request: HttpRequest | None = None) -> list[str]:
    """Return ten new recovery codes and forget the old ones; only keyed hashes are stored."""
    codes = [StaticToken.random_token() for _number in range(CODES)]
    with transaction.atomic():
        # Not a new device: whoever logged in by a recovery code stays logged in.
        device, _made = StaticDevice.objects.get_or_create(
            user=user, defaults={"name": "recovery codes"}
        )
        device.token_set.all().delete()
        StaticToken.objects.bulk_create(
            StaticToken(device=device, token=_stored(code)) for code in codes
        )
        trail.record(
            Action.CODES_MADE,
            by=user,
            request=request,
            subject=trail.account(user),
        )
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def match(user: User, typed: str, *, request: HttpRequest | None = None) -> Device:
    """Use up a code of the authenticator or a recovery code, and return what it came from.

    Each code is good for one use, also when two processes see it at once. Raises
    ``CodeRefused``. The caller counts how many are looked at.
    """
    code = _plain(typed)
    is_totp = _SIX_DIGITS.fullmatch(code)
    kind: type[TOTPDevice | StaticDevice] = TOTPDevice if is_totp else StaticDevice
    with transaction.atomic():
        devices = kind.objects.select_for_update().filter(user=user, confirmed=True)
        device: TOTPDevice | StaticDevice | None = devices.first()
        if device and not device.verify_token(code if is_totp else _stored(code)):
            device = None
        if isinstance(device, StaticDevice):
            trail.record(
                Action.RECOVERY_CODE_USED,
                by=user,
                request=request,
                subject=trail.account(user),
                left=device.token_set.count(),
            )
    if device is None:
        raise CodeRefused(
            _("The code is wrong or was used already. Type the one shown now."), code="wrong"
        )
    return device


def remove(user: User, *, by: User | None, request: HttpRequest | None = None) -> int:
    """Take the authenticator and the recovery codes away; return how many authenticators."""
    with transaction.atomic():
        removed = TOTPDevice.objects.filter(user=user).count()
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        trail.record(
            Action.DEVICE_REMOVED,
            by=by,
            request=request,
            subject=trail.account(user),
        )
    return removed


def _plain(typed: str) -> str:
    """Return what was meant: full-width digits, spaces and hyphens are how people write codes."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)).lower()


def _stored(code: str) -> str:
    # 64 bits of a keyed hash say nothing of a code of 40 bits without the key.
    return salted_hmac("staff.recovery-code", code, algorithm="sha256").hexdigest()[:16]
