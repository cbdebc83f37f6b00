"""The query code: with the whole number or address it brings back who has no mail to open.

It is made from the registration's own code by a keyed hash and stored nowhere. Like the screen
on which it was shown it proves no contact, and a new personal link ends it. A group has a code of
its own, for its contact person: that of one of its people never opens the others.
"""

import datetime as dt
import hmac
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from events.models import Event
from registrations.domain import text_message
from registrations.models import Registration, RegistrationGroup
from summit.lib.web import mail_addresses
from summit.lib.web.phones import mobile_key
from throttle import rate_limit

# Without 0, O, 1 and I, which are read for one another.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 6
_BITS = 5


class NotFound(ValidationError):
    """Nobody has this number or address with this code."""


class HasCode(Protocol):
    """A row with the secret of its personal link."""

    code: Any


class HasContact(Protocol):
    """A row with a contact, as contacts are compared."""

    phone_key: Any
    email_key: Any


def code_of(of: HasCode) -> str:
    """Return the six characters of a registration, of a group, or of what else has a link."""
    digest = salted_hmac("query code", of.code, algorithm="sha256").digest()
    number = int.from_bytes(digest[:4])
    return "".join(ALPHABET[number >> _BITS * place & 31] for place in range(LENGTH))


def mark_of_code(of: HasCode) -> str:
    """Return a keyed hash by which a browser's session says which code it knew."""
    digest = salted_hmac("code that was known", of.code, algorithm="sha256")
    return digest.hexdigest()[:32]


def code_to_tell(registration: Registration) -> str:
    """Return the code for who reads the messages: of a group where that is its contact person."""
    group = registration.group
    return code_of(registration if group is None or registration.has_own_contact else group)


def find(contact: str, typed: str, *, network: str) -> Registration | RegistrationGroup:
    """Return the registration or group with this code and this whole mobile number or address.

    A group is found by the contact and the code of its contact person alone. Raises and counts
    as ``find_among`` does.
    """
    return find_among(_with_contact, contact, typed, network=network)


def find_among[Row: HasCode](
    rows: Callable[[str], Iterable[Row]], contact: str, typed: str, *, network: str
) -> Row:
    """Return what has this code, of the ``rows`` with this whole mobile number or address.

    Raises ``NotFound``, in the same words whether the number or the code is wrong, and
    ``TooManyTries`` where too many have failed from this network with this contact, or with it
    from anywhere today. After that the right code is still taken where it was sent to the number
    by text message in the last half hour: a stranger who guesses keeps no owner away. What
    succeeds does not count. The caller keeps the pace.
    """
    key = contact_key(contact)
    tries = {"query": f"{key} {network}", "query-network": network, "query-contact": key}
    rate_limit.count("query", tries["query"])
    rate_limit.count("query-network", network)
    refusal = _count_contact(key)
    if refusal and not _may_enter_sent_code(key):
        raise refusal
    code = _plain(typed)
    found = None
    for each in rows(key) if key else ():
        if hmac.compare_digest(code_of(each).encode(), code.encode()):
            found = each
    if found is None and refusal:
        # As where nothing was sent: nobody learns here that the owner has asked for a code.
        raise refusal
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


def allow_again(of: HasContact) -> None:
    """Begin the day of a contact anew, for which staff vouch: its owner may have been kept away."""
    for key in filter(None, (of.phone_key, of.email_key)):
        rate_limit.clear("query-contact", key)


def _count_contact(key: str) -> rate_limit.TooManyTries | None:
    """Count a try with a contact; return the refusal past its limit."""
    try:
        rate_limit.count("query-contact", key)
    except rate_limit.TooManyTries:
        said = _(
            "This number or address was tried too often today. Have the link sent to your "
            "address, or ask at the desk or the organizer."
        )
        if settings.SMS.is_on:
            said = _(
                "This number or address was tried too often today. Have the query code sent to "
                "your number by text message and enter it within 30 minutes, have the link sent "
                "to your address, or ask at the desk or the organizer."
            )
        return rate_limit.TooManyTries(said, code="too_many")
    return None


def _may_enter_sent_code(key: str) -> bool:
    """Whether a query code was just sent to the number, and few have been entered. A query."""
    latest = text_message.latest_query_code(key)
    return latest is not None and rate_limit.take("query-sent", str(latest.pk), 1) == 1


def _with_contact(key: str) -> list[Registration | RegistrationGroup]:
    """Return the registrations and groups of events to come with this contact. Two queries."""
    since = timezone.now() - dt.timedelta(days=1)
    ahead = Q(event__ends_at__gt=since) | Q(event__status=Event.Status.POSTPONED)
    same = Q(phone_key=key) | Q(email_key=key)
    found = same & ahead & Q(event__status__in=Event.VISIBLE, erased_at=None)
    return [
        *Registration.objects.filter(found).select_related("event"),
        *RegistrationGroup.objects.filter(found).select_related("event"),
    ]


def _plain(typed: str) -> str:
    return "".join(unicodedata.normalize("NFKC", typed).upper().replace("-", "").split())
