"""What a move breaks, and who is told of it."""

import pytest

from meetings.domain.changes import (
    Change,
    changes,
    changes_of_interpreters,
    changes_of_people,
    newly_broken,
)
from meetings.domain.plan import Rule, Table
from tests.meetings.plans import MORNING, meeting, person, place, plan, span

FIRST, SECOND, _THIRD = MORNING
PLAN = plan(
    [person(1), person(2), person(3), person(4, away=[FIRST])],
    [meeting(1, 1, 2), meeting(2, 1, 3), meeting(3, 3, 4)],
    tables=(Table(1, 3), Table(2, 3)),
)
BEFORE = {1: place(FIRST), 2: place(SECOND, people=(1, 3))}


def test_move_to_a_free_slot_breaks_nothing():
    assert newly_broken(PLAN, BEFORE, 1, place(MORNING[2])) == []


def test_move_says_what_it_breaks():
    found = newly_broken(PLAN, BEFORE, 2, place(FIRST, people=(1, 3)))

    assert [(each.rule, each.whom) for each in found] == [(Rule.ONCE, {1}), (Rule.TABLE, {1})]


def test_move_is_not_blamed_for_what_was_broken_before():
    broken = BEFORE | {3: place(FIRST, table=2, people=(3, 4))}

    assert newly_broken(PLAN, broken, 1, place(MORNING[2])) == []
    assert newly_broken(PLAN, broken, 3, None) == []


def test_same_schedule_has_no_changes():
    assert changes(BEFORE, dict(BEFORE)) == []
    assert changes_of_people(BEFORE, dict(BEFORE)) == {}


def test_new_moved_and_cancelled_meetings_are_told_to_those_in_them():
    new = place(FIRST, people=(3, 4))
    after = {2: place(SECOND, table=2, people=(1, 3)), 3: new}

    gone, moved = Change(1, BEFORE[1], None), Change(2, BEFORE[2], after[2])
    added = Change(3, None, new)

    assert changes(BEFORE, after) == [gone, moved, added]
    assert changes_of_people(BEFORE, after) == {
        1: [gone, moved],
        2: [gone],
        3: [moved, added],
        4: [added],
    }


def test_who_is_replaced_is_told_and_who_stays_is_not():
    after = BEFORE | {1: place(FIRST, people=(1, 4))}

    assert set(changes_of_people(BEFORE, after)) == {2, 4}


@pytest.mark.parametrize(
    ("interpreter", "told"), [(None, {7}), (8, {7, 8}), (7, set())], ids=["none", "other", "same"]
)
def test_interpreter_who_comes_or_goes_is_told_and_nobody_else(interpreter, told):
    before = {1: place(FIRST, interpreter=7)}
    after = {1: place(FIRST, interpreter=interpreter)}

    assert set(changes_of_interpreters(before, after)) == told
    assert changes_of_people(before, after) == {}


def test_interpreter_of_a_meeting_that_moves_is_told():
    before = {1: place(FIRST, interpreter=7)}
    after = {1: place(span("10:00", "10:30"), interpreter=7)}

    assert list(changes_of_interpreters(before, after)) == [7]
