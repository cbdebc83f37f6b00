import datetime as dt
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from meetings.domain import queue
from meetings.models import Meeting, QueueEntry, RatherNot
from tests.meetings import rows
from tests.meetings.day import keys
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def queue_event(**fields):
    """An event with two tables, each with its host."""
    event = rows.meeting_event(slots=0, rules={"way": "queue", "slot_minutes": 20}, **fields)
    for table in event.meeting_tables.all():
        table.host = rows.owner(event)
        table.save()
    return event


def tables(event):
    return list(event.meeting_tables.all())


def guests(event, number):
    return [rows.participant(event) for _number in range(number)]


def status(entry):
    return QueueEntry.objects.get(pk=entry.pk).status


def test_numbers_are_counted_for_each_table():
    event = queue_event()
    first, second = tables(event)
    one, other = guests(event, 2)

    numbers = [queue.join(first, each).number for each in (one, other, one)]

    assert numbers == [1, 2, 1]
    assert queue.join(second, other).number == 1


def test_the_first_who_waits_is_called_and_that_call_stands():
    event = queue_event()
    table, _other = tables(event)
    first, _second = (queue.join(table, each) for each in guests(event, 2))

    calls = [queue.call_next(table) for _again in range(2)]

    assert [call.entry for call in calls] == [first, first]
    assert (status(first), calls[0].passed_over) == ("called", ())


def test_who_sits_elsewhere_is_passed_over_and_keeps_the_place():
    event = queue_event()
    here, there = tables(event)
    busy, free = guests(event, 2)
    queue.came(_called(there, busy))
    waits, next_one = queue.join(here, busy), queue.join(here, free)

    call = queue.call_next(here)

    assert (call.entry, call.passed_over) == (next_one, (waits,))
    assert status(waits) == "waiting"


def _called(table, participant):
    queue.join(table, participant)
    return queue.call_next(table).entry


def test_nobody_is_called_from_an_empty_queue():
    assert queue.call_next(tables(queue_event())[0]).entry is None


def test_who_comes_meets_the_host_until_it_is_finished():
    event = queue_event()
    table, _other = tables(event)
    [guest] = guests(event, 1)
    entry = _called(table, guest)

    for _again in range(2):
        queue.came(entry)
    running = Meeting.objects.get()
    for _again in range(2):
        queue.finish(entry)

    meeting = Meeting.objects.get()
    assert (running.status, running.origin) == ("running", "queue")
    assert keys(meeting) == [guest.pk, table.host_id]
    assert (meeting.status, meeting.ended_at > meeting.begun_at) == ("held", True)
    assert status(entry) == "done"


def test_a_table_without_a_host_has_no_meetings():
    event = queue_event()
    table, _other = tables(event)
    table.host = None
    table.save()
    entry = _called(table, *guests(event, 1))

    with pytest.raises(ValidationError, match="Nobody sits at this table as its host"):
        queue.came(entry)


def test_who_misses_a_call_waits_again_at_the_end():
    event = queue_event()
    table, _other = tables(event)
    late, second = guests(event, 2)
    entry, behind = queue.join(table, late), queue.join(table, second)
    queue.call_next(table)

    for _again in range(2):
        queue.missed(entry)
    missed = status(entry)
    for _again in range(2):
        queue.wait_again(entry)

    assert (missed, status(entry)) == ("missed", "waiting")
    assert list(QueueEntry.objects.waiting()) == [behind, entry]


def test_a_call_and_a_coming_are_taken_back():
    event = queue_event()
    table, _other = tables(event)
    entry = _called(table, *guests(event, 1))
    queue.came(entry)

    for _again in range(2):
        queue.take_back_came(entry)
    called, meeting = status(entry), Meeting.objects.get().status
    queue.came(entry)
    queue.take_back_came(entry)
    for _again in range(2):
        queue.take_back_call(entry)

    assert (called, meeting, status(entry)) == ("called", "agreed", "waiting")
    assert Meeting.objects.count() == 1


def test_who_misses_after_all_has_no_meeting():
    event = queue_event()
    table, _other = tables(event)
    entry = _called(table, *guests(event, 1))
    queue.came(entry)
    queue.take_back_came(entry)

    queue.missed(entry)

    assert Meeting.objects.get().status == "cancelled"


def test_who_leaves_is_not_called():
    event = queue_event()
    table, _other = tables(event)
    first, second = (queue.join(table, each) for each in guests(event, 2))

    for _again in range(2):
        queue.leave(first)

    assert (queue.call_next(table).entry, status(first)) == (second, "left")


def test_hosts_strangers_and_those_kept_apart_do_not_join():
    event = queue_event()
    table, _other = tables(event)
    applied, apart = rows.participant(event, status="applied"), rows.participant(event)
    RatherNot.objects.create(participant=table.host, other=apart)

    for person, words in (
        (table.host, "as its host"),
        (applied, "not admitted"),
        (apart, "These two cannot meet"),
    ):
        with pytest.raises(ValidationError, match=words):
            queue.join(table, person)
    table.closed_from = timezone.now()
    table.save()
    with pytest.raises(ValidationError, match="This table is closed"):
        queue.join(table, rows.participant(event))
    assert not QueueEntry.objects.exists()


def test_only_who_sits_there_finishes():
    event = queue_event()
    entry = _called(tables(event)[0], *guests(event, 1))

    with pytest.raises(ValidationError, match="does not sit at the table"):
        queue.finish(entry)


def test_waiting_is_guessed_by_the_last_meetings():
    event = queue_event()
    table, _other = tables(event)
    before = queue.minutes_each(table)
    for minutes in (10, 12, 40):
        entry = _called(table, *guests(event, 1))
        queue.came(entry)
        begun = timezone.now() - dt.timedelta(minutes=minutes)
        Meeting.objects.filter(queue_entry=entry).update(begun_at=begun)
        queue.finish(entry)

    each = queue.minutes_each(table)

    assert (before, each) == (20, 12)
    assert queue.waiting_minutes(2, each, None) == 24
    began = timezone.now() - dt.timedelta(minutes=7)
    assert queue.waiting_minutes(1, each, began) == 17
    assert queue.waiting_minutes(0, each, timezone.now() - dt.timedelta(hours=1)) == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_join_at_once_get_two_numbers():
    event = queue_event()
    table, _other = tables(event)

    results = at_once(*[partial(queue.join, table, each) for each in guests(event, 4)])

    assert sorted(entry.number for entry in results) == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_a_tap_that_is_sent_at_once_joins_and_calls_once():
    event = queue_event()
    table, _other = tables(event)
    [guest] = guests(event, 1)

    joined = at_once(*[partial(queue.join, table, guest)] * 3)
    called = at_once(*[partial(queue.call_next, table)] * 3)
    at_once(*[partial(queue.came, joined[0])] * 3)

    assert {entry.pk for entry in joined} == {call.entry.pk for call in called}
    assert Meeting.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_somebody_in_two_queues_is_called_to_one_table():
    event = queue_event()
    [guest] = guests(event, 1)
    for table in tables(event):
        queue.join(table, guest)

    calls = at_once(*[partial(queue.call_next, table) for table in tables(event)])

    assert [call.entry is None for call in calls].count(True) == 1
    assert QueueEntry.objects.filter(status="called").count() == 1
