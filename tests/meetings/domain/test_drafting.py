import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from meetings.domain import drafting
from meetings.domain.fill import Why
from meetings.domain.loading import load_plan, load_schedule
from meetings.domain.placing import take_draft
from meetings.domain.validation import broken_rules
from meetings.models import Absence, Meeting, ScheduleVersion
from tests.factories import save
from tests.meetings import rows
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(db):
    return rows.meeting_event()


def pair(event, **fields):
    return rows.meeting(rows.participant(event), rows.owner(event), **fields)


def move(draft, met, *, slot=1, table=0, version=None, **more):
    event = draft.event
    return drafting.move(
        draft,
        met,
        list(event.meeting_slots.all())[slot],
        list(event.meeting_tables.all())[table],
        more.get("interpreter"),
        more.get("people", list(met.people.values_list("participant", flat=True))),
        version=draft.changes if version is None else version,
    )


def test_filled_draft_breaks_no_rule_and_says_what_is_left_out(event):
    one = rows.participant(event)
    met = [rows.meeting(one, rows.owner(event)) for _number in range(4)]

    filling = drafting.fill_draft(event)

    schedule = load_schedule(filling.draft)
    assert filling.placed == len(schedule) == 3
    assert set(filling.left_out.values()) == {Why.PEOPLE_TAKEN}
    assert filling.left_out.keys() == {each.pk for each in met} - schedule.keys()
    assert broken_rules(load_plan(event), schedule) == []
    filling.draft.refresh_from_db()
    assert list(filling.draft.left_out.values()) == ["PEOPLE_TAKEN"]
    assert filling.draft.problems == []


def test_filling_again_changes_nothing(event):
    pair(event)
    first = drafting.fill_draft(event)

    second = drafting.fill_draft(event)

    assert (second.placed, second.draft.changes) == (0, first.draft.changes)


def test_filling_an_event_without_anything_is_harmless():
    event = rows.meeting_event(slots=0, tables=0)

    filling = drafting.fill_draft(event)

    assert (filling.placed, filling.left_out) == (0, {})


def test_one_slot_takes_as_many_meetings_as_there_are_tables():
    event = rows.meeting_event(slots=1, tables=2)
    for _number in range(3):
        pair(event)

    filling = drafting.fill_draft(event)

    assert filling.placed == 2
    assert list(filling.left_out.values()) == [Why.NO_TABLE]


def test_filling_places_anew_what_breaks_a_rule_and_leaves_what_is_locked(event):
    loose, stuck = pair(event), pair(event)
    draft = take_draft(event)
    rows.placed(draft, loose)
    rows.placed(draft, stuck, table=1)
    drafting.set_locked(draft, [stuck.pk], locked=True, version=draft.changes + 0)
    first = event.meeting_slots.first()
    for each in (loose, stuck):
        person = each.people.first().participant
        save(Absence(participant=person, starts_at=first.starts_at, ends_at=first.ends_at))

    filling = drafting.fill_draft(event)

    schedule = load_schedule(filling.draft)
    assert schedule[loose.pk].slot.start > first.starts_at
    assert schedule[stuck.pk].slot.start == first.starts_at
    assert [each[0] for each in filling.draft.problems] == ["AWAY"]


def test_clock_that_changes_during_the_event_fills_and_reads_back():
    start = dt.datetime(2027, 10, 31, 0, tzinfo=dt.UTC)
    event = rows.meeting_event(
        slots=0,
        time_zone="Europe/London",
        starts_at=start,
        ends_at=start + dt.timedelta(hours=12),
    )
    for number in range(16, 20):
        rows.slot(event, number)
    met = pair(event)

    filling = drafting.fill_draft(event)

    place = load_schedule(filling.draft)[met.pk]
    assert place.slot.start == start + dt.timedelta(hours=8)
    assert broken_rules(load_plan(event), load_schedule(filling.draft)) == []


def test_move_puts_a_meeting_elsewhere_and_notes_what_that_breaks(event):
    one, other = pair(event), pair(event)
    draft = take_draft(event)
    rows.placed(draft, one)
    rows.placed(draft, other, slot=1)

    moved = move(draft, one)

    assert load_schedule(draft)[one.pk].slot.start == list(event.meeting_slots.all())[1].starts_at
    assert [each[0] for each in moved.problems] == ["TABLE"]
    assert moved.checked_at_change == moved.changes


def test_move_of_an_older_version_is_refused(event):
    met = pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)
    shown = draft.changes
    move(draft, met, slot=1)

    with pytest.raises(ValidationError) as refusal:
        move(draft, met, slot=2, version=shown)

    assert refusal.value.code == "changed_meanwhile"


def test_move_into_a_slot_that_has_begun_is_refused(event):
    met = pair(event)
    draft = take_draft(event)
    past = timezone.now() - dt.timedelta(minutes=5)
    event.meeting_slots.filter(pk=event.meeting_slots.first().pk).update(
        starts_at=past, ends_at=past + dt.timedelta(minutes=30)
    )

    with pytest.raises(ValidationError) as refusal:
        move(draft, met, slot=0)

    assert refusal.value.code == "begun"


def test_locked_meeting_is_not_moved_swapped_or_taken_out(event):
    met, other = pair(event), pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)
    rows.placed(draft, other, slot=1)
    drafting.set_locked(draft, [met.pk], locked=True, version=draft.changes)
    draft.refresh_from_db()

    for call in (
        lambda: move(draft, met, slot=2),
        lambda: drafting.swap(draft, met, other, version=draft.changes),
        lambda: drafting.take_out(draft, [met.pk], version=draft.changes),
    ):
        with pytest.raises(ValidationError) as refusal:
            call()
        assert refusal.value.code == "locked"


def test_unlocked_meeting_is_moved_again(event):
    met = pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)
    drafting.set_locked(draft, [met.pk], locked=True, version=draft.changes)
    draft.refresh_from_db()
    drafting.set_locked(draft, [met.pk], locked=False, version=draft.changes)
    draft.refresh_from_db()

    moved = move(draft, met, slot=2)

    assert moved.problems == []


def test_people_of_others_are_refused(event):
    met, other = pair(event), pair(event)
    draft = take_draft(event)

    with pytest.raises(ValidationError) as refusal:
        move(draft, met, people=list(other.people.values_list("participant", flat=True)))

    assert refusal.value.code == "people"


def test_slot_of_another_event_is_refused(event):
    met = pair(event)
    draft = take_draft(event)
    strange = rows.meeting_event()

    with pytest.raises(ValidationError) as refusal:
        drafting.move(
            draft,
            met,
            strange.meeting_slots.first(),
            event.meeting_tables.first(),
            None,
            met.people.values_list("participant", flat=True),
            version=draft.changes,
        )

    assert refusal.value.code == "strange"


@pytest.mark.parametrize("status", ["running", "held", "no_show", "cancelled"])
def test_meeting_that_is_over_is_not_moved(event, status):
    met = pair(event, status=status)
    draft = take_draft(event)

    with pytest.raises(ValidationError) as refusal:
        move(draft, met)

    assert refusal.value.code == "over"


def test_two_meetings_change_places(event):
    one, other = pair(event), pair(event)
    draft = take_draft(event)
    first = rows.placed(draft, one)
    second = rows.placed(draft, other, slot=1, table=1)

    drafting.swap(draft, one, other, version=draft.changes)

    schedule = load_schedule(draft)
    assert (schedule[one.pk].slot, schedule[one.pk].table) == (second.slot, second.table)
    assert (schedule[other.pk].slot, schedule[other.pk].table) == (first.slot, first.table)
    assert schedule[one.pk].people == first.people


def test_meeting_without_a_place_is_not_swapped(event):
    one, other = pair(event), pair(event)
    draft = take_draft(event)
    rows.placed(draft, one)

    with pytest.raises(ValidationError) as refusal:
        drafting.swap(draft, one, other, version=draft.changes)

    assert refusal.value.code == "no_place"


def test_meeting_is_taken_out(event):
    met = pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)

    drafting.take_out(draft, [met.pk], version=draft.changes)

    assert load_schedule(draft) == {}
    assert Meeting.objects.get(pk=met.pk).status == Meeting.Status.AGREED


def test_discarded_draft_is_gone_and_what_is_published_stays(event):
    published = rows.published(event)
    rows.placed(published, pair(event))
    draft = take_draft(event)

    drafting.discard_draft(draft, version=draft.changes)

    assert list(ScheduleVersion.objects.filter(event=event)) == [published]
    with pytest.raises(ValidationError) as refusal:
        drafting.discard_draft(draft, version=draft.changes)
    assert refusal.value.code == "no_draft"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_the_same_meeting_at_once_one_is_refused():
    event = rows.meeting_event()
    met = pair(event)
    draft = take_draft(event)
    rows.placed(draft, met)
    shown = draft.changes

    results = at_once(
        lambda: move(draft, met, slot=1, version=shown),
        lambda: move(draft, met, slot=2, version=shown),
    )

    refused = [each for each in results if isinstance(each, ValidationError)]
    assert [each.code for each in refused] == ["changed_meanwhile"]
