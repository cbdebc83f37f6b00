"""What is erased of people in meetings, and what is kept of them."""

import datetime as dt

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from meetings.domain import privacy
from meetings.domain.rather_not import rather_not
from meetings.models import (
    Absence,
    Delegation,
    Interpreter,
    Meeting,
    MeetingFeedback,
    MeetingOutcome,
    MeetingRequest,
    Participant,
    Placement,
    ProfileView,
    RatherNot,
)
from registrations.domain import privacy as registrations
from tests import factories
from tests.factories import save
from tests.meetings import rows

pytestmark = pytest.mark.django_db


def long_ago(event):
    event.starts_at = timezone.now() - dt.timedelta(days=400)
    event.ends_at = timezone.now() - dt.timedelta(days=399)
    event.save()


def test_who_is_erased_leaves_nothing_said_and_the_meetings_are_still_counted():
    event = rows.meeting_event()
    registration = factories.proven(event, email="erased@example.org")
    erased = rows.participant(
        event,
        registration=registration,
        topics="Secret",
        staff_note="Secret",
        delegation=rows.delegation(event),
        expert=factories.expert(),
    )
    other = rows.owner(event)
    erased.projects.add(factories.project())
    meeting = rows.meeting(erased, other)
    request = rows.request(erased, rows.owner(event), reason="Secret")
    save(Absence(participant=erased, starts_at=event.starts_at, ends_at=event.ends_at))
    save(ProfileView(viewer=erased, viewed=other, viewed_on=timezone.localdate()))
    save(ProfileView(viewer=other, viewed=erased, viewed_on=timezone.localdate()))
    save(MeetingFeedback(meeting=meeting, participant=erased, rating=4, note="Secret"))
    save(RatherNot(participant=rows.owner(event), other=erased))

    registrations.erase_person("erased@example.org")
    registrations.erase_person("erased@example.org")

    for row in (erased, meeting, request):
        row.refresh_from_db()
    said = (erased.topics, erased.staff_note, erased.delegation, erased.expert, erased.listed_at)
    assert said == ("", "", None, None, None)
    assert (erased.status, meeting.status, request.status) == ("left", "cancelled", "withdrawn")
    assert (request.reason, MeetingFeedback.objects.get().note) == ("", "")
    assert not erased.projects.exists()
    for model in (Absence, ProfileView, RatherNot):
        assert not model.objects.exists()


def test_after_the_retention_nobody_is_named_and_meetings_keep_their_outcomes():
    event = rows.meeting_event()
    group, interpreter = rows.delegation(event), rows.interpreter(event, email="i@example.org")
    one, other = rows.participant(event, delegation=group), rows.owner(event)
    meeting = rows.meeting(one, other, status=Meeting.Status.HELD)
    rows.placed(rows.published(event), meeting, interpreter=interpreter)
    save(MeetingOutcome(meeting=meeting, kind="first_contact", next_step_by="Li Min"))
    rows.meeting(rows.participant(event), other, status="cancelled", off_reason="Li Min is ill")
    code = interpreter.code
    young = rows.meeting_event()
    rows.interpreter(young)
    long_ago(event)

    erased = registrations.erase_expired(), privacy.erase_expired()

    assert erased == (3, 1)
    assert (registrations.erase_expired(), privacy.erase_expired()) == (0, 0)
    interpreter.refresh_from_db()
    assert (interpreter.name, interpreter.email, interpreter.sort_name) == ("", "", "")
    assert Placement.objects.get().interpreter == interpreter
    assert interpreter.code != code
    assert MeetingOutcome.objects.get().next_step_by == ""
    assert not Delegation.objects.exists()
    assert set(Meeting.objects.values_list("status", "off_reason")) == {
        ("held", ""),
        ("cancelled", ""),
    }
    assert set(Participant.objects.values_list("status", flat=True)) == {"admitted"}
    assert Interpreter.objects.exclude(name="").count() == 1


def test_an_interpreter_is_erased_by_address_or_number_and_leaves_what_is_to_come():
    event = rows.meeting_event()
    first = rows.interpreter(event, email="One@example.org")
    second = rows.interpreter(event, phone="+8613812345678")
    meeting = rows.meeting(rows.participant(event), rows.owner(event))
    draft = rows.version(event)
    rows.placed(draft, meeting, interpreter=first)

    erased = registrations.erase_person("one@example.org")
    by_phone = registrations.erase_person("138 1234 5678")

    first.refresh_from_db()
    second.refresh_from_db()
    assert (erased["interpreters"], by_phone["interpreters"]) == (1, 1)
    assert (first.name, first.email, second.name, second.phone) == ("", "", "", "")
    assert Placement.objects.get().interpreter is None
    entries = AuditEntry.objects.filter(action="interpreters_erased")
    assert entries.count() == 2


def test_own_data_hold_what_was_said_and_asked_and_no_contact_of_others():
    event = rows.meeting_event()
    other = rows.owner(event, registration=factories.proven(event, email="canary@example.org"))
    me = rows.participant(event, topics="Stroke units")
    rows.request(me, other, reason="Why not")
    rows.request(other, me)
    shy = rows.owner(event, name="Shy Person")
    rather_not(shy, me)
    rather_not(me, other)

    data = privacy.own_data(me.registration)

    assert data["topics"] == "Stroke units"
    assert [each["reason"] for each in data["requests_made"]] == ["Why not"]
    assert len(data["requests_received"]) == 1
    assert data["would_rather_not_meet"] == [other.registration.name]
    assert "canary@example.org" not in str(data)
    assert "Shy Person" not in str(data)
    assert privacy.own_data(factories.proven(event)) is None
    assert MeetingRequest.objects.count() == 2
