"""Proof of a contact: whoever gave the number or address can be reached there.

What was only shown on the screen proves nothing.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from registrations.domain import invitation, own_turn, shared_places, waiting_list
from registrations.domain.admission import lock_both
from registrations.domain.group import queue_mails
from registrations.models import Registration, RegistrationGroup, RegistrationSettings
from registrations.models.registration_queryset import RegistrationQuerySet

Status, Proof = Registration.Status, Registration.Proof
_LACKS_PROOF = Q(proven_at=None) | Q(proof=Proof.GROUP)
_LACKS_LINK = Q(proven_at=None) | ~Q(proof__in=("", Proof.LINK))


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
    organizers approve each registration, a held one awaits that. Who was invited and registered
    anew takes up the invitation.

    Of a group the contact person's proof counts for everybody: no seat is held any more, but an own
    contact still proves nothing of its owner. In a group that asks for all or none an own proof
    makes no seat firm: all wait for the contact person's, or for staff.

    Repeating it is harmless and costs no query. Takes the event's lock on seats: whoever holds
    a lock on a registration has taken that one before.
    """
    is_proven = registration.has_own_proof and (
        registration.proof in ("", how) or how != Proof.LINK
    )
    if is_proven and not invitation.waits_for(registration):
        return registration
    settings = RegistrationSettings.objects.locked().filter(event=registration.event_id).first()
    _note(settings, _proven_by(registration, how), how, of=registration)
    fields = ["status", "seen_as", "proven_at", "proof", "network_key", "queued_at", "held_until"]
    fields += ["proven_number"]
    registration.refresh_from_db(fields=[*fields, "offer_expires_at", "double_of", "chose_online"])
    return registration


@transaction.atomic
def prove_number(registration: Registration) -> None:
    """Note that staff know the number of somebody whose link proved the address alone.

    The address stays proven by that. Who shares the place of a row that has not proven this number
    takes it over, as with ``prove``. Repeating it is harmless.
    """
    settings = RegistrationSettings.objects.locked().filter(event=registration.event_id).first()
    rows = Registration.objects.select_related("group", "double_of", "event")
    row = rows.select_for_update(no_key=True, of=("self",)).get(pk=registration.pk)
    row.proven_number = row.phone_key
    row.save(update_fields=["proven_number"])
    shared_places.take_over([row])
    if settings:
        own_turn.of_proven(settings, [row])
    registration.refresh_from_db()


@transaction.atomic
def prove_group(group: RegistrationGroup) -> None:
    """Note that the contact person opened the link of the group's mail: ``prove``.

    Repeating it is harmless and costs no query.
    """
    if group.proven_at:
        return
    settings = RegistrationSettings.objects.locked().filter(event=group.event_id).first()
    rows = Registration.objects.filter(event=group.event_id, erased_at=None)
    of_address = rows.filter(_LACKS_LINK, email_key=group.email_key).exclude(email_key="")
    _note(settings, of_address, Proof.LINK, groups={group.pk})
    group.refresh_from_db(fields=["proven_at"])


def _note(
    settings: RegistrationSettings | None,
    found: RegistrationQuerySet,
    how: str,
    *,
    of: Registration | None = None,
    groups: set[int] | None = None,
) -> None:
    """Note how these rows are proven, and with them the groups whose contact it is."""
    of_group = found.select_related("group").select_for_update(no_key=True, of=("self",))
    rows = list(of_group.order_by("pk"))
    unproven = [row for row in rows if row.proven_at is None]
    lacking = {row.pk for row in rows if not row.has_own_proof}
    Registration.objects.filter(pk__in=[row.pk for row in rows]).update(proof=how)
    own = [*unproven, *_others_vouched_for(unproven, how)]
    groups = (groups or set()) | {
        row.group_id
        for row in rows
        if row.group_id and (how == Proof.STAFF or not row.has_own_contact)
    }
    vouched = _vouched_for(groups, {row.pk for row in own}) if groups else []
    proven, now = [*own, *vouched], timezone.now()
    if how != Proof.LINK:
        found = Registration.objects.filter(pk__in=[row.pk for row in [*rows, *own]])
        found.update(proven_number=F("phone_key"))
        for row in [*rows, *own]:
            row.proven_number = row.phone_key
    for people, proof in ((own, how), (vouched, Proof.GROUP)):
        Registration.objects.filter(pk__in=[row.pk for row in people]).update(
            proven_at=now, proof=proof, network_key=""
        )
        for row in people:
            row.proven_at, row.proof = now, proof
    fresh = [row for row in rows if row.pk in lacking]
    shared_places.take_over(fresh)
    if of and invitation.waits_for(of) and invitation.take_up(of, how):
        proven = [row for row in proven if row.pk != of.pk]
    if settings:
        own_turn.of_proven(settings, [row for row in fresh if not invitation.waits_for(row)])
        before = _held_with_own_proof(groups, {row.pk for row in proven}) if groups else []
        _make_firm(settings, [row for row in [*proven, *before] if _is_firm(row, groups)])
        if settings.holds_seats:
            waiting_list.fill(settings)


def settle_own_proofs(settings: RegistrationSettings, group: RegistrationGroup) -> None:
    """Make seats firm that were held for others of a group, of people with a proof of their own.

    The caller holds the event's lock.
    """
    _make_firm(settings, _held_with_own_proof({group.pk}, set()))


def _is_firm(row: Registration, groups: set[int]) -> bool:
    """Whether a seat of somebody proven is theirs: in a group for all or none, of all at once."""
    group = row.group
    return group is None or not group.is_together or bool(group.proven_at) or group.pk in groups


def _vouched_for(groups: set[int], known: set[int]) -> list[Registration]:
    """Note the proof of groups; return their people who have none of their own.

    They have a seat with the contact person, and no place that another row of theirs has.
    """
    RegistrationGroup.objects.filter(pk__in=groups, proven_at=None).update(proven_at=timezone.now())
    members = Registration.objects.filter(group__in=groups, proven_at=None, erased_at=None)
    others = members.exclude(pk__in=known).select_related("group")
    return list(others.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _held_with_own_proof(groups: set[int], known: set[int]) -> list[Registration]:
    """Return people of groups who were proven before, and whose seat is held for the others."""
    rows = Registration.objects.filter(group__in=groups, proven_at__isnull=False)
    of_held = rows.filter(Q(status=Status.HELD) | Q(seen_as=Status.HELD))
    return list(of_held.exclude(pk__in=known).select_related("group"))


def _others_vouched_for(rows: list[Registration], how: str) -> list[Registration]:
    """Return the unproven places that rows share, where staff vouch for the very same contact."""
    if how != Proof.STAFF:
        return []
    found = Registration.objects.filter(doubles__in=rows, proven_at=None)
    firsts = {first.pk: first for first in found.select_for_update(no_key=True, of=("self",))}
    return [
        firsts[row.double_of_id]
        for row in rows
        if row.double_of_id in firsts and _has_same_contact(row, firsts[row.double_of_id])
    ]


def _has_same_contact(one: Registration, other: Registration) -> bool:
    return (one.email_key, one.phone_key) == (other.email_key, other.phone_key)


def _proven_by(registration: Registration, how: str) -> RegistrationQuerySet:
    """Return the rows of the event whose contact is proven by this, and was not before."""
    rows = Registration.objects.filter(event=registration.event_id, erased_at=None)
    rows = rows.filter(_LACKS_LINK if how == Proof.LINK else _LACKS_PROOF)
    if how == Proof.LINK and registration.email_key:
        return rows.filter(email_key=registration.email_key)
    if how == Proof.SMS and registration.phone_key:
        # Who gave an address beside the number is reached there, which the code proves nothing of.
        same = rows.filter(phone_key=registration.phone_key)
        return same.filter(email_key=registration.email_key)
    return rows.filter(pk=registration.pk)


def _make_firm(settings: RegistrationSettings, rows: list[Registration]) -> None:
    """Give those whose seat is held what they registered for, and tell each contact."""
    status = Status.PENDING if settings.needs_approval else Status.CONFIRMED
    held = [row for row in rows if row.status == Status.HELD]
    doubles = [row for row in rows if row.seen_as == Status.HELD]
    Registration.objects.filter(pk__in=[row.pk for row in held]).update(status=status)
    Registration.objects.filter(pk__in=[row.pk for row in doubles]).update(seen_as=status)
    first: dict[str, Registration] = {}
    for row in [*held, *doubles]:
        first.setdefault(row.email_key or row.phone_key, row)
    queue_mails(status.value, first.values())
