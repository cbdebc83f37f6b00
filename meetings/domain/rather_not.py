"""Who would rather not meet whom, and what ends when somebody leaves the meetings."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.domain import agreed
from meetings.domain.participation import lock_participant
from meetings.domain.placing import lock_schedule
from meetings.domain.request import close_declined, close_withdrawn, tell_answer
from meetings.models import Meeting, MeetingRequest, Participant, RatherNot
from summit.lib.database.states import move

Status = MeetingRequest.Status


@transaction.atomic
def rather_not(
    participant: Participant, other: Participant, *, by: User | None = None
) -> RatherNot:
    """Note that somebody would rather not meet another one, or that an organizer keeps them apart.

    What the other one had asked is declined, which looks like any other answer; what the person
    had asked is withdrawn, and an agreed meeting is called off. Saying it twice is harmless.
    """
    participant, other = lock_participant(participant), lock_participant(other)
    if participant.event_id != other.event_id:
        raise ValidationError(_("Choose somebody of the same event."), code="elsewhere")
    row = RatherNot.objects.filter(participant=participant, other=other).first()
    row = row or RatherNot(participant=participant, other=other)
    row.entered_by = row.entered_by or by
    row.full_clean()
    row.save()
    requests = MeetingRequest.objects.open().with_people()
    for request in requests.filter(asker=other, asked=participant):
        close_declined(request, by)
    for request in requests.filter(asker=participant, asked=other):
        close_withdrawn(request, by)
    for meeting in agreed.meetings_to_come(participant, other):
        _call_off(meeting, participant, by)
    return row


@transaction.atomic
def take_back_rather_not(
    participant: Participant, other: Participant, *, by: User | None = None
) -> None:
    """Forget that somebody would rather not meet another one. Twice is harmless.

    What an organizer entered is taken back by an organizer alone.
    """
    lock_schedule(participant.event)
    rows = RatherNot.objects.filter(participant=participant, other=other)
    (rows.filter(entered_by=None) if by is None else rows).delete()


def _call_off(meeting: Meeting, participant: Participant, by: User | None) -> None:
    """Call a meeting off in the name of one of its people, and close its request so too."""
    request = meeting.request
    if request is None or request.status != Status.ACCEPTED:
        agreed.call_off(meeting, by=by, actor=None if by else participant)
    elif request.asker_id == participant.pk:
        close_withdrawn(request, by)
    else:
        close_declined(request, by)


def end_requests_of(participant: Participant, by: User | None) -> None:
    """End what somebody asked and was asked, and call off what is agreed: the person has left."""
    for request in MeetingRequest.objects.open().filter(asker=participant).with_people():
        close_withdrawn(request, by)
    for request in MeetingRequest.objects.open().filter(asked=participant).with_people():
        move(request, Status.EXPIRED, answered_at=timezone.now(), answered_by=by)
        tell_answer(request)
    for meeting in agreed.meetings_to_come(participant):
        agreed.leave(meeting, participant, by=by)
