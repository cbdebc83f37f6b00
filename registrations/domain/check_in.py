"""People at the door: checked in once, undone with a trace, and registered on the spot."""

import datetime as dt
from dataclasses import dataclass, replace

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Event, Session
from mail.models import OutboundMail
from registrations.domain import admission, proof, waiting_list
from registrations.domain import registration as registrations
from registrations.domain.event_days import counted_day, day_at
from registrations.domain.group import queue_mails
from registrations.domain.known_people import known
from registrations.domain.registration import Applicant
from registrations.models import CheckIn, Registration, RegistrationSettings
from registrations.models.check_in import CheckInQuerySet
from summit.lib.database.states import move
from summit.lib.given import given
from summit.lib.i18n.clock import moment_in_words
from summit.lib.web import mail_addresses

Status = Registration.Status


class CheckInRefused(ValidationError):
    """This person cannot be checked in here, and why."""


class NoSeat(ValidationError):
    """Every seat is given; staff may admit a person all the same."""


class PersonKnown(ValidationError):
    """A walk-in has a place already: ``registration``, of the same name and contact."""

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        super().__init__(
            _(
                "This person is registered already with this contact: %(name)s (%(status)s). Check"
                " that person in, or leave number and e-mail empty if this is somebody else."
            ),
            code="person_known",
            params={"name": registration.name, "status": registration.get_status_display()},
        )


@dataclass(frozen=True)
class Arrival:
    """A check-in that stands, and whether this call made it or somebody had before."""

    check_in: CheckIn
    is_new: bool


@transaction.atomic
def check_in(
    registration: Registration,
    *,
    by: User,
    session: Session | None = None,
    tapped_at: dt.datetime | None = None,
) -> Arrival:
    """Record that a person came: at the door today, and in ``session`` where one is given.

    At an event of several days each day has an arrival of its own, that of ``tapped_at``
    for a tap that was sent later. Doing it again is harmless and returns the check-in
    that stands, so that a tap whose answer was lost can be repeated and two desks never
    count one person twice. Who came is proven, so that a held seat becomes theirs. Raises
    ``CheckInRefused`` for whoever has no confirmed place, or one online at a hybrid event.
    """
    if registration.proven_at is None:
        # The proof passes seats on, under the event's lock, which comes first.
        RegistrationSettings.objects.locked().filter(event=registration.event_id).first()
    registration = _locked(registration)
    _check_place(registration)
    if session is not None and session.event_id != registration.event_id:
        raise CheckInRefused(_("This session belongs to another event."), code="other_event")
    arrival = _stand(registration, None, by, tapped_at)
    _prove(registration)
    return arrival if session is None else _stand(registration, session, by, tapped_at)


def _prove(registration: Registration) -> None:
    """Note that the person is here, whom nobody needs to approve any more."""
    proof.prove(registration, Registration.Proof.STAFF)
    if registration.status == Status.PENDING:
        move(registration, Status.CONFIRMED)


def _locked(registration: Registration) -> Registration:
    """Return the row as it is now, locked: two desks may have the same person before them."""
    return (
        Registration.objects.select_for_update(no_key=True, of=("self",))
        .select_related("event")
        .get(pk=registration.pk)
    )


def _stand(
    registration: Registration, session: Session | None, by: User, tapped_at: dt.datetime | None
) -> Arrival:
    standing = registration.check_ins.standing().filter(session=session)
    if session is None:
        standing = _on(standing, counted_day(registration.event, tapped_at))
    found = standing.select_related("checked_in_by").first()
    if found:
        return Arrival(found, is_new=False)
    day = day_at(registration.event, tapped_at)
    made = CheckIn(registration=registration, session=session, day=day, checked_in_by=by)
    made.checked_in_at = tapped_at or made.checked_in_at
    made.full_clean()
    made.save()
    return Arrival(made, is_new=True)


def _on(check_ins: CheckInQuerySet, day: dt.date | None) -> CheckInQuerySet:
    """Narrow to a day of an event of several. One that the release before made has none."""
    return check_ins if day is None else check_ins.filter(Q(day=day) | Q(day=None))


def _check_event(event: Event) -> None:
    """Raise where nobody can arrive, whatever place they hold."""
    if event.is_cancelled:
        raise CheckInRefused(_("This event has been cancelled."), code="event_cancelled")
    if event.is_postponed:
        raise CheckInRefused(
            _("This event has been postponed, and its new date is not known yet."),
            code="event_postponed",
        )
    if event.is_draft:
        raise CheckInRefused(_("This event is not published yet."), code="draft")


def _check_person(registration: Registration) -> None:
    _check_event(registration.event)
    if registration.erased_at:
        raise CheckInRefused(_("This person’s data has been erased."), code="erased")


def is_expected_online(registration: Registration) -> bool:
    """Whether a seat online at a hybrid event is all that the person has."""
    has_seat = registration.status in (Status.CONFIRMED, Status.HELD)
    return has_seat and registration.event.is_hybrid and registration.chose_online


def _check_place(registration: Registration) -> None:
    _check_person(registration)
    if registration.status == Status.DOUBLE:
        raise CheckInRefused(
            _("This is a possible duplicate of registration %(ticket)s. Check that one in."),
            code="double",
            params={"ticket": given(registration.double_of).ticket},
        )
    if is_expected_online(registration):
        raise CheckInRefused(
            _("This person registered to take part online. Admit the person, or ask them to join."),
            code="online",
        )
    if registration.status in (Status.CONFIRMED, Status.HELD):
        return
    if registration.is_active:
        raise CheckInRefused(
            _("This person has no seat yet (%(status)s). Give a seat first."),
            code="no_seat",
            params={"status": registration.get_status_display()},
        )
    if registration.cancelled_at:
        raise CheckInRefused(
            _("This registration ended on %(moment)s (%(status)s). Register a walk-in instead."),
            code="ended",
            params={
                "moment": moment_in_words(registration.cancelled_at, registration.event.zone),
                "status": registration.get_status_display(),
            },
        )
    raise CheckInRefused(
        _("This registration has ended (%(status)s). Register a walk-in instead."),
        code="ended",
        params={"status": registration.get_status_display()},
    )


@transaction.atomic
def undo(
    registration: Registration,
    *,
    by: User,
    session: Session | None = None,
    seen: int | None = None,
) -> list[CheckIn]:
    """Take a check-in back; who did it and when stays recorded. Returns what was undone.

    Without ``session`` the arrival of a day is undone and attendance in sessions with it.
    ``seen`` is the key of the check-in that was on the screen, and says which day is
    meant, by default today: where another one stands by now, nothing is undone. So
    undoing twice is harmless, even when somebody has checked the person in again in
    between.
    """
    registration = _locked(registration)
    standing = registration.check_ins.standing()
    day = counted_day(registration.event)
    if seen is not None:
        shown = standing.filter(pk=seen, session=session).first()
        if shown is None:
            return []
        day = day and shown.day
    standing = standing.filter(session=session) if session is not None else _on(standing, day)
    undone = list(standing)
    now = timezone.now()
    for each in undone:
        # The clocks of two servers may differ by a moment.
        each.undone_at, each.undone_by = max(now, each.checked_in_at), by
        each.save(update_fields=["undone_at", "undone_by"])
    return undone


@transaction.atomic
def admit(registration: Registration, *, by: User, beyond_capacity: bool = False) -> Registration:
    """Give a person who waits, or awaits approval, a seat at the door, with a mail.

    Who was to take part online comes in person from then on, and the seat online goes to who
    waits for one. Admitting somebody who has a seat is harmless. Raises ``NoSeat`` where every
    seat is given and ``beyond_capacity`` does not say to do it all the same, and
    ``CheckInRefused`` where the registration has ended or the event does not take place.
    """
    settings = admission.lock_both(registration)
    # Not the event that was read before the lock: a mail is about to confirm the seat.
    registration.event = settings.event
    was_online = settings.event.is_hybrid and registration.chose_online
    is_here = registration.status == Status.CONFIRMED and not was_online
    if is_here or not registration.is_active:
        _check_place(registration)
        return registration
    _check_person(registration)
    # A seat that is held or offered is this person's already, and an invitation promises one.
    has_promise = registration.status in (Status.HELD, Status.OFFERED, Status.INVITED)
    if (was_online or not has_promise) and not beyond_capacity:
        _check_seat(settings)
    if was_online:
        registration.chose_online = False
        registration.save(update_fields=["chose_online"])
    if registration.status != Status.CONFIRMED:
        _confirm(registration)
    if was_online:
        waiting_list.fill(settings)
    return registration


def _confirm(registration: Registration) -> None:
    move(registration, Status.CONFIRMED, queued_at=None, offer_expires_at=None)
    # What said that there is no seat, and has not left yet, would no longer be true.
    registration.mails.filter(
        status=OutboundMail.Status.QUEUED,
        kind__in=["waitlisted", "pending", "held", "offered", "invited"],
    ).delete()
    queue_mails("confirmed", [registration])


def _check_seat(settings: RegistrationSettings) -> None:
    if waiting_list.free_seats(settings) == 0:
        raise NoSeat(
            _("Every seat is taken. Admit this person anyway, or ask them to wait."),
            code="no_seat",
        )


@transaction.atomic
def walk_in(
    event: Event,
    person: Applicant,
    *,
    by: User,
    session: Session | None = None,
    beyond_capacity: bool = False,
) -> Registration:
    """Register somebody at the door, who has read the privacy notice, and check them in.

    All or nothing. Where ``person`` brings a ticket and was registered with it
    already, that registration is returned: a form whose answer was lost can be sent
    again. Raises ``PersonKnown`` for somebody who has a place already, ``NoSeat``
    as ``admit`` does, and what ``registration.register`` and ``check_in`` raise.
    """
    settings = admission.lock(event)
    _check_event(settings.event)
    same_ticket = Registration.objects.filter(ticket=person.ticket, erased_at=None).first()
    if same_ticket and is_sent_again(same_ticket, event, person):
        registration = same_ticket
    else:
        _check_person_is_new(event, person)
        # Somebody else's by now: a browser has filled the form with what it held before.
        person = replace(person, ticket="") if same_ticket else person
        [registration] = registrations.register(event, [person], by=by)
    admit(registration, by=by, beyond_capacity=beyond_capacity)
    check_in(registration, by=by, session=session)
    return registration


def is_sent_again(registration: Registration, event: Event, person: Applicant) -> bool:
    """Whether a form with the ticket of a registration is of the same person."""
    return (registration.event_id, registration.name, registration.email_key) == (
        *(event.pk, person.name),
        mail_addresses.key(person.email),
    )


def _check_person_is_new(event: Event, person: Applicant) -> None:
    somebody = Registration(name=person.name, email=person.email, phone=person.phone)
    somebody.make_keys()
    if first := known(event, [somebody]).first_of(somebody):
        raise PersonKnown(Registration.objects.get(pk=first))
