import pytest
from django.core.exceptions import ValidationError

from events.domain import programme
from events.models import Appearance, Session
from tests import factories
from tests.factories import at
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def new_session(event, start=10, end=11, **fields):
    return Session(event=event, title_en="Talk", starts_at=at(start), ends_at=at(end), **fields)


def codes(error):
    return [each.code for each in error.error_list]


# schedule


def test_schedule_saves_a_session_that_fits(organizer):
    event = factories.event()

    session = programme.schedule(new_session(event), by=organizer.user)

    assert event.sessions.get() == session
    assert session.history.get().history_user == organizer.user


@pytest.mark.parametrize(("start", "end"), [(8, 10), (16, 18), (18, 19)])
def test_schedule_refuses_what_is_outside_the_event(start, end):
    event = factories.event()

    with pytest.raises(ValidationError) as refusal:
        programme.schedule(new_session(event, start, end))

    assert codes(refusal.value) == ["outside_event"]
    assert "2020-10-29 09:00" in refusal.value.messages[0]
    assert not event.sessions.exists()


def test_schedule_takes_the_whole_event():
    event = factories.event()

    assert programme.schedule(new_session(event, 9, 17)).pk


def test_schedule_refuses_a_taken_room_and_names_the_clash():
    event = factories.event()
    factories.session(event=event, title_en="Opening", room_en="Hall 1")

    with pytest.raises(ValidationError) as refusal:
        programme.schedule(new_session(event, room_en="hall 1 "))

    assert codes(refusal.value) == ["room_taken"]
    assert "Opening" in refusal.value.messages[0]
    assert "10:00–11:00" in refusal.value.messages[0]


def test_schedule_finds_a_room_by_its_chinese_name():
    event = factories.event()
    factories.session(event=event, room_en="Hall 1", room_zh_hans="一号厅")

    with pytest.raises(ValidationError, match="一号厅"):
        programme.schedule(new_session(event, room_zh_hans="一号厅"))


def test_schedule_lets_one_session_follow_another_in_a_room():
    event = factories.event()
    factories.session(event=event, room_en="Hall 1")

    assert programme.schedule(new_session(event, 11, 12, room_en="Hall 1")).pk


def test_a_room_of_another_place_is_another_room():
    event = factories.event()
    factories.session(event=event, room_en="Hall 1")

    assert programme.schedule(new_session(event, room_en="Hall 1", place_en="Hospital")).pk


def test_a_room_of_the_same_venue_is_taken_by_another_event():
    factories.session(event=factories.event(venue_en="Centre"), room_en="Hall 1")
    other = factories.event(venue_en="Centre")

    with pytest.raises(ValidationError, match="Hall 1"):
        programme.schedule(new_session(other, room_en="Hall 1"))


def test_a_room_of_a_cancelled_event_is_free():
    cancelled = factories.event(venue_en="Centre", status="cancelled")
    factories.session(event=cancelled, room_en="Hall 1")
    other = factories.event(venue_en="Centre")

    assert programme.schedule(new_session(other, room_en="Hall 1")).pk


def test_a_session_may_move_within_its_own_time():
    session = factories.session(room_en="Hall 1")
    session.ends_at = at(11, 30)

    assert programme.schedule(session).ends_at == at(11, 30)


def test_moving_a_session_takes_its_experts_along():
    event = factories.event()
    early = factories.session(event=event)
    late = factories.session(event=event, starts_at=at(14), ends_at=at(15))
    person = factories.expert()
    for session in (early, late):
        factories.appearance(session=session, expert=person)
    late.starts_at, late.ends_at = at(10, 30), at(11, 30)

    with pytest.raises(ValidationError, match=str(person)):
        programme.schedule(late)

    late.refresh_from_db()
    assert late.starts_at == at(14)


def test_two_sessions_change_places_in_one_go():
    event = factories.event()
    one = factories.session(event=event, room_en="Hall 1")
    two = factories.session(event=event, room_en="Hall 1", starts_at=at(11), ends_at=at(12))
    one.starts_at, one.ends_at, two.starts_at, two.ends_at = at(11), at(12), at(10), at(11)

    programme.check(event, programme.slots(event, [one, two]))


def test_refusals_stand_beside_the_session_that_they_are_about():
    event = factories.event()
    fine, late = new_session(event), new_session(event, 18, 19)

    found = programme.refusals(event, [programme.Slot(fine), programme.Slot(late)])

    assert [[error.code for error in errors] for errors in found] == [[], ["outside_event"]]


@pytest.mark.django_db(transaction=True)
def test_two_who_take_a_room_at_once_do_not_both_get_it():
    event = factories.event()

    results = at_once(
        *[lambda: programme.schedule(new_session(event, room_en="Hall 1")) for _ in range(2)]
    )

    assert sorted(type(result).__name__ for result in results) == ["Session", "ValidationError"]
    assert event.sessions.count() == 1


# appear


def test_appear_puts_an_expert_into_a_session(organizer):
    session, expert = factories.session(), factories.expert()

    appearance = programme.appear(expert, session=session, role="moderator", by=organizer.user)

    assert Appearance.objects.get() == appearance
    assert (appearance.session, appearance.expert, appearance.role) == (
        session,
        expert,
        "moderator",
    )


def test_appear_twice_is_refused():
    appearance = factories.appearance()

    with pytest.raises(ValidationError, match="in this session already"):
        programme.appear(appearance.expert, session=appearance.session)


def test_appear_refuses_an_expert_who_is_elsewhere_and_names_where():
    elsewhere = factories.appearance(session=factories.session(title_en="Another talk"))
    here = factories.session()

    with pytest.raises(ValidationError) as refusal:
        programme.appear(elsewhere.expert, session=here)

    assert codes(refusal.value) == ["expert_elsewhere"]
    assert "Another talk" in refusal.value.messages[0]
    assert str(elsewhere.session.event) in refusal.value.messages[0]
    assert not here.appearances.exists()


def test_an_expert_of_a_cancelled_event_is_free():
    cancelled = factories.event(status="cancelled")
    elsewhere = factories.appearance(session=factories.session(event=cancelled))

    assert programme.appear(elsewhere.expert, session=factories.session()).pk


@pytest.mark.django_db(transaction=True)
def test_an_expert_who_is_put_into_two_sessions_at_once_gets_one():
    event, expert = factories.event(), factories.expert()
    sessions = [factories.session(event=event) for _ in range(2)]

    results = at_once(
        *[lambda s=session: programme.appear(expert, session=s) for session in sessions]
    )

    assert sorted(type(result).__name__ for result in results) == [
        "Appearance",
        "ValidationError",
    ]


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


def test_expert_is_booked_once_for_two_events_at_the_same_time(transactional_db):
    expert = factories.expert()
    sessions = [factories.session(), factories.session()]

    results = at_once(
        *(lambda session=session: programme.appear(expert, session=session) for session in sessions)
    )

    assert Appearance.objects.count() == 1
    assert [type(each) for each in results if isinstance(each, Exception)] == [ValidationError]
