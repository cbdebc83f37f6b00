"""The personal link of an interest: renewed, mailed again, and found by its query code."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from interests.mail_kinds import Kind
from interests.models import Interest
from mail import outbox
from registrations.domain.query_code import code_of
from summit.lib.web import mail_addresses
from summit.lib.web.phones import mobile_key, phone_key
from summit.lib.web.signed_links import INTEREST, new_code, sign
from throttle import rate_limit

# So many links of one address are mailed at a time.
_MOST = 20


def path_of(interest: Interest) -> str:
    """Return the address of its page, in its language."""
    with override(interest.language):
        return reverse("my-interest", args=[sign(interest.code, INTEREST)])


@transaction.atomic
def renew(interest: Interest) -> Interest:
    """Make the link and the query code invalid that are out, and mail a new link.

    Anybody may have typed the address: it gets as many in a day as it may get of first mails.
    """
    interest.code = new_code()
    interest.save(update_fields=["code"])
    if may_be_mailed(interest):
        outbox.queue(Kind.LINK, [interest])
    return interest


def may_be_mailed(interest: Interest) -> bool:
    """Count a mail that strangers can cause; say whether the address may get it today.

    Counted apart, so that nobody is kept from registering by what came from here.
    """
    key = interest.email_key
    return bool(key) and rate_limit.take("mailbox", f"interests {key}", 1) == 1


def send_links(email: str) -> int:
    """Mail the link of each interest of an address; return how many there are."""
    rows = Interest.objects.counted().filter(email_key=mail_addresses.key(email))
    found = list(rows.exclude(email_key="")[:_MOST])
    if not found or not may_be_mailed(found[0]):
        return 0
    return outbox.queue(Kind.LINK, found)


def code_to_tell(interest: Interest) -> str:
    """Return the query code, "" where only a landline was given, by which nothing is found."""
    return code_of(interest) if interest.email or mobile_key(interest.phone) else ""


def with_contact(key: str) -> list[Interest]:
    """Return those with a contact that ``query_code.contact_key`` returned. Two queries at most."""
    rows = Interest.objects.counted()
    if "@" in key:
        return list(rows.filter(email_key=key).exclude(email_key=""))
    return list(rows.filter(phone_key=phone_key(key)).exclude(phone_key=""))
