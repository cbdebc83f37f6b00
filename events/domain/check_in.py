"""People at the door: found by what they show, checked in once, and undone with a trace."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.domain import admission, mail, waiting_list
from events.domain import registration as registrations
from events.domain.registration import Applicant
from events.models import CheckIn, Event, OutboundMail, Registration, Session
from events.models.registration import TICKET_ALPHABET
from summit.lib.clock import moment_in_words
from summit.lib.states import move

Status = Registration.Status
_TICKET_LENGTH = Registration._meta.get_field("ticket").max_length
# What is left out of the alphabet because it looks like one of these.
_LOOKALIKES = str.maketrans("ILOU", "110V")


class CheckInRefused(ValidationError):
    """This person or code cannot be checked in here, and why."""


class NoSeat(ValidationError):
    """Every seat is given; staff may admit a person all the same."""


@dataclass(frozen=True)
class Arrival:
    """A check-in that stands, and whether this call made it or somebody had before."""

    check_in: CheckIn
    is_new: bool


@dataclass(frozen=True)
class Counts:
    """How many hold a place, how many of those came, and how many wait for a place."""

    expected: int
    arrived: int
    waiting: int


def ticket_in(text: str) -> str:
    """Return what was scanned or typed in the form in which tickets are stored.

    Gaps, hyphens and letter case do not count, and letters that tickets leave
    out are read as the characters that they look like.
    """
    return "".join(text.split()).replace("-", "").upper().translate(_LOOKALIKES)


def looks_like_ticket(text: str) -> bool:
    """Whether a text can only be meant as a ticket: of its length, and with a digit in it."""
    ticket = ticket_in(text)
    has_digit = any(character.isdigit() for character in ticket)
    return len(ticket) == _TICKET_LENGTH and has_digit and set(ticket) <= set(TICKET_ALPHABET)


def find(event: Event, text: str) -> Registration:
    """Return the registration of a scanned or typed ticket. One query, one more for a refusal.

    Raises ``CheckInRefused`` for half a code, one that nobody has, and one of
    another event, which is named only where everybody may see that event.
    """
    ticket = ticket_in(text)
    if len(ticket) != _TICKET_LENGTH or not set(ticket) <= set(TICKET_ALPHABET):
        raise CheckInRefused(
            _("A code has %(length)s characters, this has %(given)s. Scan it again or type all."),
            code="not_a_code",
            params={"length": _TICKET_LENGTH, "given": len(ticket)},
        )
    found = Registration.objects.filter(ticket=ticket).select_related("event").first()
    if found is None or found.erased_at:
        raise CheckInRefused(
            _("Nobody has this code. Scan it again, or search by name."), code="unknown"
        )
    if found.event_id != event.pk:
        if found.event.status not in Event.VISIBLE:
            raise CheckInRefused(_("This code is for another event."), code="other_event")
        raise CheckInRefused(
            _("This code is for another event: “%(event)s”."),
            code="other_event",
            params={"event": found.event},
        )
    return found


@transaction.atomic
def check_in(
    registration: Registration, *, by: AbstractBaseUser, session: Session | None = None
) -> Arrival:
    """Record that a person came: at the door, and in ``session`` where one is given.

    Doing it again is harmless and returns the check-in that stands, so that a tap
    whose answer was lost can be repeated and two desks never count one person
    twice. Raises ``CheckInRefused`` for whoever has no confirmed place.
    """
    registration = _locked(registration)
    _check_place(registration)
    if session is not None and session.event_id != registration.event_id:
        raise CheckInRefused(_("This session belongs to another event."), code="other_event")
    arrival = _stand(registration, None, by)
    return arrival if session is None else _stand(registration, session, by)


def _locked(registration: Registration) -> Registration:
    """Return the row as it is now, locked: two desks may have the same person before them."""
    return (
        Registration.objects.select_for_update(no_key=True, of=("self",))
        .select_related("event")
        .get(pk=registration.pk)
    )


def _stand(registration: Registration, session: Session | None, by: AbstractBaseUser) -> Arrival:
    standing = registration.check_ins.standing().filter(session=session)
    found = standing.select_related("checked_in_by").first()
    if found:
        return Arrival(found, is_new=False)
    made = CheckIn(registration=registration, session=session, checked_in_by=by)
    made.full_clean()
    made.save()
    return Arrival(made, is_new=True)


def _check_place(registration: Registration) -> None:
    event = registration.event
    if event.is_cancelled:
        raise CheckInRefused(_("This event has been cancelled."), code="event_cancelled")
    if event.is_draft:
        raise CheckInRefused(_("This event is not published yet."), code="draft")
    if registration.status == Status.CONFIRMED:
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
                "moment": moment_in_words(registration.cancelled_at, event.zone),
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
    registration: Registration, *, by: AbstractBaseUser, session: Session | None = None
) -> list[CheckIn]:
    """Take a check-in back; who did it and when stays recorded. Returns what was undone.

    Without ``session`` the arrival is undone and attendance in sessions with it.
    Undoing twice is harmless.
    """
    registration = _locked(registration)
    standing = registration.check_ins.standing()
    if session is not None:
        standing = standing.filter(session=session)
    undone = list(standing.select_for_update(no_key=True))
    now = timezone.now()
    for each in undone:
        # The clocks of two servers may differ by a moment.
        each.undone_at, each.undone_by = max(now, each.checked_in_at), by
        each.save(update_fields=["undone_at", "undone_by"])
    return undone


@transaction.atomic
def admit(
    registration: Registration, *, by: AbstractBaseUser, beyond_capacity: bool = False
) -> Registration:
    """Give a person who waits, or awaits approval, a seat at the door, with a mail.

    Admitting somebody who has a seat is harmless. Raises ``NoSeat`` where every
    seat is given and ``beyond_capacity`` does not say to do it all the same, and
    ``CheckInRefused`` where the registration has ended.
    """
    settings = admission.lock(registration.event)
    registration.refresh_from_db()
    if not registration.is_active:
        _check_place(registration)
    if registration.status == Status.CONFIRMED:
        return registration
    # An offered seat is this person's already.
    if registration.status != Status.OFFERED and not beyond_capacity:
        _check_seat(settings)
    move(registration, Status.CONFIRMED, queued_at=None, offer_expires_at=None)
    # What said that there is no seat, and has not left yet, would no longer be true.
    registration.mails.filter(
        status=OutboundMail.Status.QUEUED, kind__in=["waitlisted", "pending", "offered"]
    ).delete()
    mail.queue("confirmed", [registration])
    return registration


def _check_seat(settings: object) -> None:
    if waiting_list.free_seats(settings) == 0:
        raise NoSeat(
            _("Every seat is given. Admit this person all the same, or ask them to wait."),
            code="no_seat",
        )


@transaction.atomic
def walk_in(
    event: Event, person: Applicant, *, by: AbstractBaseUser, beyond_capacity: bool = False
) -> Registration:
    """Register somebody at the door, who has read the privacy notice, and check them in.

    An address that is registered already keeps its registration, which is
    admitted and checked in. All or nothing. Raises ``NoSeat`` as ``admit`` does,
    and what ``registration.register`` and ``check_in`` raise.
    """
    admission.lock(event)
    [registration] = registrations.register(event, [person], by=by)
    admit(registration, by=by, beyond_capacity=beyond_capacity)
    check_in(registration, by=by)
    return registration


def counts(event: Event, session: Session | None = None) -> Counts:
    """Count the event's people, arrivals at the door or in ``session``. Two queries."""
    of_event = Registration.objects.filter(event=event).order_by()
    numbers = of_event.aggregate(
        expected=Count("pk", filter=Q(status__in=Registration.SEATED)),
        waiting=Count("pk", filter=Q(status=Status.WAITLISTED)),
    )
    return Counts(arrived=of_event.seated().arrived(session).count(), **numbers)
