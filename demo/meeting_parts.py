"""What the modules that make the demo's meetings have in common: a scene, and its requests."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from demo.builders import Work, build
from demo.source import Row
from events.models import Event
from meetings.models import Meeting, MeetingPerson, MeetingRequest, Participant

Status = MeetingRequest.Status


@dataclass
class Scene:
    """The meetings of one event while they are made, by the names of the people."""

    work: Work
    event: Event
    row: Row
    people: dict[str, Participant] = field(default_factory=dict)
    made: dict[tuple[str, str], Meeting] = field(default_factory=dict)

    def moment(self, day: date, hour: int = 10) -> datetime:
        return datetime.combine(day, time(hour), self.event.zone)


def request(
    scene: Scene, asker: str, asked: str, status: str, reason: str, asked_at: datetime
) -> MeetingRequest:
    """Make a request, and its meeting where it was accepted."""
    one, other = scene.people[asker], scene.people[asked]
    is_answered = status in (Status.ACCEPTED, Status.DECLINED)
    # Nobody answers the open ones of the demo: they wait until requests end.
    settings = scene.event.meeting_settings
    expires_at = settings.requests_until if status == Status.OPEN else None
    made = build(
        scene.work,
        MeetingRequest,
        event=scene.event,
        asker=one,
        asked=other,
        reason=reason,
        status=status,
        asked_at=asked_at,
        expires_at=expires_at or asked_at + timedelta(days=settings.answer_days),
        answered_at=asked_at + timedelta(days=1) if is_answered else None,
    )
    owner = other if other.side == Participant.Side.OWNER else one
    made.projects.set(owner.projects.all())
    if status == Status.ACCEPTED:
        meeting = build(
            scene.work,
            Meeting,
            event=scene.event,
            request=made,
            agreed_at=made.answered_at,
        )
        meeting.projects.set(owner.projects.all())
        scene.made[asker, asked] = meeting
        for side, person in ((1, one), (2, other)):
            build(scene.work, MeetingPerson, meeting=meeting, participant=person, side=side)
        for first, second, name in scene.row.get("may_come", []):
            if (first, second) == (asker, asked):
                _may_come(scene, meeting, name)
    return made


def _may_come(scene: Scene, meeting: Meeting, name: str) -> None:
    """Let somebody of a delegation come as well, on the side where the delegation is."""
    person = scene.people[name]
    [side] = meeting.people.filter(participant__delegation=person.delegation_id).values_list(
        "side", flat=True
    )
    build(scene.work, MeetingPerson, meeting=meeting, participant=person, side=side, must=False)
