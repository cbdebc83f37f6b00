import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from meetings.domain import computing
from meetings.domain.calling_off import call_off
from meetings.domain.computed_words import reason_in_words, results_in_words
from meetings.domain.drafting import set_locked
from meetings.domain.loading import load_plan, load_schedule
from meetings.domain.placing import take_draft
from meetings.domain.publishing import publish
from meetings.domain.validation import broken_rules
from meetings.domain.words import Names
from meetings.models import Absence, Computation
from meetings.solver.solve import installed
from tests.factories import save
from tests.meetings import rows

pytestmark = pytest.mark.django_db
needs_solver = pytest.mark.skipif(not installed(), reason="python-sat is not installed")


@pytest.fixture(autouse=True)
def _no_process(monkeypatch):
    """The row is computed by the test itself: a process of its own would not see its rows."""
    monkeypatch.setattr(computing.subprocess, "Popen", lambda *args, **kwargs: None)


def begun(event, **fields):
    return computing.start(event, by=None, **{"way": "anew", "seconds": 20} | fields)


def full_event():
    """Three slots, and one expert whom four companies want to meet."""
    event = rows.meeting_event(tables=4)
    expert = rows.owner(event, name="Ann Farrow")
    return event, [
        rows.meeting(rows.participant(event), expert, priority=priority)
        for priority in (0, 1, 0, 0)
    ]


@needs_solver
def test_computation_takes_the_best_schedule_into_the_draft():
    event, meetings = full_event()

    done = computing.compute(begun(event))

    draft = take_draft(event)
    schedule = load_schedule(draft)
    assert (done.status, done.is_taken_over) == ("done", True)
    assert len(schedule) == 3
    assert meetings[1].pk in schedule
    assert broken_rules(load_plan(event, draft), schedule) == []
    assert results_in_words(done)[0] == (
        "3 of 4 meetings have a place; 1 cannot be held, which is proven."
    )
    assert results_in_words(done)[-1] == "Nothing better exists."


@needs_solver
def test_meeting_that_is_not_held_has_a_reason_in_both_languages():
    event, _meetings = full_event()

    done = computing.compute(begun(event))

    names = Names.of(event, load_plan(event))
    (reason,) = done.reasons.values()
    assert reason_in_words(reason, names, str) == (
        "Ann Farrow has 3 free slots and 4 accepted requests. A further slot, or somebody else of "
        "the delegation, would help."
    )
    with translation.override("zh-hans"):
        assert "Ann Farrow有3个空闲时段，却有4个已接受的约见。" in reason_in_words(
            reason, names, str
        )


@needs_solver
def test_few_moves_leave_what_can_stay_where_it_is():
    event = rows.meeting_event(tables=4)
    people = [rows.participant(event) for _ in range(3)]
    experts = [rows.owner(event) for _ in range(3)]
    meetings = [rows.meeting(*pair) for pair in zip(people, experts, strict=True)]
    draft = take_draft(event)
    places = [
        rows.placed(draft, each, slot=number, table=number) for number, each in enumerate(meetings)
    ]
    publish(draft)
    first = event.meeting_slots.first()
    save(Absence(participant=people[0], starts_at=first.starts_at, ends_at=first.ends_at))

    done = computing.compute(begun(event, way="few_moves"))

    schedule = load_schedule(take_draft(event))
    assert [schedule[each.pk] for each in meetings[1:]] == places[1:]
    assert schedule[meetings[0].pk].slot != places[0].slot
    assert "Meetings in another slot: 1, fewer are not possible." in results_in_words(done)


def test_one_computation_runs_at_a_time_and_a_silent_one_gives_way():
    event, _meetings = full_event()
    first = begun(event)

    with pytest.raises(ValidationError, match="being computed already"):
        begun(event)
    Computation.objects.update(beat_at=timezone.now() - dt.timedelta(minutes=5))
    second = begun(event)

    first.refresh_from_db()
    assert (first.status, second.status) == ("failed", "running")
    assert first.ended_at is not None


def test_stopped_computation_leaves_the_draft_as_it_was():
    event, _meetings = full_event()
    running = begun(event)
    computing.stop(Computation.objects.get())

    computing.compute(running)

    running.refresh_from_db()
    assert (running.status, running.is_taken_over) == ("stopped", False)
    assert load_schedule(take_draft(event)) == {}


def test_draft_that_others_changed_meanwhile_is_left_until_somebody_takes_it_over():
    event, meetings = full_event()
    running = begun(event)
    draft = take_draft(event)
    place = rows.placed(draft, meetings[0])

    done = computing.compute(running)

    assert done.is_taken_over is False
    assert load_schedule(draft) == {meetings[0].pk: place}
    draft.refresh_from_db()
    computing.take_over(done, version=draft.changes)
    assert len(load_schedule(draft)) == 3
    assert done.is_taken_over is True


def test_meeting_that_was_called_off_meanwhile_is_not_taken_over():
    event, meetings = full_event()
    draft = take_draft(event)
    done = computing.compute(begun(event))
    gone = next(each for each in meetings if each.pk in load_schedule(draft))

    call_off(gone)
    computing.take_over(done)

    assert gone.pk not in load_schedule(draft)
    assert len(load_schedule(draft)) == 2


def test_locks_that_contradict_each_other_change_nothing():
    event, meetings = full_event()
    draft = take_draft(event)
    for number in (0, 1):
        rows.placed(draft, meetings[number], slot=0, table=number)
    keys = [each.pk for each in meetings[:2]]
    draft.refresh_from_db()
    set_locked(draft, keys, locked=True, version=draft.changes)
    before = load_schedule(draft)

    done = computing.compute(begun(event))

    assert (done.status, done.is_impossible) == ("done", True)
    assert load_schedule(draft) == before
    with pytest.raises(ValidationError, match="no schedule to take over"):
        computing.take_over(done)


@pytest.mark.parametrize("slots", [0, 1])
def test_event_without_people_has_an_empty_schedule(slots):
    event = rows.meeting_event(slots=slots, tables=1)

    done = computing.compute(begun(event))

    assert (done.status, done.meetings, done.reasons) == ("done", 0, {})


def test_command_runs_what_was_asked_for_and_nothing_else():
    event, _meetings = full_event()
    running = begun(event, seconds=5)

    call_command("compute_schedule", str(running.pk))

    running.refresh_from_db()
    assert running.status == "done"
    with pytest.raises(CommandError, match="no such computation"):
        call_command("compute_schedule", str(running.pk))


def test_reasons_and_places_hold_no_names():
    event, _meetings = full_event()

    done = computing.compute(begun(event))

    assert "Farrow" not in f"{done.places}{done.reasons}{done.results}"
