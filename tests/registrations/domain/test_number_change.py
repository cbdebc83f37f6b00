"""Another mobile number of somebody without an address: who is told, and what proves it."""

import datetime as dt

import pytest
from django.utils import timezone

from mail import writers
from mail.models import OutboundMail
from registrations import text_messages
from registrations.domain import contact_change, place, privacy, proof, query_code
from registrations.models import ContactChange, Registration
from summit.lib.sms.configuration import Configuration
from tests import factories

OLD, NEW = "+8613800138000", "+8613900139000"


@pytest.fixture(autouse=True)
def console(settings):
    settings.SMS = Configuration(provider="console", sign_name="对接会")


@pytest.fixture
def event(db):
    return factories.registration_settings(capacity=5, contact="either").event


@pytest.fixture
def mine(event) -> Registration:
    row = factories.registered(event, name="王伟", email="", phone=OLD)
    return proof.prove(row, Registration.Proof.SMS)


def texts() -> list[tuple[str, str]]:
    return [
        (writers.write(row).message.number, row.kind)
        for row in OutboundMail.objects.filter(channel="sms").order_by("pk")
    ]


@pytest.fixture
def by_staff(organizer, django_capture_on_commit_callbacks):
    def change(row, phone=NEW, email=""):
        with django_capture_on_commit_callbacks(execute=True):
            contact_change.change_by_staff(row, email=email, phone=phone, by=organizer.user)

    return change


def test_both_numbers_are_told_what_staff_have_changed(mine, event, by_staff):
    by_staff(mine)

    assert texts() == [(OLD, "sms_number_changed"), (NEW, "sms_confirmed")]
    to_old, to_new = [writers.write(row).body for row in OutboundMail.objects.order_by("pk")]
    code = query_code.code_of(mine)
    said, _names = text_messages.text_of("number_changed", is_home=True, code="", event=event)
    assert to_old == f"【对接会】{said}"
    assert code in to_new and code not in to_old
    assert not any(part in to_old for part in ("王伟", NEW[3:], "9000"))


def test_old_number_that_nobody_has_proven_is_told_nothing(event, by_staff):
    row = factories.registered(event, email="", phone=OLD)

    by_staff(row)

    assert texts() == [(NEW, "sms_confirmed")]


def test_person_with_an_address_gets_mails_alone(event, by_staff):
    row = factories.registered(event, email="wei@example.org", phone=OLD)
    proof.prove(row, Registration.Proof.LINK)

    by_staff(row, email="wei@example.org")

    assert not OutboundMail.objects.filter(channel="sms").exists()


def test_number_that_gave_way_to_an_address_is_told(mine, by_staff):
    by_staff(mine, phone="", email="wei@example.org")

    assert texts() == [(OLD, "sms_number_changed")]


def test_seat_that_becomes_firm_with_the_new_number_is_told_once(by_staff):
    given = {"capacity": 5, "hold_hours": 24, "contact": "either", "sends_texts": True}
    event = factories.registration_settings(event=factories.upcoming_event(), **given).event
    row = factories.registered(event, email="", phone=OLD)

    by_staff(row)

    assert row.status == "confirmed"
    assert texts() == [(NEW, "sms_confirmed")]


def test_who_waits_is_not_told_of_a_seat(mine, by_staff):
    Registration.objects.update(status="pending")

    by_staff(mine)

    assert texts() == [(OLD, "sms_number_changed")]


@pytest.mark.parametrize("without", ["template", "provider", "notice", "event"])
def test_numbers_are_told_within_the_limits_alone(mine, settings, by_staff, without):
    if without == "template":
        settings.SMS = Configuration(provider="aliyun", templates={"code": "1", "query": "2"})
    elif without == "provider":
        settings.SMS = Configuration()
    else:
        settings.RATE_LIMITS = settings.RATE_LIMITS | {f"sms-{without}": (0, 24 * 3600)}

    by_staff(mine)

    assert mine.phone == NEW
    assert texts() == []


@pytest.mark.parametrize("end", ["cancelled", "over", "forgotten"])
def test_old_number_is_told_for_as_long_as_it_matters(mine, event, by_staff, end):
    by_staff(mine)
    if end == "cancelled":
        place.cancel(mine)
    elif end == "over":
        ago = timezone.now() - dt.timedelta(days=2)
        event.starts_at, event.ends_at = ago, ago + dt.timedelta(hours=2)
        event.save()
    else:
        ContactChange.objects.all().delete()

    [row] = OutboundMail.objects.filter(kind="sms_number_changed")
    assert (writers.write(row) is not None) == (end == "cancelled")


def test_erased_person_leaves_no_message_about_a_number(mine, by_staff):
    by_staff(mine)

    privacy.erase([mine])

    assert not OutboundMail.objects.exists()
    assert not ContactChange.objects.exists()
