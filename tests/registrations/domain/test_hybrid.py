"""A hybrid event: seats in person and online, each with its own capacity and its own queue."""

import pytest
from django.utils import timezone

from mail.models import OutboundMail
from registrations.domain import (
    attendees,
    check_in,
    door_counts,
    held_seats,
    place,
    registration,
    waiting_list,
    way_to_attend,
)
from registrations.domain.check_in import CheckInRefused, NoSeat
from registrations.domain.proof import prove
from registrations.domain.way_to_attend import NoSeatThere
from registrations.models import Registration
from summit.lib.database.states import MoveRefused
from tests import factories
from tests.cast import make_clerk
from tests.threads import at_once


@pytest.fixture
def settings(db):
    event = factories.upcoming_event(format="hybrid")
    return factories.registration_settings(event=event, capacity=1, online_capacity=1)


def come(settings, *ways: bool, **fields) -> list[Registration]:
    return [factories.registered(settings.event, online=way, **fields) for way in ways]


def states(*rows: Registration) -> list[str]:
    found = {row.pk: row.status for row in Registration.objects.all()}
    return [found[row.pk] for row in rows]


def test_seats_and_queues_are_apart(settings):
    rows = come(settings, False, True, False, True, True)

    assert states(*rows) == ["confirmed"] * 2 + ["waitlisted"] * 3
    assert [waiting_list.place_in_queue(row) for row in rows] == [None, None, 1, 1, 2]
    assert waiting_list.places_in_queue(rows) == {rows[2].pk: 1, rows[3].pk: 1, rows[4].pk: 2}
    assert waiting_list.free_by_way(settings) == [(False, 0), (True, 0)]


def test_people_of_one_form_share_the_seats_of_their_way(settings):
    people = [factories.applicant(online=way) for way in (True, False, True, False)]

    rows = registration.register(settings.event, people)

    assert states(*rows) == ["confirmed", "confirmed", "waitlisted", "waitlisted"]


def test_freed_seat_goes_to_who_waits_for_one_of_its_way(settings):
    here, online, waits_here, waits_online = come(settings, False, True, False, True)

    place.cancel(online)

    assert states(here, waits_here, waits_online) == ["confirmed", "waitlisted", "confirmed"]


def test_added_seats_of_one_way_leave_the_other_queue_alone(settings):
    *_seated, waits_here, waits_online = come(settings, False, True, False, True)
    settings.online_capacity = 2
    settings.save()

    assert waiting_list.refill(settings.event) == 1
    assert states(waits_here, waits_online) == ["waitlisted", "confirmed"]


def test_without_a_number_seats_online_are_unlimited(settings):
    settings.online_capacity = None
    settings.save()

    assert states(*come(settings, True, True, False, False)) == [
        *("confirmed", "confirmed", "confirmed", "waitlisted")
    ]


@pytest.mark.parametrize("format_", ["in_person", "online"])
def test_any_other_event_has_one_list_of_seats(settings, format_):
    type(settings.event).objects.update(format=format_)
    settings.event.refresh_from_db()

    rows = come(settings, True, False, False)

    assert states(*rows) == ["confirmed", "waitlisted", "waitlisted"]
    assert [waiting_list.place_in_queue(row) for row in rows] == [None, 1, 2]
    assert waiting_list.places_in_queue(rows) == {rows[1].pk: 1, rows[2].pk: 2}


def test_held_seats_are_a_share_of_the_seats_of_their_way(settings):
    settings.capacity, settings.online_capacity, settings.hold_hours = 4, 2, 24
    settings.hold_percent = 50
    settings.save()

    rows = come(settings, False, False, False, True, True)

    assert states(*rows) == ["held", "held", "waitlisted", "held", "waitlisted"]


def test_seats_online_without_a_limit_are_not_held(settings):
    settings.capacity, settings.online_capacity, settings.hold_hours = 10, None, 24
    settings.save()

    here, online = come(settings, False, True)

    assert states(here, online) == ["held", "confirmed"]
    assert held_seats.room_to_hold(settings) == 2


def test_holds_end_where_their_way_holds_no_seats_any_more(settings):
    settings.capacity, settings.online_capacity, settings.hold_hours = 4, 4, 24
    settings.save()
    here, online = come(settings, False, True)
    settings.online_capacity = None
    settings.save()

    waiting_list.refill(settings.event)

    assert states(here, online) == ["held", "confirmed"]


def test_approved_person_has_a_seat_of_the_way_asked_for(settings):
    settings.needs_approval = True
    settings.save()
    first, second, third = come(settings, True, True, False)

    for row in (first, second, third):
        place.approve(row)

    assert states(first, second, third) == ["confirmed", "waitlisted", "confirmed"]


def test_organizers_add_people_to_the_seats_of_their_way(settings, organizer):
    def add(online):
        person = attendees.Listed(
            name=f"Guest {timezone.now()}", email="", category="guest", language="en", online=online
        )
        return attendees.add(settings.event, [person], source="list", by=organizer.user)

    [first] = add(True)
    with pytest.raises(NoSeat):
        add(True)
    [second] = add(False)

    assert states(first, second) == ["confirmed", "confirmed"]
    assert first.chose_online


# Changing


def test_person_changes_to_the_other_way_where_there_is_a_seat(settings):
    here, waits = come(settings, False, False)
    prove(here, "link")
    offset = here.calendar_offset

    changed = way_to_attend.change(here, online=True)

    assert states(here, waits) == ["confirmed", "confirmed"]
    assert (changed.chose_online, changed.calendar_offset) == (True, offset + 1)
    kinds = list(here.mails.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["confirmed", "confirmed"]


def test_who_finds_no_seat_keeps_what_they_have(settings):
    here, _online, waits = come(settings, False, True, False)

    with pytest.raises(NoSeatThere, match="Every seat online is taken"):
        way_to_attend.change(here, online=True)

    here.refresh_from_db()
    assert (here.chose_online, states(here, waits)) == (False, ["confirmed", "waitlisted"])


def test_who_waits_changes_to_a_free_seat_only(settings):
    _here, waits = come(settings, False, False)

    way_to_attend.change(waits, online=True)
    with pytest.raises(NoSeatThere):
        way_to_attend.change(waits, online=False)

    assert states(waits) == ["confirmed"]
    assert waiting_list.place_in_queue(waits) is None


def test_changing_to_what_one_has_is_harmless(settings):
    [here] = come(settings, False)

    way_to_attend.change(here, online=False)

    assert (here.chose_online, here.status) == (False, "confirmed")


def test_nobody_takes_a_seat_without_proof_that_would_be_held(settings):
    settings.capacity, settings.hold_hours = 10, 24
    settings.online_capacity = None
    settings.save()
    [online] = come(settings, True)

    with pytest.raises(NoSeatThere, match="Verify your contact"):
        way_to_attend.change(online, online=False)

    assert states(online) == ["confirmed"]


def test_stranger_without_proof_causes_no_mail_by_changing(settings):
    [here] = come(settings, False)
    before = OutboundMail.objects.count()

    way_to_attend.change(here, online=True)

    assert OutboundMail.objects.count() == before


def test_possible_duplicate_is_answered_alike_and_takes_no_seat(settings):
    settings.capacity = 5
    settings.save()
    first = factories.registered(settings.event, name="Wei", email="wei@example.org")
    double = factories.registered(settings.event, name="Wei", email="wei@example.org")
    assert way_to_attend.may_change(double) and way_to_attend.may_change(first)

    way_to_attend.change(double, online=True)

    assert states(first, double) == ["confirmed", "double"]
    assert waiting_list.free_seats(settings, online=True) == 1


def hold(settings, online_capacity, *ways: bool) -> list[Registration]:
    settings.capacity, settings.online_capacity = 5, online_capacity
    settings.hold_hours, settings.hold_percent = 24, 100
    settings.save()
    return come(settings, *ways)


@pytest.mark.parametrize(("online_capacity", "status"), [(1, "held"), (None, "confirmed")])
def test_who_has_a_held_seat_changes_to_what_somebody_new_would_have(
    settings, online_capacity, status
):
    [here] = hold(settings, online_capacity, False)
    until = here.held_until

    way_to_attend.change(here, online=True)

    here.refresh_from_db()
    assert (here.status, here.chose_online, here.held_until) == (status, True, until)
    assert waiting_list.free_seats(settings) == 5


@pytest.mark.parametrize("lacks", ["seat", "share"])
def test_who_has_a_held_seat_joins_the_queue_of_the_other_way(settings, lacks):
    here, there = hold(settings, 2, False, True)
    if lacks == "seat":
        settings.online_capacity = 1
    else:
        settings.hold_percent = 50
    settings.save()

    way_to_attend.change(here, online=True)

    here.refresh_from_db()
    assert (here.status, here.chose_online, here.queued_at is None) == ("waitlisted", True, False)
    assert (waiting_list.place_in_queue(here), there.status) == (1, "held")
    assert waiting_list.free_seats(settings) == 5
    assert [mail.kind for mail in here.mails.order_by("pk")] == ["waitlisted"]
    prove(there, Registration.Proof.LINK)
    place.cancel(there)
    prove(here, Registration.Proof.LINK)
    assert here.status == "confirmed"


def test_held_seat_that_is_given_back_goes_to_who_waits(settings):
    held, waits = hold(settings, 5, False, True)
    settings.capacity = 1
    settings.save()
    [waits] = come(settings, False)
    prove(waits, Registration.Proof.LINK)

    way_to_attend.change(held, online=True)

    assert states(held, waits) == ["held", "confirmed"]


def test_possible_duplicate_whose_seat_looks_held_is_answered_alike(settings):
    hold(settings, 1)
    first, double = (
        factories.registered(settings.event, name="Wei", email="wei@example.org")
        for _each in range(2)
    )

    way_to_attend.change(double, online=True)

    double.refresh_from_db()
    assert states(first, double) == ["held", "double"]
    assert (double.shown_status, double.chose_online) == ("held", True)
    assert waiting_list.free_seats(settings, online=True) == 1


def test_at_once_held_seats_that_are_changed_are_held_no_more_than_there_are(transactional_db):
    event = factories.upcoming_event(format="hybrid", venue_en="Hall 1", venue_zh_hans="一号厅")
    settings = factories.registration_settings(event=event, capacity=5, online_capacity=5)
    people = hold(settings, 1, False, False, False)

    done = at_once(*(lambda row=row: way_to_attend.change(row, online=True) for row in people))

    assert not [each for each in done if isinstance(each, Exception)]
    assert sorted(states(*people)) == ["held", "waitlisted", "waitlisted"]
    assert waiting_list.free_seats(settings) == 5


@pytest.mark.parametrize("status", ["cancelled", "declined", "expired", "offered"])
def test_nobody_without_a_place_of_their_own_changes(settings, status):
    [here] = come(settings, False)
    Registration.objects.update(status=status, held_until=timezone.now())
    here.refresh_from_db()

    with pytest.raises(MoveRefused):
        way_to_attend.change(here, online=True)


def test_nobody_changes_at_an_event_that_is_not_hybrid_or_is_off(settings):
    [here] = come(settings, False)
    for fields in ({"format": "online"}, {"format": "hybrid", "status": "cancelled"}):
        type(settings.event).objects.update(**fields)
        with pytest.raises(MoveRefused):
            way_to_attend.change(here, online=True)


def test_who_has_arrived_changes_no_more(settings):
    clerk = make_clerk(settings.event)
    [here] = come(settings, False)
    check_in.check_in(here, by=clerk.user)

    with pytest.raises(MoveRefused):
        way_to_attend.change(here, online=True)


# At the door


def test_door_counts_who_comes_in_person(settings):
    come(settings, False, True, False)

    assert door_counts.counts(settings.event) == door_counts.Counts(
        expected=1, arrived=0, waiting=1, online=1
    )


def test_who_registered_online_is_told_apart_and_can_be_admitted(settings):
    clerk = make_clerk(settings.event)
    settings.capacity = 2
    settings.save()
    _here, online, waits = come(settings, False, True, True)
    with pytest.raises(CheckInRefused, match="take part online"):
        check_in.check_in(online, by=clerk.user)

    check_in.admit(online, by=clerk.user)
    check_in.check_in(online, by=clerk.user)

    assert states(online, waits) == ["confirmed", "confirmed"]
    assert door_counts.counts(settings.event) == door_counts.Counts(
        expected=2, arrived=1, waiting=0, online=1
    )


def test_who_registered_online_is_admitted_beyond_the_seats_only_by_choice(settings):
    clerk = make_clerk(settings.event)
    _here, online = come(settings, False, True)

    with pytest.raises(NoSeat):
        check_in.admit(online, by=clerk.user)
    check_in.admit(online, by=clerk.user, beyond_capacity=True)

    assert check_in.check_in(online, by=clerk.user).is_new


def test_waiting_online_person_is_admitted_in_person_once(settings):
    clerk = make_clerk(settings.event)
    settings.capacity = 2
    settings.save()
    _online, waits = come(settings, True, True)

    check_in.admit(waits, by=clerk.user)

    waits.refresh_from_db()
    assert (waits.status, waits.chose_online) == ("confirmed", False)


def test_online_event_has_no_two_kinds_of_people_at_its_desk(settings):
    clerk = make_clerk(settings.event)
    type(settings.event).objects.update(format="online")
    [row] = come(settings, True)

    assert check_in.check_in(row, by=clerk.user).is_new


# Races


def test_at_once_no_seat_of_either_way_is_given_twice(transactional_db):
    event = factories.upcoming_event(format="hybrid")
    settings = factories.registration_settings(event=event, capacity=2, online_capacity=3)

    def register(number):
        person = factories.applicant(email=f"p{number}@example.org", online=number % 2 == 1)
        return lambda: registration.register(event, [person])

    results = at_once(*(register(number) for number in range(10)))

    assert [type(result) for result in results] == [list] * 10
    seated = Registration.objects.seated()
    assert seated.filter(chose_online=False).count() == settings.capacity
    assert seated.filter(chose_online=True).count() == settings.online_capacity


def test_at_once_those_who_change_and_those_who_register_share_the_seats(transactional_db):
    event = factories.upcoming_event(format="hybrid")
    factories.registration_settings(event=event, capacity=4, online_capacity=2)
    here = [factories.registered(event) for _n in range(4)]
    waiting = [factories.registered(event) for _n in range(2)]
    newcomers = [factories.applicant(online=True) for _n in range(3)]

    at_once(
        *(lambda row=row: way_to_attend.change(row, online=True) for row in here),
        *(lambda each=each: registration.register(event, [each]) for each in newcomers),
    )

    seated = Registration.objects.seated()
    online = seated.filter(chose_online=True).count()
    in_person = seated.filter(chose_online=False).count()
    assert online == 2
    # Who changed has passed the seat on, as far as somebody waits for one.
    changed = Registration.objects.filter(pk__in=[row.pk for row in here], chose_online=True)
    assert in_person == 4 - changed.count() + min(changed.count(), len(waiting))
