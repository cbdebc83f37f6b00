"""Another mobile number of somebody who gave no address, put right on the own screen.

Whoever asks has that screen, and whoever enters the code has the new number. Until both have been
there nothing changes, and nobody learns who is registered with the new number. Then the query code
of before ends, and the old number is told. That of a contact person goes with all of the group who
have no contact of their own.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from registrations.domain import contact_change, number_notice, text_message
from registrations.models import ContactChange, Registration
from summit.lib.database.states import MoveRefused
from summit.lib.web.phones import mobile_key, stored_phone


def may_change(registration: Registration) -> bool:
    """Whether a proven number is the only contact, of a place that still counts.

    The number is that of the contact person for who has none of their own.
    """
    is_only_contact = not registration.email_key and bool(registration.phone_key)
    group, is_proven = registration.group, registration.has_own_proof
    if group and not registration.has_own_contact:
        is_proven = group.proven_at is not None
    is_ahead = registration.can_be_ended and not registration.event.is_over
    return is_only_contact and is_proven and is_ahead


def ask(registration: Registration, *, phone: str, network: str) -> ContactChange:
    """Ask for another number, to which a code goes; what was asked for before is stopped.

    Asking for the same one twice within a minute sends one code. Raises ``ValidationError`` for
    the number of now, ``MoveRefused``, and ``TextRefused`` and ``TooManyTries`` as a code does.
    """
    number = mobile_key(phone)
    if number and number == registration.phone_key:
        raise ValidationError(_("This is the number that we have."), code="same")
    # Counters come before the event's lock, as in ``register``.
    counted = text_message.count_code(registration, number, network=network)
    asked = contact_change.open_change(registration)
    if not counted and asked and mobile_key(asked.new_phone) == number:
        return asked
    return _note(registration, phone, counted)


@transaction.atomic
def _note(registration: Registration, phone: str, counted: text_message.Counted) -> ContactChange:
    contact_change.lock(registration, [])
    if not may_change(registration):
        raise _refusal()
    contact_change.stop_open([registration])
    change: ContactChange = registration.contact_changes.create(
        old_phone=registration.phone, new_phone=stored_phone(phone)
    )
    if counted:
        text_message.queue_code(registration, mobile_key(phone), counted, change=change.pk)
    return change


def confirm(registration: Registration, typed: str) -> bool:
    """Put the new number in the place of the old one by the code that it got; say if it is new.

    Confirming twice is harmless. Raises ``MoveRefused`` where the change was stopped, is too old,
    or the registration or its number is another one by now, ``WrongCode``, ``TextRefused`` and
    ``ContactFull``.
    """
    change = registration.contact_changes.first()
    if change is None:
        raise _refusal()
    if _is_done(change, registration):
        return False
    if not change.is_open:
        raise _refusal()
    text_message.check_code(registration, typed, mobile_key(change.new_phone))
    return _put(registration, change)


@transaction.atomic
def _put(registration: Registration, change: ContactChange) -> bool:
    settings, rows = contact_change.lock(registration, _of_contact_person(registration))
    change.refresh_from_db()
    if _is_done(change, registration):
        return False
    is_same = registration.phone_key == mobile_key(change.old_phone)
    if not change.is_open or not is_same or not may_change(registration):
        raise _refusal()
    typed = [row for row in rows if row.has_typed_key]
    for row in rows:
        row.phone = change.new_phone
    contact_change.put(settings, rows, Registration.Proof.SMS)
    contact_change.show_with_code(typed)
    contact_change.end([change.code], ContactChange.Status.CONFIRMED)
    number_notice.tell(registration, change, was_proven=True, is_shown=True)
    return True


def _of_contact_person(registration: Registration) -> list[int]:
    """Return the others whom the same contact person registered without a contact of their own."""
    if registration.has_own_contact:
        return []
    others = contact_change.sharing(registration).filter(group=registration.group_id)
    return list(others.values_list("pk", flat=True))


def _is_done(change: ContactChange, registration: Registration) -> bool:
    is_confirmed = change.status == ContactChange.Status.CONFIRMED
    return is_confirmed and change.new_phone == registration.phone


def _refusal() -> MoveRefused:
    return MoveRefused(
        _("This change was stopped or has expired. Nothing has been changed."), code="stopped"
    )
