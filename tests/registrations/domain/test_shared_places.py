"""Whose place it is that several rows of one person share, and what an attacker gains by that."""

import datetime as dt

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from events.models import Event
from mail import delivery
from registrations.domain import place, privacy, proof, registration, waiting_list
from registrations.models import Registration, RegistrationSettings
from tests import factories
from tests.threads import at_once

Status, Proof = Registration.Status, Registration.Proof
NUMBER = "13800138000"
STRANGER = {"name": "王伟", "email": "stranger@example.org", "phone": NUMBER}
OWNER = {"name": "王伟", "email": "wei@example.org", "phone": NUMBER}


@pytest.fixture
def event(db):
    given = {"capacity": 3, "hold_hours": 24, "hold_percent": 100, "contact": "either"}
    return factories.registration_settings(**given).event


def kinds(of: Registration) -> list[str]:
    return list(of.mails.order_by("pk").values_list("kind", flat=True))


def anew(row: Registration) -> Registration:
    return Registration.objects.get(pk=row.pk)


def test_who_proves_an_own_address_has_an_own_seat_and_takes_none(event):
    stranger = factories.registered(event, **STRANGER)
    owner = factories.registered(event, **OWNER)
    before = (stranger.shown_status, kinds(stranger), stranger.held_until)

    proof.prove(owner, Proof.LINK)

    owner, stranger = anew(owner), anew(stranger)
    assert (owner.status, owner.double_of, owner.seen_as) == ("confirmed", None, "")
    assert (stranger.status, stranger.double_of, stranger.proven_at) == ("held", None, None)
    assert (stranger.shown_status, kinds(stranger), stranger.held_until) == before
    assert kinds(owner) == ["held", "confirmed"]
    assert waiting_list.free_seats(event.registration_settings) == 1


def test_who_proves_an_own_address_waits_where_no_seat_is_free(event):
    stranger = factories.registered(event, **STRANGER)
    owner = factories.registered(event, **OWNER)
    others = [factories.proven(event) for _each in range(2)]

    proof.prove(owner, Proof.LINK)

    owner = anew(owner)
    assert (owner.status, owner.double_of, owner.queued_at) == (
        "waitlisted",
        None,
        owner.registered_at,
    )
    assert kinds(owner) == ["held", "waitlisted"]
    assert anew(stranger).status == "held"
    place.cancel(others[0])
    assert anew(owner).status == "confirmed"


@pytest.mark.parametrize("how", [Proof.SMS, Proof.STAFF])
def test_owner_of_the_number_has_the_place_though_a_stranger_proved_an_address(event, how):
    stranger = proof.prove(factories.registered(event, **STRANGER), Proof.LINK)
    owner = factories.registered(event, **OWNER | {"email": ""})

    proof.prove(owner, how)

    owner, stranger = anew(owner), anew(stranger)
    assert (owner.status, owner.double_of) == ("confirmed", None)
    assert (stranger.status, stranger.shown_status, stranger.double_of) == (
        "double",
        "confirmed",
        owner,
    )
    place.cancel(stranger)
    assert anew(owner).status == "confirmed"
    assert waiting_list.free_seats(event.registration_settings) == 2


def test_name_and_number_take_no_firm_place_of_somebody_unproven(event):
    RegistrationSettings.objects.update(hold_hours=None)
    colleague = factories.registered(event, **OWNER | {"email": ""})
    stranger = factories.registered(event, **STRANGER)

    proof.prove(stranger, Proof.LINK)
    place.cancel(anew(stranger))

    assert (colleague.status, anew(colleague).status) == ("confirmed", "confirmed")
    assert waiting_list.free_seats(event.registration_settings) == 2


@pytest.mark.parametrize("is_proven", [True, False])
@pytest.mark.parametrize("hold_hours", [24, None])
def test_name_and_number_inherit_no_seat_before_those_who_wait(event, is_proven, hold_hours):
    RegistrationSettings.objects.update(hold_hours=hold_hours)
    colleague = proof.prove(factories.registered(event, **OWNER), Proof.LINK)
    for _each in range(2):
        factories.proven(event)
    waiting = factories.proven(event)
    stranger = factories.registered(event, **STRANGER)
    if is_proven:
        proof.prove(stranger, Proof.LINK)

    place.cancel(anew(colleague))

    assert (anew(waiting).status, anew(colleague).status) == ("confirmed", "cancelled")
    assert anew(stranger).shown_status == "waitlisted"
    is_own = is_proven or hold_hours is None
    assert anew(stranger).status == ("waitlisted" if is_own else "double")


def test_proven_duplicate_has_its_own_turn_once_the_first_row_is_cancelled(event):
    first = proof.prove(factories.registered(event, **OWNER), Proof.LINK)
    for _each in range(2):
        factories.proven(event)
    other = proof.prove(factories.registered(event, **STRANGER), Proof.LINK)
    behind = factories.proven(event)

    place.cancel(anew(first))

    assert (anew(other).status, anew(other).double_of) == ("confirmed", None)
    assert anew(behind).status == "waitlisted"


def test_duplicate_of_a_row_that_has_gone_gets_its_turn_with_its_proof(event):
    first = proof.prove(factories.registered(event, **OWNER), Proof.LINK)
    other = factories.registered(event, **STRANGER)
    place.cancel(anew(first))
    before = anew(other)

    proof.prove(anew(other), Proof.LINK)

    assert (before.status, before.shown_status) == ("double", "held")
    assert (anew(other).status, anew(other).double_of) == ("confirmed", None)


def test_no_mail_to_the_stranger_says_that_the_place_was_confirmed(event):
    stranger = factories.registered(event, **STRANGER)
    owner = factories.registered(event, **OWNER)
    proof.prove(owner, Proof.LINK)
    Registration.objects.update(held_until=timezone.now() - dt.timedelta(hours=1))

    waiting_list.end_holds()
    waiting_list.refill(event)
    place.cancel(anew(owner))
    delivery.deliver_due()

    subjects = [each.subject for each in django_mail.outbox if stranger.email in each.to[0]]
    assert not [each for each in subjects if "is confirmed" in each or "is free" in each]
    assert anew(stranger).shown_status == "waitlisted"


def test_stranger_who_proves_an_address_afterwards_gets_no_seat(event):
    stranger = factories.registered(event, **STRANGER)
    owner = factories.registered(event, **OWNER | {"email": ""})
    proof.prove(owner, Proof.SMS)

    proof.prove(anew(stranger), Proof.LINK)

    assert (anew(stranger).status, anew(owner).status) == ("double", "confirmed")
    assert waiting_list.free_seats(event.registration_settings) == 2


@pytest.mark.parametrize("status", ["waitlisted", "pending", "offered"])
def test_place_goes_over_as_it_is(event, status):
    stranger = factories.registered(event, **STRANGER)
    owner = factories.registered(event, **OWNER)
    RegistrationSettings.objects.update(capacity=0 if status == "waitlisted" else 3)
    now = timezone.now()
    Registration.objects.filter(pk=stranger.pk).update(
        status=status, queued_at=now, offer_expires_at=now + dt.timedelta(hours=2)
    )

    proof.prove(anew(owner), Proof.STAFF)

    assert (anew(owner).status, anew(owner).queued_at) == (status, now)
    assert (anew(stranger).status, anew(stranger).shown_status) == ("double", status)


def test_code_of_a_number_makes_no_row_with_another_address_firm(event):
    stranger = factories.registered(event, **STRANGER)
    owner = factories.registered(event, **OWNER | {"email": ""})

    proof.prove(owner, Proof.SMS)

    assert (anew(owner).status, anew(stranger).status) == ("confirmed", "double")
    assert "confirmed" not in kinds(stranger)


def test_later_rows_of_the_person_share_the_place_of_the_proven_one(event):
    factories.registered(event, **STRANGER)
    owner = factories.registered(event, **OWNER)
    third = factories.registered(event, **OWNER | {"email": ""})

    proof.prove(owner, Proof.STAFF)

    assert anew(third).double_of == owner


def test_place_of_somebody_proven_stays_theirs(event):
    first = proof.prove(factories.registered(event, **OWNER), Proof.LINK)
    stranger = factories.registered(event, **STRANGER)

    proof.prove(stranger, Proof.LINK)

    assert (anew(first).status, anew(stranger).status) == ("confirmed", "double")


@pytest.mark.parametrize("how", [Proof.STAFF, Proof.SMS])
def test_same_contact_twice_is_proven_together(event, how):
    person = {"name": "王伟", "email": "", "phone": NUMBER}
    first, second = (factories.registered(event, **person) for _each in range(2))

    proof.prove(second, how)

    assert (anew(first).status, anew(first).proof) == ("confirmed", how)
    assert (anew(second).status, anew(second).shown_status) == ("double", "confirmed")


def test_staff_who_confirm_the_second_contact_confirm_nobody_elses_address(event):
    stranger = factories.registered(event, **STRANGER)
    owner = factories.registered(event, **OWNER)

    proof.prove(owner, Proof.STAFF)

    assert (anew(owner).status, anew(stranger).proven_at) == ("confirmed", None)
    assert "confirmed" not in kinds(stranger)


@pytest.mark.parametrize("how", [Proof.LINK, Proof.SMS])
def test_owner_and_stranger_who_prove_at_once_have_the_last_seat_once(transactional_db, how):
    given = {"capacity": 1, "hold_hours": 24, "hold_percent": 100, "contact": "either"}
    event = factories.registration_settings(**given).event
    owner = OWNER if how == Proof.LINK else OWNER | {"email": ""}
    rows = [factories.registered(event, **each) for each in (STRANGER, owner)]

    proofs = zip(rows, (Proof.LINK, how), strict=True)
    done = at_once(*(lambda row=row, by=by: proof.prove(anew(row), by) for row, by in proofs))

    assert not [each for each in done if isinstance(each, Exception)]
    assert [anew(row).status for row in rows].count("confirmed") == 1
    if how == Proof.SMS:
        assert [anew(row).status for row in rows] == ["double", "confirmed"]


def test_colleague_who_cancels_while_a_duplicate_is_proven_leaves_one_seat(transactional_db):
    given = {"capacity": 1, "hold_hours": 24, "hold_percent": 100, "contact": "either"}
    event = factories.registration_settings(**given).event
    colleague = proof.prove(factories.registered(event, **OWNER), Proof.LINK)
    waiting = factories.proven(event)
    stranger = factories.registered(event, **STRANGER)

    done = at_once(
        lambda: place.cancel(anew(colleague)), lambda: proof.prove(anew(stranger), Proof.LINK)
    )

    assert not [each for each in done if isinstance(each, Exception)]
    assert (anew(waiting).status, anew(stranger).shown_status) == ("confirmed", "waitlisted")


# Seen as waiting


def waiting_double(event, **fields) -> Registration:
    """A possible duplicate, of somebody proven, that looks as if it waited."""
    proof.prove(factories.registered(event, **OWNER), Proof.LINK)
    double = factories.registered(event, **STRANGER | fields)
    Registration.objects.filter(pk=double.pk).update(seen_as="waitlisted", held_until=None)
    return anew(double)


def test_proven_double_that_looked_waiting_moves_up_where_a_seat_is_free(event):
    double = waiting_double(event)

    proof.prove(double, Proof.LINK)
    waiting_list.refill(event)

    assert (anew(double).status, anew(double).shown_status) == ("double", "confirmed")
    assert kinds(double)[-1] == "moved_up"
    assert kinds(double).count("moved_up") == 1


def test_double_without_proof_keeps_waiting_where_seats_are_held(event):
    double = waiting_double(event)

    waiting_list.refill(event)

    assert anew(double).shown_status == "waitlisted"


def test_full_hall_moves_up_the_double_that_came_before_the_last_one(event):
    double = waiting_double(event)
    others = [proof.prove(factories.registered(event), Proof.LINK) for _each in range(2)]
    proof.prove(double, Proof.LINK)
    late = waiting_double(event, email="late@example.org")
    Registration.objects.filter(pk=double.pk).update(seen_as="waitlisted")
    queued = factories.registered(event)
    Registration.objects.filter(pk=late.pk).update(
        proven_at=timezone.now(), proof="link", registered_at=timezone.now()
    )
    Registration.objects.filter(pk=queued.pk).update(proven_at=timezone.now(), proof="link")

    place.cancel(others[0])

    assert anew(queued).status == "confirmed"
    assert [anew(each).shown_status for each in (double, late)] == ["confirmed", "waitlisted"]


def offered_double(event) -> Registration:
    double = waiting_double(event)
    proof.prove(double, Proof.LINK)
    Registration.objects.filter(pk=double.pk).update(seen_as="waitlisted")
    RegistrationSettings.objects.update(offer_hours=4)
    waiting_list.refill(event)
    return anew(double)


def test_proven_double_is_offered_a_seat_in_its_turn_and_takes_none(event):
    double = offered_double(event)
    before = (double.status, double.shown_status, double.has_open_offer, kinds(double)[-1])

    place.accept(double)
    place.accept(double)

    assert before == ("double", "offered", True, "offered")
    assert (anew(double).status, anew(double).shown_status) == ("double", "confirmed")
    assert kinds(double)[-1] == "confirmed"
    assert kinds(double).count("confirmed") == 1
    assert waiting_list.free_seats(event.registration_settings) == 2


def test_offer_to_a_double_expires_as_others_do(event):
    double = offered_double(event)
    Registration.objects.filter(pk=double.pk).update(offer_expires_at=timezone.now())

    expired = waiting_list.expire_offers()

    assert (expired, anew(double).shown_status) == (0, "expired")
    assert kinds(double)[-1] == "expired"
    assert waiting_list.free_seats(event.registration_settings) == 2


def test_offer_to_a_double_is_put_off_with_the_event(event):
    double = offered_double(event)
    Event.objects.update(status="cancelled")

    waiting_list.put_offers_off()

    assert (anew(double).status, anew(double).shown_status) == ("double", "waitlisted")


def test_double_that_looks_held_is_not_forgotten_where_no_seats_are_held_any_more(event):
    proof.prove(factories.registered(event, **OWNER), Proof.LINK)
    double = factories.registered(event, **STRANGER)
    before = double.shown_status
    RegistrationSettings.objects.update(hold_hours=None)

    waiting_list.refill_all()

    assert (before, anew(double).shown_status) == ("held", "confirmed")


def test_double_that_looks_waiting_moves_up_where_no_seats_are_held_any_more(event):
    double = waiting_double(event)
    RegistrationSettings.objects.update(hold_hours=None)

    waiting_list.refill(event)

    assert anew(double).shown_status == "confirmed"


def test_held_seats_await_approval_where_the_event_approves_by_then(event):
    row = factories.registered(event)
    RegistrationSettings.objects.update(hold_hours=None, needs_approval=True)

    waiting_list.refill(event)

    assert anew(row).status == "pending"


def test_many_of_one_address_are_told_once(event):
    people = [factories.applicant(**OWNER | {"name": name}) for name in ("Ann", "Bea")]
    rows = registration.register(event, people)

    proof.prove(rows[0], Proof.LINK)

    assert [kinds(row) for row in rows] == [["held", "confirmed"], []]


def in_a_group(event, **fields) -> Registration:
    """A row that a stranger's group holds in somebody's name, with the stranger verified."""
    person = factories.applicant(**STRANGER | fields)
    [row] = registration.register(event, [person], contact_person=factories.contact_person())
    proof.prove_group(row.group)
    return anew(row)


GOES = [
    pytest.param(privacy.take_out, id="this is not me"),
    pytest.param(place.cancel, id="cancelled"),
    pytest.param(place.give_back_undeliverable, id="address refused"),
]


@pytest.mark.parametrize("go", GOES)
def test_verified_owner_has_the_place_when_a_groups_row_in_their_name_goes(event, go):
    stranger = in_a_group(event)
    unproven = factories.registered(event, **OWNER | {"email": "third@example.org"})
    owner = factories.registered(event, **OWNER)
    proof.prove(owner, Proof.LINK)
    before = kinds(owner)
    assert (anew(stranger).status, anew(owner).status) == ("confirmed", "double")

    go(anew(stranger))
    go(anew(stranger))

    owner, unproven, stranger = anew(owner), anew(unproven), anew(stranger)
    assert (owner.name, owner.email, owner.status) == ("王伟", "wei@example.org", "confirmed")
    assert (owner.double_of, kinds(owner)) == (None, before)
    assert (unproven.erased_at, unproven.double_of, unproven.shown_status) == (None, owner, "held")
    assert stranger.status == "cancelled"
    assert (stranger.erased_at is None) is (go is not privacy.take_out)
    assert waiting_list.free_seats(event.registration_settings) == 2


@pytest.mark.parametrize("go", GOES)
def test_owner_without_proof_has_no_firm_seat_from_a_row_that_goes(event, go):
    stranger = in_a_group(event)
    owner = factories.registered(event, **OWNER)
    until = owner.held_until

    go(stranger)

    left = anew(owner)
    assert (left.status, left.shown_status, left.held_until) == ("double", "held", until)
    proof.prove(anew(owner), Proof.LINK)
    assert anew(owner).status == "confirmed"


def test_owner_whose_hold_is_over_stays_in_the_queue_and_the_seat_passes_on(event):
    stranger = in_a_group(event)
    owner = factories.registered(event, **OWNER)
    Registration.objects.filter(pk=owner.pk).update(
        held_until=timezone.now() - dt.timedelta(hours=1)
    )
    waiting_list.end_holds()

    place.cancel(stranger)

    assert anew(owner).shown_status == "waitlisted"
    assert waiting_list.free_seats(event.registration_settings) == 3


def test_owner_waits_as_of_the_own_registration_when_a_group_that_waited_goes(event):
    for _n in range(3):
        factories.proven(event)
    stranger = in_a_group(event)
    owner = factories.registered(event, **OWNER)
    proof.prove(owner, Proof.LINK)

    place.cancel(stranger)

    assert (anew(owner).status, anew(owner).queued_at) == ("waitlisted", owner.registered_at)


@pytest.mark.parametrize("contact", [{"phone": NUMBER}, {"phone": "13900139000"}])
def test_duplicates_with_the_same_address_go_with_who_is_not_that_person(event, contact):
    first = in_a_group(event, phone=contact["phone"])
    again = factories.registered(event, **STRANGER)

    privacy.take_out(first)

    assert not Registration.objects.filter(erased_at=None).exists()
    assert anew(again).name == ""


def test_staff_who_erase_somebody_erase_the_possible_duplicates_too(event):
    in_a_group(event)
    factories.registered(event, **OWNER)

    privacy.erase_attendee(STRANGER["email"])

    assert not Registration.objects.filter(erased_at=None).exists()


def test_proof_of_a_duplicate_takes_no_place_of_a_verified_group(event):
    member = in_a_group(event)
    owner = factories.registered(event, **OWNER)

    proof.prove(owner, Proof.LINK)

    assert (anew(member).status, anew(member).proof) == ("confirmed", Proof.GROUP)
    assert anew(owner).status == "double"
