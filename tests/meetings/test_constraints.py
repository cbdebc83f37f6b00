"""Every constraint of meetings, through ``full_clean()`` and past it."""

import datetime as dt

import pytest
from django.utils import timezone

from meetings.models import (
    Absence,
    Computation,
    Delegation,
    Interpreter,
    Meeting,
    MeetingFeedback,
    MeetingOutcome,
    MeetingPerson,
    MeetingRequest,
    MeetingSettings,
    MeetingSlot,
    MeetingTable,
    MeetingTotals,
    Participant,
    Placement,
    Presence,
    ProfileView,
    QueueEntry,
    RatherNot,
    ScheduleVersion,
)
from tests import factories
from tests.constraints import check_database_refuses, check_full_clean_refuses, models_of, rules_of
from tests.factories import at, save
from tests.meetings import rows

NO_CHOICE = "is not a valid choice."


def _settings(**fields):
    return MeetingSettings(event=factories.event(), **fields)


def _slot_twice():
    event = rows.meeting_event(slots=1)
    first = event.meeting_slots.get()
    return MeetingSlot(event=event, starts_at=first.starts_at, ends_at=first.ends_at)


def _table_twice():
    return MeetingTable(event=rows.meeting_event(tables=1), name="A1")


def _participant(**fields):
    event = rows.meeting_event()
    return Participant(event=event, registration=factories.proven(event), **fields)


def _delegation_twice():
    first = rows.delegation(rows.meeting_event())
    return Delegation(event=first.event, name=first.name)


def _pair():
    event = rows.meeting_event()
    return rows.participant(event), rows.owner(event)


def _rather_not_twice():
    one, other = _pair()
    save(RatherNot(participant=one, other=other))
    return RatherNot(participant=one, other=other)


def _rather_not_oneself():
    one, _other = _pair()
    return RatherNot(participant=one, other=one)


def _viewed_twice():
    one, other = _pair()
    seen = {"viewer": one, "viewed": other, "viewed_on": dt.date(2027, 5, 1)}
    save(ProfileView(**seen))
    return ProfileView(**seen)


def _request(one=None, other=None, **fields):
    if one is None:
        one, other = _pair()
    given = {"reason": "Why not", "expires_at": timezone.now()} | fields
    return MeetingRequest(event=one.event, asker=one, asked=other, **given)


def _requested_twice():
    first = rows.request(*_pair())
    return _request(first.asker, first.asked)


def _requested_of_oneself():
    one, _other = _pair()
    return _request(one, one)


def _meeting(**fields):
    return Meeting(event=factories.event(), **fields)


def _same_code(model, **fields):
    first = {Meeting: lambda: rows.meeting(*_pair()), Interpreter: _an_interpreter}[model]()
    return model(event=first.event, code=first.code, **fields)


def _an_interpreter():
    return rows.interpreter(factories.event())


def _person(**fields):
    one, other = _pair()
    held = rows.meeting(one, other)
    given = {"participant": rows.participant(one.event), "side": 1} | fields
    return MeetingPerson(meeting=held, **given)


def _person_twice():
    one, other = _pair()
    held = rows.meeting(one, other)
    return MeetingPerson(meeting=held, participant=one, side=1)


def _feedback_twice():
    one, other = _pair()
    given = {"meeting": rows.meeting(one, other), "participant": one, "rating": 4}
    save(MeetingFeedback(**given))
    return MeetingFeedback(**given)


def _feedback(rating):
    one, other = _pair()
    return MeetingFeedback(meeting=rows.meeting(one, other), participant=one, rating=rating)


def _version(of=None, **fields):
    given = {"event": of or factories.event(), "number": 7}
    return ScheduleVersion(**given | fields)


def _draft_twice():
    event = factories.event()
    rows.version(event)
    return _version(event)


def _published_twice():
    event = factories.event()
    rows.published(event)
    return _version(event, status="published", published_at=timezone.now())


def _number_twice():
    event = factories.event()
    rows.published(event)
    return _version(event, number=1)


def _placed_twice():
    event = rows.meeting_event()
    draft, held = rows.version(event), rows.meeting(rows.participant(event), rows.owner(event))
    rows.placed(draft, held)
    return Placement(
        version=draft,
        meeting=held,
        slot=event.meeting_slots.last(),
        table=event.meeting_tables.last(),
    )


def _queued(first=None, **fields):
    """A place in a queue; in that of ``first`` for somebody else."""
    event = first.table.event if first else rows.meeting_event()
    given = {
        "table": first.table if first else event.meeting_tables.first(),
        "participant": rows.participant(event),
        "number": 2,
    }
    return QueueEntry(**given | fields)


def _number_given_twice():
    return _queued(save(_queued()))


def _in_a_queue_twice():
    first = save(_queued())
    return _queued(first, participant=first.participant, number=3)


def _called_twice():
    return _queued(save(_queued(status="called")), status="called", number=3)


def _totals(**fields):
    return MeetingTotals(event=factories.event(), source="Report of the bureau", **fields)


def _computation(**fields):
    return Computation(event=factories.event(), **fields)


def _computed_twice():
    first = save(_computation())
    return Computation(event=first.event)


def _same_screen():
    event = rows.meeting_event()
    settings = event.meeting_settings
    MeetingSettings.objects.filter(pk=settings.pk).update(screen_code="a-code-of-a-screen")
    return _settings(screen_code="a-code-of-a-screen")


CASES = {
    "MeetingSettings.screen_code": (_same_screen, "already exists"),
    "one_computation_of_an_event_at_a_time": (
        _computed_twice,
        "A schedule of this event is being computed already.",
    ),
    "computation_status_is_known": (
        lambda: _computation(status="lost", ended_at=at(9)),
        "computation_status_is_known",
    ),
    "computation_that_ended_has_its_time": (
        lambda: _computation(status="done"),
        "computation_that_ended_has_its_time",
    ),
    "meeting_lasts_from_5_to_240_minutes": (
        lambda: _settings(slot_minutes=4),
        "greater than or equal to 5",
    ),
    "meeting_slot_ends_after_start": (
        lambda: MeetingSlot(event=factories.event(), starts_at=at(10), ends_at=at(10)),
        "The slot must end after it starts.",
    ),
    "meeting_slot_starts_once": (_slot_twice, "There is a slot at this time already."),
    "meeting_table_is_named_once": (_table_twice, "There is a table of this name already."),
    "meeting_table_seats_two": (
        lambda: MeetingTable(event=factories.event(), name="A1", seats=1),
        "greater than or equal to 2",
    ),
    "Interpreter.code": (
        lambda: _same_code(Interpreter, name="Wu", languages=["en", "zh"]),
        "already exists",
    ),
    "presence_ends_after_start": (
        lambda: Presence(interpreter=_an_interpreter(), starts_at=at(10), ends_at=at(9)),
        "The end must be after the start.",
    ),
    "delegation_is_named_once": (
        _delegation_twice,
        "There is a delegation of this name already.",
    ),
    "participant_status_is_known": (
        lambda: _participant(status="lost"),
        "participant_status_is_known",
    ),
    "participant_side_is_known": (lambda: _participant(side="lost"), NO_CHOICE),
    "absence_ends_after_start": (
        lambda: Absence(participant=_pair()[0], starts_at=at(10), ends_at=at(9)),
        "The end must be after the start.",
    ),
    "rather_not_is_said_once": (_rather_not_twice, "already exists"),
    "rather_not_is_of_two_people": (_rather_not_oneself, "rather_not_is_of_two_people"),
    "profile_view_counts_once_a_day": (_viewed_twice, "already exists"),
    "meeting_is_requested_once": (
        _requested_twice,
        "A meeting of the two is requested already.",
    ),
    "meeting_request_is_of_two_people": (
        _requested_of_oneself,
        "Choose somebody else: a meeting is of two people.",
    ),
    "meeting_request_status_is_known": (
        lambda: _request(status="lost"),
        "meeting_request_status_is_known",
    ),
    "Meeting.code": (lambda: _same_code(Meeting), "already exists"),
    "meeting_status_is_known": (lambda: _meeting(status="lost"), "meeting_status_is_known"),
    "meeting_is_within_a_span": (
        lambda: _meeting(within_start=at(9)),
        "Enter both ends, the later one second, or neither.",
    ),
    "meeting_has_somebody_of_each_side": (
        lambda: _meeting(least_1=0),
        "At least one person of each side comes.",
    ),
    "meeting_has_a_person_once": (_person_twice, "This person is in this meeting already."),
    "meeting_person_is_of_a_side": (lambda: _person(side=3), "less than or equal to 2"),
    "who_arrived_did_come": (
        lambda: _person(arrived_at=at(9), did_not_come=True),
        "who_arrived_did_come",
    ),
    "meeting_outcome_is_known": (
        lambda: MeetingOutcome(meeting=rows.meeting(*_pair()), kind="lost"),
        NO_CHOICE,
    ),
    "meeting_feedback_is_given_once": (_feedback_twice, "already exists"),
    "meeting_feedback_is_from_1_to_5": (lambda: _feedback(6), "less than or equal to 5"),
    "schedule_version_is_numbered": (_number_twice, "already exists"),
    "one_draft_of_the_schedule": (_draft_twice, "one_draft_of_the_schedule"),
    "one_published_version_of_the_schedule": (
        _published_twice,
        "one_published_version_of_the_schedule",
    ),
    "schedule_version_status_is_known": (
        lambda: _version(status="lost", published_at=timezone.now()),
        "schedule_version_status_is_known",
    ),
    "published_schedule_has_its_time": (
        lambda: _version(status="published"),
        "published_schedule_has_its_time",
    ),
    "a_version_places_a_meeting_once": (_placed_twice, "already exists"),
    "queue_number_is_given_once": (_number_given_twice, "already exists"),
    "participant_is_in_a_queue_once": (
        _in_a_queue_twice,
        "This person is in this queue already.",
    ),
    "a_table_calls_one_at_a_time": (
        _called_twice,
        "Somebody is called to this table or sits at it.",
    ),
    "queue_status_is_known": (lambda: _queued(status="lost"), "queue_status_is_known"),
    "outcomes_are_at_most_the_meetings_held": (
        lambda: _totals(held=329, intention=131, keep_talking=199),
        "The outcomes add up to more than the meetings held.",
    ),
    "held_meetings_are_at_most_the_requested": (
        lambda: _totals(requested=328, held=329),
        "More meetings were held than requested.",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASES)
def test_full_clean_refuses_with_words(name):
    check_full_clean_refuses(*CASES[name])


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASES)
def test_the_database_refuses_what_comes_past_full_clean(name):
    check_database_refuses(CASES[name][0])


def test_every_constraint_has_a_case():
    assert set(CASES) == rules_of(models_of("meetings"))


@pytest.mark.django_db
def test_totals_of_jiangsu_leave_24_of_which_nothing_is_told():
    assert _totals(held=329, intention=131, keep_talking=174).not_told == 24
