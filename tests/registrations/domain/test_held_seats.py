"""Seats that are held until a contact is proven, and what becomes of them."""

import datetime as dt

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Event
from registrations.domain import (
    check_in,
    known_people,
    place,
    proof,
    registration,
    typed_anew,
    waiting_list,
)
from registrations.models import Registration, RegistrationSettings
from tests import factories
from tests.threads import at_once

Status, Proof = Registration.Status, Registration.Proof


def holding(**fields) -> Event:
    given = {"capacity": 10, "hold_hours": 24, "hold_percent": 30} | fields
    return factories.registration_settings(**given).event


def statuses(event: Event) -> list[str]:
    return list(event.registrations.order_by("pk").values_list("status", flat=True))


def kinds(of: Registration) -> list[str]:
    return list(of.mails.order_by("pk").values_list("kind", flat=True))


def pass_hours(number: int) -> None:
    """Let the time of every hold pass, as if so many hours had."""
    for row in Registration.objects.exclude(held_until=None):
        held_until = row.held_until - dt.timedelta(hours=number)
        Registration.objects.filter(pk=row.pk).update(held_until=held_until)


@pytest.fixture
def event(db):
    return holding()


def test_without_proof_a_share_of_the_seats_is_held_and_the_others_wait(event):
    for _each in range(5):
        factories.registered(event)

    assert statuses(event) == ["held"] * 3 + ["waitlisted"] * 2


def test_the_share_is_rounded_up_so_that_a_small_room_holds_a_seat(db):
    event = holding(capacity=2)

    for _each in range(2):
        factories.registered(event)

    assert statuses(event) == ["held", "waitlisted"]


@pytest.mark.parametrize("fields", [{"capacity": None}, {"hold_hours": None}])
def test_where_seats_are_unlimited_or_not_held_nobody_needs_proof(db, fields):
    event = holding(**fields)

    for _each in range(5):
        factories.registered(event)

    assert statuses(event) == ["confirmed"] * 5


def test_event_of_the_release_before_gives_seats_without_proof(db):
    event = factories.upcoming_event()
    before = MigrationLoader(None).project_state(("registrations", "0017_separate_consents"))
    before.apps.get_model("registrations", "RegistrationSettings").objects.create(
        event_id=event.pk, capacity=10
    )

    row = factories.registered(event)

    assert (row.status, RegistrationSettings().hold_hours) == ("confirmed", 24)


def test_hold_ends_after_the_hours_and_never_past_the_start(db):
    soon = holding()
    Event.objects.filter(pk=soon.pk).update(starts_at=timezone.now() + dt.timedelta(hours=3))
    soon.refresh_from_db()
    later = factories.registered(holding())

    row = factories.registered(soon)

    assert row.held_until == soon.starts_at
    assert dt.timedelta(hours=23) < later.held_until - timezone.now() <= dt.timedelta(hours=24)


def test_link_that_is_opened_makes_the_seat_theirs_with_a_mail(event):
    row = factories.registered(event)

    proof.prove(row, Proof.LINK)
    proof.prove(row, Proof.LINK)

    stored = Registration.objects.get()
    assert (stored.status, stored.proof) == ("confirmed", "link")
    assert (row.status, row.proven_at) == ("confirmed", stored.proven_at)
    assert kinds(row) == ["held", "confirmed"]


def test_proof_awaits_approval_where_organizers_approve_by_then(event):
    row = factories.registered(event)
    RegistrationSettings.objects.update(needs_approval=True)

    proof.prove(row, Proof.STAFF)

    assert statuses(event) == ["pending"]


def test_link_proves_everybody_of_the_address_with_one_mail(event):
    people = [factories.applicant(email="office@example.org") for _each in range(3)]
    rows = registration.register(event, people)
    other = factories.registered(holding(), email="office@example.org")

    proof.prove(rows[1], Proof.LINK)

    other.refresh_from_db()
    assert statuses(event) == ["confirmed"] * 3
    assert [kinds(row) for row in rows] == [["held", "confirmed"], [], []]
    assert other.status == "held"


def test_code_of_a_text_message_proves_everybody_of_the_number(event):
    people = [factories.applicant(email="", phone="13800138000") for _each in range(2)]
    rows = registration.register(event, people)

    proof.prove(rows[0], Proof.SMS)

    assert statuses(event) == ["confirmed"] * 2


def test_staff_prove_one_person_of_a_contact(event):
    people = [factories.applicant(email="", phone="13800138000") for _each in range(2)]
    rows = registration.register(event, people)

    proof.prove(rows[0], Proof.STAFF)

    assert statuses(event) == ["confirmed", "held"]


def test_number_that_is_proven_lets_no_mail_say_what_was_typed(event):
    row = factories.registered(event, phone="13800138000", name="WIN A PRIZE")

    proof.prove(row, Proof.SMS)
    by_number = row.mailed_name
    proof.prove(row, Proof.LINK)

    assert (by_number, row.mailed_name) == ("", "WIN A PRIZE")


def test_person_of_a_hold_that_is_over_waits_and_the_next_has_the_seat(event):
    rows = [factories.registered(event) for _each in range(4)]
    pass_hours(25)

    ended = waiting_list.end_holds()

    assert ended == 3
    assert statuses(event) == ["waitlisted"] * 3 + ["held"]
    assert kinds(rows[0]) == ["held", "hold_ended"]
    assert kinds(rows[3]) == ["waitlisted", "held"]
    assert [waiting_list.place_in_queue(Registration.objects.get(pk=rows[0].pk))] == [1]


def test_nobody_has_a_seat_held_twice_without_proof(event):
    row = factories.registered(event)
    pass_hours(25)
    waiting_list.end_holds()

    again = waiting_list.refill_all()
    waiting = statuses(event)
    proof.prove(row, Proof.LINK)

    assert (again, waiting) == (0, ["waitlisted"])
    assert statuses(event) == ["confirmed"]
    assert kinds(row)[-1] == "moved_up"


def test_hold_does_not_end_while_it_lasts_or_the_event_has_no_date(event):
    factories.registered(event)
    in_time = waiting_list.end_holds()
    pass_hours(25)
    Event.objects.update(status="postponed", previous_starts_at=event.starts_at)

    assert (in_time, waiting_list.end_holds()) == (0, 0)
    assert statuses(event) == ["held"]


def test_hold_ends_with_the_start_of_an_event_that_moved_earlier(event):
    row = factories.registered(event)
    now = timezone.now()
    Registration.objects.update(registered_at=now - dt.timedelta(days=1))
    Event.objects.filter(pk=event.pk).update(starts_at=now - dt.timedelta(minutes=1))

    assert waiting_list.end_holds() == 1
    assert kinds(row) == ["held"]


def test_proof_makes_room_to_hold_a_seat_for_who_waits(event):
    first, *_others, waits = [factories.registered(event) for _each in range(4)]

    proof.prove(first, Proof.LINK)

    assert statuses(event) == ["confirmed", "held", "held", "held"]
    assert kinds(waits) == ["waitlisted", "held"]


def test_who_has_proven_comes_before_others_who_wait(event):
    rows = [factories.registered(event) for _each in range(6)]

    proof.prove(rows[5], Proof.LINK)

    assert statuses(event) == ["held"] * 3 + ["waitlisted"] * 2 + ["confirmed"]


def test_seats_that_are_offered_to_who_has_proven_nothing_count_as_held(db):
    event = holding(capacity=4, offer_hours=12)
    for _each in range(4):
        factories.registered(event)
    place.cancel(event.registrations.earliest("pk"))

    assert statuses(event) == ["cancelled", "held", "offered", "waitlisted"]


def test_sixty_behind_one_office_all_have_a_row_and_thirty_a_seat(db, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"unproven": (30, 86400)}
    event = holding(capacity=1000)

    for _each in range(60):
        registration.register(event, [factories.applicant()], network="192.0.2.1")
    registration.register(event, [factories.applicant()], network="203.0.113.1")

    assert statuses(event) == ["held"] * 30 + ["waitlisted"] * 30 + ["held"]


def test_who_waits_for_the_network_is_passed_over_until_one_of_it_is_proven(db, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"unproven": (2, 86400)}
    event = holding(capacity=100)
    rows = []
    for _each in range(3):
        rows += registration.register(event, [factories.applicant()], network="192.0.2.1")

    nobody = waiting_list.refill(event)
    proof.prove(rows[0], Proof.LINK)

    assert nobody == 0
    assert statuses(event) == ["confirmed", "held", "held"]


def test_networks_race_for_no_more_seats_than_the_limit(transactional_db, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"unproven": (3, 86400)}
    event = holding(capacity=100)

    at_once(
        *(
            lambda: registration.register(event, [factories.applicant()], network="192.0.2.1")
            for _n in range(6)
        )
    )

    assert sorted(statuses(event)) == ["held"] * 3 + ["waitlisted"] * 3


def test_possible_double_looks_held_and_takes_no_seat(event):
    factories.registered(event, name="王伟", email="wei@example.org")

    double = factories.registered(event, name="王伟", email="wei@example.org")

    assert (double.status, double.shown_status) == ("double", "held")
    assert waiting_list.free_seats(event.registration_settings) == 9


def test_possible_double_waits_as_the_first_does_once_the_hold_is_over(event):
    factories.registered(event, name="王伟", email="", phone="13800138000")
    double = factories.registered(event, name="王伟", email="", phone="13800138000")
    pass_hours(25)

    waiting_list.end_holds()

    double.refresh_from_db()
    assert double.shown_status == "waitlisted"


def test_typing_another_contact_keeps_the_hold(event):
    row = factories.registered(event)
    until = row.held_until

    typed_anew.type_anew(row, answers={}, email="other@example.org")

    assert (row.status, row.held_until) == ("held", until)
    assert kinds(row) == ["held", "held"]


def test_check_in_is_proof(event, clerk):
    row = factories.registered(event)

    check_in.check_in(row, by=clerk)

    row.refresh_from_db()
    assert (row.status, row.proof) == ("confirmed", "staff")


def test_whom_staff_register_has_a_seat_at_once(event, clerk):
    registration.register(event, [factories.applicant()], by=clerk)

    assert statuses(event) == ["confirmed"]


def test_seats_are_theirs_once_the_event_holds_none_any_more(event):
    row = factories.registered(event)
    RegistrationSettings.objects.update(capacity=None)

    waiting_list.refill(event)

    assert statuses(event) == ["confirmed"]
    assert kinds(row) == ["held", "confirmed"]


def test_possible_double_looks_confirmed_once_the_event_holds_no_seats_any_more(event):
    factories.registered(event, name="王伟", email="", phone="13800138000")
    double = factories.registered(event, name="王伟", email="", phone="13800138000")
    RegistrationSettings.objects.update(hold_hours=None)

    waiting_list.refill(event)

    double.refresh_from_db()
    assert (double.status, double.shown_status) == ("double", "confirmed")


def test_proofs_ends_and_newcomers_at_once_oversell_nothing(transactional_db):
    event = holding(capacity=4, hold_percent=100)
    rows = [factories.registered(event) for _each in range(8)]
    pass_hours(25)

    at_once(
        waiting_list.end_holds,
        *(lambda row=row: proof.prove(row, Proof.LINK) for row in rows),
        *(lambda: factories.registered(event) for _each in range(2)),
    )

    found = statuses(event)
    assert len(found) == 10
    assert found.count("confirmed") == 4
    assert found.count("held") + found.count("offered") == 0


def test_check_in_and_proof_at_once_do_not_block_each_other(transactional_db, clerk):
    event = holding()
    row = factories.registered(event)

    at_once(
        *(lambda: check_in.check_in(row, by=clerk),) * 2,
        *(lambda: proof.prove(Registration.objects.get(pk=row.pk), Proof.LINK),) * 2,
    )

    assert statuses(event) == ["confirmed"]
    assert row.check_ins.standing().count() == 1


def test_one_number_proves_no_more_people_than_it_may_hold(db):
    event = holding(capacity=100, hold_percent=100)
    own = "13900139000"
    rows = [factories.registered(event, email="", phone=f"138001380{n:02}") for n in range(21)]
    for row in rows[:20]:
        typed_anew.type_anew(row, answers={}, phone=own)

    with pytest.raises(known_people.ContactFull):
        typed_anew.type_anew(rows[20], answers={}, phone=own)
    typed_anew.type_anew(rows[0], answers={}, name="Another")

    assert event.registrations.filter(phone_key=rows[0].phone_key).count() == 20


@pytest.mark.parametrize(("hours", "status"), [(1, "held"), (25, "waitlisted")])
def test_typing_somebody_known_and_back_gives_no_second_hold(event, hours, status):
    factories.registered(event, name="王伟", email="wei@example.org")
    row = factories.registered(event, name="Anna", email="anna@example.org")
    typed_anew.type_anew(row, answers={}, name="王伟", email="wei@example.org")
    pass_hours(hours)
    until = Registration.objects.get(pk=row.pk).held_until

    typed_anew.type_anew(row, answers={}, name="Anna", email="anna@example.org")

    row.refresh_from_db()
    assert (row.status, row.held_until) == (status, until)


def test_counters_come_before_the_lock_on_seats_however_somebody_is_typed(event):
    row = factories.registered(event)

    with CaptureQueriesContext(connection) as registering:
        registration.register(event, [factories.applicant()])
    with CaptureQueriesContext(connection) as typing:
        typed_anew.type_anew(row, answers={}, email="other@example.org")

    for queries in (registering, typing):
        asked = [each["sql"] for each in queries]
        counters = [number for number, sql in enumerate(asked) if "throttle_ratecount" in sql]
        seats = [number for number, sql in enumerate(asked) if "registrationsettings" in sql]
        assert counters
        assert counters[-1] < seats[0]
