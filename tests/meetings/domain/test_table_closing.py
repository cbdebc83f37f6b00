from functools import partial

import pytest

from meetings.domain import day, table_closing
from meetings.domain.loading import load_plan, load_schedule
from meetings.domain.validation import broken_rules
from meetings.models import Placement
from tests.meetings import rows
from tests.meetings.day import day_event, let_it_be_now, pair, schedule_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def where(proposal, event):
    if proposal.place is None:
        return None
    starts = [slot.starts_at for slot in event.meeting_slots.all()]
    table = event.meeting_tables.get(pk=proposal.place.table)
    return starts.index(proposal.place.slot.start), table.name


def test_meetings_of_a_closed_table_are_proposed_other_places():
    event = day_event()
    first, second, third = (pair(event, slot=number) for number in range(3))
    pair(event, slot=1, table=1)
    let_it_be_now(event, slot=1, minutes=2)
    table = event.meeting_tables.first()

    found = table_closing.close_table(table)

    # Of the second one's slot the other table is taken, and then that of the third.
    assert [(each.meeting, where(each, event)) for each in found] == [
        (second.pk, (2, "A2")),
        (third.pk, None),
    ]
    assert Placement.objects.get(meeting=first).table == table


def test_what_is_over_stays_and_a_table_is_closed_once():
    event = day_event()
    meeting = pair(event)
    day.end(meeting)
    table = event.meeting_tables.first()

    found = table_closing.close_table(table)
    closed_from = table.closed_from
    table_closing.close_table(table)

    table.refresh_from_db()
    assert (found, table.closed_from) == ([], closed_from)


def test_a_closed_table_is_emptied_and_the_schedule_stays_valid():
    event = day_event()
    meetings = [pair(event, slot=number) for number in range(2)]
    table, other = event.meeting_tables.all()
    table_closing.close_table(table, at=event.starts_at)

    left = [table_closing.empty_table(table) for _again in range(2)]

    assert left == [[], []]
    assert {each.table for each in Placement.objects.filter(meeting__in=meetings)} == {other}
    assert broken_rules(load_plan(event), load_schedule(schedule_of(event))) == []


def test_a_table_is_opened_again():
    event = day_event()
    pair(event)
    table = event.meeting_tables.first()
    table_closing.close_table(table)

    for _again in range(2):
        table_closing.reopen_table(table)

    assert (table.closed_from, table_closing.proposals(table)) == (None, [])


def test_a_table_can_be_closed_before_a_schedule_is_published():
    event = rows.meeting_event()

    assert table_closing.close_table(event.meeting_tables.first()) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_empty_a_table_at_once_move_each_meeting_once():
    event = day_event()
    pair(event), pair(event, slot=1)
    table = event.meeting_tables.first()
    table_closing.close_table(table, at=event.starts_at)
    before = schedule_of(event).changes

    results = at_once(*[partial(table_closing.empty_table, table)] * 2)

    assert results == [[], []]
    assert schedule_of(event).changes == before + 2
