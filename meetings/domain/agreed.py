"""Meetings that are agreed from requests: made, found, and called off by those who meet."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from meetings.domain import calling_off
from meetings.domain.participation import tell
from meetings.mail_kinds import Kind
from meetings.models import (
    Meeting,
    MeetingPerson,
    MeetingQuerySet,
    MeetingRequest,
    Participant,
    Placement,
    ScheduleVersion,
)
from summit.lib.database.states import move


def have_meeting(one: Participant, other: Participant) -> bool:
    """Whether a meeting of the two is agreed, or under way."""
    return meetings_of(one, other).exists()


def meetings_of(*people: Participant) -> MeetingQuerySet:
    """Return the meetings to be held to which all of these people may come."""
    found = Meeting.objects.to_be_held()
    for person in people:
        found = found.filter(people__participant=person)
    return found.order_by("pk")


def meetings_to_come(*people: Participant) -> MeetingQuerySet:
    """Return those that have not begun."""
    found = meetings_of(*people).filter(status=Meeting.Status.AGREED)
    return found.select_related("event", "request__asker", "request__asked")


def has_begun(meeting: Meeting) -> bool:
    """Whether it is under way or over, or the slot has begun in which people have it."""
    if meeting.status != Meeting.Status.AGREED:
        return True
    places = Placement.objects.filter(
        meeting=meeting, version__status=ScheduleVersion.Status.PUBLISHED
    )
    return places.filter(slot__starts_at__lte=timezone.now()).exists()


@transaction.atomic
def make(request: MeetingRequest) -> Meeting:
    """Make the meeting of a request that was accepted: both have to come.

    One that was called off is agreed once more, with the people whom it had.
    """
    former = Meeting.objects.filter(request=request, status=Meeting.Status.CANCELLED).first()
    if former is not None:
        move(former, Meeting.Status.AGREED, version=former.version + 1)
        return former
    meeting = Meeting(event=request.event, request=request, priority=request.priority)
    meeting.full_clean(exclude=["event", "request"])
    meeting.save()
    meeting.projects.set(request.projects.all())
    for side, participant in ((1, request.asker), (2, request.asked)):
        MeetingPerson.objects.create(meeting=meeting, participant=participant, side=side)
    return meeting


@transaction.atomic
def call_off(meeting: Meeting, *, by: User | None = None, actor: Participant | None = None) -> None:
    """Call an agreed meeting off; the schedules lose it, and who was to come is told.

    That is all but ``actor``, who called it off.
    """
    if not _is_published(meeting):
        _tell_of_end(meeting, actor)
    calling_off.call_off(meeting, by=by)


def _is_published(meeting: Meeting) -> bool:
    """Whether people have it in their schedules, and learn of its end by those."""
    return ScheduleVersion.objects.published().filter(placements__meeting=meeting).exists()


def _tell_of_end(meeting: Meeting, actor: Participant | None) -> None:
    people = list(meeting.people.select_related("participant__registration__event"))
    for person in people:
        if actor is None or person.participant_id != actor.pk:
            others = [each for each in people if each.side != person.side]
            tell(
                Kind.CALLED_OFF,
                person.participant,
                meeting=meeting.pk,
                others=[each.participant_id for each in others],
            )


def call_off_of(
    request: MeetingRequest, *, by: User | None = None, actor: Participant | None = None
) -> None:
    """Call off the meeting that was agreed from a request, unless it is over."""
    meeting = (
        Meeting.objects.filter(request=request).exclude(status=Meeting.Status.CANCELLED).first()
    )
    if meeting is not None:
        call_off(meeting, by=by, actor=actor)


def leave(meeting: Meeting, participant: Participant, *, by: User | None = None) -> bool:
    """Take somebody who no longer takes part out of a meeting; return whether it goes on.

    It does where the person could come and did not have to, and enough others of the side are
    left. Else it is called off, and its request counts as withdrawn.
    """
    person = meeting.people.get(participant=participant)
    least = meeting.least_1 if person.side == 1 else meeting.least_2
    others = meeting.people.filter(side=person.side).exclude(pk=person.pk).count()
    if not person.must and others >= least:
        person.delete()
        places = Placement.objects.filter(meeting=meeting, people=participant)
        for place in places.exclude(version__status=ScheduleVersion.Status.SUPERSEDED):
            place.people.remove(participant)
        note_people_changed(meeting)
        return True
    request = meeting.request
    if request is not None and request.status == MeetingRequest.Status.ACCEPTED:
        move(request, MeetingRequest.Status.WITHDRAWN, answered_by=by)
    call_off(meeting, by=by, actor=participant)
    return False


def note_people_changed(meeting: Meeting) -> None:
    """Let who has the meeting or the draft of its schedule open find that it has changed."""
    Meeting.objects.filter(pk=meeting.pk).update(version=F("version") + 1)
    drafts = ScheduleVersion.objects.drafts().filter(event=meeting.event_id)
    drafts.update(changes=F("changes") + 1)
    meeting.refresh_from_db(fields=["version"])
