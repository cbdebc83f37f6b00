"""Contacts that are changed several times, or taken away: what goes to whom, and what is left."""

import datetime as dt

import pytest
from django.utils import timezone

from mail import delivery
from registrations.domain import contact_change, personal_link, privacy
from registrations.models import ContactChange, Registration
from summit.lib.web.signed_links import sign
from tests import factories
from tests.registrations.domain.test_contact_change import NEW, OLD, sent
from tests.threads import before_commit

LEFT = "This address is no longer used"
NUMBERS = ("138 0013 8000", "139 0013 9000", "137 0013 7000")


@pytest.fixture
def event(db):
    return factories.registration_settings(capacity=5, contact="either").event


@pytest.fixture
def mine(event) -> Registration:
    row = personal_link.prove(factories.registered(event, name="王伟", email=OLD))
    delivery.deliver_due()
    row.mails.all().delete()
    sent()
    return row


def test_wrong_address_that_was_put_right_at_once_gets_no_key(mine, organizer):
    for email in ("wrong@example.org", NEW):
        contact_change.change_by_staff(mine, email=email, phone="", by=organizer.user)

    told = sent()

    subjects = {to: [text.split(":")[0] for text in texts] for to, texts in told.items()}
    changed = "Your address has been changed"
    assert subjects == {OLD: [LEFT], "wrong@example.org": [LEFT], NEW: [changed]}
    assert [sign(mine.code) in texts[0] for texts in told.values()].count(True) == 1


def test_old_address_gets_no_key_once_another_one_is_used(mine):
    contact_change.ask(mine, email=NEW)
    Registration.objects.update(email="x@example.org", email_key="x@example.org")

    assert list(sent()) == [NEW]


def test_old_address_is_told_that_it_was_taken_away(mine, organizer):
    contact_change.change_by_staff(mine, email="", phone=NUMBERS[0], by=organizer.user)

    told = sent()

    assert list(told) == [OLD]
    [text] = told[OLD]
    assert text.startswith(LEFT)
    assert "••••8000" in text
    assert "/my/" not in text


@pytest.mark.parametrize("is_first", [True, False])
def test_of_two_places_in_the_queue_the_earlier_one_is_kept(mine, event, is_first):
    other = factories.registered(event, name="王伟", email=NEW)
    now = timezone.now()
    for row, ago in ((mine, 2 if is_first else 1), (other, 1 if is_first else 2)):
        since = now - dt.timedelta(hours=ago)
        Registration.objects.filter(pk=row.pk).update(status="waitlisted", queued_at=since)

    [change] = contact_change.ask(mine, email=NEW)
    contact_change.confirm(change)

    stays, goes = (mine, other) if is_first else (other, mine)
    stays.refresh_from_db()
    goes.refresh_from_db()
    assert (stays.status, goes.status, goes.double_of_id) == ("waitlisted", "double", stays.pk)


@pytest.mark.parametrize("number", NUMBERS[:2])
def test_erasing_a_number_erases_the_changes_that_name_it(mine, organizer, number):
    for phone in NUMBERS:
        contact_change.change_by_staff(mine, email="", phone=phone, by=organizer.user)

    privacy.erase_attendee(number)

    mine.refresh_from_db()
    left = ContactChange.objects.filter(old_phone__contains=number[-4:])
    assert (mine.erased_at, left.exists()) == (None, False)
    assert not ContactChange.objects.filter(new_phone__contains=number[-4:]).exists()
    assert ContactChange.objects.exists()


def test_change_that_is_asked_for_during_an_erasure_is_erased_too(transactional_db):
    event = factories.registration_settings(capacity=5).event
    mine = personal_link.prove(factories.registered(event, email=OLD))

    def ask() -> None:
        contact_change.ask(Registration.objects.get(pk=mine.pk), email=NEW)

    assert before_commit(ask, lambda: privacy.erase([mine])) == 1
    assert not ContactChange.objects.exists()
