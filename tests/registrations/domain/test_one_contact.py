"""One contact holds several people; the same person once more is a possible duplicate."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mail.models import OutboundMail
from registrations.domain import (
    attendees,
    check_in,
    correction,
    group_contact,
    known_people,
    personal_link,
    place,
    privacy,
    proof,
    registration,
    ticket,
)
from registrations.domain.waiting_list import free_seats
from registrations.models import Registration
from summit.lib.web.phones import stored_phone
from tests import factories
from tests.refusals import codes_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db

NUMBER = "138 0013 8000"


@pytest.fixture
def settings_of_event():
    return factories.registration_settings(capacity=5)


@pytest.fixture
def event(settings_of_event):
    return settings_of_event.event


def by_number(event, name="王伟", **fields):
    return factories.registered(event, **{"name": name, "email": "", "phone": NUMBER} | fields)


def test_one_number_holds_several_people_each_with_a_seat(event, settings_of_event):
    people = [by_number(event, name) for name in ("王伟", "李静", "Wang Wei")]

    assert [each.status for each in people] == ["confirmed"] * 3
    assert free_seats(settings_of_event) == 2


@pytest.mark.parametrize(
    "again",
    [
        {"phone": "+86 138 0013 8000"},
        {"name": "王 伟"},
        {"name": "王偉", "phone": "１３８００１３８０００"},
        {"email": "other@example.org"},
    ],
)
def test_the_same_person_again_takes_no_second_seat(event, settings_of_event, again):
    first = by_number(event)

    second = by_number(event, **again)

    assert (second.status, second.seen_as, second.double_of) == ("double", "confirmed", first)
    assert second.shown_status == "confirmed"
    assert free_seats(settings_of_event) == 4


def test_a_double_looks_as_somebody_new_would(event, settings_of_event):
    settings_of_event.capacity = 1
    settings_of_event.save()
    by_number(event)

    assert (by_number(event).seen_as, by_number(event, "李静").status) == ("waitlisted",) * 2


def test_one_person_twice_in_one_form_has_one_seat(event):
    twice = [factories.applicant(name="王伟", email="", phone=NUMBER) for _n in range(2)]

    first, second = registration.register(event, twice)

    assert (first.status, second.status, second.double_of) == ("confirmed", "double", first)


def test_a_double_of_who_cancels_becomes_no_seat(event, settings_of_event):
    first = by_number(event)
    second = by_number(event)
    waiting = [by_number(event, f"Person {n}") for n in range(5)][-1]

    place.cancel(first)

    second.refresh_from_db()
    waiting.refresh_from_db()
    assert (second.status, waiting.status) == ("double", "confirmed")
    assert free_seats(settings_of_event) == 0


def test_who_cancelled_and_comes_again_is_nobodys_double(event):
    place.cancel(by_number(event))

    assert by_number(event).status == "confirmed"


def test_a_double_is_ended_without_a_seat_coming_free(event, settings_of_event):
    by_number(event)

    assert place.cancel(by_number(event)).status == "cancelled"
    assert free_seats(settings_of_event) == 4


def test_a_double_is_erased_with_the_first(event):
    first, other = by_number(event), by_number(event, "李静")
    by_number(event)

    privacy.erase([first])

    assert list(Registration.objects.filter(erased_at=None)) == [other]


def test_a_person_is_erased_by_number(event):
    by_number(event)
    other = factories.registered(event)

    assert privacy.erase_attendee("138-0013-8000") == 1
    assert list(Registration.objects.filter(erased_at=None)) == [other]


def test_the_ticket_of_a_double_leads_to_the_place_of_the_first(event, organizer):
    first, second = by_number(event), by_number(event)

    found = ticket.find(event, second.ticket)
    with pytest.raises(check_in.CheckInRefused) as refusal:
        check_in.check_in(second, by=organizer.user)

    assert found == first
    assert codes_of(refusal.value) == ["double"]
    assert check_in.check_in(found, by=organizer.user).is_new


def test_a_contact_holds_twenty_people_doubles_included(event):
    for number in range(19):
        by_number(event, f"Person {number}")
    by_number(event, "Person 0")

    with pytest.raises(known_people.ContactFull):
        by_number(event, "One more")

    assert Registration.objects.count() == 20


def test_one_mail_goes_to_an_address_however_many_people_it_holds(event):
    people = [factories.applicant(email="office@example.org") for _n in range(3)]

    made = registration.register(event, people)

    assert [mail.subject for mail in OutboundMail.objects.all()] == [made[0]]


def test_who_has_an_address_learns_that_the_number_was_used_again(event):
    first = by_number(event, email="wei@example.org")
    proof.prove(first, Registration.Proof.STAFF)
    personal_link.prove(first)

    by_number(event, "李静", email="other@example.org")
    by_number(event, "王伟")

    assert [mail.kind for mail in first.mails.order_by("pk")] == ["confirmed", "attempt", "attempt"]


def test_who_typed_a_number_with_an_unproven_address_learns_nothing_of_its_owner(event):
    first = by_number(event, "张三", email="stranger@example.org")

    by_number(event, "王伟", email="wei@example.org")
    by_number(event, "王伟")
    Registration.objects.filter(pk=first.pk).update(proven_at=timezone.now(), proof="group")
    by_number(event, "李静", email="other@example.org")

    assert [mail.kind for mail in first.mails.all()] == ["confirmed"]


def test_proven_address_makes_nobody_the_owner_of_a_number_typed_beside_it(event):
    stranger = by_number(event, "张三", email="stranger@example.org")
    personal_link.prove(stranger)

    by_number(event, "王伟", email="wei@example.org")
    by_number(event, "王伟")

    assert [mail.kind for mail in stranger.mails.all()] == ["confirmed"]


def test_number_that_a_proven_person_types_later_is_not_theirs(event):
    stranger = by_number(event, "张三", phone="139 0013 9000", email="stranger@example.org")
    proof.prove(stranger, Registration.Proof.STAFF)
    correction.correct(stranger, phone=stored_phone(NUMBER))

    by_number(event, "王伟")

    assert [mail.kind for mail in stranger.mails.all()] == ["confirmed"]


def test_registering_costs_as_much_with_a_known_contact(event):
    by_number(event, email="wei@example.org")
    numbers = []
    for fields in (
        {"email": "new@example.org", "phone": "139 0013 9000"},
        {"name": "李静", "email": "wei@example.org", "phone": NUMBER},
        {"name": "王伟", "email": "wei@example.org", "phone": NUMBER},
        {"name": "王伟", "email": "other@example.org", "phone": NUMBER},
    ):
        with CaptureQueriesContext(connection) as queries:
            registration.register(event, [factories.applicant(**fields)], network="192.0.2.1")
        numbers.append(len(queries))

    assert numbers == numbers[:1] * 4


def test_organizers_add_others_with_a_known_contact_and_nobody_twice(event, organizer):
    by_number(event)
    person = {"category": "guest", "language": "en", "email": "", "phone": NUMBER}

    with pytest.raises(attendees.NotAdded) as refusal:
        attendees.add(
            event, [attendees.Listed(name="王伟", **person)], source="list", by=organizer.user
        )
    [added] = attendees.add(
        event, [attendees.Listed(name="李静", **person)], source="list", by=organizer.user
    )

    assert codes_of(refusal.value) == ["known"]
    assert added.status == "confirmed"


def test_correcting_a_name_makes_nobody_two_people(event):
    by_number(event)
    other = by_number(event, "李静")

    with pytest.raises(registration.ValidationError):
        correction.correct(other, name="王伟")

    other.refresh_from_db()
    assert other.name == "李静"


def own_contacts(number):
    return [factories.applicant() for _n in range(number)]


def group_of(event, people, **contact):
    return registration.register(event, people, contact_person=factories.contact_person(**contact))


def test_a_contact_person_registers_twenty_people_whatever_contacts_they_have():
    event = factories.registration_settings(contact="either").event
    both, number = {"phone": NUMBER}, {"email": "", "phone": NUMBER}
    others = [factories.applicant(email="", phone=each) for each in ("", "", "139 0000 0001")]
    group_of(event, [*own_contacts(11), *others], **both)
    first, *_rest = group_of(event, own_contacts(5), **number)
    place.cancel(first)

    with pytest.raises(known_people.ContactFull, match="contact person can register at most 20"):
        group_of(event, own_contacts(4), **number)
    group_of(event, own_contacts(2), **both)
    with pytest.raises(known_people.ContactFull):
        group_of(event, own_contacts(1), **number)
    [elsewhere] = group_of(factories.registration_settings().event, own_contacts(1), **number)
    [another] = group_of(event, own_contacts(1), email="another@example.org")

    assert (elsewhere.status, another.status) == ("confirmed", "confirmed")


@pytest.mark.parametrize("first", ["group", "singly"])
def test_twenty_people_of_a_contact_are_counted_singly_and_in_groups_together(first):
    event = factories.registration_settings(contact="either").event
    contact = {"email": "", "phone": NUMBER}
    if first == "group":
        group_of(event, own_contacts(11), **contact)
    for number in range(9):
        by_number(event, f"Person {number}")
    if first == "singly":
        group_of(event, own_contacts(11), **contact)

    with pytest.raises(known_people.ContactFull):
        by_number(event, "One more")
    with pytest.raises(known_people.ContactFull):
        group_of(event, own_contacts(1), **contact)


def test_contact_of_a_group_moves_to_none_that_is_full():
    event = factories.registration_settings(contact="either").event
    for number in range(20):
        by_number(event, f"Person {number}")
    [member] = group_of(event, own_contacts(1), email="", phone="139 0013 9000")

    with pytest.raises(known_people.ContactFull):
        group_contact.type_anew(member.group, email="", phone=NUMBER)

    member.group.refresh_from_db()
    assert member.group.phone_key == "+8613900139000"


def test_one_and_a_group_at_once_are_no_more_than_twenty(transactional_db):
    event = factories.registration_settings(contact="either").event
    contact = {"email": "", "phone": NUMBER}
    group_of(event, own_contacts(19), **contact)

    done = at_once(
        lambda: by_number(event, "王伟"), lambda: group_of(event, own_contacts(1), **contact)
    )

    assert sum(isinstance(each, known_people.ContactFull) for each in done) == 1
    assert Registration.objects.count() == 20
