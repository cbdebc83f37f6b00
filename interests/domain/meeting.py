"""From an interest to the request of a one-to-one meeting at an event."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Event
from interests.domain.interest import advance, lock
from interests.models import Interest


def check_may_be_met(interest: Interest) -> None:
    """Raise ``ValidationError`` where a meeting is requested already, or the interest is closed."""
    if not interest.is_open:
        raise ValidationError(
            _("Take it up again first: it is closed or was thrown away."), code="not_open"
        )
    if interest.meeting_requested_at:
        raise ValidationError(_("A meeting has been requested already."), code="requested")


@transaction.atomic
def request_meeting(interest: Interest, *, event: Event) -> Interest:
    """Request a meeting of the visitor with the other side at an event, which counts it then.

    It is arranged by hand, and the visitor's page says so. Raises ``ValidationError``, also for
    an event that is cancelled or over.
    """
    lock(interest)
    check_may_be_met(interest)
    if event.status == Event.Status.CANCELLED or event.ends_at <= timezone.now():
        words = _("This event is over or cancelled. Choose one that is still to come.")
        raise ValidationError({"event": words}, code="over")
    interest.event, interest.meeting_requested_at = event, timezone.now()
    interest.save(update_fields=["event", "meeting_requested_at"])
    advance(interest, Interest.Status.MEETING)
    return interest
