"""People whom organizers put on the list of an event: guests, speakers, lists of employers.

They have not agreed to anything yet, so that each row says where its data comes from, and no
list for others names them until they agree on their personal page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import trail
from events.models import Event
from mail import outbox
from registrations.audited import Action
from registrations.domain import consent, waiting_list
from registrations.domain.admission import RegistrationClosed, check_not_erased, lock, lock_both
from registrations.domain.check_in import NoSeat, is_sent_again
from registrations.domain.known_people import Known, contacts_of, continue_entries, known
from registrations.domain.registration import Applicant, prepare
from registrations.models import Registration, RegistrationSettings
from summit.lib.database.states import MoveRefused, move

Status = Registration.Status


class NotAdded(ValidationError):
    """Somebody of the list cannot be added; ``number`` says who, from 0, if it is about one."""

    def __init__(self, message: str, *, code: str, number: int | None = None) -> None:
        self.number = number
        super().__init__(message, code=code)


class ConsentMissing(ValidationError):
    """An invitation is accepted only by somebody who agrees to the privacy notice."""


@dataclass(frozen=True)
class Listed(Applicant):
    """Somebody of a list. ``is_invited``: the person is asked, and has a seat once they accept."""

    staff_note: str = ""
    is_invited: bool = False
    is_told: bool = False


@transaction.atomic
def add(
    event: Event,
    people: Sequence[Listed],
    *,
    source: str,
    by: User,
    beyond_capacity: bool = False,
    request: HttpRequest | None = None,
) -> list[Registration]:
    """Put people on the list of an event, confirmed or invited, all of them or nobody.

    Confirmed ones hold a seat. An invitation holds none, but is a promise: who accepts it has
    a seat, so that open invitations count here. Those who are told get a mail with their
    personal link. The audit trail says how many were added. An event without registration
    settings gets some, under which no visitor can register and nobody is reminded by mail.
    Who brings a ticket and was added with it already is not added again, so that a form can be
    sent twice.

    Raises ``NoSeat`` where the seats are not enough and ``beyond_capacity`` does not say to add
    some, ``NotAdded`` for a person who is registered and for a mail that cannot go out,
    ``RegistrationClosed`` where ``check_event`` does and where the data would be erased at once,
    or ``ValidationError`` of a field.
    """
    if not source.strip():
        raise ValidationError({"source": _("Enter where the data of these people comes from.")})
    settings = _lock(event)
    people, added = _without_those_added(settings.event, people)
    if added and not people:
        return added
    _check_mails(settings.event, people)
    prepared = [prepare(settings.event, person, None, by, source=source) for person in people]
    found = known(settings.event, prepared)
    _check_doubles(found, prepared)
    if not beyond_capacity:
        for way in settings.ways:
            people_of_way = [each for each in prepared if each.chose_online == way]
            number = len(people_of_way) if settings.event.is_hybrid else len(prepared)
            _check_seats(settings, number, online=way)
    if settings.told is None:
        settings.told = settings.facts
        settings.save(update_fields=["told"])
    continue_entries(prepared, found)
    told = []
    for person, registration in zip(people, prepared, strict=True):
        registration.status = Status.INVITED if person.is_invited else Status.CONFIRMED
        registration.staff_note = person.staff_note
        registration.save(force_insert=True)
        if person.is_told:
            told.append(registration)
    for status in (Status.INVITED, Status.CONFIRMED):
        outbox.queue(status.value, [each for each in told if each.status == status])
    trail.record(
        Action.ADDED,
        by=by,
        request=request,
        subject=f"event · {settings.event.slug}",
        people=len(prepared),
        told=len(told),
    )
    return [*added, *prepared]


def _without_those_added(
    event: Event, people: Sequence[Listed]
) -> tuple[Sequence[Listed], list[Registration]]:
    """Return the people who are new, and the registrations of those who were sent before."""
    tickets = [person.ticket for person in people if person.ticket]
    if not tickets:
        return people, []
    rows = Registration.objects.filter(ticket__in=tickets, erased_at=None).select_related("event")
    by_ticket = {row.ticket: row for row in rows}
    new, added = [], []
    for person in people:
        row = by_ticket.get(person.ticket)
        if row is None:
            new.append(person)
        elif is_sent_again(row, event, person):
            added.append(row)
        else:
            # Somebody else's by now: a browser has filled the form with what it held before.
            new.append(replace(person, ticket=""))
    return new, added


def check_event(event: Event) -> None:
    """Raise ``RegistrationClosed`` where nobody can be put on the list of an event. No query."""
    if event.is_cancelled:
        raise RegistrationClosed(
            _("This event has been cancelled, so nobody can be added."), code="cancelled"
        )


def _lock(event: Event) -> RegistrationSettings:
    RegistrationSettings.objects.get_or_create(
        event=event, defaults={"takes_registrations": False, "reminder_hours": None}
    )
    settings = lock(event)
    check_event(settings.event)
    if settings.kept_until <= timezone.now() and not settings.event.is_postponed:
        raise RegistrationClosed(
            ngettext(
                "The data of attendees is kept for %(days)d day after the event, so these people "
                "would be erased at once. Keep the data longer first, on the page of attendees.",
                "The data of attendees is kept for %(days)d days after the event, so these people "
                "would be erased at once. Keep the data longer first, on the page of attendees.",
                settings.retention_days,
            )
            % {"days": settings.retention_days},
            code="kept_no_more",
        )
    return settings


def _check_mails(event: Event, people: Sequence[Listed]) -> None:
    """Raise ``NotAdded`` for the first person whose mail could not be sent or would be untrue."""
    for number, person in enumerate(people):
        if not person.is_told:
            continue
        if not person.email:
            text = _("Enter an e-mail address, or choose not to send this person an e-mail.")
            raise NotAdded(text, code="no_address", number=number)
        if event.is_draft:
            text = _(
                "Publish the event before you send e-mails about it, or choose not to send any."
            )
            raise NotAdded(text, code="no_mails")
        if event.is_over or not event.is_on:
            text = _(
                "The event is over or has no date, so e-mails about it cannot be sent. "
                "Choose not to send any."
            )
            raise NotAdded(text, code="no_mails")


def _check_doubles(found: Known, prepared: Sequence[Registration]) -> None:
    """Raise ``NotAdded`` for the first person who is registered, or stands in the list twice."""
    seen: set[tuple[str, str]] = set()
    for number, registration in enumerate(prepared):
        if first := found.first_of(registration):
            known_one = Registration.objects.get(pk=first)
            raise NotAdded(explain_known(known_one), code="known", number=number)
        same = {(registration.name_key, contact) for contact in contacts_of(registration)}
        if same & seen:
            raise NotAdded(_("This person appears in the list twice."), code="twice", number=number)
        seen |= same


def explain_known(registration: Registration) -> str:
    """Say to staff who is registered under the same name with the same contact."""
    return _("This person is registered already with this contact: %(name)s (%(status)s).") % {
        "name": registration.name,
        "status": registration.get_status_display(),
    }


def _check_seats(settings: RegistrationSettings, number: int, *, online: bool) -> None:
    """Raise ``NoSeat`` where not everybody has a seat; those who wait come before anybody new."""
    free = waiting_list.free_after_those_who_wait(settings, online=online) if number else None
    if free is None:
        return
    people = Registration.objects.sharing_seats(settings.event, online=online)
    invited = people.filter(status=Status.INVITED).count()
    left = max(0, free - invited)
    if number > left:
        raise NoSeat(
            ngettext(
                "%(free)d seat is free, but you need %(people)d. Add seats for them, or "
                "make the list shorter.",
                "%(free)d seats are free, but you need %(people)d. Add seats for them, or "
                "make the list shorter.",
                left,
            )
            % {"free": left, "people": number},
            code="no_seat",
        )


@transaction.atomic
def give_consent(registration: Registration) -> Registration:
    """Note that the person agrees to the privacy notice as it reads now.

    Doing it again is harmless: what was agreed to first stays. Raises ``MoveRefused`` where the
    person was erased.
    """
    registration.refresh_from_db(
        from_queryset=Registration.objects.select_for_update(no_key=True, of=("self",))
    )
    check_not_erased(registration)
    if registration.consented_at is None:
        registration.privacy_notice = consent.current_notice()
        registration.consented_at = timezone.now()
        registration.save(update_fields=["privacy_notice", "consented_at"])
    return registration


@transaction.atomic
def accept_invitation(registration: Registration, *, consents: bool) -> Registration:
    """Give a person who was invited, and agrees to the privacy notice, the seat promised.

    Accepting twice is harmless. Raises ``ConsentMissing``, and ``MoveRefused`` once the event is
    over or cancelled.
    """
    settings = lock_both(registration)
    check_not_erased(registration)
    registration.event = settings.event
    if registration.status == Status.CONFIRMED:
        return registration
    if not consents and registration.consented_at is None:
        raise ConsentMissing(
            _("Without your consent we may not keep your registration."), code="no_consent"
        )
    if settings.event.is_over or settings.event.is_cancelled:
        raise MoveRefused(_("This invitation can no longer be accepted."), code="over")
    move(registration, Status.CONFIRMED)
    give_consent(registration)
    outbox.drop_queued(registration.mails.filter(kind=Status.INVITED.value))
    outbox.queue("confirmed", [registration])
    return registration


@transaction.atomic
def decline_invitation(registration: Registration) -> Registration:
    """End an invitation because the person does not come. Declining twice is harmless."""
    lock_both(registration)
    check_not_erased(registration)
    if registration.status == Status.CANCELLED:
        return registration
    if registration.status != Status.INVITED:
        raise MoveRefused(_("This invitation has been answered already."), code="answered")
    move(
        registration,
        Status.CANCELLED,
        cancelled_at=timezone.now(),
        cancel_reason=Registration.CancelReason.INVITATION_DECLINED,
    )
    outbox.drop_queued(registration.mails.all())
    return registration
