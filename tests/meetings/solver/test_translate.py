import dataclasses
import random

import pytest

from meetings.domain.fill import fill
from meetings.domain.plan import Interpreter, Side, Table
from meetings.domain.validation import broken_rules
from meetings.solver.solve import installed, solve
from meetings.solver.translate import translate
from tests.meetings.plans import MORNING, interpreter, meeting, person, place, plan


def random_plan(seed):
    chance = random.Random(seed)
    people = [
        person(
            key,
            *chance.choice([("zh",), ("en",), ("zh", "en"), ("de",)]),
            away=chance.sample(MORNING, chance.choice([0, 0, 1])),
        )
        for key in range(1, 9)
    ]
    pairs = {tuple(sorted(chance.sample(range(1, 9), 2))) for _ in range(9)}
    meetings = [
        meeting(number, one, other, priority=chance.choice([0, 1]))
        for number, (one, other) in enumerate(sorted(pairs), 1)
    ]
    third = next(key for key in range(1, 9) if key not in sorted(pairs)[0])
    meetings[0] = meeting(1, Side((sorted(pairs)[0][0],)), Side((), (sorted(pairs)[0][1], third)))
    return plan(
        people,
        meetings,
        tables=(Table(1, seats=3), Table(2, seats=4), Table(3, seats=2)),
        interpreters=(interpreter(1, "zh", "en"), interpreter(2, "zh", "de", "en")),
        most=chance.choice([None, 2]),
        most_in_a_row=chance.choice([None, 2]),
        apart=frozenset([frozenset(chance.sample(range(1, 9), 2))]),
    )


@pytest.mark.parametrize("seed", range(6))
def test_what_is_solved_keeps_every_rule_and_holds_no_fewer(seed):
    of = random_plan(seed)
    filled = fill(of, {}).schedule
    translated = translate(of, filled)

    answer = solve(translated.task, translated.solution_of(filled), seconds=20)
    schedule = translated.schedule_of(answer.solution, filled)

    assert broken_rules(of, schedule) == []
    urgent = [each.key for each in of.meetings if each.priority]
    assert sum(key in schedule for key in urgent) >= sum(key in filled for key in urgent)


@pytest.mark.skipif(not installed(), reason="python-sat is not installed")
def test_what_is_locked_or_has_begun_stays_where_it_is():
    people = [person(key) for key in range(1, 6)]
    meetings = [meeting(number, 1, number + 1) for number in range(1, 4)]
    begun, locked = place(MORNING[0], people=(1, 2)), place(MORNING[2], people=(1, 4))
    of = plan(people, meetings, locked={3: locked}, now=MORNING[0].end)
    before = {1: begun, 3: locked}

    translated = translate(of, before)
    answer = solve(translated.task, translated.solution_of(before), seconds=20)
    schedule = translated.schedule_of(answer.solution, before)

    assert schedule == {1: begun, 2: place(MORNING[1], people=(1, 3)), 3: locked}


@pytest.mark.skipif(not installed(), reason="python-sat is not installed")
def test_meeting_that_stays_keeps_its_table():
    people = [person(key) for key in range(1, 5)]
    of = plan(
        people,
        [meeting(1, 1, 2), meeting(2, 3, 4)],
        tables=(Table(1, seats=2), Table(2, seats=2)),
    )
    before = {1: place(table=2), 2: place(people=(3, 4), table=1)}

    translated = translate(of, before, is_replanned=True)
    answer = solve(translated.task, translated.solution_of(before), seconds=20)

    assert translated.schedule_of(answer.solution, before) == before


def test_meeting_without_an_interpreter_of_its_languages_has_no_slot():
    people = [person(1, "de"), person(2, "zh")]
    of = plan(people, [meeting(1, 1, 2)], interpreters=(interpreter(1, "zh", "en"),))

    assert translate(of, {}).task.jobs[0].slots == frozenset()


def test_interpreter_is_needed_only_where_no_language_is_shared():
    people = [person(1, "en", "de"), person(2, "zh"), person(3, "zh", "de")]
    able = (Interpreter(7, frozenset({"zh", "de"}), MORNING), interpreter(8, "fr", "zh"))
    of = plan(people, [meeting(1, 1, 2), meeting(2, 1, 3)], interpreters=able)

    jobs = translate(of, {}).task.jobs

    assert [each.interpreters for each in jobs] == [frozenset({0}), None]
    assert [each.seats for each in jobs] == [3, 2]


def test_absences_of_somebody_who_may_come_do_not_bar_the_meeting():
    people = [person(1), person(2, away=MORNING), person(3)]
    of = plan(people, [meeting(1, 1, Side((), (2, 3)))])

    job = translate(of, {}).task.jobs[0]

    assert job.slots == {0, 1, 2}
    assert dataclasses.astuple(job.choices[0]) == ((1, 2), 1)
