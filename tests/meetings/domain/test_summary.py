"""What is counted of the meetings of an event, and what they lack."""

import pytest

from meetings.domain.summary import summarize
from meetings.models import Meeting, Participant
from tests.meetings import rows

pytestmark = pytest.mark.django_db


def test_nothing_is_counted_as_nothing():
    summary = summarize(rows.meeting_event(slots=0, tables=0))

    assert (summary.participants, summary.requests, summary.meetings) == ({}, {}, 0)
    assert (summary.places, summary.best_tables, summary.pairs) == (0, (0, 0), [])
    assert not (summary.has_too_few_places or summary.has_few_tables)


def test_people_requests_and_meetings_are_counted():
    event = rows.meeting_event(slots=3, tables=2)
    one, other = rows.participant(event), rows.owner(event, listed_at=None, languages=[])
    rows.participant(event, status=Participant.Status.APPLIED, admitted_at=None)
    rows.request(one, other)
    held, placed, open_ = (rows.meeting(one, other) for _each in range(3))
    Meeting.objects.filter(pk=held.pk).update(status="held")
    rows.placed(rows.version(event), placed)

    summary = summarize(event)

    assert summary.participants == {"admitted": 2, "applied": 1}
    assert (summary.unlisted, summary.without_language) == (1, 1)
    assert summary.requests == {"open": 1}
    assert (summary.meetings, summary.placed, summary.open) == (3, 1, 1)
    assert (summary.slots, summary.tables, summary.places) == (3, 2, 6)


def test_places_of_a_table_that_is_closed_are_none():
    event = rows.meeting_event(slots=3, tables=1)
    second = list(event.meeting_slots.all())[1]
    event.meeting_tables.update(closed_from=second.starts_at)

    assert summarize(event).places == 1


@pytest.mark.parametrize(
    ("meetings", "tables", "best", "too_few_places", "few_tables"),
    [
        (2, 1, (3, 3), True, False),
        (2, 2, (3, 3), False, True),
        (2, 3, (3, 3), False, False),
    ],
)
def test_tables_are_compared_with_the_rule_of_thumb(
    meetings, tables, best, too_few_places, few_tables
):
    event = rows.meeting_event(slots=1, tables=tables)
    for _each in range(meetings):
        rows.meeting(rows.participant(event), rows.owner(event))

    summary = summarize(event)

    assert summary.best_tables == best
    assert (summary.has_too_few_places, summary.has_few_tables) == (too_few_places, few_tables)


def test_meetings_without_a_common_language_are_counted_by_the_pair():
    event = rows.meeting_event(slots=1)
    chinese = rows.participant(event, languages=["zh"])
    german = rows.owner(event, languages=["de"])
    both = rows.owner(event, languages=["de", "zh"])
    rows.meeting(chinese, german)
    rows.meeting(german, chinese)
    rows.meeting(chinese, both)
    rows.interpreter(event, languages=["de", "zh"])
    rows.interpreter(event, languages=["en", "zh"])

    [pair] = summarize(event).pairs

    assert (pair.in_words, pair.meetings, pair.interpreters) == ("German – Chinese", 2, 1)
    assert pair.lacks
