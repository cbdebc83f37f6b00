"""Who of a delegation has to come to a meeting, and who may."""

import pytest
from django.core.exceptions import ValidationError

from meetings.domain import who_comes
from meetings.models import MeetingPerson
from submissions.domain.decisions import ChangedMeanwhile
from summit.lib.database.states import MoveRefused
from tests.meetings import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(db):
    """A meeting of somebody of a delegation of three with an owner."""
    event = rows.meeting_event()
    group = rows.delegation(event)
    made = rows.meeting(rows.participant(event, delegation=group), rows.owner(event))
    for _number in range(2):
        rows.participant(event, delegation=group)
    return made


def people(meeting, side=1):
    return list(
        MeetingPerson.objects.filter(meeting=meeting, side=side).values_list("participant", "must")
    )


def test_another_of_the_delegation_has_to_come_and_the_first_one_may(meeting):
    draft = rows.version(meeting.event)
    first, second, third = who_comes.candidates(meeting, 1)

    who_comes.set_people(meeting, side=1, must=[second], may=[first, third], least=2, version=1)

    meeting.refresh_from_db()
    draft.refresh_from_db()
    assert sorted(people(meeting)) == [(first.pk, False), (second.pk, True), (third.pk, False)]
    assert (meeting.least_1, meeting.least_2, meeting.version) == (2, 1, 2)
    assert draft.changes == 1


def test_nobody_else_and_not_too_few_come(meeting):
    first = who_comes.candidates(meeting, 1)[0]
    stranger, owner = rows.participant(meeting.event), who_comes.candidates(meeting, 2)[0]
    before = people(meeting)

    for must, least in (([stranger], 1), ([owner], 1), ([first], 2), ([], 1), ([first], 0)):
        with pytest.raises(ValidationError):
            who_comes.set_people(meeting, side=1, must=must, least=least, version=1)
    assert people(meeting) == before


def test_of_two_windows_the_second_one_is_told_and_nothing_changes_once_it_is_over(meeting):
    first = who_comes.candidates(meeting, 1)[0]
    who_comes.set_people(meeting, side=1, must=[first], version=1)

    with pytest.raises(ChangedMeanwhile):
        who_comes.set_people(meeting, side=1, must=[first], version=1)
    type(meeting).objects.update(status="held")
    with pytest.raises(MoveRefused):
        who_comes.set_people(meeting, side=1, must=[first], version=2)
