"""What somebody has just typed and types anew, before any contact is proven."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mail import outbox
from registrations.domain import held_seats, sensitive, waiting_list
from registrations.domain.admission import check_not_erased, lock_both
from registrations.domain.known_people import Known, known
from registrations.domain.registration import (
    MailboxFull,
    answer,
    check_contacts,
    organization_like,
)
from registrations.models import Registration, RegistrationSettings
from summit.lib.database.states import MoveRefused
from summit.lib.web import mail_addresses
from summit.lib.web.phones import mobile_key
from summit.lib.web.signed_links import new_code
from throttle import rate_limit

Status = Registration.Status


@transaction.atomic
def type_anew(
    registration: Registration, *, answers: dict[int, object], **changes: object
) -> Registration:
    """Put what is typed now in the place of what was typed, name and contact included.

    Who turns out to have a place becomes a possible duplicate of it, and the seat passes on; who
    no longer is one gets a place as somebody new does. Another address gets a mail of its own,
    and the link that the first one had ends. Nobody learns here who is registered.

    Raises ``MoveRefused`` where the contact is proven by now or the place has ended,
    ``MailboxFull`` and ``ContactFull``.
    """
    address = registration.email_key
    # Counters come before the event's lock, as in ``register``.
    _count_mail(address, str(changes.get("email", registration.email)))
    settings = lock_both(registration)
    check_not_erased(registration)
    is_changed = registration.proven_at or registration.email_key != address
    if is_changed or not registration.can_be_ended:
        raise MoveRefused(
            _("This was changed meanwhile. Use the personal link in your mail."), code="proven"
        )
    for name, value in changes.items():
        setattr(registration, name, value)
    if not registration.email and not mobile_key(registration.phone):
        raise ValidationError(_("Enter a mobile number or an e-mail address."), code="no_contact")
    registration.organization_id = organization_like(registration.organization_name)
    # Not ``clean()``, which would say that the person is registered.
    registration.clean_fields()
    registration.make_keys()
    is_new_address = registration.email_key not in ("", address)
    sensitive.end_consents_of_another(registration)
    was_seated = registration.status in Registration.SEATED
    found = known(registration.event, [registration])
    check_contacts(found, [registration])
    _settle(settings, registration, found)
    if mail_addresses.key(registration.email) != address:
        registration.code = new_code()
        outbox.drop_queued(registration.mails.all())
    registration.typed_key = registration.key_of_typed()
    registration.save()
    answer(registration, answers)
    if is_new_address:
        outbox.queue_each([(registration.shown_status, registration)])
    if was_seated and registration.status == Status.DOUBLE:
        waiting_list.fill(settings)
    return registration


def _count_mail(before: str, email: str) -> None:
    """Count the mail to another address than the one before. Raises ``MailboxFull``."""
    try:
        address = mail_addresses.key(email)
    except ValidationError:
        # Its field says what is wrong.
        return
    if address not in ("", before) and not rate_limit.take("mailbox", address, 1):
        raise MailboxFull(
            _("We have written to this address several times today. Try again tomorrow."),
            code="mailbox_full",
        )


def _settle(settings: RegistrationSettings, registration: Registration, found: Known) -> None:
    """Say whether the person has a place already, or gives back or takes one.

    Who had a seat held has it until then, and no other one.
    """
    first = found.first_of(registration)
    if first is not None:
        if registration.status != Status.DOUBLE:
            registration.seen_as = registration.status
        registration.status, registration.double_of_id = Status.DOUBLE, first
        registration.queued_at = registration.offer_expires_at = None
    elif registration.status == Status.DOUBLE:
        registration.double_of_id, registration.seen_as = None, ""
        free = None if settings.needs_approval else waiting_list.free_after_those_who_wait(settings)
        has_seat = free is None or free > 0
        until = registration.held_until
        is_over = until is not None and until <= timezone.now()
        may_hold = settings.holds_seats and not is_over and _may_hold(settings, registration)
        held_seats.give_place(settings, registration, has_seat=has_seat, may_hold=may_hold)
        registration.held_until = until or registration.held_until


def _may_hold(settings: RegistrationSettings, registration: Registration) -> bool:
    network = registration.network_key
    is_full = network and not held_seats.room_of_network(settings, network)
    return not is_full and held_seats.room_to_hold(settings) > 0
