"""What somebody has just typed and types anew, before the person's own contact is proven."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Organization
from mail import outbox
from registrations.domain import held_seats, sensitive, waiting_list
from registrations.domain.admission import check_not_erased, lock_both
from registrations.domain.correction import answer
from registrations.domain.known_people import Known, check_contacts, known
from registrations.domain.registration import MailboxFull, first_kind
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

    The proof of a group's contact person is none of the contact of somebody else. Raises
    ``MoveRefused`` where that is proven by now or the place has ended, ``MailboxFull`` and
    ``ContactFull``.
    """
    address = registration.email_key
    # Counters come before the event's lock, as in ``register``.
    count_mail(address, str(changes.get("email", registration.email)))
    settings = lock_both(registration)
    check_not_erased(registration)
    is_changed = registration.has_own_proof or registration.email_key != address
    if is_changed or not registration.can_be_ended:
        raise MoveRefused(
            _("This was changed meanwhile. Use the personal link in your mail."), code="proven"
        )
    for name, value in changes.items():
        setattr(registration, name, value)
    if not registration.email and not mobile_key(registration.phone):
        raise ValidationError(_("Enter a mobile number or an e-mail address."), code="no_contact")
    registration.organization_id = Organization.objects.key_like(registration.organization_name)
    # Not ``clean()``, which would say that the person is registered.
    registration.clean_fields()
    registration.make_keys()
    is_new_address = registration.email_key not in ("", address)
    sensitive.end_consents_of_another(registration)
    was_seated = registration.status in Registration.SEATED
    found = known(registration.event, [registration])
    check_contacts(found, [registration])
    settle(settings, registration, found)
    if mail_addresses.key(registration.email) != address:
        registration.code = new_code()
        outbox.drop_queued(registration.mails.all())
    if registration.proven_at is None:
        registration.typed_key = registration.key_of_typed()
    registration.save()
    answer(registration, answers)
    # Who has no own contact any more is of the group, whose page its contact person has.
    if is_new_address and registration.has_own_contact:
        outbox.queue_each([(first_kind(registration), registration)])
    if was_seated and registration.status == Status.DOUBLE:
        waiting_list.fill(settings)
    return registration


def count_mail(before: str, email: str) -> None:
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


def settle(settings: RegistrationSettings, registration: Registration, found: Known) -> None:
    """Say whether the person has a place already, or gives back or takes one.

    Who had a seat held has it until then, and no other one.
    """
    first = found.first_of(registration)
    if first is not None:
        if registration.status != Status.DOUBLE:
            registration.seen_as = registration.status
        registration.status, registration.double_of_id = Status.DOUBLE, first
        # An offer looks open as before, and can be accepted: ``place.accept``.
        if registration.seen_as != Status.OFFERED:
            registration.queued_at = registration.offer_expires_at = None
    elif registration.status == Status.DOUBLE:
        was_offered = registration.has_open_offer
        registration.double_of_id, registration.seen_as = None, ""
        free = (
            None
            if settings.needs_approval
            else waiting_list.free_after_those_who_wait(settings, online=registration.chose_online)
        )
        is_free = free is None or free > 0
        has_seat = is_free and not _waits_with_others(registration)
        until = registration.held_until
        is_over = until is not None and until <= timezone.now()
        may_hold = settings.holds_seats and not is_over and _may_hold(settings, registration)
        if was_offered and has_seat:
            registration.status = Status.OFFERED
            return
        held_seats.give_place(settings, registration, has_seat=has_seat, may_hold=may_hold)
        registration.held_until = until or registration.held_until
        registration.offer_expires_at = None


def _waits_with_others(registration: Registration) -> bool:
    """Whether others of a group for all or none wait for seats of the person's list."""
    group = registration.group
    if group is None or not group.is_together:
        return False
    people = Registration.objects.sharing_seats(
        registration.event, online=registration.chose_online
    )
    return people.waiting().filter(group=group).exclude(pk=registration.pk).exists()


def _may_hold(settings: RegistrationSettings, registration: Registration) -> bool:
    network = registration.network_key
    is_full = network and not held_seats.room_of_network(settings, network)
    return not is_full and held_seats.room_to_hold(settings, online=registration.chose_online) > 0
