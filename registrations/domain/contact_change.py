"""A wrong address or number is put right: confirmed by the new contact, told to the old one.

Whoever asks has the link of the old address; whoever confirms has the mail to the new one. Until
both have been there nothing changes, and nobody learns who is registered with the new address.
The number of somebody without an address is changed in ``number_change``.
What organizers change counts at once. Either way the old personal link and query code end.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from mail import outbox
from registrations.audited import Action
from registrations.domain import group_contact, number_notice, proof, waiting_list
from registrations.domain.admission import check_not_erased, lock_rows
from registrations.domain.known_people import check_contact_person, check_contacts, known
from registrations.domain.registration import MailboxFull
from registrations.mail_kinds import Kind
from registrations.models import ContactChange, Registration, RegistrationSettings
from registrations.models.registration_queryset import RegistrationQuerySet
from summit.lib.database.states import MoveRefused
from summit.lib.web import mail_addresses
from summit.lib.web.phones import mobile_key, stored_phone
from summit.lib.web.signed_links import new_code
from throttle import rate_limit

Status, Proof = Registration.Status, Registration.Proof


def sharing(registration: Registration) -> RegistrationQuerySet:
    """Return the other people of the event who have the same contact and a place."""
    rows = Registration.objects.filter(event=registration.event_id, erased_at=None)
    rows = rows.filter(status__in=(*Registration.ACTIVE, Status.DOUBLE)).exclude(pk=registration.pk)
    if registration.email_key:
        return rows.filter(email_key=registration.email_key)
    if registration.phone_key:
        return rows.filter(email_key="", phone_key=registration.phone_key)
    return rows.none()


def open_change(registration: Registration) -> ContactChange | None:
    """Return the change that waits for its confirmation. One query."""
    found: ContactChange | None = registration.contact_changes.open().first()
    return found


@transaction.atomic
def ask(
    registration: Registration, *, email: str, others: Iterable[int] = ()
) -> list[ContactChange]:
    """Ask for another address, of ``others`` with the same contact too; tell old and new address.

    It counts once ``confirm`` is called, which takes the mail to the new address. What was asked
    for before is stopped. Raises ``MoveRefused`` where there is no place any more,
    ``TooManyTries`` and ``MailboxFull``.
    """
    address = mail_addresses.key(email)
    if address == registration.email_key:
        raise ValidationError(
            {"email": _("This is already your address. Enter a new one.")}, code="same"
        )
    # Counters come before the event's lock, as in ``register``.
    rate_limit.count("link", registration.email_key or registration.ticket)
    if not rate_limit.take("mailbox", address, 1):
        raise MailboxFull(
            _("We have written to this address several times today. Try again tomorrow."),
            code="mailbox_full",
        )
    _settings, rows = lock(registration, others)
    stop_open(rows)
    code = new_code()
    made = ContactChange.objects.bulk_create(
        ContactChange(
            registration=row,
            old_email=row.email,
            old_phone=row.phone,
            new_email=mail_addresses.canonical(email),
            new_phone=row.phone,
            code=code,
        )
        for row in rows
    )
    outbox.queue(Kind.ADDRESS_CHANGING, rows[:1], change=made[0].pk)
    outbox.queue(Kind.ADDRESS_CONFIRM, rows[:1], change=made[0].pk)
    return made


@transaction.atomic
def stop(registration: Registration) -> int:
    """End the open change of a registration and what was asked for with it; return how many.

    Stopping twice is harmless. Who was confirmed before keeps the new contact.
    """
    _lock_seats(registration)
    lock_rows([registration.pk])
    codes = registration.contact_changes.filter(status=ContactChange.Status.OPEN).values("code")
    return end(list(codes.values_list("code", flat=True)), ContactChange.Status.STOPPED)


@transaction.atomic
def confirm(change: ContactChange) -> Registration:
    """Put the new address in the place of the old one, for all who were asked for together.

    Who calls it has opened the mail to the new address, which proves that. Raises ``MoveRefused``
    where it was stopped, is too old, or the registration or its address is another one by now,
    and ``ContactFull``. Confirming twice changes nothing and is refused too: whoever has the link
    of long ago may not be who has the address of now.
    """
    settings = _lock_seats(change.registration)
    # The registrations come before their changes, as in ``privacy.erase``.
    rows = list(
        Registration.objects.filter(contact_changes__code=change.code)
        .select_for_update(no_key=True, of=("self",))
        .order_by("pk")
    )
    changes = ContactChange.objects.filter(code=change.code)
    asked = {
        each.registration_id: each
        for each in changes.select_for_update(no_key=True, of=("self",)).order_by("pk")
    }
    if any(each.status == ContactChange.Status.CONFIRMED for each in asked.values()):
        raise MoveRefused(
            _("This address is confirmed. Your personal link is in the e-mail that we sent to it."),
            code="confirmed",
        )
    rows = [row for row in rows if row.pk in asked and _is_as_asked(row, asked[row.pk])]
    if not rows:
        raise MoveRefused(
            _("This change was stopped or has expired. Nothing has been changed."), code="stopped"
        )
    for row in rows:
        row.email = asked[row.pk].new_email
    put(settings, rows, Proof.LINK)
    end([change.code], ContactChange.Status.CONFIRMED, registration__in=rows)
    end([change.code], ContactChange.Status.STOPPED)
    first = _first(change, rows)
    _tell(first, asked[first.pk])
    return first


@transaction.atomic
def change_by_staff(
    registration: Registration,
    *,
    email: str,
    phone: str,
    by: User,
    request: HttpRequest | None = None,
    others: Iterable[int] = (),
) -> Registration:
    """Put another address and number at once, of ``others`` with the same contact too.

    Staff vouch for the contact. Old and new address are told, or the numbers of who has none, and
    the audit trail has the number of people. Raises ``MoveRefused``, ``ContactFull``, and
    ``ValidationError`` where nothing changes, no contact is left, or somebody of that name has the
    contact already.
    """
    settings, rows = lock(registration, others)
    email, phone = email and mail_addresses.canonical(email), stored_phone(phone)
    if (email, phone) == (rows[0].email, rows[0].phone):
        raise ValidationError(_("Enter what is to be changed."), code="same")
    if not email and not mobile_key(phone):
        raise ValidationError(_("Enter a mobile number or an e-mail address."), code="no_contact")
    stop_open(rows)
    number, now, was_proven = rows[0].phone, timezone.now(), rows[0].has_proven_number
    made = []
    typed = [row for row in rows if row.has_typed_key]
    for row in rows:
        before = {"old_email": row.email, "old_phone": row.phone}
        # Somebody else of one address keeps a number of their own.
        row.phone = phone if row.phone == number else row.phone
        row.email = email
        after = {"new_email": row.email, "new_phone": row.phone}
        made.append(
            ContactChange(
                registration=row,
                status=ContactChange.Status.CONFIRMED,
                ended_at=now,
                **before,
                **after,
            )
        )
    ContactChange.objects.bulk_create(made)
    put(settings, rows, Proof.STAFF)
    show_with_code(row for row in typed if not row.email_key)
    _tell(rows[0], made[0])
    number_notice.tell(rows[0], made[0], was_proven=was_proven)
    trail.record(
        Action.CONTACT_CHANGED,
        by=by,
        request=request,
        subject=f"event · {registration.event.slug}",
        people=len(rows),
    )
    registration.refresh_from_db()
    return registration


def forget() -> int:
    """Delete what was asked for so long ago that no mail about it is under way."""
    before = timezone.now() - ContactChange.KEPT
    return ContactChange.objects.filter(asked_at__lt=before).delete()[0]


def _lock_seats(registration: Registration) -> RegistrationSettings | None:
    return RegistrationSettings.objects.locked().filter(event=registration.event_id).first()


def lock(
    registration: Registration, others: Iterable[int]
) -> tuple[RegistrationSettings | None, list[Registration]]:
    """Take the event's lock on seats, then those of the rows, and return them, the own one first.

    Raises ``MoveRefused`` where there is no place any more.
    """
    settings, others = _lock_seats(registration), list(others)
    lock_rows([registration.pk, *others])
    registration.refresh_from_db()
    check_not_erased(registration)
    if not registration.can_be_ended:
        raise MoveRefused(_("This registration is no longer active."), code="not_active")
    rows = sharing(registration).filter(pk__in=others).order_by("pk")
    return settings, [registration, *rows.select_for_update(no_key=True, of=("self",))]


def _is_as_asked(row: Registration, change: ContactChange) -> bool:
    """Whether the change is open, and the registration is the one that it was asked for."""
    is_same = row.email_key == mail_addresses.key(change.old_email)
    return change.is_open and is_same and row.can_be_ended and row.erased_at is None


def _first(change: ContactChange, rows: Sequence[Registration]) -> Registration:
    """Return the registration that somebody asked for, where it is among these."""
    return next((row for row in rows if row.pk == change.registration_id), rows[0])


def put(settings: RegistrationSettings | None, rows: list[Registration], how: str) -> None:
    """Save the contacts of the rows, with links of their own, as proven by ``how``.

    Of somebody who has a place with the new contact too, one is left, and the other is a
    possible duplicate of it. A group goes with its people: ``group_contact``.
    """
    groups = group_contact.of_moved(rows)
    for row in rows:
        row.clean_fields()
        row.make_keys()
    check_contacts(known(rows[0].event, rows), rows)
    is_freed = False
    for row in rows:
        row.code, row.proven_at, row.proof = new_code(), None, ""
        if how == Proof.STAFF:
            row.clean()
        elif row.is_active:
            is_freed |= _leave_one_place(row)
        row.save()
    group_contact.move(groups)
    for group in groups:
        check_contact_person(group)
    for row in rows:
        proof.prove(row, how)
    if is_freed and settings:
        waiting_list.fill(settings)


def show_with_code(rows: Iterable[Registration]) -> None:
    """Leave the screen to browsers that know the code of now, where it showed what was typed."""
    for row in rows:
        row.typed_key = row.key_of_typed(row.code)
        Registration.objects.filter(pk=row.pk).update(typed_key=row.typed_key)


def _leave_one_place(row: Registration) -> bool:
    """Make the row or the same person's other one a possible duplicate; say if a seat is free.

    Where neither has a seat, the one that has waited longer stays.
    """
    other = row.same_person().select_for_update(no_key=True, of=("self",)).first()
    if other is None:
        return False
    seated = [each.status in Registration.SEATED for each in (row, other)]
    is_earlier = _in_queue(other) < _in_queue(row)
    is_better = seated == [False, True] or (is_earlier and not any(seated))
    stays, goes = (other, row) if is_better else (row, other)
    has_seat = goes.status in Registration.SEATED
    goes.seen_as, goes.status, goes.double_of = goes.status, Status.DOUBLE, stays
    goes.queued_at = goes.offer_expires_at = None
    goes.doubles.update(double_of=stays)
    other.save()
    return has_seat


def _in_queue(row: Registration) -> tuple[dt.datetime, int]:
    return row.queued_at or row.registered_at, row.pk


def stop_open(rows: Iterable[Registration]) -> None:
    found = ContactChange.objects.filter(registration__in=rows, status=ContactChange.Status.OPEN)
    end(list(found.values_list("code", flat=True)), ContactChange.Status.STOPPED)


def end(codes: list[str], status: str, **of: Any) -> int:
    rows = ContactChange.objects.filter(code__in=codes, status=ContactChange.Status.OPEN)
    return rows.filter(**of).update(status=status, ended_at=timezone.now())


def _tell(registration: Registration, change: ContactChange) -> None:
    """Send the new link to the new address, and tell the old one that it has ended."""
    outbox.queue(Kind.ADDRESS_CHANGED, [registration], change=change.pk)
    is_other = mail_addresses.key(change.old_email) != registration.email_key
    if change.old_email and is_other:
        outbox.queue_elsewhere(Kind.ADDRESS_LEFT, registration, change=change.pk)
