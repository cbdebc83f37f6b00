"""Which rows of meetings a report counts, and the conditions that its figures share."""

from django.db.models import Exists, OuterRef, Q

from meetings.models import (
    Meeting,
    MeetingFeedback,
    MeetingPerson,
    MeetingRequest,
    Participant,
    Placement,
    RatherNot,
    ScheduleVersion,
)
from projects.report.populations import Pool
from projects.report.subject import Subject

REQUESTS = Pool(MeetingRequest, lambda subject: subject.events("event"), "event")
MEETINGS = Pool(Meeting, lambda subject: subject.events("event"), "event")
PARTICIPANTS = Pool(Participant, lambda subject: subject.events("event"), "event")
FEEDBACK = Pool(MeetingFeedback, lambda subject: subject.events("meeting__event"), "meeting__event")

IS_HELD = Q(status=Meeting.Status.HELD)
IS_COUNTED = ~Q(status=Meeting.Status.CANCELLED)
IS_ADMITTED = Q(status=Participant.Status.ADMITTED)
_PUBLISHED = Q(version__status=ScheduleVersion.Status.PUBLISHED)
# Whoever comes to a meeting, by the placement that says so.
_Comes = Placement.people.through


def is_scheduled(**condition: object) -> Q:
    """Select meetings that the published schedule places."""
    places = Placement.objects.filter(_PUBLISHED, meeting=OuterRef("pk"), **condition)
    return IS_COUNTED & Q(Exists(places))


def is_over(subject: Subject) -> Q:
    """Select scheduled meetings whose slot has ended."""
    return is_scheduled(slot__ends_at__lte=subject.at)


def is_replaced() -> Q:
    """Select meetings to which somebody did not come, and in whose place another one was put."""
    others = Meeting.objects.counted().filter(stands_in_for=OuterRef("pk"))
    return Q(Exists(others), status=Meeting.Status.NO_SHOW)


def is_unwanted() -> Q:
    """Select scheduled meetings of two people who are kept apart."""
    one = _Comes.objects.filter(
        placement=OuterRef(OuterRef("pk")), participant=OuterRef("participant")
    )
    other = _Comes.objects.filter(placement=OuterRef(OuterRef("pk")), participant=OuterRef("other"))
    pairs = RatherNot.objects.filter(Exists(one), Exists(other))
    places = Placement.objects.filter(_PUBLISHED, Exists(pairs), meeting=OuterRef("pk"))
    freed = Q(status__in=[Meeting.Status.CANCELLED, Meeting.Status.NO_SHOW])
    return Q(Exists(places)) & ~freed


def has_a_schedule() -> Q:
    """Select participants who are in the published schedule."""
    rows = _Comes.objects.filter(
        participant=OuterRef("pk"),
        placement__version__status=ScheduleVersion.Status.PUBLISHED,
    ).exclude(placement__meeting__status=Meeting.Status.CANCELLED)
    return Q(Exists(rows))


def has_met() -> Q:
    """Select participants who were at a meeting that was held.

    Of a delegation those are who had to come, arrived, or were expected by the schedule.
    """
    expected = _Comes.objects.filter(
        participant=OuterRef("participant"),
        placement__meeting=OuterRef("meeting"),
        placement__version__status=ScheduleVersion.Status.PUBLISHED,
    )
    places = MeetingPerson.objects.filter(
        Q(must=True) | Q(arrived_at__isnull=False) | Q(Exists(expected)),
        participant=OuterRef("pk"),
        meeting__status=Meeting.Status.HELD,
        did_not_come=False,
    )
    return Q(Exists(places))


def is_accepted() -> Q:
    """Select requests of which a meeting was made, whatever became of it."""
    meetings = Meeting.objects.filter(request=OuterRef("pk"))
    return Q(status=MeetingRequest.Status.ACCEPTED) | Q(Exists(meetings))
