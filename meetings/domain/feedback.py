"""What participants say of their meetings, in confidence: only organizers read it."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models import (
    Meeting,
    MeetingFeedback,
    MeetingPerson,
    Participant,
    Placement,
    ScheduleVersion,
)
from registrations.models import Registration

Status = Meeting.Status
# Who did not meet says nothing of how useful it was: no average counts this one.
NOT_MET = 1


class FeedbackRefused(ValidationError):
    """There is nothing yet of which this participant could say something."""


@dataclass(frozen=True)
class Judged:
    """A meeting that somebody may say something of, and what was said so far."""

    place: MeetingPerson
    others: list[Participant]
    placement: Placement | None
    said: MeetingFeedback | None

    @property
    def meeting(self) -> Meeting:
        return self.place.meeting


def places_to_judge(participant: Participant) -> QuerySet[MeetingPerson]:
    """Select the meetings of a participant that were held, or whose time is over.

    Called off ones are left out, and of a delegation those to which the person was not to come.
    """
    published = Placement.objects.filter(
        meeting=OuterRef("meeting"), version__status=ScheduleVersion.Status.PUBLISHED
    )
    came = Q(must=True) | Q(arrived_at__isnull=False)
    is_over = Q(meeting__status__in=[Status.HELD, Status.NO_SHOW]) | Q(
        Exists(published.filter(slot__ends_at__lte=timezone.now()))
    )
    return (
        MeetingPerson.objects.filter(
            came | Q(Exists(published.filter(people=participant))),
            is_over,
            participant=participant,
            did_not_come=False,
        )
        .exclude(meeting__status=Status.CANCELLED)
        .order_by("meeting__begun_at", "meeting")
    )


def may_judge(registration: Registration) -> bool:
    """Whether somebody has met anybody, so that there is something to say. One or two queries."""
    participant = Participant.objects.filter(registration=registration).first()
    return participant is not None and places_to_judge(participant).exists()


def list_judged(participant: Participant) -> list[Judged]:
    """Return what a participant may say something of, in the order of the day. Four queries."""
    rows = list(places_to_judge(participant).select_related("meeting__event"))
    meetings = [row.meeting_id for row in rows]
    people = MeetingPerson.objects.filter(meeting__in=meetings).select_related(
        "participant__registration"
    )
    others: dict[int, list[MeetingPerson]] = {}
    for each in people.order_by("-must", "pk"):
        others.setdefault(each.meeting_id, []).append(each)
    placements = Placement.objects.filter(
        meeting__in=meetings, version__status=ScheduleVersion.Status.PUBLISHED
    ).select_related("slot", "table")
    placed = {each.meeting_id: each for each in placements}
    said = {
        each.meeting_id: each
        for each in MeetingFeedback.objects.filter(participant=participant, meeting__in=meetings)
    }
    found = [
        Judged(
            row,
            [
                each.participant
                for each in others[row.meeting_id]
                if each.side != row.side and each.must
            ],
            placed.get(row.meeting_id),
            said.get(row.meeting_id),
        )
        for row in rows
    ]
    last = timezone.now()
    return sorted(
        found,
        key=lambda each: (
            each.placement.slot.starts_at if each.placement else each.meeting.begun_at or last,
            each.meeting.pk,
        ),
    )


@transaction.atomic
def give(
    place: MeetingPerson, *, rating: int | None, other_came: bool, note: str
) -> MeetingFeedback:
    """Keep what somebody says of a meeting, in place of what was said before.

    Whoever met nobody rates nothing. Raises ``FeedbackRefused`` where the meeting is not over, was
    called off, or the person was not in it.
    """
    participant = Participant.objects.select_for_update(no_key=True).get(pk=place.participant_id)
    if not places_to_judge(participant).filter(pk=place.pk).exists():
        words = _("You can say how it was once the meeting is over. Reload this page.")
        raise FeedbackRefused(words, code="not_over")
    if other_came and rating is None:
        words = _("Choose how useful the meeting was.")
        raise FeedbackRefused({"rating": ValidationError(words, code="no_rating")})
    said = MeetingFeedback.objects.filter(meeting=place.meeting_id, participant=participant).first()
    if said is None:
        said = MeetingFeedback(meeting_id=place.meeting_id, participant=participant)
    said.rating = rating if other_came and rating is not None else NOT_MET
    said.other_came, said.note, said.given_at = other_came, note, timezone.now()
    said.full_clean()
    said.save()
    return said
