"""The query code: with the whole number or address it brings back who has no mail to open.

It is made from the registration's own code by a keyed hash and stored nowhere. Like the screen
on which it was shown it proves no contact, and a new personal link ends it.
"""

import datetime as dt
import hmac
import unicodedata

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from events.models import Event
from registrations.models import Registration
from summit.lib.web import mail_addresses
from summit.lib.web.phones import mobile_key
from throttle import rate_limit

# Without 0, O, 1 and I, which are read for one another.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 6
_BITS = 5


class NotFound(ValidationError):
    """Nobody has this number or address with this code."""


def code_of(registration: Registration) -> str:
    """Return the six characters of a registration."""
    digest = salted_hmac("query code", registration.code, algorithm="sha256").digest()
    number = int.from_bytes(digest[:4])
    return "".join(ALPHABET[number >> _BITS * place & 31] for place in range(LENGTH))


def find(contact: str, typed: str, *, network: str) -> Registration:
    """Return the registration of a whole mobile number or address with its code.

    Raises ``NotFound``, in the same words whether the number or the code is wrong, and
    ``TooManyTries`` where too many have failed from this network with this contact, or with it
    from anywhere today. What succeeds does not count. The caller keeps the pace.
    """
    key = contact_key(contact)
    tries = {"query": f"{key} {network}", "query-network": network, "query-contact": key}
    for scope, who in tries.items():
        _count(scope, who)
    code = _plain(typed)
    found = None
    for registration in _with_contact(key):
        if hmac.compare_digest(code_of(registration).encode(), code.encode()):
            found = registration
    if found is None:
        raise NotFound(
            _(
                "Nothing was found with this number or address and this code. Check both. The code "
                "is shown after registering and in our e-mails."
            ),
            code="not_found",
        )
    for scope, who in tries.items():
        rate_limit.give_back(scope, who)
    return found


def contact_key(contact: str) -> str:
    """Return a whole number or an address as it is compared, "" for what is neither."""
    if number := mobile_key(contact):
        return number
    try:
        return mail_addresses.key(contact)
    except ValidationError:
        return ""


def _count(scope: str, who: str) -> None:
    try:
        rate_limit.count(scope, who)
    except rate_limit.TooManyTries:
        if scope != "query-contact":
            raise
        raise rate_limit.TooManyTries(
            _(
                "This number or address was tried too often today. Have the link sent to your "
                "address, or ask at the desk or the organizer."
            ),
            code="too_many",
        ) from None


def _with_contact(key: str) -> list[Registration]:
    if not key:
        return []
    since = timezone.now() - dt.timedelta(days=1)
    ahead = Q(event__ends_at__gt=since) | Q(event__status=Event.Status.POSTPONED)
    same = Registration.objects.filter(Q(phone_key=key) | Q(email_key=key), erased_at=None)
    return list(same.filter(ahead, event__status__in=Event.VISIBLE).select_related("event"))


def _plain(typed: str) -> str:
    return "".join(unicodedata.normalize("NFKC", typed).upper().replace("-", "").split())
