"""Text messages told at once by several transactions, in whatever order they name people."""

import threading
from functools import partial

import pytest
from django.db import connection, transaction

from mail import outbox, writers
from mail.models import OutboundMail
from registrations.domain import personal_link, text_message
from summit.lib.sms.configuration import Configuration
from tests import factories
from tests.threads import at_once

NUMBERS = ("+8613800138000", "+8613900139000")


@pytest.fixture(autouse=True)
def console(settings):
    settings.SMS = Configuration(provider="console", sign_name="对接会")


def people_of_an_event():
    """Return a proven person of each number, at an event of their own."""
    event = factories.registration_settings(contact="either", sends_texts=True).event
    return [
        personal_link.prove(factories.registered(event, email="", phone=number))
        for number in NUMBERS
    ]


def test_two_who_tell_the_same_numbers_in_another_order_do_not_block_each_other(transactional_db):
    if connection.vendor == "sqlite":
        pytest.skip("has one writer at a time")
    first, second = people_of_an_event(), people_of_an_event()[::-1]
    OutboundMail.objects.all().delete()
    both_have_told_one = threading.Barrier(2)

    def tell(people):
        with transaction.atomic():
            outbox.queue("confirmed", people[:1])
            both_have_told_one.wait(timeout=10)
            outbox.queue("confirmed", people[1:])

    found = at_once(lambda: tell(first), lambda: tell(second))

    assert found == [None, None]
    assert OutboundMail.objects.filter(kind="sms_confirmed").count() == 4


def test_transaction_that_is_undone_tells_nobody_and_counts_nothing(transactional_db, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sms-notice": (1, 24 * 3600)}
    [person, _other] = people_of_an_event()
    OutboundMail.objects.all().delete()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.queue("confirmed", [person])
        raise ZeroDivisionError
    before = OutboundMail.objects.count()
    with transaction.atomic():
        outbox.queue("confirmed", [person])

    assert (before, OutboundMail.objects.count()) == (0, 1)


def test_what_strangers_ask_for_at_once_is_two_to_a_number(transactional_db):
    event = factories.registration_settings(contact="either").event
    number = "+8613700137000"
    rows = [
        factories.registered(event, email="", phone=number, name=f"Person {each}")
        for each in range(3)
    ]

    at_once(
        *(partial(text_message.send_code, row, network=f"192.0.2.{row.pk}") for row in rows),
        lambda: text_message.send_query_code(number, network="192.0.2.200"),
    )

    texts = [writers.write(row) for row in OutboundMail.objects.filter(channel="sms")]
    assert sum(each is not None for each in texts) == 2
