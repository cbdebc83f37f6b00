"""Somebody without an address is told that the seat is held no longer."""

import datetime as dt

import pytest
from django.utils import timezone

from mail import outbox, writers
from mail.models import OutboundMail
from registrations import text_messages
from registrations.domain import personal_link, proof, query_code, registration, waiting_list
from registrations.models import Registration
from summit.lib.sms.configuration import Configuration
from tests import factories
from tests.website.registering import sends


@pytest.fixture(autouse=True)
def console(settings):
    settings.SMS = Configuration(provider="console", sign_name="对接会")


def registered(event):
    return factories.registered(event, email="", phone="+8613800138000")


def texts():
    return OutboundMail.objects.filter(channel="sms")


@pytest.fixture
def holding(db):
    given = {"capacity": 10, "hold_hours": 24, "contact": "either", "sends_texts": True}
    return factories.registration_settings(**given).event


def end_holds():
    Registration.objects.update(held_until=timezone.now() - dt.timedelta(minutes=1))
    waiting_list.end_holds()


def test_number_is_told_that_its_seat_is_held_no_longer(
    holding, django_capture_on_commit_callbacks
):
    row = registered(holding)

    with django_capture_on_commit_callbacks(execute=True):
        end_holds()

    row.refresh_from_db()
    [message] = texts()
    code = query_code.code_of(row)
    said, _names = text_messages.text_of("hold_ended", is_home=True, code=code, event=holding)
    before = writers.write(message).body
    personal_link.prove(row)
    assert (message.kind, row.proven_at is None) == ("sms_hold_ended", False)
    assert before == f"【对接会】{said}"
    assert writers.write(texts().get()) is None


@pytest.mark.parametrize("without", ["wish", "template", "provider", "limit"])
def test_ended_hold_is_told_within_the_limits_alone(
    holding, settings, django_capture_on_commit_callbacks, without
):
    registered(holding)
    if without == "wish":
        holding.registration_settings.sends_texts = False
        holding.registration_settings.save()
    elif without == "template":
        settings.SMS = Configuration(provider="aliyun", templates={"code": "1", "query": "2"})
    elif without == "provider":
        settings.SMS = Configuration()
    else:
        settings.RATE_LIMITS = settings.RATE_LIMITS | {"sms-number": (0, 24 * 3600)}

    with django_capture_on_commit_callbacks(execute=True):
        end_holds()

    assert Registration.objects.get().status == "waitlisted"
    assert texts().count() == 0


def test_numbers_that_one_network_gave_are_told_as_few_as_it_may_ask_for(
    holding, settings, django_capture_on_commit_callbacks
):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sms-network": (2, 3600)}
    for number in range(3):
        person = factories.applicant(email="", phone=f"1380013800{number}")
        registration.register(holding, [person], network="192.0.2.1")
    person = factories.applicant(email="", phone="13900139000")
    registration.register(holding, [person], network="192.0.2.2")
    Registration.objects.update(status="held", held_until=timezone.now())

    with django_capture_on_commit_callbacks(execute=True):
        end_holds()

    assert texts().count() == 3


def test_page_of_the_query_code_says_that_the_seat_is_held_no_longer(stranger, holding):
    sends(stranger, holding, {"name": "王伟", "email": "", "phone": "13800138000"})
    address = f"/en/events/{holding.slug}/registered/"
    before = stranger.get(address).text

    end_holds()

    after = stranger.get(address).text
    said = "is no longer held, because your contact was not confirmed by then"
    assert (said in before, said in after) == (False, True)
    assert "You are number 1 in the queue" in after


def test_proof_of_a_contact_person_sends_no_text_to_numbers_typed_for_others(
    holding, django_capture_on_commit_callbacks
):
    numbers = [f"1380013800{n}" for n in range(3)]
    members = [factories.applicant(email="", phone=each) for each in numbers]
    rows = registration.register(holding, members, contact_person=factories.contact_person())

    with django_capture_on_commit_callbacks(execute=True):
        proof.prove_group(rows[0].group)
    told = texts().count()
    with django_capture_on_commit_callbacks(execute=True):
        outbox.queue("moved_up", Registration.objects.all())
    again = texts().count()
    with django_capture_on_commit_callbacks(execute=True):
        outbox.queue("moved_up", [proof.prove(rows[0], Registration.Proof.SMS)])

    assert (told, again) == (0, 0)
    assert [row.kind for row in texts()] == ["sms_confirmed"]
