"""Attendees of an event that takes no registrations online: its list is made by organizers."""

import datetime as dt

import pytest
from django.utils import timezone

from registrations.domain import admission, check_in, privacy, registration, reminder
from registrations.domain.admission import RegistrationClosed
from registrations.models import Registration, RegistrationSettings
from tests import factories
from tests.registrations.domain.test_attendees import add, listed
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return factories.upcoming_event()


def refused(event, person):
    """Return the code of the refusal, which must leave no trace."""
    with pytest.raises(RegistrationClosed) as refusal:
        add(event, listed(), by=person.user)
    assert not Registration.objects.exists()
    return refusal.value.code


def test_first_attendee_brings_settings_under_which_no_visitor_registers(event, organizer):
    [guest] = add(event, listed(email="w@example.com"), by=organizer.user)

    settings = RegistrationSettings.objects.get()
    assert (guest.status, settings.event, settings.takes_registrations) == (
        *("confirmed", event, False),
    )
    assert not settings.is_open
    with pytest.raises(RegistrationClosed) as refusal:
        admission.open_settings(settings.event)
    assert refusal.value.code == "none"
    with pytest.raises(RegistrationClosed) as refusal:
        registration.register(event, [factories.applicant()])
    assert refusal.value.code == "none"


def test_second_list_keeps_the_settings_as_they_are(event, organizer):
    add(event, listed("甲"), by=organizer.user)
    RegistrationSettings.objects.update(capacity=80)

    add(event, listed("乙"), by=organizer.user)

    settings = RegistrationSettings.objects.get()
    assert (settings.capacity, settings.takes_registrations) == (80, False)


def test_settings_that_are_there_still_take_registrations(event, organizer):
    factories.registration_settings(event=event)

    add(event, listed(), by=organizer.user)

    assert RegistrationSettings.objects.get().takes_registrations


def test_they_are_checked_in_and_erased_like_everybody_and_not_reminded(event, organizer):
    [guest] = add(event, listed(email="w@example.com"), by=organizer.user)

    check_in.check_in(guest, by=organizer.user)
    soon = timezone.now() + dt.timedelta(hours=1)
    type(event).objects.update(starts_at=soon, ends_at=soon + dt.timedelta(hours=1))
    assert reminder.remind() == 0
    past = timezone.now() - dt.timedelta(days=181)
    type(event).objects.update(starts_at=past - dt.timedelta(hours=1), ends_at=past)

    assert list(event.registrations.arrived()) == [guest]
    assert privacy.erase_expired() == 1


@pytest.mark.parametrize("has_settings", [True, False])
def test_nobody_is_added_to_a_cancelled_event(event, organizer, has_settings):
    if has_settings:
        factories.registration_settings(event=event)
    type(event).objects.update(status="cancelled", cancelled_at=timezone.now())

    assert refused(event, organizer) == "cancelled"
    assert RegistrationSettings.objects.exists() is has_settings


def test_nobody_is_added_who_would_be_erased_at_once(organizer):
    event = factories.event()

    assert refused(event, organizer) == "kept_no_more"
    assert not RegistrationSettings.objects.exists()

    factories.registration_settings(event=event, retention_days=30000)
    assert add(event, listed(), by=organizer.user)


@pytest.mark.django_db(transaction=True)
def test_two_first_lists_at_once_are_both_kept_under_one_lock(event, organizer):
    at_once(
        lambda: add(event, listed("甲"), by=organizer.user),
        lambda: add(event, listed("乙"), by=organizer.user),
    )

    assert RegistrationSettings.objects.count() == 1
    assert Registration.objects.count() == 2
