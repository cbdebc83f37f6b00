import datetime as dt

import pytest
from django.utils import timezone

from meetings.models import (
    Meeting,
    MeetingFeedback,
    MeetingOutcome,
    MeetingPerson,
    MeetingRequest,
    MeetingTotals,
    Participant,
    RatherNot,
)
from meetings.report import figures, reading
from projects.report.subject import Subject
from tests import factories
from tests.factories import save
from tests.meetings import rows

pytestmark = pytest.mark.django_db
Status = Meeting.Status
Kind = MeetingOutcome.Kind


def numbers(row, at=None):
    subject = Subject(row, at) if at else Subject(row)
    return {each.figure.key: each.number for each in reading.read(subject).numbers}


def outcome(meeting, kind=Kind.KEEP_TALKING, **fields):
    return save(MeetingOutcome(meeting=meeting, kind=kind, **fields))


@pytest.fixture
def day():
    """An event with three slots, two tables, an interpreter for two slots, and six meetings."""
    event = rows.meeting_event()
    companies = [rows.participant(event) for _number in range(3)]
    owner = rows.owner(event, languages=["en"])
    requests = [rows.request(each, owner, status="accepted") for each in companies]
    rows.request(owner, companies[0])
    met, held, missed = (
        rows.meeting(each, owner, request=asked, status=status)
        for each, asked, status in zip(
            companies, requests, (Status.HELD, Status.HELD, Status.NO_SHOW), strict=True
        )
    )
    stand_in = rows.meeting(
        companies[0], owner, stands_in_for=missed, origin="walk_up", status=Status.HELD
    )
    rows.meeting(companies[1], owner, status=Status.CANCELLED)
    rows.meeting(companies[2], companies[1])
    slots = list(event.meeting_slots.all())
    interpreter = rows.interpreter(event, present=[rows.Span(slots[0].starts_at, slots[1].ends_at)])
    version = rows.published(event)
    rows.placed(version, met, slot=0, interpreter=interpreter)
    rows.placed(version, held, slot=1)
    rows.placed(version, missed, slot=2)
    outcome(met, Kind.INTENTION)
    outcome(held)
    return event, companies, owner, stand_in


def test_report_counts_the_chain_from_request_to_outcome(day):
    event, *_rest = day

    found = numbers(event, event.ends_at + dt.timedelta(days=30))

    assert found == {
        "meetings_requested": 4,
        "meetings_accepted": 3,
        "meetings_acceptance_rate": 75.0,
        "meetings_agreed": 5,
        "meetings_scheduled": 3,
        "meetings_over": 3,
        "meetings_over_held": 2,
        "meetings_held_rate": 66.7,
        "meetings_held": 3,
        "meetings_no_show": 1,
        "meetings_replaced": 1,
        "meetings_called_off": 1,
        "meetings_participants": 4,
        "meetings_participants_scheduled": 4,
        "meetings_participants_met": 3,
        # Two of six places, since nobody took that of the no-show.
        "meetings_use_of_tables": 33.3,
        "meetings_use_of_interpreters": 50.0,
        "meetings_outcome_intention": 1,
        "meetings_outcome_first_contact": 0,
        "meetings_outcome_keep_talking": 1,
        "meetings_outcome_none": 0,
        "meetings_outcome_not_told": 1,
        "meetings_intentions": 0,
        "meetings_intentions_signed": 0,
        "meetings_intentions_converted": 0,
        "meetings_unwanted": 0,
        "meetings_feedback": 0,
        "meetings_feedback_average": None,
    }


def test_figures_count_the_rows_that_they_lead_to(day):
    event, *_rest = day
    subject = Subject(event)
    read = reading.read(subject)

    for each in read.numbers:
        if each.figure.key in figures.FIGURES:
            selected = figures.select(subject, each.figure.key)
            assert selected.rows.count() == each.number, each.figure.key


def test_schedule_to_come_has_no_share_of_meetings_held(day):
    event, *_rest = day

    found = numbers(event, event.starts_at)

    assert (found["meetings_over"], found["meetings_held_rate"]) == (0, None)


def test_who_only_may_come_has_met_nobody_unless_expected_or_arrived():
    event = rows.meeting_event()
    one, other, spare = (rows.participant(event) for _number in range(3))
    meeting = rows.meeting(one, other, may=[spare], status=Status.HELD)

    assert numbers(event)["meetings_participants_met"] == 2
    MeetingPerson.objects.filter(participant=spare).update(arrived_at=timezone.now())
    assert numbers(event)["meetings_participants_met"] == 3
    MeetingPerson.objects.filter(participant=spare).update(arrived_at=None)
    rows.placed(rows.published(event), meeting)
    assert numbers(event)["meetings_participants_met"] == 3


def test_who_did_not_come_or_is_not_admitted_has_met_nobody():
    event = rows.meeting_event()
    one, other = rows.participant(event), rows.participant(event)
    rows.meeting(one, other, status=Status.HELD)
    MeetingPerson.objects.filter(participant=one).update(did_not_come=True)
    Participant.objects.filter(pk=other.pk).update(status="left")

    found = numbers(event)

    assert (found["meetings_participants"], found["meetings_participants_met"]) == (1, 0)


def test_meeting_of_people_kept_apart_is_unwanted_once_it_is_published():
    event = rows.meeting_event()
    one, other = rows.participant(event), rows.participant(event)
    meeting = rows.meeting(one, other)
    save(RatherNot(participant=other, other=one))
    draft = rows.version(event)
    rows.placed(draft, meeting)
    assert numbers(event)["meetings_unwanted"] == 0

    draft.status, draft.published_at = "published", timezone.now()
    draft.save()

    assert numbers(event)["meetings_unwanted"] == 1


def test_intentions_from_meetings_are_counted_to_the_contract():
    event = rows.meeting_event()
    intention = factories.intention(event=event)
    one, other = rows.participant(event), rows.participant(event)
    outcome(rows.meeting(one, other, status=Status.HELD), Kind.INTENTION, intention=intention)

    found = numbers(event)

    told = ("meetings_intentions", "meetings_intentions_signed", "meetings_intentions_converted")
    assert [found[key] for key in told] == [1, int(intention.status != "draft"), 0]


def test_average_is_told_from_five_answers_on():
    event = rows.meeting_event()
    people = [rows.participant(event) for _number in range(6)]
    meetings = [
        rows.meeting(one, other, status=Status.HELD)
        for one, other in zip(people[::2], people[1::2], strict=True)
    ]
    said = [
        save(MeetingFeedback(meeting=meetings[place // 2], participant=person, rating=rating))
        for place, (person, rating) in enumerate(zip(people, (5, 4, 4, 5, 3, 3), strict=True))
    ]
    assert numbers(event)["meetings_feedback_average"] == 4.0

    # Who met nobody says nothing of how useful it was.
    MeetingFeedback.objects.filter(pk=said[0].pk).update(other_came=False, rating=1)
    assert numbers(event)["meetings_feedback_average"] == 3.8
    said[1].delete()

    found = numbers(event)
    assert (found["meetings_feedback"], found["meetings_feedback_average"]) == (5, None)


def totals(event, **fields):
    return save(MeetingTotals(**{"event": event, "source": "minutes"} | fields))


def test_typed_totals_are_added_and_add_up():
    event = factories.event(series=factories.series())
    totals(event, held=329, intention=131, keep_talking=174)
    own = rows.meeting_event(series=event.series)
    one, other = rows.participant(own), rows.participant(own)
    rows.meeting(one, other, status=Status.HELD)

    read = reading.read(Subject(event.series))

    found = {each.figure.key: (each.number, each.typed) for each in read.numbers}
    assert found["meetings_held"] == (330, 329)
    assert found["meetings_outcome_intention"] == (131, 131)
    assert found["meetings_outcome_keep_talking"] == (174, 174)
    assert found["meetings_outcome_not_told"] == (25, 24)
    assert found["meetings_requested"] == (0, 0)
    assert [each.is_beside for each in read.totals] == [False]


@pytest.mark.parametrize("own", ["request", "meeting"])
def test_typed_totals_are_beside_and_never_counted_where_the_event_has_its_own(own):
    event = rows.meeting_event()
    one, other = rows.participant(event), rows.participant(event)
    if own == "request":
        rows.request(one, other)
    else:
        rows.meeting(one, other, status=Status.HELD)
    totals(event, requested=400, held=329, intention=131)

    read = reading.read(Subject(event))

    assert [each.is_beside for each in read.totals] == [True]
    assert all(each.typed == 0 for each in read.numbers)
    assert sum(each.number or 0 for each in read.numbers if each.figure.key == "meetings_held") < 2


def test_event_without_meetings_tells_nothing():
    assert not reading.read(Subject(factories.event())).is_told
    assert reading.read(Subject(rows.meeting_event())).is_told


def test_reading_takes_the_same_few_queries_however_much_there_is(django_assert_num_queries, day):
    event, companies, owner, _stand_in = day
    with django_assert_num_queries(12):
        reading.read(Subject(event))
    for each in companies:
        rows.interpreter(event)
        rows.meeting(each, owner, status=Status.HELD)
        MeetingRequest.objects.filter(asked=owner).update(status="declined")
    with django_assert_num_queries(12):
        reading.read(Subject(event))
