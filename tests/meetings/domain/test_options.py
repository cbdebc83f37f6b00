from meetings.domain.changes import newly_broken
from meetings.domain.options import Options
from meetings.domain.plan import Rule, Table
from tests.meetings import plans
from tests.meetings.plans import MORNING, meeting, person, place


def test_each_slot_is_offered_with_what_it_breaks():
    plan = plans.plan(
        [person(1), person(2, away=[MORNING[1]]), person(3)],
        [meeting(1, 1, 2), meeting(2, 1, 3)],
        tables=(Table(1, 3), Table(2, 3)),
    )

    options = list(Options(plan, {2: place(MORNING[0], 2, (1, 3))}, 1).in_slots())

    assert [each.place.slot for each in options] == list(MORNING)
    assert [[broken.rule for broken in each.broken] for each in options] == [
        [Rule.ONCE],
        [Rule.AWAY],
        [],
    ]
    assert [each.place.table for each in options] == [1, 1, 1]


def test_tables_that_are_taken_or_small_say_so():
    plan = plans.plan(
        [person(1), person(2), person(3), person(4)],
        [meeting(1, 1, 2), meeting(2, 3, 4)],
        tables=(Table(1, 3), Table(2, 2), Table(3, 1)),
    )
    options = Options(plan, {2: place(MORNING[0], 1, (3, 4))}, 1)

    found = {
        each.place.table: each.broken
        for each in options.at_tables(MORNING[0], options.people, None)
    }

    assert {key: [broken.rule for broken in each] for key, each in found.items()} == {
        1: [Rule.TABLE],
        2: [],
        3: [Rule.TABLE],
    }


def test_interpreter_who_is_free_is_proposed():
    plan = plans.plan(
        [person(1), person(2, "en"), person(3), person(4, "en")],
        [meeting(1, 1, 2), meeting(2, 3, 4)],
        tables=(Table(1, 3), Table(2, 3)),
        interpreters=(plans.interpreter(8), plans.interpreter(9)),
    )

    first, second, _third = Options(
        plan, {2: place(MORNING[0], 1, (3, 4), interpreter=8)}, 1
    ).in_slots()

    assert (first.place.interpreter, second.place.interpreter) == (9, 8)
    assert (first.broken, second.broken) == ((), ())


def test_no_interpreter_is_a_broken_rule():
    plan = plans.plan([person(1), person(2, "en")])

    [first, *_rest] = Options(plan, {}, 1).in_slots()

    assert [each.rule for each in first.broken] == [Rule.LANGUAGE]


def test_what_an_option_breaks_is_what_the_validator_finds():
    plan = plans.plan(
        [person(1), person(2, away=[MORNING[2]]), person(3), person(4)],
        [meeting(1, 1, 2), meeting(2, 3, 4), meeting(3, 1, 4)],
        tables=(Table(1, 3), Table(2, 3)),
        most=1,
        most_in_a_row=1,
    )
    schedule = {2: place(MORNING[0], 1, (3, 4)), 3: place(MORNING[1], 2, (1, 4))}

    for option in Options(plan, schedule, 1).in_slots():
        assert set(option.broken) == {
            each for each in newly_broken(plan, schedule, 1, option.place) if 1 in each.meetings
        }
