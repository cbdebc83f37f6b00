"""The demo's past meetings: where they were, who came, what came of them, what people say."""

from datetime import datetime, timedelta
from typing import Any

from demo.builders import Work, build, save
from demo.meeting_parts import Scene, request
from meetings.domain.placing import write_places
from meetings.domain.plan import Place, Span
from meetings.models import (
    Meeting,
    MeetingFeedback,
    MeetingOutcome,
    MeetingPerson,
    MeetingSlot,
    ScheduleVersion,
)
from projects.models import CooperationIntention

Status = Meeting.Status


def hold(scene: Scene) -> None:
    """Make the meetings of the past, in the one version of the schedule that there was."""
    work, event, row = scene.work, scene.event, scene.row
    published_at = event.starts_at - timedelta(days=2)
    version = build(
        work,
        ScheduleVersion,
        event=event,
        number=1,
        status=ScheduleVersion.Status.PUBLISHED,
        made_at=published_at - timedelta(days=1),
        made_by=work.by,
        published_at=published_at,
        published_by=work.by,
    )
    for number, (asker, asked, slot, table, interpreter, status, outcome) in enumerate(row["held"]):
        asked_at = scene.moment(row["asked_on"]) + timedelta(hours=number)
        request(scene, asker, asked, "accepted", "", asked_at)
        meeting = scene.made[asker, asked]
        _place(version, meeting, slot, table, interpreter)
        _came(work, meeting, status, _slot(scene, slot))
        if outcome:
            _outcome(scene, meeting, outcome, f"{asker} {asked}")
    _stand_in(scene, version)
    for names, ratings in row["feedback"].items():
        asker, asked = _pair(scene, names)
        _feedback(work, scene.made[asker, asked], ratings)


def _pair(scene: Scene, names: str) -> tuple[str, str]:
    return next(pair for pair in scene.made if " ".join(pair) == names)


def _slot(scene: Scene, number: int) -> MeetingSlot:
    return MeetingSlot.objects.filter(event=scene.event)[number]


def _place(
    version: ScheduleVersion, meeting: Meeting, slot: int, table: str, interpreter: str
) -> None:
    event = version.event
    times = MeetingSlot.objects.filter(event=event)[slot]
    person = event.interpreters.filter(name=interpreter).first()
    place = Place(
        Span(times.starts_at, times.ends_at),
        event.meeting_tables.get(name=table).pk,
        frozenset(meeting.people.values_list("participant", flat=True)),
        person.pk if person else None,
    )
    write_places(version, {meeting.pk: place})


def _came(work: Work, meeting: Meeting, status: str, slot: MeetingSlot) -> None:
    """Let both sides arrive, or the one that asked alone."""
    people = MeetingPerson.objects.filter(meeting=meeting)
    people.filter(side=1).update(arrived_at=slot.starts_at - timedelta(minutes=2))
    if status == Status.HELD:
        people.filter(side=2).update(arrived_at=slot.starts_at)
        meeting.begun_at, meeting.ended_at = slot.starts_at, slot.ends_at
    else:
        people.filter(side=2).update(did_not_come=True)
    meeting.status = status
    save(work, meeting)


def _outcome(scene: Scene, meeting: Meeting, kind: str, names: str) -> None:
    told: dict[str, Any] = dict(scene.row["outcomes"].get(names, {}))
    intention = None
    if "intention" in told:
        intention = CooperationIntention.objects.get(
            event=scene.event,
            company__slug=told.pop("intention"),
            projects__slug=told.pop("project"),
        )
    recorded_at = (meeting.ended_at or scene.event.ends_at) + timedelta(minutes=3)
    build(
        scene.work,
        MeetingOutcome,
        meeting=meeting,
        kind=kind,
        intention=intention,
        recorded_at=recorded_at,
        recorded_by=scene.work.by,
        **told,
    )


def _stand_in(scene: Scene, version: ScheduleVersion) -> None:
    """Let another meeting take the place of the one to which somebody did not come."""
    told = scene.row["stand_in"]
    missed = scene.made[tuple(told["for"])]
    place = missed.placements.get(version=version)
    slot = place.slot
    meeting = build(
        scene.work,
        Meeting,
        event=scene.event,
        origin=Meeting.Origin.WALK_UP,
        stands_in_for=missed,
        agreed_at=slot.starts_at + timedelta(minutes=5),
    )
    for side, name in enumerate(told["people"], start=1):
        build(
            scene.work,
            MeetingPerson,
            meeting=meeting,
            participant=scene.people[name],
            side=side,
        )
    number = list(MeetingSlot.objects.filter(event=scene.event)).index(slot)
    _place(version, meeting, number, place.table.name, "")
    _came(scene.work, meeting, Status.HELD, slot)
    _outcome(scene, meeting, told["outcome"], "")


def _feedback(work: Work, meeting: Meeting, ratings: list[int]) -> None:
    """Keep what each side says; 0 stands for somebody whom the other side let down."""
    given_at: datetime = meeting.event.ends_at + timedelta(hours=3)
    people = meeting.people.order_by("side", "pk")
    for person, rating in zip(people, ratings, strict=False):
        build(
            work,
            MeetingFeedback,
            meeting=meeting,
            participant=person.participant,
            rating=rating or 1,
            other_came=rating > 0,
            given_at=given_at,
        )
