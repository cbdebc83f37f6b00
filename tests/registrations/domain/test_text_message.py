"""Who gets a text message, how many, and what it says."""

import re
from pathlib import Path

import pytest
from django.core import mail as django_mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mail import delivery, outbox, writers
from mail.models import OutboundMail
from registrations import text_messages
from registrations.domain import personal_link, place, privacy, proof, query_code, text_message
from registrations.mail_kinds import TextKind
from registrations.models import Registration
from summit.lib.sms.configuration import LONGEST_SIGN_NAME, Configuration
from summit.lib.sms.messages import LONGEST
from tests import factories
from throttle.rate_limit import TooManyTries

NUMBER = "+8613800138000"
HOME = "192.0.2.1"


@pytest.fixture(autouse=True)
def console(settings):
    settings.SMS = Configuration(provider="console", sign_name="对接会", countries=("+86", "+44"))


@pytest.fixture
def event(db):
    settings = factories.registration_settings(contact="either", sends_texts=True)
    return settings.event


def registered(event, phone=NUMBER, **fields):
    return factories.registered(event, email="", phone=phone, **fields)


def texts(**fields):
    return OutboundMail.objects.filter(channel="sms", **fields).order_by("pk")


def sent_code(registration):
    return text_message.code_of(texts(kind=TextKind.CODE).last(), registration)


def test_code_of_a_message_proves_the_number(event):
    registration = registered(event)
    text_message.send_code(registration, network=HOME)
    code = sent_code(registration)

    text_message.enter_code(registration, f" {code[:3]} {code[3:]} ")

    registration.refresh_from_db()
    assert re.fullmatch(r"[0-9]{6}", code)
    assert registration.proven_at
    assert not text_message.may_be_proven(registration)


def test_wrong_code_proves_nothing_and_five_end_it(event):
    registration = registered(event)
    text_message.send_code(registration, network=HOME)
    code = sent_code(registration)
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    for typed in (wrong, "", "12345６", code[:5], "x"):
        with pytest.raises(text_message.WrongCode):
            text_message.enter_code(registration, typed)
    with pytest.raises(text_message.TextRefused, match="Too many wrong codes"):
        text_message.enter_code(registration, code)

    assert not Registration.objects.get().proven_at


def test_code_holds_for_half_an_hour_and_for_its_number_alone(event):
    registration = registered(event)
    text_message.send_code(registration, network=HOME)
    code = sent_code(registration)
    registration.phone = "13900139000"
    registration.save()
    with pytest.raises(text_message.WrongCode):
        text_message.enter_code(registration, code)
    registration.phone = NUMBER
    registration.save()
    texts().update(created_at=timezone.now() - text_message.CODE_LASTS)

    with pytest.raises(text_message.WrongCode):
        text_message.enter_code(registration, code)


def test_asking_twice_at_once_sends_one_code(event):
    registration = registered(event)

    for _press in range(3):
        text_message.send_code(registration, network=HOME)

    assert texts().count() == 1


def test_number_that_was_corrected_gets_a_code_of_its_own_at_once(event):
    registration = registered(event)
    text_message.send_code(registration, network=HOME)
    registration.phone = "13900139000"
    registration.save()
    before = text_message.latest_code(registration)

    text_message.send_code(registration, network=HOME)

    assert before is None
    assert text_message.latest_code(registration) == texts()[1]
    assert writers.write(texts()[1]).message.number == "+8613900139000"


def ask(registration, network=HOME):
    """Ask for a code as somebody does who waited."""
    texts().update(created_at=timezone.now() - text_message.ASKED_AGAIN_AFTER)
    text_message.send_code(registration, network=network)


def test_number_gets_two_a_day_whoever_asks(event):
    first, second = registered(event), registered(event, name="王伟")
    ask(first)
    ask(second, network="192.0.2.2")

    ask(first, network="192.0.2.3")

    texts().update(created_at=timezone.now())
    written = [writers.write(row) for row in texts()]
    assert [message is None for message in written] == [False, False, True]


def test_codes_and_query_codes_to_a_number_are_two_a_day_together(event):
    registration = registered(event)
    ask(registration)

    for number in range(3):
        text_message.send_query_code("138 0013 8000", network=f"192.0.2.{number}")
    ask(registration)

    assert [writers.write(row) is not None for row in texts()[1:]] == [True, False]
    assert [row.kind for row in texts()] == [TextKind.CODE, TextKind.QUERY, TextKind.CODE]


def test_screen_of_a_number_used_today_answers_as_that_of_another(event):
    for number in range(2):
        text_message.send_query_code(NUMBER, network=f"192.0.2.{number}")
    used, fresh = registered(event), registered(event, phone="+8613900139000")
    answers = {used: [], fresh: []}

    for row, asked in answers.items():
        for network in ("192.0.2.7", "192.0.2.8", "192.0.2.9"):
            try:
                ask(row, network=network)
            except text_message.TextRefused as error:
                asked.append(error.messages)
            else:
                asked.append(bool(text_message.latest_code(row)))

    assert answers[used] == answers[fresh]
    assert answers[fresh][:2] == [True, True]
    assert "daily limit of text messages" in answers[fresh][2][0]
    delivery.deliver_due()
    assert {row.status for row in texts(registration=used)} == {"dropped"}


def test_strangers_cannot_keep_notices_from_the_owner(event, django_capture_on_commit_callbacks):
    registration = personal_link.prove(registered(event))
    for number in range(3):
        text_message.send_query_code(NUMBER, network=f"192.0.2.{number}")

    with django_capture_on_commit_callbacks(execute=True):
        place.cancel(registration)

    assert texts(kind=TextKind.CANCELLED).count() == 1


def test_notices_of_many_are_counted_at_once(event, settings, django_capture_on_commit_callbacks):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sms-event": (3, 24 * 3600)}
    people = [
        personal_link.prove(registered(event, phone=phone, name=name))
        for phone, name in [
            (NUMBER, "甲"),
            (NUMBER, "乙"),
            (NUMBER, "丙"),
            ("+8613900139000", "丁"),
        ]
    ]
    people.append(personal_link.prove(registered(event, phone="+8613700137000")))
    committed = django_capture_on_commit_callbacks(execute=True)
    with CaptureQueriesContext(connection) as queries, committed:
        outbox.queue("confirmed", reversed(people))

    counted = [each["sql"] for each in queries if "ON CONFLICT" in each["sql"]]
    assert [row.subject for row in texts()] == [people[4], people[3], people[2]]
    # The numbers in one order, whatever the order of the people is, then the event.
    assert len(counted) == 2


def test_network_asks_for_five_an_hour(event):
    for number in range(5):
        ask(registered(event, phone=f"+861390013900{number}"))

    with pytest.raises(TooManyTries, match="Try again in"):
        ask(registered(event))

    assert texts().count() == 5


def test_end_of_the_budget_is_told_to_who_runs_the_event_and_to_who_asks(
    event, settings, organizer
):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sms-event": (2, 24 * 3600)}
    organizer.user.email = "organizer@example.org"
    organizer.user.save()
    people = [registered(event, phone=f"+861390013900{number}") for number in range(4)]
    ask(people[0])
    ask(people[1])

    for person in people[2:]:
        with pytest.raises(text_message.TextRefused, match="Note the query code"):
            ask(person, network="192.0.2.2")

    delivery.deliver_due()
    [told] = [each for each in django_mail.outbox if "organizer@example.org" in each.to[0]]
    assert "Text messages used up" in told.subject
    assert event.title_zh_hans in told.subject
    assert f"event__id__exact={event.pk}" in told.body
    assert texts().count() == 2


@pytest.mark.parametrize(
    ("phone", "is_reached"),
    [
        (NUMBER, True),
        ("+447911123456", True),
        ("+33612345678", False),
        ("+8631186123456", False),
        ("", False),
    ],
)
def test_only_mobile_numbers_of_allowed_countries_are_reached(event, phone, is_reached):
    registration = factories.registered(event, phone=phone)

    assert bool(text_message.number_of(registration)) == is_reached


def test_without_a_provider_nobody_is_reached(event, settings):
    registration = registered(event)
    settings.SMS = Configuration()

    assert not text_message.may_be_proven(registration)
    with pytest.raises(text_message.TextRefused):
        text_message.send_code(registration, network=HOME)
    assert texts().count() == 0


def test_query_code_is_sent_to_the_number_and_unknown_ones_are_answered_alike(event):
    registration = registered(event)

    text_message.send_query_code("１３８ ００１３ ８０００", network=HOME)
    text_message.send_query_code("13900139000", network=HOME)
    text_message.send_query_code("13900139000", network=HOME)
    text_message.send_query_code("13900139000", network=HOME)

    [row] = texts()
    assert query_code.code_of(registration) in writers.write(row).body


def test_query_code_is_that_of_who_has_proven_the_number(event):
    owner = proof.prove(registered(event), Registration.Proof.SMS)
    registered(event, name="Stranger")
    stranger = factories.registered(event, email="stranger@example.org", phone=NUMBER)
    proof.prove(stranger, Registration.Proof.LINK)

    text_message.send_query_code(NUMBER, network=HOME)

    [row] = texts(kind=TextKind.QUERY)
    assert query_code.code_of(owner) in writers.write(row).body


def test_budget_that_is_spent_does_not_tell_who_is_registered(event, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sms-event": (0, 24 * 3600)}
    registered(event)

    text_message.send_query_code(NUMBER, network=HOME)

    assert texts().count() == 0


@pytest.mark.parametrize("contact", ["ann@example.org", "0311-86123456", "", "+33612345678"])
def test_query_code_goes_to_mobile_numbers_alone(db, contact):
    with pytest.raises(ValidationError, match="Enter the mobile number"):
        text_message.send_query_code(contact, network=HOME)


def test_notices_go_to_proven_numbers_where_the_event_wishes(
    event, django_capture_on_commit_callbacks
):
    proven = personal_link.prove(registered(event))
    unproven = registered(event, phone="+8613900139000")
    other = factories.registration_settings(
        event=factories.upcoming_event(), contact="either"
    ).event
    elsewhere = personal_link.prove(registered(other, phone="+8613700137000"))

    for each in (proven, unproven, elsewhere):
        with django_capture_on_commit_callbacks(execute=True):
            outbox.queue("confirmed", [each])
            place.cancel(each)

    assert [row.kind for row in texts()] == ["sms_confirmed", "sms_cancelled"]
    # Of the cancelled one nothing is confirmed any more.
    assert [writers.write(row) and writers.write(row).body for row in texts()] == [
        None,
        text_message_of("cancelled", event),
    ]


def text_message_of(what, event, *, is_home=True, code="ABC234"):
    text, _parameters = text_messages.text_of(what, is_home=is_home, code=code, event=event)
    return f"【对接会】{text}"


def test_mails_cost_no_query_more_where_nobody_gets_a_text(event, django_assert_num_queries):
    person = factories.registered(event)
    silent = registered(event)

    with django_assert_num_queries(1):
        outbox.queue("confirmed", [person, silent])
    with django_assert_num_queries(0):
        outbox.queue("reminder", [silent])


@pytest.mark.parametrize("is_home", [True, False])
@pytest.mark.parametrize("what", text_messages.TEXTS)
def test_texts_are_short_and_hold_no_link(event, what, is_home):
    event.starts_at = event.starts_at.replace(month=9, day=28)
    text, parameters = text_messages.text_of(what, is_home=is_home, code="WWWWWW", event=event)

    assert len(text) + LONGEST_SIGN_NAME + len("【】") <= LONGEST
    assert not re.search(r"http|www\.|\.cn|/", text)
    assert tuple(parameters) == text_messages.PARAMETERS[what]
    assert all(value in text for value in parameters.values())
    # What Tencent takes for one place of a template.
    assert all(len(value) <= 12 for value in parameters.values())


@pytest.mark.parametrize("is_home", [True, False])
@pytest.mark.parametrize("what", text_messages.TEXTS)
def test_docs_have_the_texts_that_are_to_be_approved(event, what, is_home):
    docs = Path(__file__).parents[3].joinpath("docs", "operations.md").read_text()
    names = text_messages.PARAMETERS[what]
    text, values = text_messages.text_of(what, is_home=is_home, code="WWWWWW", event=event)
    for name in names:
        text = text.replace(values[name], f"${{{name}}}")

    assert f"| `{what}` | {'home' if is_home else 'abroad'} | `{text}` |" in docs


def test_foreign_number_gets_the_english_text(event):
    registration = registered(event, phone="+447911123456", language="zh-hans")
    text_message.send_code(registration, network=HOME)

    [row] = texts()

    code = text_message.code_of(row, registration)
    assert writers.write(row).body == f"【对接会】Your code: {code}. Valid for 30 minutes."


def test_message_for_a_number_does_not_follow_its_correction(event):
    registration = registered(event)
    text_message.send_code(registration, network=HOME)
    registration.phone = "13900139000"
    registration.save()

    [row] = texts()

    assert writers.write(row) is None


def test_code_that_is_late_or_needed_no_more_is_not_sent(event):
    registration = registered(event)
    text_message.send_code(registration, network=HOME)
    before = writers.write(texts().get())
    personal_link.prove(registration)
    proven = writers.write(texts().get())
    Registration.objects.update(proven_at=None)
    texts().update(created_at=timezone.now() - text_message.CODE_LASTS)

    late = writers.write(texts().get())

    assert before is not None
    assert (proven, late) == (None, None)


def test_erased_person_leaves_no_message_behind(event):
    registration = registered(event)
    text_message.send_code(registration, network=HOME)

    privacy.erase([registration])

    assert texts().count() == 0
