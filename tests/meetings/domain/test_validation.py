"""Each hard rule: kept, broken, and broken by the smallest step over it."""

from zoneinfo import ZoneInfo

import pytest

from meetings.domain.plan import Rule, Side, Table
from meetings.domain.validation import Broken, broken_rules
from tests.meetings.plans import (
    MORNING,
    interpreter,
    meeting,
    person,
    place,
    plan,
    span,
)

FIRST, SECOND, THIRD = MORNING
PAIRS = [meeting(1, 1, 2), meeting(2, 1, 3)]
THREE = [person(1), person(2), person(3)]


def rules(plan, schedule):
    return [broken.rule for broken in broken_rules(plan, schedule)]


def test_meeting_of_two_people_at_a_table_breaks_nothing():
    assert broken_rules(plan(), {1: place()}) == []


def test_schedule_without_meetings_breaks_nothing():
    assert broken_rules(plan(), {}) == []


@pytest.mark.parametrize(
    "strange",
    [
        {9: place()},
        {1: place(slot=span("09:00", "09:31"))},
        {1: place(table=9)},
        {1: place(people=(1, 2, 9))},
        {1: place(interpreter=9)},
    ],
    ids=["meeting", "slot", "table", "person", "interpreter"],
)
def test_what_the_plan_does_not_know_is_named(strange):
    assert rules(plan(), strange) == [Rule.KNOWN]


@pytest.mark.parametrize("people", [(1,), (), (1, 3), (1, 2, 3)])
def test_both_sides_come_and_nobody_else(people):
    assert Rule.SIDES in rules(plan(THREE), {1: place(people=people)})


def test_as_many_of_a_delegation_come_as_are_needed():
    delegation = Side(must=(2,), may=(3, 4), least=2)
    given = plan([*THREE, person(4)], [meeting(1, 1, delegation)], tables=(Table(1, seats=4),))

    assert rules(given, {1: place(people=(1, 2, 4))}) == []
    assert rules(given, {1: place(people=(1, 2, 3, 4))}) == []
    assert rules(given, {1: place(people=(1, 2))}) == [Rule.SIDES]
    assert rules(given, {1: place(people=(1, 3, 4))}) == [Rule.SIDES]


def test_those_who_never_meet_are_kept_apart():
    given = plan(apart=frozenset([frozenset([1, 2])]))

    assert broken_rules(given, {1: place()}) == [
        Broken(Rule.APART, frozenset([1]), frozenset([1, 2]))
    ]


def test_somebody_who_is_away_for_a_minute_of_it_is_away():
    leaves = plan([person(1), person(2, away=[span("09:29", "11:00")])])
    comes_back = plan([person(1), person(2, away=[span("08:00", "09:00")])])

    assert broken_rules(leaves, {1: place()}) == [Broken(Rule.AWAY, frozenset([1]), frozenset([2]))]
    assert broken_rules(comes_back, {1: place()}) == []


def test_meeting_stays_in_the_part_to_which_it_is_tied():
    given = plan(meetings=[meeting(1, 1, 2, within=span("09:30", "10:00"))])

    assert rules(given, {1: place(SECOND)}) == []
    assert rules(given, {1: place(FIRST)}) == [Rule.WITHIN]


@pytest.mark.parametrize(
    ("start", "end", "broken"),
    [("14:00", "14:30", []), ("13:30", "14:00", [Rule.HOURS])],
    ids=["07:00 in London", "06:30 in London"],
)
def test_nobody_meets_before_seven_where_they_are(start, end, broken):
    slot = span(start, end)
    there = person(2, "zh", zone=ZoneInfo("Europe/London"))
    given = plan([person(1), there], slots=(slot,))

    assert rules(given, {1: place(slot)}) == broken


@pytest.mark.parametrize(
    ("start", "end", "broken"),
    [("20:30", "21:00", []), ("20:31", "21:01", [Rule.HOURS] * 2)],
)
def test_nobody_meets_after_nine_in_the_evening(start, end, broken):
    slot = span(start, end)

    assert rules(plan(slots=(slot,)), {1: place(slot)}) == broken


@pytest.mark.parametrize(("day", "broken"), [(27, [Rule.HOURS]), (29, [])])
def test_hours_are_those_of_the_day_on_which_clocks_change(day, broken):
    """In London it is 06:30 on Saturday and, an hour put forward, 07:30 on Sunday."""
    hour = span("14:30", "15:00") if day == 27 else span("14:30", "15:00", day=29)
    start, end = (each.replace(month=3, day=day) for each in (hour.start, hour.end))
    slot = type(hour)(start, end)
    given = plan([person(1), person(2, "zh", zone=ZoneInfo("Europe/London"))], slots=(slot,))

    assert rules(given, {1: place(slot)}) == broken


def test_nobody_is_in_two_meetings_at_a_time():
    given = plan(THREE, PAIRS, tables=(Table(1, 3), Table(2, 3)))

    apart = {1: place(FIRST), 2: place(SECOND, people=(1, 3))}
    at_once = {1: place(FIRST), 2: place(FIRST, table=2, people=(1, 3))}

    assert broken_rules(given, apart) == []
    assert broken_rules(given, at_once) == [Broken(Rule.ONCE, frozenset([1, 2]), frozenset([1]))]


@pytest.mark.parametrize(("most", "broken"), [(1, [Rule.MOST]), (2, [])])
def test_nobody_has_more_meetings_than_agreed(most, broken):
    given = plan(THREE, PAIRS, most=most)

    assert rules(given, {1: place(FIRST), 2: place(SECOND, people=(1, 3))}) == broken


@pytest.mark.parametrize(("second", "broken"), [(SECOND, [Rule.IN_A_ROW]), (THIRD, [])])
def test_nobody_has_more_meetings_in_a_row_than_agreed(second, broken):
    given = plan(THREE, PAIRS, most_in_a_row=1)

    assert rules(given, {1: place(FIRST), 2: place(second, people=(1, 3))}) == broken


def test_table_has_one_meeting_at_a_time():
    given = plan([*THREE, person(4)], [meeting(1, 1, 2), meeting(2, 3, 4)])

    assert broken_rules(given, {1: place(), 2: place(people=(3, 4))}) == [
        Broken(Rule.TABLE, frozenset([1, 2]), frozenset([1]))
    ]


def test_table_has_a_chair_for_everybody_and_for_the_interpreter():
    given = plan(
        [person(1, "zh"), person(2, "en")],
        interpreters=(interpreter(1),),
        tables=(Table(1, seats=2), Table(2, seats=3)),
    )

    assert rules(given, {1: place(interpreter=1)}) == [Rule.TABLE]
    assert rules(given, {1: place(table=2, interpreter=1)}) == []


def test_closed_table_has_no_meeting():
    given = plan(tables=(Table(1, 3, closed=(span("09:15", "09:20"),)),))

    assert rules(given, {1: place(FIRST)}) == [Rule.TABLE]
    assert rules(given, {1: place(SECOND)}) == []


def test_somebody_interprets_between_sides_without_a_common_language():
    given = plan(
        [person(1, "zh"), person(2, "en")],
        interpreters=(interpreter(1), interpreter(2, "zh", "de")),
    )

    assert rules(given, {1: place(interpreter=1)}) == []
    assert rules(given, {1: place()}) == [Rule.LANGUAGE]
    assert rules(given, {1: place(interpreter=2)}) == [Rule.LANGUAGE]


def test_one_of_a_delegation_who_speaks_the_language_speaks_for_it():
    delegation = Side(must=(2, 3))
    given = plan(
        [person(1, "zh"), person(2, "en"), person(3, "en", "zh")], [meeting(1, 1, delegation)]
    )

    assert rules(given, {1: place(people=(1, 2, 3))}) == []


def test_interpreter_is_there_all_of_the_time():
    given = plan(
        [person(1, "zh"), person(2, "en")],
        interpreters=(
            interpreter(1, present=[span("09:10", "12:00")]),
            interpreter(2, away=[span("09:20", "09:40")]),
            interpreter(3, present=[]),
        ),
    )

    for key in (1, 2, 3):
        assert rules(given, {1: place(interpreter=key)}) == [Rule.INTERPRETER]
    assert rules(given, {1: place(THIRD, interpreter=1)}) == []


def test_interpreter_is_at_one_table_at_a_time():
    given = plan(
        [person(1, "zh"), person(2, "en"), person(3, "zh"), person(4, "en")],
        [meeting(1, 1, 2), meeting(2, 3, 4)],
        interpreters=(interpreter(1),),
        tables=(Table(1, 3), Table(2, 3)),
    )

    at_once = {1: place(interpreter=1), 2: place(table=2, people=(3, 4), interpreter=1)}

    assert rules(given, at_once) == [Rule.INTERPRETER]


def test_what_is_locked_stays_where_it_is():
    given = plan(locked={1: place(FIRST)})

    assert rules(given, {1: place(FIRST)}) == []
    assert rules(given, {1: place(SECOND)}) == [Rule.LOCK]
    assert rules(given, {}) == [Rule.LOCK]
