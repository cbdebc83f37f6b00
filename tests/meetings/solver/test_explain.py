import pytest

from meetings.solver.explain import Cause, Reason, explain
from meetings.solver.goals import Solution
from tests.meetings.solver.tasks import job, task

Solver = pytest.importorskip("pysat.solvers").Solver


def reason(of, times, number, interpreters=None):
    found = explain(
        of,
        Solution(times, {}, interpreters or {}),
        [number],
        solver=lambda: Solver("cadical195"),
        seconds=20,
    )
    return found[number]


def test_no_slot_in_which_everybody_is_there():
    assert reason(task([job(0, 1, slots=[])]), {}, 0) == Reason(Cause.NO_SLOT)


def test_person_with_more_requests_than_slots():
    of = task([job(0, 1), job(0, 2), job(0, 3), job(0, 4)], people=5)

    found = reason(of, {0: 0, 1: 1, 2: 2}, 3)

    assert found == Reason(Cause.PERSON_FULL, person=0, free=3, held=3, asked=4)


def test_person_with_as_many_meetings_as_agreed():
    of = task([job(0, 1), job(0, 2)], most=1)

    assert reason(of, {0: 0}, 1) == Reason(Cause.PERSON_FULL, person=0, free=1, held=1, asked=2)


def test_more_meetings_than_tables():
    of = task([job(0, 1, slots=[0]), job(2, 3, slots=[0])], slots=1, tables=1)

    assert reason(of, {0: 0}, 1) == Reason(Cause.TABLES_FULL, held=1, free=1)


def test_fewer_interpreters_than_meetings_that_need_them():
    need = frozenset({0})
    of = task(
        [job(0, 1, slots=[0], interpreters=need), job(2, 3, slots=[0], interpreters=need)],
        slots=1,
        there=[need],
    )

    found = reason(of, {0: 0}, 1, {0: 0})

    assert found == Reason(Cause.INTERPRETERS_FULL, slot=0, free=1, held=1, asked=2)


def test_rules_that_interact_are_named_and_no_others():
    # Both people are free once, at different times, because of what is tied to these times.
    jobs = [job(0, 2, slots=[0]), job(1, 3, slots=[1]), job(0, 1, slots=[0, 1]), job(4, 5)]
    of = task(jobs, slots=3, people=6)

    found = reason(of, {0: 0, 1: 1, 3: 0}, 2)

    assert found.cause == Cause.RULES
    assert found.rules == (("once", 0), ("once", 1))
    assert found.jobs == (0, 1)


def test_meeting_that_could_be_held_is_said_to_be_possible():
    of = task([job(0, 1), job(2, 3)])

    assert reason(of, {0: 0}, 1) == Reason(Cause.POSSIBLE)


def test_without_a_solver_what_counting_does_not_show_is_unknown():
    of = task([job(0, 1, slots=[0]), job(0, 2, slots=[0, 1])], slots=3)

    found = explain(of, Solution({0: 0}), [1], solver=None, seconds=1)

    assert found == {1: Reason(Cause.UNKNOWN)}
