"""Deleting an interpreter who is to interpret at meetings that are placed."""

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEntry
from meetings.domain.interpreters import add_interpreter, delete_interpreters
from meetings.models import Interpreter, Meeting
from tests.meetings import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def placed():
    event = rows.meeting_event()
    meeting = rows.meeting(rows.participant(event), rows.owner(event, languages=["en"]))
    rows.placed(rows.published(event), meeting, interpreter=rows.interpreter(event))
    return meeting


def test_add_interpreter_refuses_a_language_that_there_is_not():
    event = rows.meeting_event()

    with pytest.raises(ValidationError):
        add_interpreter(event, name="Lin", languages=["zh", "xx"])

    assert add_interpreter(event, name="Lin", languages=["zh", "en"]).languages == ["zh", "en"]


def test_delete_interpreters_leaves_their_meetings_where_they_are(placed):
    deleted = delete_interpreters(placed.event.interpreters.all(), by=None)

    [place] = placed.placements.all()
    assert (deleted, place.interpreter, Interpreter.objects.count()) == (1, None, 0)
    assert place.version.changes == 2
    assert AuditEntry.objects.filter(action="interpreters_erased").count() == 1
    assert delete_interpreters([], by=None) == 0


def test_who_has_interpreted_stays(placed):
    Meeting.objects.update(status=Meeting.Status.HELD)

    with pytest.raises(ValidationError, match="stays until data is erased"):
        delete_interpreters(placed.event.interpreters.all(), by=None)

    assert Interpreter.objects.exists()
