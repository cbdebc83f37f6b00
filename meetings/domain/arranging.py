"""A meeting that an organizer agrees for two people, without either having asked."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from meetings.domain import agreed
from meetings.domain.participation import lock_participant, tell
from meetings.domain.request import accept
from meetings.domain.who_may_meet import are_apart, settings_of
from meetings.mail_kinds import Kind
from meetings.models import Meeting, MeetingPerson, MeetingRequest, Participant, Priority
from projects.models import Project


@transaction.atomic
def arrange(
    one: Participant,
    other: Participant,
    *,
    by: User,
    projects: Iterable[Project] = (),
    priority: int = Priority.NORMAL,
) -> Meeting:
    """Agree on a meeting of two participants, and tell both. What one of them asked is accepted.

    Raises ``ValidationError`` for people who do not take part, are kept apart, are of two events,
    or have a meeting already.
    """
    one, other = lock_participant(one), lock_participant(other)
    settings_of(one.event)
    if one.pk == other.pk or one.event_id != other.event_id:
        raise ValidationError(
            _("Choose somebody else: a meeting is of two people."), code="not_two"
        )
    if any(each.status != Participant.Status.ADMITTED for each in (one, other)):
        raise ValidationError(
            _("One of the two does not take part in the meetings, or no longer."),
            code="not_admitted",
        )
    if are_apart(one, other):
        raise ValidationError(
            _("These two are kept apart. Delete that first if they shall meet."), code="apart"
        )
    if agreed.have_meeting(one, other):
        raise ValidationError(_("A meeting of the two is agreed already."), code="agreed")
    pair = [one.pk, other.pk]
    asked = MeetingRequest.objects.open().filter(asker__in=pair, asked__in=pair).first()
    if asked is not None:
        return Meeting.objects.get(request=accept(asked, by=by))
    meeting = Meeting(event=one.event, origin=Meeting.Origin.ORGANIZER, priority=priority)
    meeting.full_clean(exclude=["event"])
    meeting.save()
    meeting.projects.set(projects)
    for side, person, partner in ((1, one, other), (2, other, one)):
        MeetingPerson.objects.create(meeting=meeting, participant=person, side=side)
        tell(Kind.ARRANGED, person, meeting=meeting.pk, other=partner.pk)
    return meeting
