"""In person or online: how somebody takes part in a hybrid event, and changing it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mail.models import OutboundMail
from registrations.domain import group, held_seats, waiting_list
from registrations.domain.admission import check_not_erased, lock_both
from registrations.models import Registration, RegistrationSettings
from registrations.models.registration_choices import Status
from summit.lib.database.states import MoveRefused

# Who has no seat yet changes what is asked for; who waits changes where there is a seat; whose seat
# is held gives it back and has what somebody new would have.
_ASKED = (Status.INVITED, Status.PENDING)
_CHANGING = (*_ASKED, Status.HELD, Status.CONFIRMED, Status.WAITLISTED)


class NoSeatThere(ValidationError):
    """Every seat of the other way is taken, so that the person keeps what they have."""


def has_to_answer_first(registration: Registration) -> bool:
    """Whether a seat of a hybrid event is offered, to be accepted or declined before a change."""
    return registration.event.is_hybrid and registration.has_open_offer


def may_change(registration: Registration) -> bool:
    """Whether the person can ask for the other way to attend. No query."""
    event = registration.event
    is_ahead = event.is_hybrid and event.is_on and not event.is_over
    # The owner of the address sees the first registration too, which has the seat.
    is_own_double = registration.status == Status.DOUBLE and registration.has_proven_address
    return is_ahead and not is_own_double and registration.shown_status in _CHANGING


@transaction.atomic
def change(registration: Registration, *, online: bool) -> Registration:
    """Let a person take part online in place of in person, or the other way round.

    The seat that is given back passes on. Who waits leaves that queue where the other way has a
    seat, and who has no proven contact gets no seat that would be held. A seat that is held is
    nobody's yet: one of the other way is held until the same time, or the person joins the queue
    of that way, with a mail in place of the one that a seat is held. Who is offered a seat accepts
    it first. Whose address is proven gets a mail with the new entry, which for who has no own
    contact goes to the contact person of the group. Asking for what one has is harmless. A possible
    duplicate is answered as the first one would be, and takes no seat.

    Raises ``NoSeatThere``, with nothing changed, and ``MoveRefused`` where the event or the
    place does not allow it.
    """
    settings = lock_both(registration)
    check_not_erased(registration)
    registration.event = settings.event
    if not may_change(registration) or registration.check_ins.standing().exists():
        raise MoveRefused(
            _("How you take part can no longer be changed here."), code="way_not_changed"
        )
    if registration.chose_online == online:
        return registration
    was = registration.shown_status
    if was == Status.HELD:
        _put(registration, _place_of_unproven(settings, registration, online=online))
    elif was not in _ASKED:
        _check_seat(settings, registration, online=online)
        _put(registration, Status.CONFIRMED)
        # What said that there is no seat, and has not left yet, would no longer be true.
        registration.mails.filter(
            status=OutboundMail.Status.QUEUED, kind__in=[Status.WAITLISTED.value]
        ).delete()
    registration.chose_online = online
    # The entry in the person's calendar changes, of nobody else's.
    registration.calendar_offset += 1
    registration.save(
        update_fields=["chose_online", "status", "seen_as", "queued_at", "calendar_offset"]
    )
    if was == Status.HELD != registration.shown_status:
        registration.mails.filter(
            status=OutboundMail.Status.QUEUED, kind=Status.HELD.value
        ).delete()
        group.queue_mails(registration.shown_status, [registration])
    if registration.status == Status.CONFIRMED and registration.has_proven_address:
        group.queue_mails(Status.CONFIRMED.value, [registration])
    waiting_list.fill(settings)
    return registration


def _check_seat(
    settings: RegistrationSettings, registration: Registration, *, online: bool
) -> None:
    """Raise ``NoSeatThere`` where the person cannot have a seat of the other way."""
    free = waiting_list.free_after_those_who_wait(settings, online=online)
    if free == 0:
        raise NoSeatThere(
            _("Every seat online is taken. Nothing was changed.")
            if online
            else _("Every seat in person is taken. Nothing was changed."),
            code="no_seat",
        )
    if registration.proven_at is None and settings.holds_seats_for(online=online):
        raise NoSeatThere(
            _("Verify your contact first: then you can change how you take part."),
            code="not_proven",
        )


def _place_of_unproven(
    settings: RegistrationSettings, registration: Registration, *, online: bool
) -> Status:
    """Return what somebody whose seat is held has of the other way: a seat, or a place in line."""
    free = waiting_list.free_after_those_who_wait(settings, online=online)
    is_held = settings.holds_seats_for(online=online)
    may_hold = not is_held or held_seats.room_to_hold(settings, online=online) > 0
    if free == 0 or not may_hold:
        return Status.WAITLISTED
    return Status.HELD if is_held else Status.CONFIRMED


def _put(registration: Registration, status: Status) -> None:
    """Set what the person has from now on; of a possible duplicate it is only shown."""
    registration.queued_at = timezone.now() if status == Status.WAITLISTED else None
    if registration.status == Status.DOUBLE:
        registration.seen_as = status
    else:
        registration.status = status
