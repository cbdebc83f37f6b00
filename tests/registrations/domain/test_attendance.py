"""Attendance of an event without registrations, as somebody else counted it."""

import pytest

from registrations.domain import attendance
from registrations.domain.attendance import AttendanceRefused
from tests import factories
from tests.refusals import codes_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def refused(event, person, **given):
    """Return the codes of the refusal, which must leave no trace."""
    given = {"number": 230, "source": "sign-in sheets"} | given
    with pytest.raises(AttendanceRefused) as refusal:
        attendance.type_attendance(event, by=person.user, **given)
    event.refresh_from_db()
    assert (event.typed_attendance, event.typed_attendance_source) == (None, "")
    return codes_of(refusal.value)


def test_number_is_kept_with_its_source_and_who_typed_it(organizer):
    event = factories.event()

    attendance.type_attendance(event, number=230, source=" sign-in sheets ", by=organizer.user)

    event.refresh_from_db()
    assert (event.typed_attendance, event.typed_attendance_source) == (230, "sign-in sheets")
    assert event.history.first().history_user == organizer.user


def test_nobody_is_a_number_too(organizer):
    event = factories.event()

    attendance.type_attendance(event, number=0, source="news report", by=organizer.user)

    assert event.typed_attendance == 0


def test_number_is_taken_back(organizer):
    event = factories.event(typed_attendance=230, typed_attendance_source="sign-in sheets")

    attendance.type_attendance(event, number=None, source="", by=organizer.user)

    assert (event.typed_attendance, event.typed_attendance_source) == (None, "")


def test_number_without_source_and_source_without_number_are_refused(organizer):
    event = factories.event()

    assert refused(event, organizer, source=" ") == ["no_source"]
    assert refused(event, organizer, number=None) == ["no_number"]


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_event_that_is_not_published_is_refused(organizer, status):
    assert refused(factories.event(status=status), organizer) == ["unpublished"]


def test_event_ahead_is_refused(organizer):
    assert refused(factories.upcoming_event(), organizer) == ["ahead"]


def past_event_with_a_registration():
    event = factories.registration_settings().event
    factories.registered(event)
    type(event).objects.filter(pk=event.pk).update(
        starts_at=factories.at(9), ends_at=factories.at(17)
    )
    return event


def test_event_with_registrations_is_refused(organizer):
    assert refused(past_event_with_a_registration(), organizer) == ["counted"]


def test_invitation_that_nobody_accepted_is_no_registration(organizer):
    event = past_event_with_a_registration()
    event.registrations.update(status="invited")

    attendance.type_attendance(event, number=230, source="sign-in sheets", by=organizer.user)

    assert event.typed_attendance == 230


@pytest.mark.django_db(transaction=True)
def test_two_who_type_at_once_leave_one_number_with_its_own_source(organizer):
    event = factories.event()

    def typed(number):
        return lambda: attendance.type_attendance(
            type(event).objects.get(pk=event.pk),
            number=number,
            source=f"source {number}",
            by=organizer.user,
        )

    at_once(typed(1), typed(2))

    event.refresh_from_db()
    assert event.typed_attendance_source == f"source {event.typed_attendance}"
