"""What a registration can still lead to, by which pages and e-mails speak."""

from enum import StrEnum

from django.utils import timezone

from registrations.models import Registration

Status = Registration.Status


class Prospect(StrEnum):
    """What somebody can expect; ``NONE`` where there is nothing to be said beside the status."""

    EVENT_CANCELLED = "event_cancelled"
    OVER = "over"
    SEAT = "seat"
    HELD = "held"
    OFFERED = "offered"
    OFFER_ENDED = "offer_ended"
    WAITING = "waiting"
    PENDING = "pending"
    INVITED = "invited"
    # Who waited for a seat or an answer until the event began.
    TOO_LATE = "too_late"
    NONE = "none"


_OF_STATUS = {
    Status.CONFIRMED: Prospect.SEAT,
    Status.INVITED: Prospect.INVITED,
    Status.EXPIRED: Prospect.OFFER_ENDED,
}
_OF_THOSE_WHO_WAIT = {Status.WAITLISTED: Prospect.WAITING, Status.PENDING: Prospect.PENDING}


def prospect_of(registration: Registration) -> Prospect:
    """Return what the person can expect now. No query where event and first double are loaded."""
    event, status = registration.event, registration.shown_status
    if event.is_cancelled:
        return Prospect.EVENT_CANCELLED
    if event.is_over:
        return Prospect.OVER
    if status in _OF_THOSE_WHO_WAIT:
        return Prospect.TOO_LATE if event.has_begun else _OF_THOSE_WHO_WAIT[Status(status)]
    if status == Status.OFFERED:
        if registration.has_open_offer:
            return Prospect.OFFERED
        # Of an event without a date offers are put off, and nobody has missed any.
        return Prospect.OFFER_ENDED if event.is_on else Prospect.NONE
    if status == Status.HELD:
        ends = registration.hold_ends_at
        return Prospect.HELD if ends and timezone.now() < ends else Prospect.NONE
    return _OF_STATUS.get(Status(status), Prospect.NONE)
