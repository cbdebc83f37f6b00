"""Mails to the contact person: one about the group at a time, in place of one for each person."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.domain import event as events
from mail.models import OutboundMail
from registrations.domain import announcement, place, proof, reminder, waiting_list
from registrations.domain.registration import register
from registrations.models import Registration, RegistrationSettings
from summit.lib.sms.configuration import Configuration
from tests import factories
from tests.cast import make_organizer
from tests.registrations.test_entries import move_a_day, sent

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 5, 3, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def event_of(**fields):
    event = factories.upcoming_event(
        title_en="Docking day", starts_at=NOW + 200 * HOUR, ends_at=NOW + 208 * HOUR
    )
    return factories.registration_settings(event=event, **fields).event


def group_of(event, number=3, **fields):
    """Register so many people without contacts of their own, and return them as they are."""
    group = factories.group(event, number, **fields)
    return list(group.members.order_by("pk"))


def _fill(event, number):
    for _n in range(number):
        factories.registered(event)


def statuses(event):
    return list(Registration.objects.filter(event=event).values_list("status", flat=True))


def subjects():
    """Return what leaves now, each as who it goes to and its subject."""
    return [(mail["To"], mail["Subject"]) for mail in sent()]


def news(subject):
    return [("contact@example.org", subject)]


def test_a_group_without_own_contacts_gets_one_mail_at_a_time(clock):
    event = event_of(capacity=10, hold_hours=24, reminder_hours=48)
    rows = group_of(event)
    assert subjects() == news("Your group: Docking day")

    proof.prove_group(rows[0].group)
    assert subjects() == news("News of your group: Docking day")

    move_a_day(event)
    announcement.announce(event)
    [mail] = sent()
    assert (mail["To"], mail["Subject"]) == ("contact@example.org", "Changed: Docking day")
    text = mail.get_body(("plain",)).get_content()
    assert "Time or place has changed." in text
    assert "the people whom you registered" in text

    clock.move_to(NOW + 200 * HOUR)
    assert reminder.remind() == 1
    assert reminder.remind() == 0
    assert subjects() == news("Reminder: Docking day starts tomorrow")

    place.cancel_all(Registration.objects.all(), by=make_organizer().user, tell=True)
    assert subjects() == news("News of your group: Docking day")


@pytest.mark.parametrize("is_together", [True, False])
def test_a_group_that_moves_up_gets_one_mail(is_together):
    event = event_of(capacity=3)
    _fill(event, 3)
    group_of(event, is_together=is_together)
    sent()

    RegistrationSettings.objects.update(capacity=6)
    waiting_list.refill(event)

    assert statuses(event) == ["confirmed"] * 6
    assert subjects() == news("News of your group: Docking day")


@pytest.mark.parametrize("is_together", [True, False])
def test_the_offer_of_seats_says_until_when_and_where(is_together):
    event = event_of(capacity=3, offer_hours=24)
    _fill(event, 3)
    group_of(event, is_together=is_together)
    sent()

    RegistrationSettings.objects.update(capacity=6)
    waiting_list.refill(event)

    [mail] = sent()
    assert mail["Subject"] == "News of your group: Docking day"
    assert "Accept them on its page before" in mail.get_body(("plain",)).get_content()


def test_seats_held_for_a_group_that_moved_up_say_until_when():
    event = event_of(capacity=1, hold_hours=24, hold_percent=100)
    factories.registered(event)
    group_of(event)
    sent()

    RegistrationSettings.objects.update(capacity=6)
    waiting_list.refill(event)

    [mail] = sent()
    assert "Seats are held for people of the group" in mail.get_body(("plain",)).get_content()


def test_an_offer_that_expires_is_one_mail(clock):
    event = event_of(capacity=1, offer_hours=24)
    factories.registered(event)
    group_of(event)
    RegistrationSettings.objects.update(capacity=6)
    waiting_list.refill(event)
    sent()

    clock.move_to(NOW + 30 * HOUR)
    assert waiting_list.expire_offers() == 3
    assert subjects() == news("News of your group: Docking day")


def test_people_approved_one_by_one_make_one_mail_until_it_leaves():
    event = event_of(needs_approval=True)
    rows = group_of(event)
    sent()

    for row in rows[:2]:
        place.approve(row)
    assert subjects() == news("News of your group: Docking day")

    place.decline(rows[2])
    assert subjects() == news("News of your group: Docking day")


def test_who_has_an_own_contact_is_written_to_beside_the_contact_person(clock):
    event = event_of(reminder_hours=48)
    own = factories.applicant(email="own@example.org")
    others = [factories.applicant(email="") for _n in range(2)]
    register(event, [own, *others], contact_person=factories.contact_person())
    sent()

    clock.move_to(NOW + 199 * HOUR)
    reminder.remind()

    subject = "Reminder: Docking day starts tomorrow"
    assert subjects() == [("own@example.org", subject), ("contact@example.org", subject)]


def test_news_that_have_passed_are_not_sent(clock):
    event = event_of(reminder_hours=48)
    group_of(event)
    sent()
    move_a_day(event)
    announcement.announce(event)
    clock.move_to(NOW + 220 * HOUR)
    reminder.remind()

    move_a_day(event)
    events.cancel(event)

    assert OutboundMail.objects.filter(kind="group_reminder").count() == 1
    assert subjects() == []


def test_a_group_with_a_number_alone_has_one_notice_by_text(
    settings, django_capture_on_commit_callbacks
):
    settings.SMS = Configuration(provider="console", sign_name="对接会", countries=("+86",))
    event = event_of(capacity=10, hold_hours=24, contact="either", sends_texts=True)
    rows = group_of(event, email="", phone="138 0013 8000")

    with django_capture_on_commit_callbacks(execute=True):
        proof.prove(rows[0], Registration.Proof.SMS)

    assert set(statuses(event)) == {"confirmed"}
    texts = OutboundMail.objects.filter(channel="sms")
    assert list(texts.values_list("kind", flat=True)) == ["sms_confirmed"]


def test_an_announcement_costs_no_more_queries_for_a_larger_group():
    def cost(number):
        event = event_of()
        group_of(event, number)
        move_a_day(event)
        with CaptureQueriesContext(connection) as found:
            announcement.announce(event)
        return len(found)

    cost(1)
    assert cost(2) == cost(9)
