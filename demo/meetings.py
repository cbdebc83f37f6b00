"""One-to-one meetings of the demo: asked for, scheduled, held, and what came of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from demo.builders import Work, build, existing, save
from demo.meeting_parts import Scene, request
from demo.meetings_held import hold
from demo.source import columns, rows
from events.models import Event, Expert
from meetings.domain.drafting import check
from meetings.domain.fill import fill
from meetings.domain.loading import load_plan, load_schedule
from meetings.domain.placing import replace_schedule, take_draft
from meetings.domain.plan import Schedule
from meetings.models import (
    Absence,
    Delegation,
    Interpreter,
    MeetingSettings,
    MeetingSlot,
    MeetingTable,
    MeetingTotals,
    Participant,
    Presence,
    QueueEntry,
    RatherNot,
    ScheduleVersion,
)
from projects.models import Project
from registrations.models import Registration

HALF_AN_HOUR = timedelta(minutes=30)


def meetings(work: Work) -> None:
    """Make the meetings of events that offer none yet, and typed totals that are not there."""
    for row in rows("meetings", "meetings"):
        event = existing(Event, row["event"])
        if event is None or MeetingSettings.objects.filter(event=event).exists():
            continue
        scene = Scene(work, event, row)
        _rules(scene)
        _participants(scene)
        _apart(scene)
        _requests(scene, row.get("requests", []))
        if "published_on" in row:
            _schedule(scene)
        if "held" in row:
            hold(scene)
        _queue(scene)
    for row in rows("meetings", "totals"):
        event = existing(Event, row["event"])
        if event is not None and not MeetingTotals.objects.filter(event=event).exists():
            build(work, MeetingTotals, event=event, **columns(row, leave_out=("event",)))


def _rules(scene: Scene) -> None:
    work, event, row = scene.work, scene.event, scene.row
    way = row["way"]["zh"]
    build(work, MeetingSettings, event=event, way_to_tables=way, **row["rules"])
    for start, number in row["slots"]:
        for place in range(number):
            begins = start + place * HALF_AN_HOUR
            build(work, MeetingSlot, event=event, starts_at=begins, ends_at=begins + HALF_AN_HOUR)
    for order, (name, room_en, room_zh) in enumerate(row["tables"], start=1):
        room = {"room_en": room_en, "room_zh_hans": room_zh}
        build(work, MeetingTable, event=event, name=name, order=order, **room)
    for name in row.get("delegations", []):
        build(work, Delegation, event=event, name=name)
    for number, (name, languages, presences) in enumerate(row["interpreters"], start=1):
        email = f"interpreter{number}@example.org"
        made = build(work, Interpreter, event=event, name=name, languages=languages, email=email)
        for start, end in presences:
            build(work, Presence, interpreter=made, starts_at=start, ends_at=end)


def _participants(scene: Scene) -> None:
    row = scene.row
    for name, side, languages, topics in row["participants"]:
        _participant(
            scene,
            name,
            status=Participant.Status.ADMITTED,
            side=side,
            languages=languages,
            topics=topics,
        )
    for name in row.get("applied", []):
        _participant(scene, name, languages=["zh"])
    for name in row.get("refused", []):
        _participant(scene, name, status=Participant.Status.REFUSED, languages=["zh"])
    for name, start, end in row.get("absent", []):
        build(
            scene.work,
            Absence,
            participant=scene.people[name],
            starts_at=start,
            ends_at=end,
        )


def _participant(scene: Scene, name: str, **values: Any) -> None:
    row, event = scene.row, scene.event
    registration = Registration.objects.get(event=event, name=name)
    applied_at = scene.moment(row["asked_on"]) - timedelta(days=7)
    is_admitted = values.get("status") == Participant.Status.ADMITTED
    delegation = row.get("of_delegation", {}).get(name)
    expert = row.get("experts", {}).get(name)
    made = build(
        scene.work,
        Participant,
        event=event,
        registration=registration,
        expert=existing(Expert, expert) if expert else None,
        delegation=Delegation.objects.get(event=event, name=delegation) if delegation else None,
        time_zone=row.get("zones", {}).get(name, ""),
        applied_at=applied_at,
        admitted_at=applied_at + timedelta(days=1) if is_admitted else None,
        admitted_by=scene.work.by if is_admitted else None,
        listed_at=applied_at if is_admitted else None,
        **values,
    )
    made.projects.set(_projects(row.get("projects", {}).get(name, [])))
    # Whoever takes part in meetings has proven the contact.
    if registration.proven_at is None:
        Registration.objects.filter(pk=registration.pk).update(proven_at=applied_at)
    scene.people[name] = made


def _projects(slugs: Iterable[str]) -> list[Project]:
    found = (existing(Project, slug) for slug in slugs)
    return [project for project in found if project is not None]


def _apart(scene: Scene) -> None:
    for one, other in scene.row.get("apart", []):
        people = {"participant": scene.people[one], "other": scene.people[other]}
        build(scene.work, RatherNot, **people)


def _requests(scene: Scene, told: list[list[str]]) -> None:
    for number, (asker, asked, status, reason) in enumerate(told):
        asked_at = scene.moment(scene.row["asked_on"]) + timedelta(hours=3 * number)
        request(scene, asker, asked, status, reason, asked_at)


def _schedule(scene: Scene) -> None:
    """Publish what the greedy rule places, and begin a draft with what was agreed later.

    Not by the domain: whenever the demo is built, this was done before the day, and nobody is
    written to.
    """
    work, event, row = scene.work, scene.event, scene.row
    published_at = scene.moment(row["published_on"])
    version = build(
        work,
        ScheduleVersion,
        event=event,
        number=1,
        made_at=published_at - timedelta(days=1),
        made_by=work.by,
    )
    replace_schedule(version, _filled(event, {}), ())
    version.status, version.published_at = ScheduleVersion.Status.PUBLISHED, published_at
    version.published_by = work.by
    save(work, version)
    for asker, asked, status, reason in row.get("later", []):
        request(scene, asker, asked, status, reason, published_at)
    draft = take_draft(event, by=work.by)
    work.count(ScheduleVersion)
    replace_schedule(draft, _filled(event, load_schedule(draft)), ())
    check(draft)


def _filled(event: Event, schedule: Schedule) -> Schedule:
    # Without a clock: the day may be over where the demo is built.
    return fill(replace(load_plan(event), now=None), schedule).schedule


def _queue(scene: Scene) -> None:
    row = scene.row
    tables = {table.name: table for table in MeetingTable.objects.filter(event=scene.event)}
    for name, host in row.get("hosts", {}).items():
        tables[name].host = scene.people[host]
        save(scene.work, tables[name])
    for place, (name, person) in enumerate(row.get("queue", [])):
        table = tables[name]
        build(
            scene.work,
            QueueEntry,
            table=table,
            participant=scene.people[person],
            number=table.queue.count() + 1,
            joined_at=scene.event.starts_at + timedelta(minutes=place),
        )
