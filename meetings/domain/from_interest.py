"""From what a visitor wrote to a request for a meeting at an event."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models import Event
from interests.domain import meeting as interest_meeting
from interests.models import Interest
from meetings.domain import request as requests
from meetings.models import MeetingRequest, Participant, ParticipantQuerySet
from meetings.models.request import LONGEST_REASON
from summit.lib.web.phones import mobile_key

Status = MeetingRequest.Status


def participants_like(interest: Interest, event: Event) -> ParticipantQuerySet:
    """Return who of an event's participants has the contact with which an interest came. A query.

    Of an address or a number that is proven, or known to staff.
    """
    found = Participant.objects.filter(event=event, registration__proven_at__isnull=False)
    contact = Q(pk__in=[])
    if interest.email_key:
        contact |= Q(registration__email_key=interest.email_key)
    if number := mobile_key(interest.phone):
        contact |= Q(registration__proven_number=number)
    return found.filter(contact).with_person()


def owners_of(interest: Interest, event: Event) -> ParticipantQuerySet:
    """Return who of an event's participants is what an interest is about, or presents it."""
    about = Q(pk__in=[])
    if interest.expert_id:
        about |= Q(expert=interest.expert_id)
    if interest.project_id:
        about |= Q(projects=interest.project_id)
    return Participant.objects.admitted().filter(about, event=event).distinct().with_person()


@transaction.atomic
def ask_for_interest(
    interest: Interest, *, asker: Participant, asked: Participant, by: User
) -> MeetingRequest:
    """Request the meeting that a visitor is interested in; the interest says so from then on.

    The other side reads the visitor's message where that may be passed on. Raises
    ``ValidationError`` as ``ask`` does, and where one was requested already.
    """
    if interest.meeting_requested_at is None:
        interest_meeting.request_meeting(interest, event=asker.event)
    elif interest.meeting_requests.exclude(status=Status.WITHDRAWN).exists():
        raise ValidationError(_("A meeting has been requested already."), code="requested")
    request = requests.ask(
        asker,
        asked,
        reason=interest.message[:LONGEST_REASON] if interest.is_agreed else "",
        projects=[interest.project] if interest.project else [],
        by=by,
    )
    request.interest = interest
    request.save(update_fields=["interest"])
    return request
