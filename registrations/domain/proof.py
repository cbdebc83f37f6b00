"""Proof of a contact: whoever gave the number or address can be reached there.

What was only shown on the screen proves nothing.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from mail import outbox
from registrations.domain import waiting_list
from registrations.domain.admission import lock_both
from registrations.models import Registration, RegistrationSettings
from registrations.models.registration import RegistrationQuerySet

Status, Proof = Registration.Status, Registration.Proof


class ContactChanged(ValidationError):
    """The contact is another one than staff have seen."""


def mark_of_contact(registration: Registration) -> str:
    """Return a keyed hash of name, number and address, by which a page says what it showed."""
    shown = repr((registration.name, registration.phone, registration.email))
    return salted_hmac("contact that was seen", shown, algorithm="sha256").hexdigest()[:32]


@transaction.atomic
def prove_seen(registration: Registration, seen: str) -> Registration:
    """Note that staff vouch for the contact with this ``mark_of_contact``, as ``prove`` does.

    Raises ``ContactChanged``, with the contact of now in the registration.
    """
    lock_both(registration)
    if not constant_time_compare(seen, mark_of_contact(registration)):
        raise ContactChanged(
            _("Name, number or address have changed, so nothing was confirmed. Check them again."),
            code="contact_changed",
        )
    return prove(registration, Proof.STAFF)


@transaction.atomic
def prove(registration: Registration, how: str) -> Registration:
    """Note that the person's contact is proven, and make a held seat theirs, with a mail.

    ``how`` is one of ``Registration.Proof``. A link that was opened proves its address, and a
    code that was entered its number, for everybody of the event who gave the same one; staff
    prove one person. Who waits has a free seat now, before those without proof. Where
    organizers approve each registration, a held one awaits that.

    Repeating it is harmless and costs no query. Takes the event's lock on seats: whoever holds
    a lock on a registration has taken that one before.
    """
    if registration.proven_at and (registration.proof in ("", how) or how != Proof.LINK):
        return registration
    settings = RegistrationSettings.objects.locked().filter(event=registration.event_id).first()
    rows = list(
        _proven_by(registration, how).select_for_update(no_key=True, of=("self",)).order_by("pk")
    )
    unproven = [row for row in rows if row.proven_at is None]
    Registration.objects.filter(pk__in=[row.pk for row in rows]).update(proof=how)
    # Who is proven twice has one place, that of the first.
    firsts = Registration.objects.filter(doubles__in=unproven, proven_at=None)
    others = list(firsts.exclude(pk__in=[row.pk for row in unproven]).distinct())
    Registration.objects.filter(pk__in=[row.pk for row in others]).update(
        proof=how if how == Proof.STAFF else Proof.DOUBLE
    )
    proven, now = [*unproven, *others], timezone.now()
    Registration.objects.filter(pk__in=[row.pk for row in proven]).update(
        proven_at=now, network_key=""
    )
    for row in proven:
        row.proven_at = now
    if settings:
        # A stranger may have given name and number of somebody who is proven now, with an address
        # of their own: of the first place only its own contact learns.
        _make_firm(settings, proven, told=proven if how == Proof.STAFF else unproven)
        if settings.holds_seats:
            waiting_list.fill(settings)
    fields = ["status", "seen_as", "proven_at", "proof", "network_key", "queued_at", "held_until"]
    registration.refresh_from_db(fields=[*fields, "offer_expires_at"])
    return registration


def _proven_by(registration: Registration, how: str) -> RegistrationQuerySet:
    """Return the rows of the event whose contact is proven by this, and was not before."""
    rows = Registration.objects.filter(event=registration.event_id, erased_at=None)
    if how == Proof.LINK:
        rows = rows.filter(Q(proven_at=None) | ~Q(proof__in=("", Proof.LINK)))
    else:
        rows = rows.filter(proven_at=None)
    if how == Proof.LINK and registration.email_key:
        return rows.filter(email_key=registration.email_key)
    if how == Proof.SMS and registration.phone_key:
        return rows.filter(phone_key=registration.phone_key)
    return rows.filter(pk=registration.pk)


def _make_firm(
    settings: RegistrationSettings, rows: list[Registration], *, told: list[Registration]
) -> None:
    """Give those whose seat is held what they registered for, and tell each contact of ``told``."""
    status = Status.PENDING if settings.needs_approval else Status.CONFIRMED
    held = [row for row in rows if row.status == Status.HELD]
    doubles = [row for row in rows if row.seen_as == Status.HELD]
    Registration.objects.filter(pk__in=[row.pk for row in held]).update(status=status)
    Registration.objects.filter(pk__in=[row.pk for row in doubles]).update(seen_as=status)
    first: dict[str, Registration] = {}
    for row in [*held, *doubles]:
        if row in told:
            first.setdefault(row.email_key or row.phone_key, row)
    outbox.queue_each([(status.value, row) for row in first.values()])
