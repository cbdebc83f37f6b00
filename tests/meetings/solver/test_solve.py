import multiprocessing

import pytest

from meetings.solver.goals import Goal, Kind, Solution, breaks_of_people, measure
from meetings.solver.solve import installed, solve
from meetings.solver.task import Choice
from tests.meetings.solver.tasks import best_by_trying, job, nothing_held, random_task, task

needs_solver = pytest.mark.skipif(not installed(), reason="python-sat is not installed")


def values(answer):
    return [result.found for result in answer.results]


@needs_solver
@pytest.mark.parametrize("seed", range(6))
def test_schedule_is_as_good_as_the_best_of_all_schedules(seed):
    of = random_task(seed)

    answer = solve(of, nothing_held(of), seconds=60)

    assert values(answer) == best_by_trying(of)
    assert all(result.is_proven for result in answer.results)
    assert values(answer) == [measure(of, each.goal, answer.solution) for each in answer.results]


@pytest.mark.parametrize("seed", range(6))
def test_without_a_solver_nothing_is_claimed_that_is_not_so(seed):
    of = random_task(seed)

    answer = solve(of, nothing_held(of), seconds=0.1, solvers=())

    assert values(answer) >= best_by_trying(of)
    best = best_by_trying(of)
    assert answer.results[0].least <= best[0] <= answer.results[0].found


@needs_solver
def test_of_a_delegation_so_many_come_as_are_needed():
    company = Choice((2, 3), least=1)
    of = task([job(0, slots=[0], choices=(company,)), job(1, slots=[0], choices=(company,))])

    answer = solve(of, nothing_held(of), seconds=30)

    assert answer.solution.times == {0: 0, 1: 0}
    assert sorted(map(sorted, answer.solution.comes.values())) == [[2], [3]]


@needs_solver
def test_as_few_meetings_as_possible_move():
    jobs = [job(0, 1, slots=[1, 2]), job(0, 2), job(0, 3)]
    of = task(jobs, before={0: 0, 1: 1, 2: 2})

    answer = solve(of, Solution({1: 1, 2: 2}), seconds=30)

    found = {each.goal.kind: (each.found, each.least) for each in answer.results}
    assert found[Kind.DROPPED] == (0, 0)
    assert found[Kind.MOVED] == (2, 2)


@needs_solver
def test_locks_that_contradict_each_other_are_impossible():
    fixed = [job(0, 1, slots=[0], is_fixed=True), job(0, 2, slots=[0], is_fixed=True)]
    of = task([*fixed, job(0, 3)])

    answer = solve(of, Solution({0: 0, 1: 0}), seconds=30)

    assert answer.is_impossible
    assert answer.solution == Solution({0: 0, 1: 0})


@needs_solver
def test_published_instances_hold_all_meetings_with_few_breaks():
    jobs = [job(0, 1), job(0, 2), job(1, 2), job(0, 3)]
    of = task(jobs, slots=4, after=[(3, 0)], breaks=2)

    answer = solve(of, None, seconds=30)

    assert len(answer.solution.times) == 4
    assert answer.solution.times[3] < answer.solution.times[0]
    assert (answer.results[0].found, answer.results[0].least) == (0, 0)
    assert set(breaks_of_people(of, answer.solution).values()) == {0}


@needs_solver
def test_killed_solvers_leave_what_was_found():
    of = task([job(a, b) for a in range(6) for b in range(6, 12)], people=12, tables=5)
    reports = []

    def kill_children(answer):
        reports.append(len(multiprocessing.active_children()))
        for child in multiprocessing.active_children():
            child.kill()

    answer = solve(of, nothing_held(of), seconds=30, report=kill_children)

    assert reports
    dropped = answer.results[0]
    assert dropped.found == 36 - len(answer.solution.times)
    assert dropped.least <= dropped.found


@pytest.mark.parametrize(
    "of",
    [
        task([], people=0),
        task([job(0, 1, slots=[0])], slots=1),
        task([job(0, each, slots=[0]) for each in (1, 2, 3)], slots=1),
        task([job(0, 1, slots=[])]),
    ],
    ids=["nobody", "one slot", "more meetings than slots", "no slot"],
)
def test_odd_events_have_an_answer(of):
    answer = solve(of, nothing_held(of), seconds=20)

    assert not answer.is_impossible
    dropped = measure(of, Goal(Kind.DROPPED), answer.solution)
    assert dropped == max(0, len(of.jobs) - sum(bool(each.slots) for each in of.jobs[:1]))
