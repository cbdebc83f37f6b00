"""Contacts are kept while they are used, erased by address and number, and shown to the person."""

import datetime as dt
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from contacts.domain import contact as domain
from contacts.models import Contact
from mail.delivery import deliver_due
from mail.models import OutboundMail
from registrations.domain import privacy
from summit.lib.database.made_columns import refill
from summit.lib.web.phones import phone_key
from tests import factories
from tests.backoffice.posting import save
from tests.threads import at_once
from tests.trail import entries

pytestmark = pytest.mark.django_db


def age(contact: Contact, months: int) -> Contact:
    Contact.objects.filter(pk=contact.pk).update(
        used_at=timezone.now() - dt.timedelta(days=31 * months)
    )
    contact.refresh_from_db()
    return contact


def left() -> set[Contact]:
    return set(Contact.objects.all())


def test_a_contact_that_nobody_used_is_erased(settings):
    old, young = age(factories.contact(), 25), age(factories.contact(), 22)

    assert domain.erase_unused() == 1
    assert domain.erase_unused() == 0

    assert left() == {young}
    [(action, _by, subject, details)] = entries()
    assert (action, subject) == ("contacts_erased", "")
    assert (details["people"], details["reason"]) == (1, "unused")
    assert old.name not in str(details)


def test_for_how_long_is_a_setting(settings):
    age(factories.contact(), 8)

    assert domain.erase_unused() == 0
    settings.CONTACT_KEEP_MONTHS = 6

    assert domain.erase_unused() == 1


def test_a_contact_that_is_confirmed_is_kept():
    contact = age(factories.contact(), 25)

    assert domain.confirm([contact]) == 1
    assert domain.erase_unused() == 0


def test_a_contact_that_is_mailed_as_an_attendee_is_kept():
    mailed, other = age(factories.contact(), 25), age(factories.contact(email=""), 25)
    event = factories.registration_settings(event=factories.upcoming_event()).event
    factories.registered(event, email=mailed.email.upper())
    assert domain.due_for_erasure().count() == 2
    deliver_due()

    assert domain.erase_unused() == 1

    assert left() == {mailed}
    OutboundMail.objects.update(sent_at=timezone.now() - dt.timedelta(days=31 * 25))
    assert domain.erase_unused() == 1
    assert other not in left()


def test_mails_of_somebody_who_was_erased_keep_nobody():
    contact = age(factories.contact(email=""), 25)
    event = factories.registration_settings(event=factories.upcoming_event()).event
    person = factories.registered(event)
    deliver_due()
    type(person).objects.filter(pk=person.pk).update(email="", email_key="")

    assert set(domain.due_for_erasure()) == {contact}


def test_what_is_due_soon_is_told_before():
    soon = age(factories.contact(), 22)
    factories.contact()

    assert set(domain.due_for_erasure(in_months=3)) == {soon}
    assert domain.due_for_erasure().count() == 0


def test_the_day_until_which_it_is_kept(settings):
    settings.CONTACT_KEEP_MONTHS = 6
    made = factories.contact(used_at=dt.datetime(2026, 8, 31, 12, tzinfo=dt.UTC))
    contact = Contact.objects.with_last_use().get(pk=made.pk)

    assert domain.kept_until(contact) == dt.datetime(2027, 2, 28, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "typed", ["LI.MIN@Example.org", '"li.min"@example.org', "li.min＠example.org"]
)
def test_erased_by_address_however_it_is_written(typed):
    factories.contact(email="li.min@example.org")
    other = factories.contact()

    assert domain.erase_by_email(typed) == 1
    assert domain.erase_by_email(typed) == 0
    assert left() == {other}


@pytest.mark.parametrize(
    "typed",
    ["+86 311 8612 3456", "0311-86123456", "００８６ 311 86123456", "(0311) 8612 3456 转 12"],
)
def test_erased_by_phone_however_it_is_written(typed):
    factories.contact(phone="0311-86123456 ext. 12")
    other, without = factories.contact(), factories.contact(phone="")

    assert domain.erase_by_phone(typed) == 1
    assert domain.erase_by_phone("") == 0
    assert left() == {other, without}


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("+86 138 0013 8000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("+44 (0)161 496 0000", "441614960000"),
        ("8612 3456", "86123456"),
        ("ext.", ""),
    ],
)
def test_numbers_are_compared_by_their_digits(number, key):
    assert phone_key(number) == key


def test_what_is_no_address_erases_nobody():
    factories.contact()

    with pytest.raises(ValidationError):
        domain.erase_by_email("li min")

    assert Contact.objects.count() == 1


def test_erasing_takes_the_words_of_the_log_along(organizer):
    contact = factories.contact()
    save(organizer, contact, note="likes tea")
    LogEntry.objects.update(object_repr="Li Min", change_message="Li Min")

    domain.erase([contact], by=organizer.user)

    assert set(LogEntry.objects.values_list("object_repr", "change_message")) == {("", "")}


def test_one_address_is_erased_from_events_and_contacts():
    event = factories.registration_settings(event=factories.upcoming_event()).event
    person = factories.registered(event)
    factories.contact(email=person.email)

    erased = privacy.erase_person(person.email)

    assert {name: number for name, number in erased.items() if number} == {
        "registrations": 1,
        "contacts": 1,
    }
    assert not Contact.objects.exists()


def test_the_commands_say_what_they_erased():
    factories.contact(email="li.min@example.org")
    factories.contact(phone="0311-86123456")
    first, second = io.StringIO(), io.StringIO()

    call_command("erase_attendee", "li.min@example.org", stdout=first)
    call_command("erase_contact", "+86 311 8612 3456", stdout=second)

    assert first.getvalue().splitlines() == ["Erased from 0 registrations.", "Erased 1 contacts."]
    assert second.getvalue() == "Erased 1 contacts.\n"
    for command in ("erase_attendee", "erase_contact"):
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command(command, "li.min@example.org")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("erase_contact", "li min@")


@pytest.mark.django_db(transaction=True)
def test_a_contact_that_is_confirmed_while_others_are_erased_is_not_half_of_each():
    contact = age(factories.contact(), 25)

    confirmed, erased = at_once(lambda: domain.confirm([contact]), domain.erase_unused)

    assert (confirmed, erased) in ((1, 0), (0, 1))
    assert Contact.objects.count() == confirmed


def test_what_it_is_found_by_is_made_anew():
    contact = factories.contact(name="李敏", wechat="limin_tea")
    Contact.objects.update(search_text="", email_key="", phone_key="", sort_name="")

    with transaction.atomic():
        assert refill(Contact) == 1

    contact.refresh_from_db()
    assert "limin" in contact.search_text
    assert contact.email_key == contact.email
    assert contact.phone_key


def test_a_row_names_nobody():
    contact = factories.contact(name="Li Min")

    assert str(contact) == f"contact {contact.pk}"
    assert str(Contact(name="Li Min")) == "contact"
