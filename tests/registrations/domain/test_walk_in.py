import pytest
from django.core.exceptions import ValidationError

from mail.models import OutboundMail
from registrations.domain import admission, door_counts, place
from registrations.domain import check_in as desk
from registrations.models import CheckIn, Registration, RegistrationSettings
from tests import factories

pytestmark = pytest.mark.django_db


def standing():
    return CheckIn.objects.standing().count()


def test_a_walk_in_is_registered_and_checked_in_with_one_mail(event, clerk):
    person = factories.applicant(name="王伟", language="zh-hans")

    mine = desk.walk_in(event, person, by=clerk)

    assert (mine.status, mine.registered_by, mine.name) == ("confirmed", clerk, "王伟")
    assert mine.consented_at
    assert [mail.kind for mail in mine.mails.all()] == ["confirmed"]
    assert door_counts.counts(event) == door_counts.Counts(expected=1, arrived=1, waiting=0)


def test_a_walk_in_needs_no_address_and_two_without_are_two_people(event, clerk):
    for name in ("Ann Hale", "Ben Hale"):
        desk.walk_in(event, factories.applicant(name=name, email=""), by=clerk)

    assert door_counts.counts(event).arrived == 2
    assert OutboundMail.objects.count() == 0


def test_a_walk_in_comes_in_after_registration_has_closed_and_without_approval(clerk):
    event = factories.registration_settings(
        event=factories.event(starts_at=factories.at(9)), needs_approval=True
    ).event

    mine = desk.walk_in(event, factories.applicant(), by=clerk)

    assert mine.status == "confirmed"
    assert [mail.kind for mail in mine.mails.all()] == ["confirmed"]


def test_a_walk_in_without_a_seat_leaves_nothing_until_admitted_all_the_same(full, clerk):
    before = (Registration.objects.count(), OutboundMail.objects.count())

    with pytest.raises(desk.NoSeat):
        desk.walk_in(full, factories.applicant(), by=clerk)

    assert (Registration.objects.count(), OutboundMail.objects.count()) == before
    mine = desk.walk_in(full, factories.applicant(), by=clerk, beyond_capacity=True)
    assert mine.status == "confirmed"
    assert [mail.kind for mail in mine.mails.all()] == ["confirmed"]


def test_a_known_person_is_refused_and_pointed_out(event, clerk):
    known = factories.registered(event, name="王伟", email="Wei@example.org")

    person = factories.applicant(name="王 伟", email="wei@EXAMPLE.org")
    with pytest.raises(desk.PersonKnown) as refusal:
        desk.walk_in(event, person, by=clerk)

    assert refusal.value.registration == known
    assert "王伟 (confirmed)" in refusal.value.messages[0]
    assert Registration.objects.count() == 1
    assert standing() == 0


def test_somebody_else_with_a_known_contact_walks_in(event, clerk):
    factories.registered(event, name="王伟", email="wei@example.org", phone="138 0013 8000")

    person = factories.applicant(name="李静", email="wei@example.org", phone="13800138000")
    mine = desk.walk_in(event, person, by=clerk)

    assert mine.status == "confirmed"


def test_an_address_whose_registration_has_ended_walks_in_anew(event, clerk):
    place.cancel(factories.registered(event, email="wei@example.org"))

    mine = desk.walk_in(event, factories.applicant(email="wei@example.org"), by=clerk)

    assert mine.status == "confirmed"
    assert Registration.objects.count() == 2


def test_a_walk_in_that_is_sent_again_counts_once(event, clerk):
    person = factories.applicant(email="", ticket="7K2M9QXR41")

    first = desk.walk_in(event, person, by=clerk)
    again = desk.walk_in(event, person, by=clerk)

    assert first == again
    assert first.ticket == "7K2M9QXR41"
    assert door_counts.counts(event) == door_counts.Counts(expected=1, arrived=1, waiting=0)


def test_another_person_with_a_ticket_that_a_browser_kept_is_another_person(event, clerk):
    first = desk.walk_in(event, factories.applicant(ticket="7K2M9QXR41"), by=clerk)

    second = desk.walk_in(event, factories.applicant(ticket="7K2M9QXR41"), by=clerk)

    assert first.ticket != second.ticket
    assert door_counts.counts(event).arrived == 2


def test_a_walk_in_passes_nobody_who_waits(clerk):
    event = factories.registration_settings(capacity=1).event
    factories.registered(event)
    first_in_queue = factories.registered(event)
    RegistrationSettings.objects.update(capacity=2)

    with pytest.raises(desk.NoSeat):
        desk.walk_in(event, factories.applicant(), by=clerk)

    assert Registration.objects.get(pk=first_in_queue.pk).status == "waitlisted"


@pytest.mark.parametrize("fields", [{"name": ""}, {"email": "nonsense"}, {"category": "lost"}])
def test_a_walk_in_that_is_wrongly_filled_in_leaves_nothing(event, clerk, fields):
    with pytest.raises(ValidationError):
        desk.walk_in(event, factories.applicant(**fields), by=clerk)

    assert Registration.objects.count() == 0


def test_an_event_without_registration_takes_no_walk_in(clerk):
    with pytest.raises(admission.RegistrationClosed):
        desk.walk_in(factories.upcoming_event(), factories.applicant(), by=clerk)
