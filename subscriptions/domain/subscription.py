"""A subscription: asked for, confirmed by the code that was mailed, changed and ended."""

import datetime as dt
import hmac
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from mail import outbox
from projects.models import Sector
from subscriptions.mail_kinds import Kind
from subscriptions.models import Subscription
from summit.lib.database.sqlite import empty_write_ahead_log
from summit.lib.web import mail_addresses
from throttle import rate_limit

CODE_LASTS = dt.timedelta(hours=1)
_DIGITS = 6


class CodeRefused(ValidationError):
    """The code is wrong, too old, or of a subscription that is no more."""


@transaction.atomic
def ask(email: str, *, kind: str, sectors: Iterable[Sector], language: str) -> Subscription:
    """Keep what was asked for and mail a code to the address; return what waits for it.

    It is the same for an address that has a subscription, which stays as it is until the
    code was entered. Past as many first mails as an address may get a day none is sent.
    """
    asked = Subscription.objects.create(email=email, kind=kind, language=language)
    asked.sectors.set(sectors)
    # Counted apart, so that nobody is kept from registering by what came from here.
    if rate_limit.take("mailbox", f"subscriptions {mail_addresses.key(email)}", 1):
        outbox.queue(Kind.CODE, [asked])
    return asked


def code_of(subscription: Subscription) -> str:
    """Return the six digits that confirm it."""
    digest = salted_hmac("subscription code", subscription.code, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 10**_DIGITS:0{_DIGITS}}"


def confirm(pk: int, typed: str) -> Subscription:
    """Confirm what was asked for by its code; it replaces the one that the address had.

    Twice is harmless. Raises ``CodeRefused``, and ``TooManyTries`` after five codes.
    """
    rate_limit.count("subscription-guess", str(pk))
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign.isalnum())
    with transaction.atomic():
        asked = _locked(pk)
        if asked is None or timezone.now() - asked.asked_at > CODE_LASTS:
            raise CodeRefused(
                _("This code has expired. Ask for the e-mails again."), code="expired"
            )
        if not hmac.compare_digest(code_of(asked).encode(), plain.encode()):
            raise CodeRefused(_("The code is not right. Check the e-mail."), code="wrong")
        if asked.confirmed_at is None:
            _erase(Subscription.objects.of_address(asked.email).exclude(pk=asked.pk))
            asked.confirmed_at = asked.told_until = timezone.now()
            asked.save(update_fields=["confirmed_at", "told_until"])
    return asked


def _locked(pk: int) -> Subscription | None:
    """Lock all of an address, in one order, and return the one that was asked for."""
    keys = Subscription.objects.filter(pk=pk).values("email_key")
    rows = Subscription.objects.filter(email_key__in=keys).order_by("pk").select_for_update()
    return next((each for each in rows if each.pk == pk), None)


@transaction.atomic
def change(subscription: Subscription, *, kind: str, sectors: Iterable[Sector]) -> Subscription:
    """Change what it tells of."""
    subscription.kind = kind
    subscription.save(update_fields=["kind"])
    subscription.sectors.set(sectors)
    return subscription


def end(subscription: Subscription) -> None:
    """Erase it, with its mails. Twice is harmless."""
    erase(Subscription.objects.filter(pk=subscription.pk))


@transaction.atomic
def erase(subscriptions: models.QuerySet[Subscription]) -> int:
    """Erase subscriptions for good, with their mails; return how many."""
    erased = _erase(subscriptions)
    if erased:
        transaction.on_commit(empty_write_ahead_log)
    return erased


def _erase(subscriptions: models.QuerySet[Subscription]) -> int:
    return subscriptions.delete()[1].get(Subscription._meta.label, 0)


def end_refused(subject: models.Model) -> bool:
    """End the subscription whose address a mail server refuses for good; say whether it is one."""
    if not isinstance(subject, Subscription):
        return False
    end(subject)
    return True


def erase_by_email(email: str) -> int:
    """Erase the subscriptions of an address; return how many. Raises ``ValidationError``."""
    return erase(Subscription.objects.of_address(email.replace('"', "")))


def erase_unconfirmed() -> int:
    """Erase what nobody confirmed within a day."""
    day_ago = timezone.now() - dt.timedelta(days=1)
    return erase(Subscription.objects.filter(confirmed_at=None, asked_at__lt=day_ago))


def own_data(email: str) -> list[dict[str, Any]]:
    """Return what is kept as subscriptions of an address that is proven. Two queries."""
    if not email:
        return []
    return [
        {
            "email": each.email,
            "language": each.language,
            "kind": each.kind,
            "sectors": [str(sector) for sector in each.sectors.all()],
            "asked_for": each.asked_at,
            "confirmed": each.confirmed_at,
        }
        for each in Subscription.objects.of_address(email).prefetch_related("sectors")
    ]
