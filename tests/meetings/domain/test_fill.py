"""What the greedy rule places, what it leaves out and says of it."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.domain.fill import Why, fill
from meetings.domain.plan import Meeting, Person, Plan, Side, Span, Table
from meetings.domain.validation import broken_rules
from scripts.benches.meetings import large_event
from tests.meetings.plans import (
    MORNING,
    SHANGHAI,
    interpreter,
    meeting,
    person,
    place,
    plan,
    span,
)

FIRST, SECOND, THIRD = MORNING
FOUR = [person(1), person(2), person(3), person(4)]


def test_meeting_is_placed_in_the_first_slot_at_the_smallest_table():
    filled = fill(plan(tables=(Table(1, 8), Table(2, 3), Table(3, 1))), {})

    assert filled.schedule == {1: place(FIRST, table=2)}
    assert filled.left_out == {}


def test_meetings_of_one_person_follow_each_other_at_the_same_table():
    """Somebody who is met stays where they sit, and others come to them."""
    given = plan(FOUR, [meeting(1, 1, 2), meeting(2, 1, 3), meeting(3, 1, 4)])

    filled = fill(replace(given, tables=(Table(1, 3), Table(2, 3))), {})

    assert {place.slot for place in filled.schedule.values()} == set(MORNING)
    assert len({place.table for place in filled.schedule.values()}) == 1


def test_more_important_meeting_comes_first():
    given = plan(FOUR, [meeting(1, 1, 2), meeting(2, 1, 3, priority=1)], slots=(FIRST,))

    filled = fill(given, {})

    assert list(filled.schedule) == [2]
    assert filled.left_out == {1: Why.PEOPLE_TAKEN}


def test_meeting_with_one_slot_left_comes_before_one_with_three():
    rare = meeting(2, 1, 3, within=FIRST)

    filled = fill(plan(FOUR, [meeting(1, 1, 2), rare]), {})

    assert filled.schedule[2].slot == FIRST
    assert filled.left_out == {}


def test_what_has_a_place_keeps_it():
    given = plan(FOUR, [meeting(1, 1, 2), meeting(2, 1, 3)])

    filled = fill(given, {1: place(SECOND)})

    assert filled.schedule[1] == place(SECOND)
    assert set(filled.schedule) == {1, 2}


def test_meeting_that_was_placed_makes_room_for_one_without_another_slot():
    given = plan(FOUR, [meeting(1, 1, 2), meeting(2, 1, 3, within=FIRST)])

    filled = fill(given, {1: place(FIRST)})

    assert filled.schedule[2].slot == FIRST
    assert filled.schedule[1].slot != FIRST


def test_locked_meeting_makes_no_room():
    given = plan(FOUR, [meeting(1, 1, 2), meeting(2, 1, 3, within=FIRST)], locked={1: place(FIRST)})

    filled = fill(given, {1: place(FIRST)})

    assert filled.schedule == {1: place(FIRST)}
    assert filled.left_out == {2: Why.PEOPLE_TAKEN}


def test_nothing_is_placed_in_or_moved_out_of_a_slot_that_has_begun():
    given = plan(
        FOUR,
        [meeting(1, 1, 2), meeting(2, 1, 3, within=FIRST), meeting(3, 2, 4)],
        now=FIRST.start + dt.timedelta(minutes=1),
    )

    filled = fill(given, {1: place(FIRST)})

    assert filled.schedule[1] == place(FIRST)
    assert filled.schedule[3].slot == SECOND
    assert filled.left_out == {2: Why.NO_COMMON_TIME}


def test_interpreter_of_the_pair_comes_where_there_is_no_common_language():
    people = [person(1, "zh"), person(2, "en"), person(3, "zh"), person(4, "de")]
    given = plan(
        people,
        [meeting(1, 1, 2), meeting(2, 3, 4)],
        tables=(Table(1, 3), Table(2, 3)),
        interpreters=(interpreter(1, "zh", "en", "de"), interpreter(2, "zh", "en")),
    )

    filled = fill(given, {})

    # Who knows more languages is left for where nobody else can.
    assert [filled.schedule[key].interpreter for key in (1, 2)] == [2, 1]


def test_those_of_a_delegation_come_who_are_free():
    delegation = Side(must=(2,), may=(3, 4), least=2)
    people = [person(1), person(2), person(3, away=MORNING), person(4)]

    filled = fill(plan(people, [meeting(1, 1, delegation)]), {})

    assert filled.schedule[1].people == {1, 2, 4}


@pytest.mark.parametrize(
    ("why", "options"),
    [
        (Why.APART, {"apart": frozenset([frozenset([1, 2])])}),
        (Why.NO_COMMON_TIME, {"people": [person(1), person(2, away=MORNING)]}),
        (Why.TOO_MANY, {"most": 0}),
        (Why.NO_INTERPRETER, {"people": [person(1, "zh"), person(2, "en")]}),
        (Why.NO_TABLE, {"tables": (Table(1, seats=1),)}),
    ],
)
def test_meeting_that_is_left_out_says_why(why, options):
    filled = fill(plan(**options), {})

    assert filled.schedule == {}
    assert filled.left_out == {1: why}


def test_meetings_in_a_row_are_bounded():
    given = plan(FOUR, [meeting(1, 1, 2), meeting(2, 1, 3), meeting(3, 1, 4)], most_in_a_row=1)

    filled = fill(given, {})

    assert {each.slot for each in filled.schedule.values()} == {FIRST, THIRD}
    assert list(filled.left_out.values()) == [Why.TOO_MANY]


def test_same_plan_gives_the_same_schedule():
    assert fill(large_event(), {}) == fill(large_event(), {})


def test_large_event_is_filled_without_breaking_a_rule():
    event = large_event()

    filled = fill(event, {})

    assert broken_rules(event, filled.schedule) == []
    assert len(filled.schedule) + len(filled.left_out) == len(event.meetings)


# Any plan at all

_SLOTS = (*MORNING, span("13:00", "13:30"), span("13:30", "14:00"))
_LANGUAGES = st.frozensets(st.sampled_from(["zh", "en", "de"]), min_size=1, max_size=2)
_AWAY = st.lists(st.sampled_from(_SLOTS), max_size=2).map(tuple)


_PAIRS = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] != pair[1])


@st.composite
def plans(draw):
    keys = range(draw(st.integers(2, 7)))
    people = {key: Person(key, draw(_LANGUAGES), SHANGHAI, draw(_AWAY)) for key in keys}

    def side(taken):
        others = [key for key in keys if key not in taken]
        must = draw(st.lists(st.sampled_from(others), max_size=2, unique=True))
        may = draw(st.lists(st.sampled_from(others), max_size=2, unique=True))
        may = [key for key in may if key not in must]
        if not must + may:
            must = [others[0]]
        return Side(tuple(must), tuple(may), draw(st.integers(1, len(must + may))))

    meetings = []
    for key in range(draw(st.integers(1, 12))):
        taken = draw(st.lists(st.sampled_from(list(keys)), max_size=1))
        first = side(taken)
        if set(first.must + first.may) >= set(keys):
            continue
        second = side(first.must + first.may)
        within = draw(st.none() | st.just(Span(_SLOTS[0].start, _SLOTS[2].end)))
        meetings.append(Meeting(key, (first, second), draw(st.integers(0, 2)), within))
    return Plan(
        slots=_SLOTS,
        people=people,
        tables=tuple(
            Table(key, draw(st.integers(2, 5)), draw(_AWAY))
            for key in range(draw(st.integers(1, 3)))
        ),
        interpreters=tuple(
            interpreter(key, *draw(_LANGUAGES), present=_SLOTS[: draw(st.integers(0, 5))])
            for key in range(draw(st.integers(0, 2)))
        ),
        meetings=tuple(meetings),
        apart=frozenset(frozenset(pair) for pair in draw(st.lists(_PAIRS, max_size=2))),
        most=draw(st.none() | st.integers(0, 4)),
        most_in_a_row=draw(st.none() | st.integers(1, 2)),
    )


@given(plans(), st.data())
def test_any_plan_is_filled_without_breaking_a_rule(given, data):
    filled = fill(given, {})

    assert broken_rules(given, filled.schedule) == []
    assert filled.schedule.keys() | filled.left_out.keys() == {each.key for each in given.meetings}
    assert not filled.schedule.keys() & filled.left_out.keys()

    # What is locked of it, and what else has a place, is kept by the next time.
    locked = data.draw(st.sets(st.sampled_from(sorted(filled.schedule)))) if filled.schedule else ()
    kept = replace(given, locked={key: filled.schedule[key] for key in locked})
    again = fill(kept, filled.schedule)

    assert broken_rules(kept, again.schedule) == []
    assert again.schedule.keys() >= filled.schedule.keys()
