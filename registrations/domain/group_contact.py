"""The contact of a group: it goes with that of its people who have no own one, and they with it."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mail import outbox
from registrations.domain import sensitive, typed_anew, waiting_list
from registrations.domain.admission import lock
from registrations.domain.known_people import check_contact_person, check_contacts, known
from registrations.mail_kinds import GroupKind
from registrations.models import Registration, RegistrationGroup, RegistrationSettings
from summit.lib.database.states import MoveRefused
from summit.lib.web import mail_addresses
from summit.lib.web.phones import mobile_key, stored_phone
from summit.lib.web.signed_links import new_code

_LEFT = (*Registration.ACTIVE, Registration.Status.DOUBLE)


def of_moved(rows: Sequence[Registration]) -> list[RegistrationGroup]:
    """Return the groups that move with these people, with the new contact, and save nothing.

    That is where everybody of the group without an own contact moves. Call it when the rows have
    their new address and number, before their keys are made. Two queries for each group.
    """
    found: dict[int, RegistrationGroup] = {}
    moved = {row.pk for row in rows}
    for row in rows:
        group = row.group
        if group is None or group.pk in found or row.has_own_contact:
            continue
        others = group.members.filter(status__in=_LEFT, erased_at=None).exclude(pk__in=moved)
        phone = group.phone
        if row.phone_key == group.phone_key and (row.phone_key or mobile_key(row.phone)):
            phone = row.phone
        has_contact = bool(row.email or mobile_key(phone))
        if has_contact and all(other.has_own_contact for other in others.select_related("group")):
            group.email, group.phone = row.email, phone
            found[group.pk] = group
    return list(found.values())


def move(groups: Sequence[RegistrationGroup]) -> None:
    """Save the new contact of groups: link and query code of the old one end, the new one gets its.

    The caller holds the event's lock.
    """
    for group in groups:
        group.clean()
        group.code = new_code()
        group.save(update_fields=["email", "email_key", "phone", "phone_key", "code"])
    outbox.queue(GroupKind.REGISTERED.value, groups)


@transaction.atomic
def type_anew(group: RegistrationGroup, *, email: str, phone: str) -> RegistrationGroup:
    """Put another contact in the place of what the contact person typed, for the people too.

    As ``typed_anew.type_anew``: link and query code of the first contact end, an address gets a
    mail of its own, and who turns out to have a place is a silent possible duplicate. Who has an
    own contact keeps it. Raises ``MoveRefused`` where the contact is proven by now,
    ``MailboxFull`` and ``ContactFull``.
    """
    address, phone = group.email_key, stored_phone(phone)
    if (mail_addresses.key(email), phone) == (address, group.phone):
        return group
    # Counters come before the event's lock, as in ``register``. The new link is a mail in any case.
    typed_anew.count_mail("", email)
    settings = lock(group.event)
    group.refresh_from_db(
        from_queryset=RegistrationGroup.objects.select_for_update(no_key=True, of=("self",))
    )
    if group.erased_at or group.proven_at or group.email_key != address:
        raise MoveRefused(
            _("This was changed meanwhile. Use the personal link in your mail."), code="proven"
        )
    if not email and not mobile_key(phone):
        raise ValidationError(_("Enter a mobile number or an e-mail address."), code="no_contact")
    rows = _without_own_contact(group)
    before, group.email, group.phone = group.phone, email, phone
    group.clean_fields(exclude=["event", "privacy_notice"])
    for row in rows:
        _reach(settings, row, group, before)
    outbox.drop_queued(group.mails.all())
    move([group])
    _settle(settings, rows)
    check_contact_person(group)
    waiting_list.fill(settings)
    return group


def _without_own_contact(group: RegistrationGroup) -> list[Registration]:
    members = group.members.filter(status__in=_LEFT, erased_at=None).order_by("pk")
    rows = list(members.select_for_update(no_key=True, of=("self",)))
    for row in rows:
        row.group = group
    return [row for row in rows if not row.has_own_contact]


def _reach(
    settings: RegistrationSettings, row: Registration, group: RegistrationGroup, before: str
) -> None:
    """Give a person the contact of the group; a number of the own that was typed stays."""
    is_as_typed, row.email = row.has_typed_key, group.email
    takes_number = settings.contact != settings.Contact.EMAIL
    if row.phone == before or (not row.email and not mobile_key(row.phone)):
        row.phone = group.phone if takes_number else ""
    row.clean_fields()
    row.make_keys()
    row.code = new_code()
    row.typed_key = row.key_of_typed() if is_as_typed else row.typed_key
    sensitive.end_consents_of_another(row)
    outbox.drop_queued(row.mails.all())


def _settle(settings: RegistrationSettings, rows: Sequence[Registration]) -> None:
    """Say of each whether the person has a place already, and save it.

    Doubles within the group stay that. Who was one before comes last: the seat that such a person
    takes may move up others of the group, who are saved by then.
    """
    found, firsts = known(settings.event, rows), {row.pk: row for row in rows}
    check_contacts(found, rows)
    double = Registration.Status.DOUBLE
    for row in sorted(rows, key=lambda row: row.status == double):
        if row.status == double:
            row.refresh_from_db(fields=["seen_as", "queued_at"])
        first = firsts.get(row.double_of_id or 0)
        if first is None:
            typed_anew.settle(settings, row, found)
        elif first.status == double:
            row.double_of_id = first.double_of_id
        row.save()
