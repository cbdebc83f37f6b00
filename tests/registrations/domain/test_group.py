"""People whom a contact person registers: seats together, consent by nobody but themselves."""

import dataclasses
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mail.models import OutboundMail
from registrations.domain import (
    attendees,
    contact_person,
    personal_link,
    place,
    privacy,
    proof,
    separate_consent,
    waiting_list,
)
from registrations.domain.group import GroupTooLarge
from registrations.domain.registration import register
from registrations.models import Registration, RegistrationGroup
from registrations.models.registration import Registration as Row
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db
Proof = Row.Proof


def event_of(**how):
    return factories.registration_settings(**how).event


def people(number, **fields):
    return [factories.applicant(**{"email": ""} | fields) for _n in range(number)]


def statuses(rows):
    again = Registration.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    return [row.status for row in again]


def kinds():
    return list(OutboundMail.objects.order_by("pk").values_list("kind", flat=True))


def group_of(event, applicants, **fields):
    return register(event, applicants, contact_person=factories.contact_person(**fields))


def test_who_gives_no_contact_is_reached_by_that_of_the_contact_person():
    own = factories.applicant(email="own@example.org")
    phone = factories.applicant(email="", phone="139 0000 0001")

    rows = group_of(event_of(), [*people(1), own, phone], phone="138 0013 8000")

    assert [(row.email, row.phone) for row in rows] == [
        ("contact@example.org", "+8613800138000"),
        ("own@example.org", ""),
        ("", "+8613900000001"),
    ]
    assert [row.has_own_contact for row in rows] == [False, True, True]
    assert kinds() == ["group_registered", "informed"]


def test_nobody_consents_for_another():
    event = event_of()
    asked = factories.separate_consent(settings=event.registration_settings)
    [row, _other] = group_of(event, people(2))

    assert (row.consented_at, row.privacy_notice) == (None, None)
    assert row.group.informed_at and row.group.privacy_notice
    assert not Registration.objects.consenting().exists()
    with pytest.raises(ValidationError, match="privacy notice first"):
        separate_consent.decide(row, shown=[asked.key], ticked=[asked.key])

    attendees.give_consent(row)

    assert Registration.objects.consenting().get() == row


@pytest.mark.parametrize(
    ("capacity", "number", "found"),
    [
        (5, 3, ["confirmed"] * 3),
        (3, 3, ["confirmed"] * 3),
        (None, 3, ["confirmed"] * 3),
        (4, 4, ["waitlisted"] * 4),
    ],
)
def test_all_have_seats_or_all_wait(capacity, number, found):
    event = event_of(capacity=capacity)
    if capacity == 4:
        factories.registered(event)

    rows = group_of(event, people(number), is_together=True)

    assert statuses(rows) == found


def test_without_all_or_none_each_has_the_next_seat():
    rows = group_of(event_of(capacity=2), people(3))

    assert statuses(rows) == ["confirmed", "confirmed", "waitlisted"]


def test_a_group_that_can_never_fit_is_refused_at_once():
    event = event_of(capacity=2)

    with pytest.raises(GroupTooLarge, match="2 seats in all, so 3 people"):
        group_of(event, people(3), is_together=True)

    assert Registration.objects.count() == RegistrationGroup.objects.count() == 0


def test_the_whole_group_is_held_where_so_many_seats_may_be():
    fits = group_of(event_of(capacity=10, hold_hours=24), people(3), is_together=True)
    beyond = group_of(event_of(capacity=10, hold_hours=24), people(4), is_together=True)

    assert statuses(fits) == ["held"] * 3
    assert statuses(beyond) == ["waitlisted"] * 4


def test_all_await_approval_and_nobody_moves_up_before_all_are_decided():
    event = event_of(capacity=3, needs_approval=True)
    place.approve(factories.registered(event))
    first, second, third = rows = group_of(event, people(3), is_together=True)
    assert statuses(rows) == ["pending"] * 3

    place.approve(first)
    place.approve(second)
    assert statuses(rows) == ["waitlisted", "waitlisted", "pending"]

    place.decline(third)
    waiting_list.refill(event)
    assert statuses(rows) == ["confirmed", "confirmed", "declined"]


def test_a_group_moves_up_together_and_blocks_nobody_behind_it():
    event = event_of(capacity=4)
    seated = [factories.registered(event) for _n in range(4)]
    rows = group_of(event, people(3), is_together=True)
    single = factories.registered(event)

    place.cancel(seated[0])
    assert (statuses(rows), statuses([single])) == (["waitlisted"] * 3, ["confirmed"])

    for row in seated[1:3]:
        place.cancel(row)
    assert statuses(rows) == ["waitlisted"] * 3

    place.cancel(seated[3])
    assert statuses(rows) == ["confirmed"] * 3
    assert kinds()[-2:] == ["cancelled", "group_changed"]
    assert not OutboundMail.objects.filter(registration__in=rows).exists()


def test_the_rest_stay_together_when_one_cancels():
    event = event_of(capacity=3)
    first = factories.registered(event)
    rows = group_of(event, people(3), is_together=True)

    place.cancel(rows[1])

    assert statuses(rows) == ["confirmed", "cancelled", "confirmed"]
    assert statuses([first]) == ["confirmed"]


def test_a_group_that_gives_up_all_or_none_takes_the_next_seats():
    event = event_of(capacity=2)
    factories.registered(event)
    rows = group_of(event, people(2), is_together=True)

    contact_person.wait_singly(rows[0].group)
    contact_person.wait_singly(rows[0].group)

    assert statuses(rows) == ["confirmed", "waitlisted"]


def test_an_offer_is_accepted_for_all_who_wait_together():
    event = event_of(capacity=2, offer_hours=24)
    seated = [factories.registered(event) for _n in range(2)]
    rows = group_of(event, people(2), is_together=True)
    for row in seated:
        place.cancel(row)
    assert statuses(rows) == ["offered"] * 2

    rows[0].refresh_from_db()
    place.accept(rows[0])

    assert statuses(rows) == ["confirmed"] * 2


def test_the_contact_persons_proof_makes_all_seats_firm_and_proves_nobody_else():
    event = event_of(capacity=10, hold_hours=24)
    own = factories.applicant(email="own@example.org")
    rows = group_of(event, [*people(1), own])

    proof.prove_group(rows[0].group)

    first, second = Registration.objects.order_by("pk")
    assert (first.status, first.proof) == ("confirmed", "link")
    assert (second.status, second.proof, second.mailed_name) == ("confirmed", "group", "")
    assert not second.has_own_proof

    personal_link.prove(second)

    assert (second.proof, second.has_own_proof) == ("link", True)


def test_with_all_or_none_an_own_proof_makes_no_seat_firm_alone():
    event = event_of(capacity=10, hold_hours=24)
    own = factories.applicant(email="own@example.org")
    rows = group_of(event, [*people(1), own], is_together=True)

    personal_link.prove(rows[1])
    assert statuses(rows) == ["held", "held"]

    proof.prove(rows[0], Proof.LINK)
    assert statuses(rows) == ["confirmed", "confirmed"]


def test_giving_up_all_or_none_makes_the_seat_of_an_own_proof_firm():
    event = event_of(capacity=10, hold_hours=24)
    own = factories.applicant(email="own@example.org")
    rows = group_of(event, [*people(1), own], is_together=True)
    personal_link.prove(rows[1])

    contact_person.wait_singly(rows[0].group)

    assert statuses(rows) == ["held", "confirmed"]


def test_staff_prove_a_group_by_one_of_it():
    event = event_of(capacity=10, hold_hours=24)
    rows = group_of(event, people(3), is_together=True, email="", phone="138 0013 8000")

    proof.prove(rows[2], Proof.STAFF)

    assert statuses(rows) == ["confirmed"] * 3


def test_a_group_without_proof_is_passed_over():
    event = event_of(capacity=10, hold_hours=24)
    rows = group_of(event, people(4), is_together=True)
    single = factories.registered(event)

    waiting_list.refill(event)
    assert statuses(rows) == ["waitlisted"] * 4

    proof.prove_group(rows[0].group)
    assert (statuses(rows), statuses([single])) == (["confirmed"] * 4, ["held"])


def test_the_contact_person_corrects_until_the_person_has_verified_the_own_contact():
    own = factories.applicant(email="own@example.org")
    [row, _other] = group_of(event_of(), [own, *people(1)])

    contact_person.correct_member(row, answers={}, name="Wang Wei")
    personal_link.prove(row)

    assert (row.name, contact_person.may_correct(row)) == ("Wang Wei", False)
    with pytest.raises(contact_person.OwnEntry):
        contact_person.correct_member(row, answers={}, name="Somebody")


def test_who_is_taken_out_is_erased_and_the_contact_person_told_no_more_than_that():
    event = event_of(capacity=2)
    own = factories.applicant(email="own@example.org")
    [row, other] = group_of(event, [own, *people(1)])
    waiting = factories.registered(event)

    privacy.take_out(row)
    privacy.take_out(row)

    row.refresh_from_db()
    assert (row.name, row.email, row.status) == ("", "", "cancelled")
    assert row.erased_at is not None
    assert statuses([other, waiting]) == ["confirmed", "confirmed"]
    assert kinds().count("group_taken_out") == 1
    [mail] = OutboundMail.objects.filter(kind="group_taken_out")
    assert mail.subject == row.group


def test_the_contact_person_is_erased_with_the_last_of_the_group():
    rows = group_of(event_of(), people(2), phone="138 0013 8000")
    group = rows[0].group

    privacy.erase(rows[:1])
    group.refresh_from_db()
    assert group.name == "Ann Contact"

    privacy.erase(rows[1:])
    group.refresh_from_db()
    kept = (group.name, group.email, group.email_key, group.phone, group.phone_key)
    assert kept == ("",) * 5
    assert not OutboundMail.objects.exists()


@pytest.mark.parametrize("contact", ["contact@example.org", "138 0013 8000"])
def test_a_contact_person_is_erased_on_request(contact):
    own = factories.applicant(email="own@example.org")
    [row, _other] = group_of(event_of(), [own, *people(1)], phone="138 0013 8000")

    privacy.erase_attendee(contact)

    row.group.refresh_from_db()
    row.refresh_from_db()
    assert (row.group.name, row.group.email, row.group.phone) == ("", "", "")
    assert row.email == "own@example.org"


def test_a_known_member_looks_like_an_unknown_one():
    event = event_of(capacity=3)
    known = factories.registered(event, name="Wang Wei", email="wei@example.org")

    def told(name):
        member = factories.applicant(name=name, email="wei@example.org")
        with CaptureQueriesContext(connection) as found:
            rows = group_of(event, [member, *people(1)], is_together=True)
        shown = [row.shown_status for row in rows]
        Registration.objects.exclude(pk=known.pk).update(status="cancelled")
        return shown, len(found)

    # The first one warms what is kept in memory.
    told("Li Jing")

    assert told("Li Jing") == told("Wang Wei")


def test_a_double_counts_for_all_or_none_so_that_it_does_not_show():
    event = event_of(capacity=2)
    factories.registered(event, name="Wang Wei", email="wei@example.org")
    member = factories.applicant(name="Wang Wei", email="wei@example.org")

    rows = group_of(event, [member, *people(1)], is_together=True)

    assert [row.shown_status for row in rows] == ["waitlisted"] * 2


def test_twenty_cost_no_more_queries_than_before_there_were_groups():
    event = event_of(capacity=100)
    twenty = people(20)
    group_of(event, people(1))

    with CaptureQueriesContext(connection) as found:
        group_of(event, twenty, email="other@example.org", is_together=True)

    assert len(found) <= 49


def test_groups_and_single_people_at_once_sell_no_seat_twice(transactional_db):
    event = factories.registration_settings(capacity=10).event
    mine = [
        partial(group_of, event, people(4), email=f"contact{n}@example.org", is_together=True)
        for n in range(4)
    ]
    others = [partial(register, event, [factories.applicant()]) for _n in range(4)]

    made = at_once(*mine, *others)

    assert not [each for each in made if isinstance(each, Exception)]
    assert Registration.objects.seated().count() <= 10
    for group in RegistrationGroup.objects.all():
        assert len({row.status for row in group.members.all()}) == 1


def test_seats_that_come_free_at_once_move_a_group_up_whole(transactional_db):
    event = factories.registration_settings(capacity=4).event
    seated = [factories.registered(event) for _n in range(4)]
    rows = group_of(event, people(3), is_together=True)

    at_once(
        *(partial(place.cancel, row) for row in seated),
        *(partial(register, event, [factories.applicant()]) for _n in range(2)),
    )

    waiting_list.refill(event)
    [status] = set(statuses(rows))
    seated_now = Registration.objects.seated().count()
    assert seated_now <= 4
    # Who came while too few seats were free for all of them may have passed them.
    assert status == ("confirmed" if seated_now > 2 else "waitlisted")


def test_applicants_are_left_as_they_were_given():
    person = factories.applicant(email="")
    before = dataclasses.asdict(person)

    group_of(event_of(), [person, *people(1)])

    assert dataclasses.asdict(person) == before
