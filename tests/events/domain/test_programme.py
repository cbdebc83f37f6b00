import pytest

from events.domain import programme
from events.domain.programme import Slot
from events.models import Session
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db


def new_session(event, start=10, end=11, **fields):
    return Session(event=event, title_en="Talk", starts_at=at(start), ends_at=at(end), **fields)


def refusals(session, *experts):
    """Return what the session is refused for beside the stored ones of its event."""
    event = session.event
    here = Slot(session, frozenset(expert.pk for expert in experts))
    others = programme.slots(event, event.sessions.exclude(pk=session.pk))
    return programme.refusals(event, [here, *others])[0]


def codes(session, *experts):
    return [error.code for error in refusals(session, *experts)]


@pytest.mark.parametrize(("start", "end"), [(8, 10), (16, 18), (18, 19)])
def test_session_outside_the_event_is_refused(start, end):
    [refusal] = refusals(new_session(factories.event(), start, end))

    assert refusal.code == "outside_event"
    assert "2020-10-29 09:00" in refusal.messages[0]


@pytest.mark.parametrize(("start", "end"), [(10, 11), (9, 17)])
def test_session_takes_any_part_of_the_event(start, end):
    assert codes(new_session(factories.event(), start, end)) == []


def test_taken_room_is_refused_and_names_the_clash():
    event = factories.event()
    factories.session(event=event, title_en="Opening", room_en="Hall 1")

    [refusal] = refusals(new_session(event, room_en="hall 1 "))

    assert refusal.code == "room_taken"
    assert "Opening" in refusal.messages[0]
    assert "10:00–11:00" in refusal.messages[0]


def test_room_is_found_by_its_chinese_name():
    event = factories.event()
    factories.session(event=event, room_en="Hall 1", room_zh_hans="一号厅")

    [refusal] = refusals(new_session(event, room_zh_hans="一号厅"))

    assert "一号厅" in refusal.messages[0]


def test_one_session_follows_another_in_a_room():
    event = factories.event()
    factories.session(event=event, room_en="Hall 1")

    assert codes(new_session(event, 11, 12, room_en="Hall 1")) == []


def test_a_room_of_another_place_is_another_room():
    event = factories.event()
    factories.session(event=event, room_en="Hall 1")

    assert codes(new_session(event, room_en="Hall 1", place_en="Hospital")) == []


def test_a_room_of_the_same_venue_is_taken_by_another_event():
    factories.session(event=factories.event(venue_en="Centre"), room_en="Hall 1")
    other = factories.event(venue_en="Centre")

    [refusal] = refusals(new_session(other, room_en="Hall 1"))

    assert "Hall 1" in refusal.messages[0]


def test_a_room_of_a_cancelled_event_is_free():
    cancelled = factories.event(venue_en="Centre", status="cancelled")
    factories.session(event=cancelled, room_en="Hall 1")
    other = factories.event(venue_en="Centre")

    assert codes(new_session(other, room_en="Hall 1")) == []


def test_a_session_may_move_within_its_own_time():
    session = factories.session(room_en="Hall 1")
    session.ends_at = at(11, 30)

    assert codes(session) == []


def test_moving_a_session_takes_its_experts_along():
    event = factories.event()
    early = factories.session(event=event)
    late = factories.session(event=event, starts_at=at(14), ends_at=at(15))
    person = factories.expert()
    for session in (early, late):
        factories.appearance(session=session, expert=person)
    late.starts_at, late.ends_at = at(10, 30), at(11, 30)

    found = programme.refusals(event, programme.slots(event, [late, early]))

    assert [[error.code for error in errors] for errors in found] == [["expert_elsewhere"]] * 2
    assert str(person) in found[0][0].messages[0]


def test_two_sessions_change_places_in_one_go():
    event = factories.event()
    one = factories.session(event=event, room_en="Hall 1")
    two = factories.session(event=event, room_en="Hall 1", starts_at=at(11), ends_at=at(12))
    one.starts_at, one.ends_at, two.starts_at, two.ends_at = at(11), at(12), at(10), at(11)

    programme.check(event, programme.slots(event, [one, two]))


def test_refusals_stand_beside_the_session_that_they_are_about():
    event = factories.event()
    fine, late = new_session(event), new_session(event, 18, 19)

    found = programme.refusals(event, [Slot(fine), Slot(late)])

    assert [[error.code for error in errors] for errors in found] == [[], ["outside_event"]]


def test_expert_who_is_elsewhere_is_refused_and_names_where():
    elsewhere = factories.appearance(session=factories.session(title_en="Another talk"))

    [refusal] = refusals(factories.session(), elsewhere.expert)

    assert refusal.code == "expert_elsewhere"
    assert "Another talk" in refusal.messages[0]
    assert str(elsewhere.session.event) in refusal.messages[0]


def test_an_expert_of_a_cancelled_event_is_free():
    cancelled = factories.event(status="cancelled")
    elsewhere = factories.appearance(session=factories.session(event=cancelled))

    assert codes(factories.session(), elsewhere.expert) == []


@pytest.mark.parametrize("count", [1, 6])
def test_checking_a_programme_costs_the_same_queries_for_one_and_six(
    count, django_assert_num_queries
):
    event = factories.event()
    for number in range(count):
        session = factories.session(event=event, starts_at=at(10 + number), ends_at=at(11 + number))
        factories.appearance(session=session)

    with django_assert_num_queries(3):
        programme.check(event, programme.slots(event))
