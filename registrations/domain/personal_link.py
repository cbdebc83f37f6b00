"""The personal link of a registration: opened, lost, and made anew."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from events.models import Event
from mail import outbox
from registrations.domain import contact_change, proof
from registrations.mail_kinds import GroupKind
from registrations.models import Registration, RegistrationGroup
from summit.lib.web import mail_addresses
from summit.lib.web.signed_links import new_code
from throttle import rate_limit


def prove(registration: Registration) -> Registration:
    """Note that the link in a mail was opened: ``proof.prove``."""
    return proof.prove(registration, Registration.Proof.LINK)


@transaction.atomic
def revoke_link(registration: Registration) -> Registration:
    """Make the personal link invalid and mail a new one.

    Whoever had seen the old one may have asked for another address: that is stopped. For somebody
    without an own contact the links and query codes of the group end as well, and its contact
    person gets the new one.
    """
    contact_change.stop(registration)
    group = _group_that_reads(registration)
    rows = [registration]
    if group is not None:
        group.code = new_code()
        group.save(update_fields=["code"])
        others = group.members.filter(erased_at=None).exclude(pk=registration.pk)
        # The page of the group links to theirs.
        rows += [row for row in others.select_related("group") if not row.has_own_contact]
    for row in rows:
        row.code = new_code()
        row.save(update_fields=["code"])
    send_link(registration)
    return registration


def send_link(registration: Registration) -> None:
    """Mail the personal link; to the contact person that of the group, where she reads for one."""
    group = _group_that_reads(registration)
    if group is not None:
        outbox.queue(GroupKind.REGISTERED.value, [group])
    else:
        outbox.queue("link", [registration])


def _group_that_reads(registration: Registration) -> RegistrationGroup | None:
    """Return the group whose contact person reads the mails of somebody without an own contact."""
    return None if registration.has_own_contact else registration.group


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
        .select_related("group")
        .order_by("-pk")
    )
    # The page of one shows the others of the same event, and that of a group all of its people.
    own = [registration for registration in found if registration.has_own_contact]
    found = list({registration.event_id: registration for registration in own}.values())
    unproven = [registration for registration in found if registration.proven_at is None]
    if unproven:
        allowed = rate_limit.take("mailbox", mail_addresses.key(email), len(unproven))
        left_out = {registration.pk for registration in unproven[allowed:]}
        found = [registration for registration in found if registration.pk not in left_out]
    outbox.queue("link", found)
    return len(found) + _send_links_of_groups(email, since)


def _send_links_of_groups(email: str, since: dt.datetime) -> int:
    """Mail the link of each group whose contact person has an address; return how many.

    Of those never opened so many as the address may get of first mails today.
    """
    ahead = Q(event__ends_at__gt=since) | Q(event__status=Event.Status.POSTPONED)
    groups = RegistrationGroup.objects.filter(
        ahead, email_key=mail_addresses.key(email), erased_at=None
    )
    found = list(groups)
    unproven = [group for group in found if group.proven_at is None]
    if unproven:
        allowed = rate_limit.take("mailbox", mail_addresses.key(email), len(unproven))
        left_out = {group.pk for group in unproven[allowed:]}
        found = [group for group in found if group.pk not in left_out]
    return outbox.queue(GroupKind.REGISTERED.value, found)
