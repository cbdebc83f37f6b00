"""Another mobile number that its owner asks for: what proves it, and what it ends."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mail import writers
from mail.models import OutboundMail
from registrations.domain import (
    contact_change,
    number_change,
    place,
    privacy,
    proof,
    query_code,
    text_message,
)
from registrations.models import ContactChange, Registration
from summit.lib.database.states import MoveRefused
from summit.lib.sms.configuration import Configuration
from tests import factories
from tests.threads import at_once
from throttle.rate_limit import TooManyTries

OLD, NEW = "+8613800138000", "+8613900139000"
HOME = "192.0.2.1"
Status = ContactChange.Status


@pytest.fixture(autouse=True)
def console(settings):
    settings.SMS = Configuration(provider="console", sign_name="对接会")


def made(event, **fields) -> Registration:
    row = factories.registered(event, **({"name": "王伟", "email": "", "phone": OLD} | fields))
    return proof.prove(row, Registration.Proof.SMS)


@pytest.fixture
def event(db):
    return factories.registration_settings(capacity=5, contact="either").event


@pytest.fixture
def mine(event) -> Registration:
    return made(event)


def texts():
    return OutboundMail.objects.filter(channel="sms").order_by("pk")


def ask(row, phone="139 0013 9000"):
    return number_change.ask(row, phone=phone, network=HOME)


def code_for(row, number=NEW) -> str:
    return text_message.code_of(texts().filter(kind="sms_code").last(), row, number)


def test_asking_changes_nothing_and_sends_a_code_to_the_new_number_alone(mine):
    ask(mine)

    [message] = [writers.write(row).message for row in texts()]
    mine.refresh_from_db()
    assert (mine.phone, message.number) == (OLD, NEW)
    assert code_for(mine) in message.text


def test_code_puts_the_new_number_and_the_old_one_is_told(mine, django_capture_on_commit_callbacks):
    old_code = query_code.code_of(mine)
    change = ask(mine)

    with django_capture_on_commit_callbacks(execute=True):
        is_new = number_change.confirm(mine, code_for(mine))
    again = number_change.confirm(mine, "000000")

    mine.refresh_from_db()
    change.refresh_from_db()
    assert (is_new, again) == (True, False)
    assert (mine.phone, mine.phone_key, mine.proof) == (NEW, NEW, "sms")
    assert (mine.status, change.status) == ("confirmed", Status.CONFIRMED)
    written = [writers.write(row) for row in texts()]
    assert [row.kind for row in texts()] == ["sms_code", "sms_number_changed"]
    assert (written[0], written[1].message.number) == (None, OLD)
    assert old_code != query_code.code_of(mine)
    with pytest.raises(query_code.NotFound):
        query_code.find(OLD, old_code, network=HOME)
    with pytest.raises(query_code.NotFound):
        query_code.find(NEW, old_code, network=HOME)
    assert query_code.find(NEW, query_code.code_of(mine), network=HOME) == mine


def test_code_of_another_number_changes_nothing(mine):
    ask(mine, "13700137000")
    first = code_for(mine, "+8613700137000")
    ask(mine)

    for typed in (first, "", "000000" if code_for(mine) != "000000" else "1"):
        with pytest.raises(text_message.WrongCode):
            number_change.confirm(mine, typed)

    assert Registration.objects.get().phone == OLD
    assert [row.status for row in ContactChange.objects.all()] == [Status.OPEN, Status.STOPPED]
    assert writers.write(texts()[0]) is None


def test_five_wrong_codes_end_that_for_a_while(mine):
    ask(mine)
    for _try in range(5):
        with pytest.raises(text_message.WrongCode):
            number_change.confirm(mine, "x")

    with pytest.raises(text_message.TextRefused, match="Too many wrong codes"):
        number_change.confirm(mine, code_for(mine))


@pytest.mark.parametrize("end", ["late", "cancelled", "old code"])
def test_change_that_is_too_late_is_refused(mine, end):
    ask(mine)
    code = code_for(mine)
    if end == "late":
        ContactChange.objects.update(asked_at=timezone.now() - ContactChange.LASTS)
    elif end == "cancelled":
        place.cancel(mine)
    else:
        texts().update(created_at=timezone.now() - text_message.CODE_LASTS)
    before = Registration.objects.get().phone

    with pytest.raises(ValidationError):
        number_change.confirm(mine, code)

    assert Registration.objects.get().phone == before


def test_code_counts_no_more_once_staff_have_changed_the_number(mine, organizer):
    ask(mine)
    code, phone = code_for(mine), "+8613700137000"
    contact_change.change_by_staff(mine, email="", phone=phone, by=organizer.user)

    is_new = number_change.confirm(mine, code)

    assert (is_new, Registration.objects.get().phone) == (False, phone)


@pytest.mark.parametrize("kind", ["unproven", "address", "group"])
def test_who_may_not_change_it_here_asks_for_nothing(event, kind):
    if kind == "address":
        row = proof.prove(factories.registered(event, phone=OLD), Registration.Proof.LINK)
    else:
        row = factories.registered(event, email="", phone=OLD)
        if kind == "group":
            Registration.objects.update(proven_at=timezone.now(), proof="group")
            row.refresh_from_db()

    with pytest.raises(MoveRefused):
        ask(row)

    assert not ContactChange.objects.exists()
    assert not texts().filter(kind="sms_code").exists()


@pytest.mark.parametrize("phone", ["13800138000", "+44 7911 123456", "0311 8888 8888", "x"])
def test_number_that_cannot_be_the_new_one_is_refused(mine, phone):
    with pytest.raises(ValidationError):
        ask(mine, phone)

    assert not ContactChange.objects.exists()


def test_code_past_the_limit_of_the_new_number_is_answered_alike_and_never_sent(mine):
    for network in ("192.0.2.7", "192.0.2.8"):
        text_message.send_query_code(NEW, network=network)

    asked = ask(mine)

    [row] = texts()
    assert text_message.latest_code(mine, NEW) == row
    assert row.payload["change"] == asked.pk
    assert writers.write(row) is None


@pytest.mark.parametrize("scope", ["number", "network", "event"])
def test_limits_are_those_of_other_codes(mine, settings, scope):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {f"sms-{scope}": (0, 3600)}

    with pytest.raises((TooManyTries, text_message.TextRefused)):
        ask(mine)

    assert not texts().exists()


def test_asking_twice_at_once_sends_one_code(mine):
    assert ask(mine) == ask(mine)
    assert texts().count() == 1


def test_asking_says_nothing_of_who_is_registered_with_the_new_number(mine, event):
    made(event, phone="13700137000")
    numbers = []

    for phone in ("13700137000", "13600136000"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ask(mine, phone)
        numbers.append(len(queries))
        ContactChange.objects.all().delete()

    assert numbers[0] == numbers[1]


def test_person_who_has_a_place_with_the_new_number_keeps_one(mine, event):
    other = made(event, phone=NEW)
    ask(mine)

    number_change.confirm(mine, code_for(mine))

    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.status, other.status, other.double_of_id) == ("confirmed", "double", mine.pk)


def test_two_who_enter_the_code_at_once_change_it_once(transactional_db):
    mine = made(factories.registration_settings(capacity=5, contact="either").event)
    ask(mine)
    code = code_for(mine)

    def enter():
        return number_change.confirm(Registration.objects.get(pk=mine.pk), code)

    done = at_once(*[enter] * 3)

    mine.refresh_from_db()
    assert mine.phone == NEW
    assert [each for each in done if each is True] == [True]
    assert texts().filter(kind="sms_number_changed").count() == 1


def test_pending_number_is_in_the_own_data_and_erased_with_the_person(mine):
    ask(mine)
    [kept] = privacy.own_data(mine)["changes_of_the_contact"]

    privacy.erase([mine])

    assert (kept["before"], kept["new"], kept["status"]) == (OLD, "••••9000", "open")
    assert not ContactChange.objects.exists()
    assert not texts().exists()
