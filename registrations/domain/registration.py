"""Seats: given under one lock for each event, so that the last one is never given twice."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings as site_settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from events.models import Event, Organization
from mail import outbox
from registrations.domain import consent, held_seats, separate_consent, waiting_list
from registrations.domain.admission import check_not_erased, check_open, lock
from registrations.domain.known_people import Known, contacts_of, continue_entries, known
from registrations.mail_kinds import Kind
from registrations.models import (
    Answer,
    PrivacyNotice,
    Question,
    Registration,
    RegistrationSettings,
    SeparateConsent,
)
from registrations.models.registration import new_ticket
from summit.lib.database.states import MoveRefused
from summit.lib.i18n.languages import listed
from summit.lib.web.phones import mobile_key, stored_phone
from throttle import rate_limit

Status = Registration.Status
# A secretary's number, the mailbox of an office.
MOST_OF_A_CONTACT = 20


class SentBefore(Exception):
    """This very form has registered its people already."""


class MailboxFull(ValidationError):
    """So many mails have gone to an address today that it gets no more first ones."""


class ContactFull(ValidationError):
    """A number or an address holds as many people of an event as one may."""


@dataclass(frozen=True)
class Applicant:
    """What a person typed; ``answers`` by primary key of the question.

    ``ticket`` is given where the form has chosen it, so that it can be sent twice, ``agreed``
    what the person has ticked for themselves.
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


def register(
    event: Event,
    people: Sequence[Applicant],
    *,
    by: User | None = None,
    network: str | None = None,
    use_of_form: rate_limit.Try | None = None,
) -> list[Registration]:
    """Register people who consented to the privacy notice, each with a seat of their own.

    Each has a seat while one is free, waits in the order given otherwise, or awaits the
    organizer's approval; where seats are limited, one without proof is held only, and who is
    beyond what may be held waits. One mail goes to each address. One contact may
    hold several people. Who has a place here under the same name and contact gets a
    row that is a possible duplicate of the first one, without a seat, and that looks like
    any other: nobody learns here who is registered. Staff (``by``) may
    register people while the form is closed, and without a contact; what they typed
    counts as proven. ``network`` is where a stranger's form came from, and ``use_of_form``
    is counted with it: a form registers its people once.

    All or nobody. Raises ``RegistrationClosed``, ``SentBefore``, ``MailboxFull``,
    ``ContactFull``, or ``ValidationError`` of a field.
    """
    # Only what depends on the others who come happens under the lock, where one
    # registration waits for the next: seven queries, however much a form asks.
    notice = consent.current_notice()
    prepared = [prepare(event, person, notice, by) for person in people]
    key = network_key(event, network) if by is None and network is not None else ""
    with transaction.atomic():
        lately = 0
        if by is None:
            lately = _count(prepared, use_of_form, key)
        settings = lock(event)
        if by is None:
            check_open(settings)
        if settings.told is None:
            settings.told = settings.facts
            settings.save(update_fields=["told"])
        found = known(event, prepared)
        if by is None:
            check_contacts(found, prepared)
        room = len(prepared)
        if key and settings.holds_seats and lately > site_settings.RATE_LIMITS["unproven"][0]:
            room = held_seats.room_of_network(settings, key)
        continue_entries(prepared, found)
        _give_places(settings, prepared, found, room)
        for registration, person in zip(prepared, people, strict=True):
            registration.network_key, registration.typed_key = key, registration.key_of_typed()
            registration.save(force_insert=True)
            if person.answers:
                answer(registration, person.answers)
            if person.agreed and by is None:
                separate_consent.give(registration, person.agreed)
        _write_mails(prepared, found)
    return prepared


def check_contacts(found: Known, prepared: Sequence[Registration]) -> None:
    """Raise ``ContactFull`` where somebody would register too many people with one contact."""
    counted = found.people.copy()
    for registration in prepared:
        counted.update(contacts_of(registration))
        if any(counted[each] > MOST_OF_A_CONTACT for each in contacts_of(registration)):
            raise ContactFull(
                _(
                    "With one number or address at most %(most)d people can be registered. Give "
                    "the others their own, or write to the organizer."
                ),
                code="contact_full",
                params={"most": MOST_OF_A_CONTACT},
            )


def _write_mails(new: Sequence[Registration], found: Known) -> None:
    """Queue one mail for each address: about the first of its people, who are all on its page.

    Who has registered with a number and another address learns that the number was used again.
    """
    first: dict[str, Registration] = {}
    owners: dict[str, Registration] = {}
    for registration in new:
        first.setdefault(registration.email_key, registration)
        owner = found.owners.get(registration.phone_key)
        if owner and owner.email_key != registration.email_key:
            owners[owner.email_key] = owner
    outbox.queue_each(
        [
            *((each.shown_status, each) for each in first.values()),
            *((Kind.ATTEMPT.value, owner) for owner in owners.values()),
        ]
    )


def prepare(
    event: Event,
    person: Applicant,
    notice: PrivacyNotice | None,
    by: User | None,
    *,
    source: str = "",
) -> Registration:
    """Return the row as it will be but for its place, with its fields checked.

    The person agrees to ``notice``; without one ``source`` says where the data comes from.
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
        organization_id=organization_like(person.organization_name),
        position=person.position,
        category=person.category,
        language=person.language,
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
        exclude=["event", "organization", "privacy_notice", "registered_by"],
        validate_unique=False,
        validate_constraints=False,
    )
    return registration


def organization_like(name: str) -> int | None:
    """Return the key of the organization on the site with a name like this, if just one has."""
    alike = Organization.objects.alike(name)
    return alike[0].pk if len(alike) == 1 else None


def network_key(event: Event, network: str) -> str:
    """Return a keyed hash of a network, another one for each event: no address is stored."""
    return salted_hmac(
        "registration network", f"{event.pk} {network}", algorithm="sha256"
    ).hexdigest()


def _count(
    prepared: Sequence[Registration], use_of_form: rate_limit.Try | None, network: str
) -> int:
    """Count the use of the form, a mail to each address, known or not, and the network's people.

    So no form is taken twice, and no mailbox is filled by one. Raises ``SentBefore`` and
    ``MailboxFull``. The whole is taken back where nobody is registered.

    Returns how many people the network sent in this window and the one before. No more seats
    can be held for them, so that the rows are asked only where these are too many.
    """
    mails = {
        rate_limit.Try.of("mailbox", address): address
        for address in {registration.email_key for registration in prepared} - {""}
    }
    people = _people_lately(network, len(prepared)) if network else []
    uses = [use_of_form] if use_of_form else []
    numbers = rate_limit.count_all([*uses, *mails, *people])
    if any(numbers[use] > use.limit for use in uses):
        raise SentBefore
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


def _people_lately(network: str, number: int) -> list[rate_limit.Try]:
    """Return so many people as tries of this window, and none as one of the window before."""
    _limit, seconds = site_settings.RATE_LIMITS["unproven"]
    now = timezone.now()
    before = now - dt.timedelta(seconds=seconds)
    return [
        rate_limit.Try.of("unproven", network, number, at=now),
        rate_limit.Try.of("unproven", network, 0, at=before),
    ]


def forget_networks() -> int:
    """Forget the networks that the limit of held seats no longer needs."""
    _limit, seconds = site_settings.RATE_LIMITS["unproven"]
    before = timezone.now() - dt.timedelta(seconds=seconds)
    old = Registration.objects.exclude(network_key="").filter(registered_at__lt=before)
    return old.update(network_key="")


def _give_places(
    settings: RegistrationSettings, new: Sequence[Registration], found: Known, room: int
) -> None:
    """Say of each whether there is a seat; the caller holds the lock.

    ``room`` is how many seats may be held. Of who has a place already, and of the second row of
    a person in one form, it is said as well, and no seat is taken.
    """
    free = None if settings.needs_approval else waiting_list.free_after_those_who_wait(settings)
    if settings.holds_seats and not settings.needs_approval:
        # After those who wait, for whom seats may be held now.
        room = min(room, held_seats.room_to_hold(settings))
    now = timezone.now()
    taken = held = 0
    for number, registration in enumerate(new):
        # The moment counts at which the lock was had: that is the order of the queue.
        registration.registered_at = now
        has_seat, may_hold = free is None or taken < free, held < room
        held_seats.give_place(settings, registration, has_seat=has_seat, may_hold=may_hold)
        held += registration.status == Status.HELD
        if _is_double(registration, new[:number], found):
            registration.seen_as, registration.queued_at = registration.status, None
            registration.status = Status.DOUBLE
            continue
        taken += 1


def _is_double(registration: Registration, before: Sequence[Registration], found: Known) -> bool:
    """Whether the person has a place under this name and contact; then it says of which row."""
    registration.double_of_id = found.first_of(registration)
    if registration.double_of_id is not None:
        return True
    contacts = set(contacts_of(registration))
    for other in before:
        is_same = other.name_key == registration.name_key and contacts & set(contacts_of(other))
        if is_same and other.status != Status.DOUBLE:
            registration.double_of = other
            return True
    return False


def answer(registration: Registration, answers: dict[int, object]) -> None:
    """Store the answers in place of those there were to the same questions.

    Questions of other events are left out. A sensitive one is answered by the person alone, with
    the consent that its own form asked for: what a form does not ask, stays.
    """
    questions = Question.objects.filter(settings__event=registration.event_id, pk__in=list(answers))
    registration.answers.filter(question__in=list(answers)).delete()
    now = timezone.now()
    Answer.objects.bulk_create(
        Answer(
            registration=registration,
            question=question,
            value=answers[question.pk],
            consent_text=question.consent if question.is_sensitive else "",
            consented_at=now if question.is_sensitive else None,
        )
        for question in questions
        if answers[question.pk] not in ("", None, [])
    )


@transaction.atomic
def correct(
    registration: Registration, *, answers: dict[int, object] | None = None, **changes: object
) -> Registration:
    """Change what the attendee typed; the e-mail address stays.

    Raises ``MoveRefused`` where there is no place any more to correct.
    """
    # As it is now: somebody may have given it a seat or erased it since it was read, and
    # saving what was read would undo that.
    registration.refresh_from_db(
        from_queryset=Registration.objects.select_for_update(no_key=True, of=("self",))
    )
    if not registration.can_be_ended:
        raise MoveRefused(_("This registration is no longer active."), code="not_active")
    check_not_erased(registration)
    for name, value in changes.items():
        setattr(registration, name, value)
    registration.organization_id = organization_like(registration.organization_name)
    registration.full_clean()
    registration.save()
    if answers is not None:
        answer(registration, answers)
    return registration
