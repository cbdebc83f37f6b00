"""Computes the schedule of an event in a process of its own, and takes it into the draft.

Whoever presses the button writes a row (``start``); a child process reads it (``compute``), works
on the plan as it is then, writes how far it is, and ends by taking what it found into the draft.
The published schedule is never touched, so whatever happens to the process loses nothing.
"""

import datetime as dt
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Event
from meetings.domain import placing
from meetings.domain.drafting import check, hold_draft, without_broken
from meetings.domain.fill import fill
from meetings.domain.loading import load_plan, load_schedule
from meetings.domain.placing import lock_schedule, take_draft, write_places
from meetings.domain.plan import Place, Plan, Schedule, Span
from meetings.models import Computation, ScheduleVersion
from meetings.solver.explain import Reason, explain
from meetings.solver.solve import Answer, engine, installed, solve
from meetings.solver.translate import Translation, translate
from summit.lib.database import states

# So many of the meetings that are not held are explained, within so many seconds.
EXPLAINED, EXPLAINED_FOR = 100, 10
# So often the process says that it is there, in seconds.
BEAT = 1


class Stopped(Exception):
    """Somebody has stopped the computation, or its row is gone."""


@transaction.atomic
def start(event: Event, *, by: User | None, way: str, seconds: int) -> Computation:
    """Begin to compute the draft of an event, in a process that outlives the request.

    Raises ``ValidationError`` while another computation of the event runs.
    """
    lock_schedule(event)
    for gone in Computation.objects.silent().filter(event=event):
        states.move(gone, Computation.Status.FAILED, ended_at=timezone.now())
    draft = take_draft(event, by=by)
    begun = Computation(
        event=event,
        way=way,
        seconds=seconds,
        started_by=by,
        base_changes=draft.changes,
        solvers=", ".join(installed()),
    )
    begun.full_clean()
    begun.save()
    transaction.on_commit(partial(_spawn, begun.pk))
    return begun


def _spawn(key: int) -> None:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "compute_schedule", str(key)]
    # It outlives this request and its worker; what it has to say stands in its row.
    subprocess.Popen(  # noqa: S603  # our own command
        command,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def stop(computation: Computation, *, by: User | None = None) -> Computation:
    """End a computation. Its process ends within seconds; the draft stays as it was."""
    if computation.is_running:
        states.move(computation, Computation.Status.STOPPED, by=by, ended_at=timezone.now())
    return computation


def compute(computation: Computation) -> Computation:
    """Run a computation to its end, in this process and its children.

    Takes as many seconds as it says, and some for the reasons. Ends quietly if it was stopped.
    """
    event = computation.event
    draft = take_draft(event)
    plan, drafted = load_plan(event, draft), load_schedule(draft)
    sound = fill(plan, without_broken(plan, drafted)).schedule
    is_replanned = computation.way == Computation.Way.FEW_MOVES
    translation = translate(plan, drafted if is_replanned else sound, is_replanned=is_replanned)
    note = _Progress(computation, translation, sound)
    try:
        answer = solve(
            translation.task,
            translation.solution_of(sound),
            seconds=computation.seconds,
            report=note,
        )
        note.save(answer)
        _end(computation, translation, answer, sound)
    except Stopped:
        computation.refresh_from_db()
    return computation


class _Progress:
    """Writes how far a computation is, at most once in ``BEAT`` seconds."""

    def __init__(self, row: Computation, translation: Translation, before: Schedule) -> None:
        self.row, self.translation, self.before = row, translation, before
        self.saved = 0.0

    def __call__(self, answer: Answer) -> None:
        if time.monotonic() - self.saved >= BEAT:
            self.save(answer)

    def save(self, answer: Answer) -> None:
        self.saved = time.monotonic()
        running = Computation.objects.running().filter(pk=self.row.pk)
        known = running.update(
            beat_at=timezone.now(),
            meetings=len(self.translation.task.jobs),
            results=[
                [each.goal.kind.value, each.goal.weight, each.found, each.least]
                for each in answer.results
            ],
        )
        if not known:
            raise Stopped


def _end(
    computation: Computation, translation: Translation, answer: Answer, before: Schedule
) -> None:
    """Explain what is not held, and take what was found into the draft as it is now."""
    places = dict(before)
    reasons: dict[int, Reason] = {}
    if not answer.is_impossible:
        places = translation.schedule_of(answer.solution, before)
        task = translation.task
        left = [n for n in range(len(task.jobs)) if n not in answer.solution.times]
        left.sort(key=lambda number: -task.jobs[number].weight)
        solver = engine if installed() else None
        reasons = explain(
            task, answer.solution, left[:EXPLAINED], solver=solver, seconds=EXPLAINED_FOR
        )
    with transaction.atomic():
        event = lock_schedule(computation.event)
        computation.refresh_from_db()
        if not computation.is_running:
            raise Stopped
        computation.places = {str(key): _stored(place) for key, place in places.items()}
        computation.reasons = {
            str(translation.plan.meetings[number].key): _told(reason, translation)
            for number, reason in reasons.items()
        }
        computation.is_impossible = answer.is_impossible
        computation.save(update_fields=["places", "reasons", "is_impossible"])
        states.move(computation, Computation.Status.DONE, ended_at=timezone.now())
        draft = ScheduleVersion.objects.filter(event=event).drafts().first()
        is_same = draft is not None and draft.changes == computation.base_changes
        if draft is not None and is_same and not answer.is_impossible:
            _take_over(computation, draft)


@transaction.atomic
def take_over(
    computation: Computation, *, by: User | None = None, version: int | None = None
) -> ScheduleVersion:
    """Write what a computation found into the draft, though that was changed since it began.

    Meetings that were called off since, or whose place would break a rule now, have none then.
    Raises ``ValidationError`` if nothing was found, or where the draft is no longer the one that
    ``version`` names.
    """
    draft = hold_draft(take_draft(computation.event, by=by), version)
    computation.refresh_from_db()
    if computation.status != Computation.Status.DONE or computation.is_impossible:
        raise ValidationError(
            _("This computation has no schedule to take over. Compute again."), code="nothing"
        )
    return _take_over(computation, draft)


def _take_over(computation: Computation, draft: ScheduleVersion) -> ScheduleVersion:
    plan, before = load_plan(computation.event, draft), load_schedule(draft)
    found = {int(key): _read(stored) for key, stored in computation.places.items()}
    after = without_broken(plan, _still_there(plan, found) | dict(plan.locked))
    gone = before.keys() - after.keys()
    changed = {key: place for key, place in after.items() if before.get(key) != place}
    if gone:
        placing.take_out(draft, gone)
    if changed:
        write_places(draft, changed)
    draft.left_out = {}
    draft.save(update_fields=["left_out"])
    Computation.objects.filter(pk=computation.pk).update(is_taken_over=True)
    computation.is_taken_over = True
    return check(draft)


def _still_there(plan: Plan, places: Schedule) -> dict[int, Place]:
    """Return the places whose meeting, slot, table, people and interpreter still are."""
    meetings = {meeting.key for meeting in plan.meetings}
    tables = {table.key for table in plan.tables}
    interpreters = {each.key for each in plan.interpreters} | {None}
    slots = set(plan.slots)
    return {
        key: place
        for key, place in places.items()
        if key in meetings
        and place.slot in slots
        and place.table in tables
        and place.interpreter in interpreters
        and place.people <= plan.people.keys()
    }


def _stored(place: Place) -> list[Any]:
    return [
        place.slot.start.isoformat(),
        place.slot.end.isoformat(),
        place.table,
        sorted(place.people),
        place.interpreter,
    ]


def _read(stored: list[Any]) -> Place:
    start, end, table, people, interpreter = stored
    span = Span(dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end))
    return Place(span, table, frozenset(people), interpreter)


def _told(reason: Reason, translation: Translation) -> dict[str, Any]:
    """Return a reason by the keys of rows, as it is stored."""
    plan, people = translation.plan, translation.people
    told: Mapping[str, Any] = {
        "cause": reason.cause.value,
        "person": None if reason.person is None else people[reason.person],
        "free": reason.free,
        "held": reason.held,
        "asked": reason.asked,
        "slot": None if reason.slot is None else plan.slots[reason.slot].start.isoformat(),
        "rules": [_rule(rule, translation) for rule in reason.rules],
        "meetings": [plan.meetings[number].key for number in reason.jobs],
    }
    return {name: value for name, value in told.items() if value or value == 0}


def _rule(rule: Any, translation: Translation) -> list[Any]:
    """Return the name of a rule and whom it is about: a person, a slot or a meeting."""
    name, number = rule
    if name in ("once", "away", "most", "in_a_row"):
        return [name, translation.people[number]]
    if name in ("tables", "interpreters"):
        return [name, translation.plan.slots[number].start.isoformat()]
    return [name, translation.plan.meetings[number].key]
