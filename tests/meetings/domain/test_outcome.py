import datetime as dt
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from meetings.domain import day, outcome
from meetings.models import Meeting, MeetingOutcome
from tests.meetings.day import day_event, keys, pair
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return User.objects.create_user("clerk")


@pytest.mark.parametrize("with_taps", [True, False])
def test_an_outcome_ends_the_meeting(clerk, with_taps):
    meeting = pair(day_event())
    if with_taps:
        day.arrive(meeting)

    made = outcome.record(
        meeting,
        kind="intention",
        note="They sign in May.",
        next_step="Send the draft",
        next_step_by="Host",
        due_on=dt.date(2026, 12, 24),
        by=clerk,
        version=0,
    )

    meeting.refresh_from_db()
    assert (meeting.status, meeting.ended_at is not None) == ("held", True)
    assert (made.kind, made.note, made.version) == ("intention", "They sign in May.", 1)
    assert (made.recorded_by, made.due_on) == (clerk, dt.date(2026, 12, 24))


def test_an_outcome_can_be_sent_again_and_changed_later(clerk):
    meeting = pair(day_event())
    for _again in range(2):
        outcome.record(meeting, kind="none", by=clerk, version=0)
    ended_at = Meeting.objects.get(pk=meeting.pk).ended_at

    outcome.record(meeting, kind="keep_talking", note="After all", by=clerk, version=1)

    stored = MeetingOutcome.objects.get()
    assert (stored.kind, stored.note, stored.version) == ("keep_talking", "After all", 2)
    assert Meeting.objects.get(pk=meeting.pk).ended_at == ended_at


def test_an_outcome_of_somebody_else_is_not_overwritten_unseen(clerk):
    meeting = pair(day_event())
    outcome.record(meeting, kind="intention", by=clerk, version=0)

    with pytest.raises(outcome.OutcomeChanged, match="intention to be signed"):
        outcome.record(meeting, kind="none", by=clerk, version=0)

    assert MeetingOutcome.objects.get().kind == "intention"


def test_what_was_not_held_has_no_outcome(clerk):
    event = day_event()
    missed, off = pair(event), pair(event, slot=1)
    day.not_come(missed, keys(missed)[:1])
    Meeting.objects.filter(pk=off.pk).update(status="cancelled")

    for meeting, words in ((missed, "not come"), (off, "called off")):
        with pytest.raises(ValidationError, match=words):
            outcome.record(meeting, kind="none", by=clerk, version=0)
    assert not MeetingOutcome.objects.exists()


def test_an_unknown_outcome_is_refused(clerk):
    meeting = pair(day_event())

    with pytest.raises(ValidationError):
        outcome.record(meeting, kind="perhaps", by=clerk, version=0)

    assert Meeting.objects.get(pk=meeting.pk).status == "agreed"


@pytest.mark.django_db(transaction=True)
def test_of_two_outcomes_at_once_one_is_refused(clerk):
    meeting = pair(day_event())

    results = at_once(
        *[
            partial(outcome.record, meeting, kind=kind, by=clerk, version=0)
            for kind in ("intention", "none")
        ]
    )

    assert [isinstance(each, outcome.OutcomeChanged) for each in results].count(True) == 1
    assert MeetingOutcome.objects.count() == 1
