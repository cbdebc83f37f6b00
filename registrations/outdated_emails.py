"""Which e-mails are true no longer when they could be sent, and are left out."""

from django.utils import timezone

from events.models import Event
from mail.models import OutboundMail
from registrations.mail_kinds import Kind
from registrations.models import Registration

Status = Registration.Status

# What is said of a place, and to who has one alone.
OF_A_PLACE = (
    *("confirmed", "moved_up", "waitlisted", "held", "hold_ended", "pending", "offered"),
    *("invited", "informed", Kind.MESSAGE),
)
# Which are true for as long as this is the status.
STATUS_OF = {
    "confirmed": Status.CONFIRMED,
    "moved_up": Status.CONFIRMED,
    "held": Status.HELD,
    "hold_ended": Status.WAITLISTED,
    "waitlisted": Status.WAITLISTED,
    "pending": Status.PENDING,
    "offered": Status.OFFERED,
    "expired": Status.EXPIRED,
    "invited": Status.INVITED,
}
# Which promise something that nobody can have once the event has begun.
UNTIL_THE_START = (
    *("reminder", "offered", "moved_up", "waitlisted", "expired", "held", "hold_ended"),
    "pending",
)
# Who has no seat gets these as well, without an entry.
TOLD_TO_ALL = ("event_changed", "event_rescheduled", "event_taken_up")


def is_true_no_longer(row: OutboundMail, registration: Registration) -> bool:
    """Whether what a mail would say has passed while it waited, so that it is better left out.

    Nothing is offered, promised or recalled once the event has begun or is cancelled, nor
    offered or recalled while nobody knows its date.
    """
    event = registration.event
    if row.kind in OF_A_PLACE and not registration.can_be_ended:
        return True
    if row.kind in STATUS_OF:
        is_past = event.is_over or event.is_cancelled
        if is_past or registration.shown_status != STATUS_OF[row.kind]:
            return True
    if row.kind == "invited":
        return not event.is_on
    if is_announcement_outdated(row.kind, event):
        return True
    if row.kind not in UNTIL_THE_START:
        return False
    if event.has_begun or event.is_cancelled:
        return True
    if event.is_postponed:
        return row.kind in ("reminder", "offered")
    if row.kind == "offered" and registration.offer_ends_at:
        return registration.offer_ends_at <= timezone.now()
    if row.kind == "reminder":
        is_of_another_date = registration.reminded_for not in (None, event.starts_at)
        return registration.status != Status.CONFIRMED or is_of_another_date
    return False


def is_announcement_outdated(kind: str, event: Event) -> bool:
    """Whether a mail of this kind tells attendees of what the event is no longer."""
    if kind in TOLD_TO_ALL:
        return event.is_over or not event.is_on
    if kind == "event_postponed":
        return not event.is_postponed
    return kind == "event_cancelled" and (event.is_over or not event.is_cancelled)
