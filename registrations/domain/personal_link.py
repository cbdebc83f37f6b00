"""The personal link of a registration: opened, lost, and made anew."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from events.models import Event
from mail import outbox
from registrations.domain import proof
from registrations.models import Registration
from summit.lib.web import mail_addresses
from summit.lib.web.signed_links import new_code
from throttle import rate_limit


def prove(registration: Registration) -> Registration:
    """Note that the link in a mail was opened: ``proof.prove``."""
    return proof.prove(registration, Registration.Proof.LINK)


@transaction.atomic
def revoke_link(registration: Registration) -> Registration:
    """Make the personal link invalid and mail a new one."""
    registration.code = new_code()
    registration.save(update_fields=["code"])
    outbox.queue("link", [registration])
    return registration


def send_links(email: str) -> int:
    """Mail a link for each event where an address has a registration; return how many there are.

    Of those whose link was never opened so many are mailed as the address may get of first
    mails today: somebody else may have registered it.
    """
    since = timezone.now() - dt.timedelta(days=1)
    found = list(
        Registration.objects.active()
        .filter(
            Q(event__ends_at__gt=since) | Q(event__status=Event.Status.POSTPONED),
            email_key=mail_addresses.key(email),
        )
        .order_by("-pk")
    )
    # The page of one shows the others of the same event.
    found = list({registration.event_id: registration for registration in found}.values())
    unproven = [registration for registration in found if registration.proven_at is None]
    if unproven:
        allowed = rate_limit.take("mailbox", mail_addresses.key(email), len(unproven))
        left_out = {registration.pk for registration in unproven[allowed:]}
        found = [registration for registration in found if registration.pk not in left_out]
    outbox.queue("link", found)
    return len(found)
