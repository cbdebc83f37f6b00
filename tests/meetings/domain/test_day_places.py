from functools import partial

import pytest
from django.core.exceptions import ValidationError

from mail.models import OutboundMail
from meetings.domain import day, day_places
from meetings.domain.loading import load_plan, load_schedule
from meetings.domain.validation import broken_rules
from meetings.models import Absence, Meeting, Placement, RatherNot
from meetings.schedule_kinds import Kind
from tests.factories import save
from tests.meetings import rows
from tests.meetings.day import day_event, keys, let_it_be_now, pair, schedule_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def place_of(meeting):
    return Placement.objects.select_related("slot", "table").get(meeting=meeting)


def is_valid(event):
    return broken_rules(load_plan(event), load_schedule(schedule_of(event))) == []


def test_a_meeting_is_moved_and_marked_as_changed_today():
    event = day_event()
    meeting = pair(event)
    slot, table = event.meeting_slots.all()[2], event.meeting_tables.all()[1]
    changes = schedule_of(event).changes

    for _again in range(2):
        day_places.move_today(meeting, slot, table)

    place = place_of(meeting)
    assert (place.slot, place.table, place.moved_at is not None) == (slot, table, True)
    assert OutboundMail.objects.filter(kind=Kind.CHANGED).count() == 2
    assert schedule_of(event).changes == changes + 1
    assert is_valid(event)


def test_a_move_that_breaks_a_rule_is_refused_in_words():
    event = day_event()
    meeting, other = pair(event), pair(event, slot=1)
    one = meeting.people.first().participant
    second = event.meeting_slots.all()[1]
    save(Absence(participant=one, starts_at=second.starts_at, ends_at=second.ends_at))

    with pytest.raises(ValidationError) as refusal:
        day_places.move_today(meeting, second, event.meeting_tables.first())

    assert refusal.value.messages == [
        f"Somebody is away at that time. ({one.registration.name})",
        "The table has another meeting at that time, is closed, or has too few seats.",
    ]
    assert place_of(meeting).slot == event.meeting_slots.first()
    assert place_of(other).moved_at is None


def test_that_two_are_kept_apart_is_not_told_to_the_desk():
    event = day_event()
    one, other = rows.participant(event), rows.owner(event)
    RatherNot.objects.create(participant=one, other=other)

    with pytest.raises(ValidationError) as refusal:
        walk(event, one, other)

    assert refusal.value.messages == ["These two cannot meet. Ask an organizer."]


def test_a_meeting_takes_its_interpreter_along_or_another_one():
    event = day_event()
    interpreter, second = rows.interpreter(event), rows.interpreter(event)
    meeting = rows.meeting(rows.participant(event), rows.owner(event, languages=["en"]))
    rows.placed(schedule_of(event), meeting, interpreter=interpreter)
    busy = rows.meeting(rows.participant(event), rows.owner(event, languages=["en"]))
    rows.placed(schedule_of(event), busy, slot=1, interpreter=interpreter)
    slots, tables = event.meeting_slots.all(), event.meeting_tables.all()

    day_places.move_today(meeting, slots[2], tables[0])
    alone = place_of(meeting).interpreter
    day_places.move_today(meeting, slots[1], tables[1])

    assert (alone, place_of(meeting).interpreter) == (interpreter, second)
    assert is_valid(event)


def test_nothing_is_moved_into_the_past_or_once_it_is_over():
    event = day_event()
    meeting, held = pair(event, slot=2), pair(event, slot=1, table=1)
    let_it_be_now(event, slot=1)
    day.end(held)
    slots, table = event.meeting_slots.all(), event.meeting_tables.first()

    with pytest.raises(ValidationError, match="This slot is over"):
        day_places.move_today(meeting, slots[0], table)
    with pytest.raises(ValidationError, match="still to be held"):
        day_places.move_today(held, slots[2], table)


def test_nothing_is_moved_before_a_schedule_is_published():
    event = rows.meeting_event()
    meeting = rows.meeting(rows.participant(event), rows.owner(event))

    with pytest.raises(ValidationError, match="No schedule of the meetings is published yet"):
        day_places.move_today(meeting, event.meeting_slots.first(), event.meeting_tables.first())


def test_places_to_move_to_break_no_rule():
    event = day_event()
    meeting = pair(event)
    pair(event, slot=1)
    one = meeting.people.first().participant
    third = event.meeting_slots.all()[2]
    save(Absence(participant=one, starts_at=third.starts_at, ends_at=third.ends_at))

    places = day_places.places_to_move_to(meeting)

    tables = {table.pk: table.name for table in event.meeting_tables.all()}
    starts = [slot.starts_at for slot in event.meeting_slots.all()]
    found = [(starts.index(place.slot.start), tables[place.table]) for place in places]
    assert found == [(0, "A2"), (1, "A2")]


@pytest.mark.django_db(transaction=True)
def test_of_two_moves_to_one_table_at_once_one_is_refused():
    event = day_event()
    first, second = pair(event, slot=0), pair(event, slot=1)
    slot, table = event.meeting_slots.all()[2], event.meeting_tables.first()

    results = at_once(
        *[partial(day_places.move_today, each, slot, table) for each in (first, second)]
    )

    assert [isinstance(each, ValidationError) for each in results].count(True) == 1
    assert is_valid(event)


def walk(event, one, other, *, slot=0, table=0):
    return day_places.walk_up(
        event,
        one,
        other,
        table=event.meeting_tables.all()[table],
        slot=event.meeting_slots.all()[slot],
    )


def test_two_who_walk_up_meet_at_a_free_table():
    event = day_event()
    one, other = rows.participant(event), rows.owner(event)

    made = [walk(event, one, other) for _again in range(2)]

    assert made[0] == made[1]
    assert (made[0].origin, keys(made[0])) == ("walk_up", [one.pk, other.pk])
    assert place_of(made[0]).moved_at is not None
    assert is_valid(event)


def test_a_walk_up_takes_the_agreed_meeting_of_the_two_that_waits():
    event = day_event()
    waiting = pair(event, slot=None)
    one, other = (row.participant for row in waiting.people.all())

    made = walk(event, other, one)

    assert (made, made.origin, Meeting.objects.count()) == (waiting, "request", 1)


def test_a_walk_up_of_people_who_are_busy_is_refused_and_leaves_nothing():
    event = day_event()
    met = pair(event)
    one, other = met.people.first().participant, rows.owner(event)

    with pytest.raises(ValidationError, match="has another meeting at that time") as refusal:
        walk(event, one, other, table=1)

    assert refusal.value.messages == [
        f"Somebody has another meeting at that time. ({one.registration.name})"
    ]
    assert Meeting.objects.count() == 1


def test_a_walk_up_needs_a_common_language_or_an_interpreter():
    event = day_event()
    one, other = rows.participant(event), rows.owner(event, languages=["de"])
    with pytest.raises(ValidationError, match="no common language"):
        walk(event, one, other)
    interpreter = rows.interpreter(event, languages=["de", "zh"])

    made = walk(event, one, other)

    assert place_of(made).interpreter == interpreter


def test_only_admitted_people_walk_up_and_two_of_them():
    event = day_event()
    one, applied = rows.participant(event), rows.owner(event, status="applied")

    with pytest.raises(ValidationError, match="Both have to be admitted"):
        walk(event, one, applied)
    with pytest.raises(ValidationError, match="two different people"):
        walk(event, one, one)


@pytest.mark.django_db(transaction=True)
def test_two_desks_give_a_free_table_once():
    event = day_event(tables=1)
    pairs = [(rows.participant(event), rows.owner(event)) for _number in range(2)]

    results = at_once(*[partial(walk, event, one, other) for one, other in pairs])

    assert [isinstance(each, ValidationError) for each in results].count(True) == 1
    assert Meeting.objects.count() == 1
    assert is_valid(event)


@pytest.mark.django_db(transaction=True)
def test_a_walk_up_that_is_tapped_at_once_is_one_meeting():
    event = day_event()
    one, other = rows.participant(event), rows.owner(event)

    results = at_once(*[partial(walk, event, one, other)] * 3)

    assert len({each.pk for each in results}) == 1


def test_a_meeting_that_is_prolonged_says_whom_it_delays():
    event = day_event()
    meeting = pair(event)
    at_table, elsewhere = pair(event, slot=1), pair(event, slot=1, table=1)
    later = pair(event, slot=2)
    same_person = rows.meeting(meeting.people.first().participant, rows.owner(event))
    rows.table(event, name="A3", order=3)
    rows.placed(schedule_of(event), same_person, slot=1, table=2)
    day.arrive(meeting)

    for _again in range(2):
        prolonged = day_places.prolong(meeting, 10)

    assert prolonged.meeting.extra_minutes == 10
    assert {each.meeting for each in prolonged.delays} == {at_table, same_person}
    assert not {elsewhere, later} & {each.meeting for each in prolonged.delays}
    assert day_places.prolong(meeting, 0).delays == ()


@pytest.mark.parametrize("minutes", [-1, 241])
def test_a_meeting_is_not_prolonged_without_end(minutes):
    meeting = pair(day_event())

    with pytest.raises(ValidationError, match="240 minutes at most"):
        day_places.prolong(meeting, minutes)


def test_what_is_over_is_not_prolonged():
    meeting = pair(day_event())
    day.end(meeting)

    with pytest.raises(ValidationError, match="cannot be prolonged"):
        day_places.prolong(meeting, 5)
