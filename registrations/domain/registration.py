"""Registering: all that a form asks for, in one transaction, with a mail to each address."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.conf import settings as site_settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from events.models import Event, Organization
from mail import outbox
from registrations.domain import consent, held_seats, separate_consent, text_message
from registrations.domain.admission import check_open, lock
from registrations.domain.correction import answer
from registrations.domain.giving_seats import give_places
from registrations.domain.group import ContactPerson, check_size, contact_of_member, prepare_group
from registrations.domain.known_people import Known, check_contacts, continue_entries, known
from registrations.mail_kinds import GroupKind, Kind
from registrations.models import PrivacyNotice, Registration, RegistrationGroup, SeparateConsent
from registrations.models.registration import new_ticket
from summit.lib.i18n.languages import listed
from summit.lib.web import mail_addresses
from summit.lib.web.phones import mobile_key, stored_phone
from throttle import rate_limit

Status = Registration.Status


class SentBefore(Exception):
    """This very form has registered its people already."""


class MailboxFull(ValidationError):
    """So many mails have gone to an address today that it gets no more first ones."""


@dataclass(frozen=True)
class Applicant:
    """What a person typed; ``answers`` by primary key of the question.

    ``ticket`` is given where the form has chosen it, so that it can be sent twice, ``agreed``
    what the person has ticked for themselves. ``online`` is what was chosen at a hybrid event.
    """

    name: str
    email: str
    category: str
    language: str
    phone: str = ""
    organization_name: str = ""
    position: str = ""
    answers: dict[int, object] = field(default_factory=dict)
    ticket: str = ""
    agreed: Sequence[SeparateConsent] = ()
    online: bool = False


def register(
    event: Event,
    people: Sequence[Applicant],
    *,
    by: User | None = None,
    network: str | None = None,
    use_of_form: rate_limit.Try | None = None,
    contact_person: ContactPerson | None = None,
) -> list[Registration]:
    """Register people who consented to the privacy notice, each with a seat of their own.

    With a ``contact_person`` they are a group: that person has informed them, nobody has
    consented, and who gave no contact is reached by that of the contact person.

    Each has a seat while one is free, waits in the order given otherwise, or awaits the
    organizer's approval; where seats are limited, one without proof is held only, and who is
    beyond what may be held waits. One mail goes to each address. One contact may
    hold several people. Who has a place here under the same name and contact gets a
    row that is a possible duplicate of the first one, without a seat, and that looks like
    any other: nobody learns here who is registered. Staff (``by``) may
    register people while the form is closed, and without a contact; what they typed
    counts as proven. ``network`` is where a stranger's form came from: so many people of one
    are registered at a time. ``use_of_form`` is counted too: a form registers its people once.

    All or nobody. Raises ``RegistrationClosed``, ``SentBefore``, ``TooManyTries``,
    ``MailboxFull``, ``ContactFull``, ``GroupTooLarge``, or ``ValidationError`` of a field.
    """
    # Only what depends on the others who come happens under the lock, where one
    # registration waits for the next: eight queries, however much a form asks.
    notice = consent.current_notice()
    group = prepare_group(event, contact_person, notice) if contact_person else None
    organizations = _organizations_like(people)
    prepared = [
        prepare(event, person, None if group else notice, by, group=group, known=organizations)
        for person in _with_contacts(event, people, contact_person)
    ]
    key = network_key(event, network) if by is None and network is not None else ""
    with transaction.atomic():
        lately = 0
        if by is None:
            lately = _count(prepared, group, use_of_form, network, key)
        settings = lock(event)
        if by is None:
            check_open(settings)
        if settings.told is None:
            settings.told = settings.facts
            settings.save(update_fields=["told"])
        found = known(event, prepared, group)
        if by is None:
            check_contacts(found, prepared, group)
        room = len(prepared)
        if key and settings.holds_seats and lately > site_settings.RATE_LIMITS["unproven"][0]:
            room = held_seats.room_of_network(settings, key)
        continue_entries(prepared, found)
        if group:
            if group.is_together:
                check_size(settings, prepared)
            group.save(force_insert=True)
        give_places(settings, prepared, found, room)
        for registration, person in zip(prepared, people, strict=True):
            registration.network_key, registration.typed_key = key, registration.key_of_typed()
            registration.save(force_insert=True)
            if person.answers:
                answer(registration, person.answers)
            if person.agreed and by is None:
                separate_consent.give(registration, person.agreed)
        _write_mails(prepared, found, group)
        if group:
            text_message.inform(prepared, network=network or "")
    return prepared


def _with_contacts(
    event: Event, people: Sequence[Applicant], contact_person: ContactPerson | None
) -> list[Applicant]:
    """Return the people, each of a group with a contact."""
    settings = getattr(event, "registration_settings", None)
    if contact_person is None or settings is None:
        return list(people)
    found = []
    for person in people:
        email, phone = contact_of_member(
            settings, contact_person, email=person.email, phone=person.phone
        )
        found.append(replace(person, email=email, phone=phone))
    return found


def _organizations_like(people: Sequence[Applicant]) -> dict[str, int | None]:
    """Return which organization of the site each that is named is. A query for each."""
    names = dict.fromkeys(person.organization_name for person in people)
    return {name: Organization.objects.key_like(name) for name in names}


def _write_mails(
    new: Sequence[Registration], found: Known, group: RegistrationGroup | None
) -> None:
    """Queue one mail for each address: about the first of its people, who are all on its page.

    The contact person of a group has one about all of them. Who has registered with a number
    and another address learns that the number was used again.
    """
    first: dict[str, Registration] = {}
    of_group = [(GroupKind.REGISTERED.value, group)] if group else []
    owners: dict[str, Registration] = {}
    for registration in new:
        if group is None or registration.has_own_contact:
            first.setdefault(registration.email_key, registration)
        owner = found.owners.get(registration.phone_key)
        if owner and owner.email_key != registration.email_key:
            owners[owner.email_key] = owner
    outbox.queue_each(
        [
            *of_group,
            *((first_kind(each), each) for each in first.values()),
            *((Kind.ATTEMPT.value, owner) for owner in owners.values()),
        ]
    )


def first_kind(registration: Registration) -> str:
    """Return the kind of mail that first speaks to the person: of a group, that it did so."""
    return Kind.INFORMED.value if registration.group_id else registration.shown_status


def prepare(
    event: Event,
    person: Applicant,
    notice: PrivacyNotice | None,
    by: User | None,
    *,
    source: str = "",
    group: RegistrationGroup | None = None,
    known: Mapping[str, int | None] | None = None,
) -> Registration:
    """Return the row as it will be but for its place, with its fields checked.

    The person agrees to ``notice``; without one ``source`` says where the data comes from, or
    the ``group`` whose contact person has informed the person. ``known`` are organizations by
    name, where they have been looked up.
    """
    if by is None and not person.email and not mobile_key(person.phone):
        raise ValidationError(
            {"phone": _("Enter a mobile number or an e-mail address.")}, code="no_contact"
        )
    now = timezone.now()
    registration = Registration(
        event=event,
        status=Status.PENDING,
        name=person.name,
        email=person.email,
        phone=stored_phone(person.phone),
        organization_name=person.organization_name,
        organization_id=(
            Organization.objects.key_like(person.organization_name)
            if known is None
            else known[person.organization_name]
        ),
        position=person.position,
        category=person.category,
        chose_online=person.online,
        language=person.language,
        group=group,
        source=source,
        privacy_notice=notice,
        consented_at=now if notice else None,
        registered_at=now,
        registered_by=by,
        proven_at=now if by else None,
        proof=Registration.Proof.STAFF if by else "",
        ticket=person.ticket or new_ticket(),
    )
    # The rows it refers to have just been read, its codes are random, and that an
    # address is registered once is looked after under the lock and by an index.
    registration.full_clean(
        exclude=["event", "group", "organization", "privacy_notice", "registered_by"],
        validate_unique=False,
        validate_constraints=False,
    )
    registration.proven_number = registration.phone_key if by else ""
    return registration


def network_key(event: Event, network: str) -> str:
    """Return a keyed hash of a network, another one for each event: no address is stored."""
    return salted_hmac(
        "registration network", f"{event.pk} {network}", algorithm="sha256"
    ).hexdigest()


def _count(
    prepared: Sequence[Registration],
    group: RegistrationGroup | None,
    use_of_form: rate_limit.Try | None,
    network: str | None,
    key: str,
) -> int:
    """Count the use of the form, a mail to each address, known or not, and the network's people.

    So no form is taken twice, no mailbox is filled by one, and no list by a network. Raises
    ``SentBefore``, ``TooManyTries`` and ``MailboxFull``. The whole is taken back where nobody
    is registered.

    Returns how many people the network sent in this window and the one before. No more seats
    can be held for them, so that the rows are asked only where these are too many.
    """
    addresses = {registration.email_key for registration in prepared}
    if group:
        addresses.add(mail_addresses.key(group.email))
    mails = {rate_limit.Try.of("mailbox", address): address for address in addresses - {""}}
    people = _people_lately(key, len(prepared)) if key else []
    uses = [use_of_form] if use_of_form else []
    sent = [rate_limit.Try.of("register", network, len(prepared))] if network else []
    numbers = rate_limit.count_all([*uses, *sent, *mails, *people])
    if any(numbers[use] > use.limit for use in uses):
        raise SentBefore
    if any(numbers[people_sent] > people_sent.limit for people_sent in sent):
        raise rate_limit.too_many("register")
    full = sorted(address for mail, address in mails.items() if numbers[mail] > mail.limit)
    if full:
        raise MailboxFull(
            _(
                "%(address)s was entered here several times today, and we wrote to it each "
                "time. Open the link in one of those e-mails, or try again tomorrow."
            ),
            code="mailbox_full",
            params={"address": listed(full)},
        )
    return sum(numbers[counted] for counted in people)


def _people_lately(key: str, number: int) -> list[rate_limit.Try]:
    """Return so many people as tries of this window, and none as one of the window before."""
    _limit, seconds = site_settings.RATE_LIMITS["unproven"]
    now = timezone.now()
    before = now - dt.timedelta(seconds=seconds)
    return [
        rate_limit.Try.of("unproven", key, number, at=now),
        rate_limit.Try.of("unproven", key, 0, at=before),
    ]


def forget_networks() -> int:
    """Forget the networks that the limit of held seats no longer needs."""
    _limit, seconds = site_settings.RATE_LIMITS["unproven"]
    before = timezone.now() - dt.timedelta(seconds=seconds)
    old = Registration.objects.exclude(network_key="").filter(registered_at__lt=before)
    return old.update(network_key="")
