"""Who was invited and registers by the public form takes up the invitation, once proven."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registrations.domain import attendees, place, proof, registration
from registrations.domain.attendees import Listed
from registrations.models import Registration
from tests import factories
from tests.threads import at_once

Proof = Registration.Proof
FANG = {"name": "Wang Fang", "email": "fang@example.org"}


@pytest.fixture
def event(db):
    given = {"capacity": 1, "hold_hours": 24, "hold_percent": 100}
    return factories.registration_settings(**given).event


def invite(event, organizer, **fields) -> Registration:
    given = FANG | {"category": "guest", "language": "en", "is_invited": True} | fields
    return attendees.add(event, [Listed(**given)], source="list", by=organizer.user)[0]


@pytest.fixture
def invited(event, organizer):
    return invite(event, organizer)


def kinds(row) -> list[str]:
    return list(row.mails.order_by("pk").values_list("kind", flat=True))


def test_proof_of_the_registration_accepts_the_invitation_even_where_all_seats_are_taken(
    event, invited
):
    proof.prove(factories.registered(event), Proof.LINK)
    question = factories.question(settings=event.registration_settings)
    row = factories.registered(
        event, answers={question.pk: "tea"}, organization_name="Harbour Works", **FANG
    )
    before = (row.status, row.shown_status)

    proof.prove(row, Proof.LINK)

    invited.refresh_from_db()
    row = Registration.objects.get(pk=row.pk)
    assert before == ("double", "waitlisted")
    assert (invited.status, row.status, row.shown_status) == ("confirmed", "double", "confirmed")
    assert (invited.organization_name, invited.category) == ("Harbour Works", "guest")
    assert invited.consented_at == row.consented_at is not None
    assert invited.privacy_notice_id == row.privacy_notice_id
    assert [answer.value for answer in invited.answers.all()] == ["tea"]
    assert kinds(invited) == ["confirmed"]
    assert Registration.objects.registered().filter(event=event).count() == 2


def test_before_the_proof_it_looks_like_any_other_registration(event, invited):
    # The notice, and what else is made with the first registration of all.
    factories.registered(factories.registration_settings().event)
    plain = CaptureQueriesContext(connection)
    known = CaptureQueriesContext(connection)
    with plain:
        new = factories.registered(event, name="Li Min", email="min@example.org")
    place.cancel(new)
    Registration.objects.filter(pk=new.pk).update(held_until=None)
    with known:
        row = factories.registered(event, **FANG)

    assert (row.shown_status, kinds(row)) == ("held", ["held"])
    assert len(plain) == len(known)
    assert Registration.objects.get(pk=invited.pk).status == "invited"


def test_opened_mail_of_the_invitation_accepts_nothing_that_a_stranger_typed(event, invited):
    stranger = factories.registered(event, **FANG)

    proof.prove(invited, Proof.LINK)
    invited.refresh_from_db()
    before = (invited.status, invited.consented_at)
    proof.prove(Registration.objects.get(pk=stranger.pk), Proof.LINK)

    invited.refresh_from_db()
    assert before == ("invited", None)
    assert invited.status == "confirmed"


def test_stranger_with_name_and_number_of_an_invited_person_takes_nothing(event, organizer):
    invited = invite(event, organizer, phone="13800138000")
    stranger = factories.registered(
        event, name="Wang Fang", email="stranger@example.org", phone="13800138000"
    )

    proof.prove(stranger, Proof.LINK)

    invited.refresh_from_db()
    assert (stranger.double_of_id, invited.status) == (invited.pk, "invited")
    assert kinds(invited) == ["attempt"]


@pytest.mark.parametrize("how", [Proof.SMS, Proof.STAFF])
def test_number_that_is_proven_takes_up_an_invitation_by_number(event, organizer, how):
    invited = invite(event, organizer, email="", phone="13800138000")
    row = factories.registered(event, name="Wang Fang", email="", phone="13800138000")

    proof.prove(row, how)

    invited.refresh_from_db()
    assert (invited.status, row.shown_status) == ("confirmed", "confirmed")


def test_invitation_is_not_taken_up_once_the_event_is_over_or_it_was_withdrawn(
    event, invited, organizer
):
    row = factories.registered(event, **FANG)
    place.cancel(invited, by=organizer.user)

    proof.prove(row, Proof.LINK)

    invited.refresh_from_db()
    assert invited.status == "cancelled"


def test_seat_that_the_invitation_promises_needs_no_approval(event, invited):
    type(event.registration_settings).objects.update(needs_approval=True)
    row = factories.registered(event, **FANG)

    proof.prove(row, Proof.LINK)

    invited.refresh_from_db()
    assert (invited.status, row.shown_status) == ("confirmed", "confirmed")
    assert kinds(row) == ["pending"]


def test_invitation_is_accepted_once_of_two_at_once(transactional_db, organizer):
    event = factories.registration_settings(capacity=5).event
    invited = invite(event, organizer)
    row = registration.register(event, [factories.applicant(**FANG)])[0]

    at_once(
        lambda: proof.prove(Registration.objects.get(pk=row.pk), Proof.LINK),
        lambda: attendees.accept_invitation(Registration.objects.get(pk=invited.pk), consents=True),
        lambda: proof.prove(Registration.objects.get(pk=row.pk), Proof.LINK),
    )

    invited.refresh_from_db()
    assert invited.status == "confirmed"
    assert kinds(invited) == ["confirmed"]
    assert invited.consented_at <= timezone.now()
