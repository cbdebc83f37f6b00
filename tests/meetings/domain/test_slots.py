"""Making equal slots, and deleting them with what is placed in them."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from mail.models import OutboundMail
from meetings import schedule_emails
from meetings.domain.concerned import concerned_by
from meetings.domain.slots import add_slots, delete_slots
from meetings.domain.telling import NOBODY
from meetings.models import Meeting, MeetingSlot, Placement
from meetings.schedule_kinds import Kind
from tests.meetings import rows
from tests.threads import at_once

pytestmark = pytest.mark.django_db
NINE, TEN = dt.time(9), dt.time(10)


@pytest.fixture
def event():
    return rows.meeting_event(slots=0)


def hours(event, slots):
    return [
        tuple(f"{each.astimezone(event.zone):%H:%M}" for each in (slot.starts_at, slot.ends_at))
        for slot in slots
    ]


def add(event, **changes):
    given = {"day": event.starts_on, "start": NINE, "end": TEN, "minutes": 30} | changes
    return add_slots(event, **given)


def refused(event, **changes) -> dict:
    with pytest.raises(ValidationError) as refusal:
        add(event, **changes)
    return refusal.value.message_dict


def test_add_slots_makes_equal_ones_with_a_pause(event):
    made = add(event, end=dt.time(11), minutes=30, pause=10)

    assert hours(event, made) == [("09:00", "09:30"), ("09:40", "10:10"), ("10:20", "10:50")]
    assert MeetingSlot.objects.filter(event=event).count() == 3


def test_add_slots_refuses_what_overlaps_and_names_it(event):
    add(event)

    found = refused(event, start=dt.time(9, 15), end=dt.time(10, 15))

    assert found == {
        "start": ["09:15–09:45 overlaps with the slot 09:00–09:30 that there is already."]
    }
    assert MeetingSlot.objects.count() == 2


def test_add_slots_takes_the_next_part_of_the_day(event):
    add(event)

    made = add(event, start=TEN, end=dt.time(11))

    assert hours(event, made) == [("10:00", "10:30"), ("10:30", "11:00")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"end": NINE}, "end"),
        ({"end": dt.time(9, 20)}, "end"),
        ({"start": dt.time(6, 30)}, "start"),
        ({"end": dt.time(21, 30)}, "end"),
        ({"minutes": 4}, "minutes"),
        ({"minutes": 241}, "minutes"),
        ({"pause": -1}, "pause"),
        ({"day": dt.date(2062, 5, 1)}, "day"),
    ],
)
def test_add_slots_refuses_what_cannot_be(event, changes, field):
    assert list(refused(event, **changes)) == [field]
    assert not MeetingSlot.objects.exists()


def test_add_slots_refuses_the_past():
    event = rows.meeting_event(slots=0, starts_at=timezone.now() - dt.timedelta(days=1))

    assert refused(event) == {"start": ["This time is past."]}


def test_slots_last_their_minutes_where_the_clocks_are_changed():
    year = timezone.now().year + 1
    last_sunday = max(day for day in range(25, 32) if dt.date(year, 3, day).isoweekday() == 7)
    day = dt.date(year, 3, last_sunday)
    starts = dt.datetime.combine(day, dt.time(7), tzinfo=dt.UTC)
    event = rows.meeting_event(
        slots=0, starts_at=starts, ends_at=starts + dt.timedelta(hours=9), time_zone="Europe/London"
    )

    made = add(event, day=day)
    before = add(event, day=day - dt.timedelta(days=1))

    # Nine o'clock is another hour of the world the day before.
    assert made[0].starts_at - before[0].starts_at == dt.timedelta(hours=23)
    assert hours(event, made) == hours(event, before) == [("09:00", "09:30"), ("09:30", "10:00")]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_the_same_slots_at_once_one_is_refused(event):
    answers = at_once(*[lambda: _try(lambda: add(event))] * 2)

    assert sorted(answers) == ["added", "refused"]
    assert MeetingSlot.objects.count() == 2


def _try(call):
    try:
        call()
    except ValidationError:
        return "refused"
    return "added"


# Deleting


@pytest.fixture
def placed():
    """A meeting that is placed in the first slot, in the draft and as published."""
    event = rows.meeting_event()
    meeting = rows.meeting(rows.participant(event, name="Ann"), rows.owner(event, name="Bao"))
    for version in (rows.published(event), rows.version(event)):
        rows.placed(version, meeting)
    return meeting


def test_whom_a_slot_concerns_is_named(placed):
    first, second, _third = placed.event.meeting_slots.all()

    found = concerned_by(Placement.objects.filter(slot=first))

    assert [(each.is_published, each.people) for each in found] == [
        (True, "Ann, Bao"),
        (False, "Ann, Bao"),
    ]
    assert concerned_by(Placement.objects.filter(slot=second)) == []


def test_delete_slots_takes_their_meetings_out_and_keeps_them_agreed(placed):
    first, second, third = placed.event.meeting_slots.all()

    [told] = delete_slots([first])

    placed.refresh_from_db()
    assert placed.status == Meeting.Status.AGREED
    assert not placed.placements.exists()
    assert list(placed.event.meeting_slots.all()) == [second, third]
    # Whoever has the grid open finds the change.
    assert [version.changes for version in placed.event.schedule_versions.all()] == [2, 2]
    assert len(told.people) == 2
    assert OutboundMail.objects.filter(kind=Kind.CHANGED).count() == 2


def test_nobody_is_told_of_a_slot_that_only_a_draft_uses(placed):
    placed.event.schedule_versions.published().delete()

    [told] = delete_slots(placed.event.meeting_slots.all())

    assert (told, OutboundMail.objects.filter(kind=Kind.CHANGED).count()) == (NOBODY, 0)


def test_meeting_that_a_draft_has_elsewhere_stays_there(placed):
    draft = placed.event.schedule_versions.drafts().get()
    rows.placed(draft, placed, slot=1)

    delete_slots([placed.event.meeting_slots.first()])

    [place] = placed.placements.all()
    assert place.version == draft


def test_draft_that_was_up_to_date_stays_so(placed):
    versions = placed.event.schedule_versions
    versions.drafts().update(base_changes=versions.published().get().changes)

    delete_slots([placed.event.meeting_slots.first()])

    assert versions.drafts().get().base_changes == versions.published().get().changes


def test_delete_slots_is_harmless_twice(placed):
    first = placed.event.meeting_slots.first()
    key = first.pk
    delete_slots([first])

    assert delete_slots([MeetingSlot(pk=key)]) == []


def test_delete_slots_forgets_what_older_versions_placed_there(placed):
    rows.placed(rows.version(placed.event, status="superseded"), placed)

    delete_slots([placed.event.meeting_slots.first()])

    assert placed.event.meeting_slots.count() == 2


def test_delete_slots_refuses_where_a_meeting_was_held(placed):
    first = placed.event.meeting_slots.first()
    Meeting.objects.update(status=Meeting.Status.HELD)

    with pytest.raises(ValidationError, match="stay for the record"):
        delete_slots([first])

    assert placed.placements.count() == 2


def test_mail_says_that_a_meeting_without_its_slot_is_still_agreed(placed):
    delete_slots([placed.event.meeting_slots.first()])

    mail = schedule_emails.write(OutboundMail.objects.filter(kind=Kind.CHANGED).first())

    assert "No longer at this time" in mail.body
    assert "still agreed" in mail.body
    assert "Called off" not in mail.body
