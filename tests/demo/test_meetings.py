"""The demo's one-to-one meetings: valid schedules, every state, and a past that adds up."""

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from demo import reset
from events.models import Event
from mail.models import OutboundMail
from meetings.domain.loading import load_plan, load_schedule
from meetings.domain.validation import broken_rules
from meetings.models import (
    Absence,
    Delegation,
    Interpreter,
    Meeting,
    MeetingFeedback,
    MeetingOutcome,
    MeetingRequest,
    MeetingTable,
    MeetingTotals,
    Participant,
    QueueEntry,
    ScheduleVersion,
)
from meetings.report import reading
from projects.models import CooperationIntention
from projects.report.subject import Subject

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

ROADSHOW = "2023-biomaterials-and-rehabilitation-roadshow"
DAYS = "2027-medical-technology-meeting-days"
OPEN_TABLES = "2027-open-tables-for-instruments"


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", stdout=StringIO(), organizer_password="a-password-of-our-own")
        yield
        transaction.set_rollback(True)


def numbers(slug):
    subject = Subject(Event.objects.get(slug=slug))
    return {each.figure.key: each.number for each in reading.read(subject).numbers}


def test_every_schedule_breaks_no_rule():
    versions = list(ScheduleVersion.objects.select_related("event"))

    assert sorted((each.event.slug, each.status) for each in versions) == [
        (ROADSHOW, "published"),
        (DAYS, "draft"),
        (DAYS, "published"),
    ]
    for version in versions:
        # The day may be over where the test is run.
        plan = replace(load_plan(version.event, version), now=None)
        schedule = load_schedule(version)
        assert schedule
        assert broken_rules(plan, schedule) == []


def test_event_to_come_has_everything_that_organizers_look_for():
    event = Event.objects.get(slug=DAYS)

    assert event.meeting_slots.count() == 10
    assert MeetingTable.objects.filter(event=event).values("room_en").distinct().count() == 2
    assert {frozenset(each.languages) for each in Interpreter.objects.filter(event=event)} == {
        frozenset(("zh", "en")),
        frozenset(("zh", "de")),
        frozenset(("zh", "en", "fr")),
    }
    assert Participant.objects.filter(event=event).admitted().count() >= 24
    statuses = set(Participant.objects.filter(event=event).values_list("status", flat=True))
    assert statuses == {"admitted", "applied", "refused"}
    found = set(MeetingRequest.objects.filter(event=event).values_list("status", flat=True))
    assert found == set(MeetingRequest.Status.values)
    assert Delegation.objects.filter(event=event).count() == 2
    assert Absence.objects.filter(participant__event=event).count() == 3
    published = event.schedule_versions.get(status="published")
    draft = event.schedule_versions.get(status="draft")
    assert draft.placements.count() > published.placements.count()


def test_past_event_tells_the_whole_chain():
    found = numbers(ROADSHOW)

    assert found["meetings_held"] == sum(
        found[f"meetings_outcome_{kind}"]
        for kind in ("intention", "first_contact", "keep_talking", "none", "not_told")
    )
    assert (found["meetings_no_show"], found["meetings_replaced"]) == (1, 1)
    assert found["meetings_intentions_signed"] == 1
    assert found["meetings_feedback_average"] is not None
    assert found["meetings_unwanted"] == 0
    kinds = set(MeetingOutcome.objects.values_list("kind", flat=True))
    assert kinds == set(MeetingOutcome.Kind.values)
    assert MeetingFeedback.objects.filter(other_came=False).exists()
    signed = CooperationIntention.objects.filter(meeting_outcomes__isnull=False).get()
    assert signed.was_signed and signed.signed_on == signed.event.starts_on


def test_queues_wait_at_the_tables_of_their_hosts():
    tables = MeetingTable.objects.filter(event__slug=OPEN_TABLES)

    assert all(table.host for table in tables)
    assert list(
        QueueEntry.objects.filter(table__in=tables).values_list("table__name", "number")
    ) == [("1", 1), ("1", 2), ("2", 1), ("1", 3), ("2", 2)]


def test_typed_totals_add_up_in_the_report():
    [totals] = MeetingTotals.objects.all()

    found = numbers(totals.event.slug)

    assert (totals.held, totals.not_told) == (58, 4)
    assert (found["meetings_held"], found["meetings_outcome_not_told"]) == (58, 4)


def test_nobody_is_written_to_about_meetings():
    assert not OutboundMail.objects.exclude(status="sent").exists()


def test_everybody_who_takes_part_has_a_proven_contact():
    assert not Meeting.objects.filter(people__participant__registration__proven_at=None).exists()


def test_demo_run_twice_makes_no_meeting_twice():
    before = [model.objects.count() for model in (Meeting, Participant, MeetingRequest)]

    call_command("demo", stdout=StringIO())

    assert [model.objects.count() for model in (Meeting, Participant, MeetingRequest)] == before


def test_reset_takes_the_meetings_along():
    with transaction.atomic():
        reset.remove()
        left = [model.objects.count() for model in (Meeting, Participant, ScheduleVersion)]
        transaction.set_rollback(True)

    assert left == [0, 0, 0]
