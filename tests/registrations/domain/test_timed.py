"""Reminders, offers, promotions and deadlines of an event that moves, begins or is cancelled."""

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.core import mail as django_mail
from django.core.exceptions import ValidationError

from events.models import Event
from mail import delivery, outbox
from mail.models import OutboundMail
from registrations.domain import announcement, place, registration, reminder, waiting_list
from registrations.domain.admission import RegistrationClosed
from registrations.models import Registration, RegistrationSettings
from tests import factories

HOUR = dt.timedelta(hours=1)
NOW = dt.datetime(2027, 5, 3, 8, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def taking(*, start=3 * HOUR, **fields) -> RegistrationSettings:
    event = factories.upcoming_event(starts_at=NOW + start, ends_at=NOW + start + 8 * HOUR)
    return factories.registration_settings(event=event, **fields)


def move_event(settings: RegistrationSettings, start: dt.timedelta) -> None:
    event = Event.objects.get(pk=settings.event_id)
    event.starts_at, event.ends_at = NOW + start, NOW + start + 8 * HOUR
    event.save()
    settings.refresh_from_db()


def kinds(row: Registration) -> list[str]:
    return list(row.mails.order_by("pk").values_list("kind", flat=True))


def status(row: Registration) -> str:
    row.refresh_from_db()
    return row.status


def offered(settings: RegistrationSettings) -> Registration:
    seated, waiting = (factories.registered(settings.event) for _n in range(2))
    place.cancel(seated)
    waiting.refresh_from_db()
    return waiting


# Reminders


def test_each_date_that_was_in_force_has_one_reminder(clock):
    settings = taking(reminder_hours=1)
    person = factories.registered(settings.event)

    clock.move_to(NOW + 2 * HOUR, tick=False)
    first = [reminder.remind(), reminder.remind()]
    move_event(settings, dt.timedelta(days=30))
    between = reminder.remind()
    clock.move_to(NOW + dt.timedelta(days=30) - HOUR, tick=False)
    second = [reminder.remind(), reminder.remind()]

    assert (first, between, second) == ([1, 0], 0, [1, 0])
    assert kinds(person) == ["confirmed", "reminder", "reminder"]


def test_another_number_of_hours_reminds_nobody_twice(clock):
    settings = taking(reminder_hours=2)
    factories.registered(settings.event)
    clock.move_to(NOW + HOUR, tick=False)
    reminder.remind()
    RegistrationSettings.objects.update(reminder_hours=1)
    clock.move_to(NOW + 2 * HOUR, tick=False)

    assert reminder.remind() == 0


@pytest.mark.parametrize("meanwhile", ["begun", "postponed", "cancelled", "given back"])
def test_a_reminder_that_is_true_no_longer_is_not_sent(clock, meanwhile):
    settings = taking(reminder_hours=1)
    person = factories.registered(settings.event)
    clock.move_to(NOW + 2 * HOUR, tick=False)
    reminder.remind()
    OutboundMail.objects.exclude(kind="reminder").delete()

    if meanwhile == "begun":
        clock.move_to(NOW + 3 * HOUR, tick=False)
    elif meanwhile == "postponed":
        move_event(settings, dt.timedelta(days=30))
    elif meanwhile == "cancelled":
        Event.objects.update(status="cancelled")
    else:
        Registration.objects.filter(pk=person.pk).update(status="cancelled")
    delivery.deliver_due()

    assert django_mail.outbox == []
    assert OutboundMail.objects.get().status == "dropped"


def test_migration_names_the_date_of_reminders_and_leaves_those_of_earlier_dates():
    settings = taking(start=dt.timedelta(days=30), reminder_hours=48)
    now, before = (factories.registered(settings.event) for _n in range(2))
    start = settings.event.starts_at
    Registration.objects.filter(pk=now.pk).update(reminded_at=start - 40 * HOUR)
    Registration.objects.filter(pk=before.pk).update(reminded_at=NOW)

    importlib.import_module("registrations.migrations.0005_reminders_by_date").name_dates(
        apps, None
    )

    dates = Registration.objects.order_by("pk").values_list("reminded_for", flat=True)
    assert list(dates) == [start, None]


# Offers


@pytest.mark.parametrize(
    ("start", "kept"),
    [
        (dt.timedelta(days=30), 24 * HOUR),
        (3 * HOUR, 1.5 * HOUR),
        (HOUR / 2, HOUR / 2),
        (HOUR / 6, HOUR / 6),
    ],
)
def test_an_offer_leaves_the_next_one_a_chance_and_ends_at_the_start(start, kept):
    settings = taking(start=start, capacity=1, offer_hours=24)

    assert offered(settings).offer_ends_at == NOW + kept


def test_an_offer_that_outlasts_an_earlier_start_is_shortened_with_a_mail():
    settings = taking(start=dt.timedelta(days=30), capacity=1, offer_hours=24)
    first = offered(settings)
    factories.registered(settings.event)
    move_event(settings, 3 * HOUR)

    moved = [waiting_list.refill_all(), waiting_list.refill_all()]

    first.refresh_from_db()
    assert moved == [0, 0]
    assert first.offer_ends_at == NOW + 1.5 * HOUR
    assert kinds(first) == ["waitlisted", "offered", "offered"]


@pytest.mark.parametrize("end", ["begun", "moved earlier"])
def test_no_offer_outlives_the_start(clock, end):
    settings = taking(start=dt.timedelta(days=30), capacity=1, offer_hours=24)
    first = offered(settings)
    next_one = factories.registered(settings.event)
    move_event(settings, HOUR)
    clock.move_to(NOW + HOUR, tick=False)
    first = Registration.objects.get(pk=first.pk)

    assert not first.has_open_offer
    with pytest.raises(ValidationError, match="no longer be accepted"):
        place.accept(first)
    assert waiting_list.expire_offers() == 1
    assert (status(first), status(next_one)) == ("expired", "waitlisted")
    assert "expired" not in kinds(first)


@pytest.mark.parametrize("status_of_event", ["cancelled", "postponed"])
def test_offers_are_put_off_with_their_event_and_made_anew_with_its_date(clock, status_of_event):
    settings = taking(start=dt.timedelta(days=30), capacity=1, offer_hours=24)
    first = offered(settings)
    next_one = factories.registered(settings.event)
    Event.objects.update(status=status_of_event, previous_starts_at=NOW)
    first = Registration.objects.get(pk=first.pk)

    assert not first.has_open_offer
    with pytest.raises(ValidationError, match=status_of_event):
        place.accept(first)
    assert (waiting_list.expire_offers(), waiting_list.refill_all()) == (0, 0)
    assert (waiting_list.put_offers_off(), waiting_list.put_offers_off()) == (1, 0)
    assert (status(first), status(next_one)) == ("waitlisted", "waitlisted")

    Event.objects.update(status="published")
    assert waiting_list.refill_all() == 1

    assert (status(first), status(next_one)) == ("offered", "waitlisted")


def test_an_expired_offer_claims_nothing_of_others_and_says_how_to_go_on():
    settings = taking(start=dt.timedelta(days=30), capacity=1, offer_hours=24)
    person = offered(settings)
    Registration.objects.filter(pk=person.pk).update(offer_expires_at=NOW)
    waiting_list.expire_offers()

    delivery.deliver_due()

    message = django_mail.outbox[-1]
    assert message.subject.startswith("The offer of a seat has expired")
    assert "next person" not in message.body
    assert "You can register again." in message.body


# Promotions


@pytest.mark.parametrize("free", ["cancelled", "added", "taken away", "refused address"])
def test_nobody_is_promoted_into_an_event_that_has_begun(clock, free, organizer):
    settings = taking(capacity=1)
    seated, waiting = (factories.registered(settings.event) for _n in range(2))
    clock.move_to(NOW + 3 * HOUR, tick=False)

    if free == "cancelled":
        place.cancel(seated, by=organizer.user)
    elif free == "taken away":
        place.cancel_all([seated], by=organizer.user, tell=False)
    elif free == "refused address":
        place.give_back_undeliverable(seated)
    else:
        RegistrationSettings.objects.update(capacity=2)
    waiting_list.refill_all()

    assert status(waiting) == "waitlisted"
    assert kinds(waiting) == ["waitlisted"]


# Deadlines


def test_registration_closes_at_the_start_of_an_event_that_was_moved_before_its_deadline():
    settings = taking(start=dt.timedelta(days=30), closes_at=NOW + dt.timedelta(days=20))
    move_event(settings, dt.timedelta(days=10))

    settings.full_clean()
    settings.save()

    assert settings.closes_from == NOW + dt.timedelta(days=10)


def test_a_deadline_that_was_set_after_the_start_is_kept(clock):
    settings = taking(closes_at=NOW + 5 * HOUR)
    clock.move_to(NOW + 4 * HOUR, tick=False)

    assert registration.register(settings.event, [factories.applicant()])[0].status == "confirmed"


# Announcements


def test_once_the_event_has_begun_who_has_a_seat_is_told_and_nobody_once_it_is_over(clock):
    settings = taking(capacity=1)
    seated, waiting = (factories.registered(settings.event) for _n in range(2))
    clock.move_to(NOW + 4 * HOUR, tick=False)
    Event.objects.update(venue_en="Another hall")
    during = announcement.announce(settings.event)
    Event.objects.update(venue_en="A third hall")
    clock.move_to(NOW + 20 * HOUR, tick=False)
    event = Event.objects.get()

    with pytest.raises(RegistrationClosed, match="over"):
        announcement.announce(event)

    assert during.recipients == 1
    assert kinds(seated) == ["confirmed", "event_changed"]
    assert kinds(waiting) == ["waitlisted"]


@pytest.mark.parametrize("kind", ["offered", "moved_up", "waitlisted", "expired", "reminder"])
def test_no_promise_leaves_after_the_start(clock, kind):
    settings = taking()
    person = factories.registered(settings.event)
    OutboundMail.objects.all().delete()
    outbox.queue(kind, [person])
    clock.move_to(NOW + 3 * HOUR, tick=False)

    delivery.deliver_due()

    assert django_mail.outbox == []
