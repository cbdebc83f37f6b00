"""Tables by the pattern of their names, and deleting them with what is placed at them."""

import pytest
from django.core.exceptions import ValidationError

from mail.models import OutboundMail
from meetings.domain.tables import add_tables, delete_tables, names_in
from meetings.models import Meeting, MeetingTable
from meetings.schedule_kinds import Kind
from tests.meetings import rows

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A1–A3", ["A1", "A2", "A3"]),
        ("A1-3", ["A1", "A2", "A3"]),
        ("08-10", ["08", "09", "10"]),
        ("1至3，VIP、B2", ["1", "2", "3", "VIP", "B2"]),
        ("A1-B3", ["A1-B3"]),
        ("A5-A2", ["A5-A2"]),
        (" , ", []),
    ],
)
def test_names_are_read_from_a_range(text, names):
    assert names_in(text) == names


@pytest.mark.parametrize("text", ["A1-A9999", ",".join(str(number) for number in range(300))])
def test_too_many_names_are_refused(text):
    with pytest.raises(ValidationError, match="at most 200"):
        names_in(text)


def test_tables_stand_in_the_order_in_which_they_are_named():
    event = rows.meeting_event(tables=0)

    add_tables(event, names_in("A1-A10"), seats=3, room={"room_en": "Hall"})
    add_tables(event, ["VIP"])

    names = [table.name for table in event.meeting_tables.all()]
    assert names == [*(f"A{number}" for number in range(1, 11)), "VIP"]
    assert {(table.seats, table.room_en) for table in event.meeting_tables.all()} == {
        (3, "Hall"),
        (4, ""),
    }


@pytest.mark.parametrize("names", [["A1"], ["B1", "B1"], [], ["x" * 21]])
def test_names_that_are_taken_or_cannot_be_are_refused(names):
    event = rows.meeting_event(tables=1)

    with pytest.raises(ValidationError):
        add_tables(event, names)

    assert event.meeting_tables.count() == 1


def test_delete_tables_takes_their_meetings_out_and_tells_their_people():
    event = rows.meeting_event()
    meeting = rows.meeting(rows.participant(event), rows.owner(event))
    for version in (rows.published(event), rows.version(event)):
        rows.placed(version, meeting)
    first, second = event.meeting_tables.all()

    [told] = delete_tables([first])

    assert list(event.meeting_tables.all()) == [second]
    assert not meeting.placements.exists()
    assert (len(told.people), OutboundMail.objects.filter(kind=Kind.CHANGED).count()) == (2, 2)
    assert delete_tables([MeetingTable(pk=first.pk or 1)]) == []


def test_delete_tables_refuses_where_a_meeting_was_held():
    event = rows.meeting_event(tables=1)
    meeting = rows.meeting(rows.participant(event), rows.owner(event))
    rows.placed(rows.published(event), meeting)
    Meeting.objects.update(status=Meeting.Status.HELD)

    with pytest.raises(ValidationError, match="Close them instead"):
        delete_tables(event.meeting_tables.all())

    assert event.meeting_tables.count() == 1
