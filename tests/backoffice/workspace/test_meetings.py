"""The one-to-one meetings of an event in its workspace: rules, numbers, slots."""

import datetime as dt

import pytest

from events.domain.event import copy
from events.models import OrganizerScope
from meetings.models import MeetingSettings, MeetingSlot
from tests import factories
from tests.backoffice.posting import confirm, filled, save, url
from tests.backoffice.workspace.pages import cost, present, row_errors, type_rows
from tests.meetings import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return rows.meeting_event()


# Switching on


def test_event_without_meetings_explains_them_and_switches_them_on(organizer):
    event = factories.upcoming_event()

    page = organizer.get(url(event, "meetings"))
    save(organizer, event, "meetings", **{"meeting_settings-0-slot_minutes": "20"})

    assert "offers no one-to-one meetings yet" in page.text
    assert "Offer meetings" in page.text
    made = MeetingSettings.objects.get(event=event)
    assert (made.slot_minutes, made.version) == (20, 1)
    assert "Nobody has applied yet" in organizer.get(url(event, "meetings")).text


def test_rules_that_are_proposed_are_taken_as_they_are(organizer):
    event = factories.upcoming_event()

    save(organizer, event, "meetings")

    assert MeetingSettings.objects.get(event=event).slot_minutes == 30


def test_auditor_reads_the_rules_and_changes_none(auditor, event):
    page = auditor.get(url(event, "meetings"))

    assert page.status_code == 200
    assert 'name="_save"' not in page.text
    assert auditor.post(url(event, "meetings"), {"_save": "Save"}).status_code == 403


def test_event_without_meetings_offers_an_auditor_no_button(auditor):
    page = auditor.get(url(factories.upcoming_event(), "meetings"))

    assert "offers no one-to-one meetings yet" in page.text
    assert "Offer meetings" not in page.text


def test_who_saves_second_is_told_who_changed_the_rules(organizer, superuser, event):
    page = url(event, "meetings")
    opened = {**filled(organizer.get(page)), "meeting_settings-0-most": "5"}
    save(superuser, event, "meetings", **{"meeting_settings-0-most": "9"})

    refused = organizer.post(page, {**opened, "_save": "Save"})

    assert "This was changed by superuser" in refused.text
    event.meeting_settings.refresh_from_db()
    assert (event.meeting_settings.most, event.meeting_settings.version) == (9, 2)


def test_numbers_and_warnings_are_shown_in_both_languages(organizer):
    event = rows.meeting_event(slots=1, tables=1)
    for _each in range(2):
        rows.meeting(rows.participant(event), rows.owner(event, languages=["en"], listed_at=None))

    english = organizer.get(url(event, "meetings")).text
    chinese = organizer.get(url(event, "meetings"), headers={"Accept-Language": "zh-hans"}).text

    assert "2 meetings are agreed, and the slots and tables have room for 1" in english
    assert "English – Chinese" in english
    assert "Nobody interprets between them." in english
    assert "一对一洽谈" in chinese or "洽谈" in chinese


def test_page_costs_as_much_with_one_meeting_and_with_three(organizer):
    costs = []
    for number in (1, 3):
        event = rows.meeting_event()
        for _each in range(number):
            one, other = rows.participant(event), rows.owner(event, languages=["en"])
            rows.request(one, other)
            rows.meeting(one, other)
        costs.append(cost(organizer, url(event, "meetings")))

    assert costs[0] == costs[1]


# Slots


def test_slots_are_added_for_several_parts_of_a_day(organizer):
    event = rows.meeting_event(slots=0)
    day = event.starts_on.isoformat()
    part = {"day": day, "minutes": "30", "pause": "0"}

    answer = type_rows(
        organizer,
        event,
        "slots",
        part | {"start": "09:00", "end": "10:00"},
        part | {"start": "14:00", "end": "15:00"},
        part,
    )

    assert answer.url == url(event, "slots")
    assert MeetingSlot.objects.filter(event=event).count() == 4
    page = organizer.get(url(event, "slots"))
    assert present(page) == ["meetings", "slots"]
    assert [len(slots) for _day, slots in page.context["days"]] == [4]


def test_overlapping_parts_are_refused_beside_their_row(organizer):
    event = rows.meeting_event(slots=0)
    row = {"day": event.starts_on.isoformat(), "minutes": "30", "pause": "0"}
    row |= {"start": "09:00", "end": "10:00"}

    answer = type_rows(organizer, event, "slots", row, row)

    assert row_errors(answer) == {
        "rows-1-start": ["09:00–09:30 overlaps with the slot 09:00–09:30 that there is already."]
    }
    assert not MeetingSlot.objects.exists()


def test_slots_are_for_events_with_meetings(organizer):
    event = factories.upcoming_event()

    for answer in (organizer.get(url(event, "slots")), organizer.post(url(event, "slots"), {})):
        assert answer.url == url(event, "meetings")


def test_who_is_placed_in_slots_is_named_before_they_are_deleted(organizer, event):
    meeting = rows.meeting(rows.participant(event, name="Ann"), rows.owner(event, name="Bao"))
    rows.placed(rows.published(event), meeting)
    first, second, _third = event.meeting_slots.all()

    asked = organizer.post(
        url(event, "slots"), {"delete": "1", "_selected_action": [first.pk, second.pk]}, follow=True
    )
    done = confirm(organizer, asked)

    facts = [str(fact) for _label, fact in asked.context["facts"]]
    assert facts == ["Ann, Bao (published)", "No meeting is placed here."]
    assert done.redirect_chain[-1][0] == url(event, "slots")
    assert event.meeting_slots.count() == 1


def test_somebody_who_is_placed_meanwhile_stops_the_deletion(organizer, event):
    version = rows.published(event)
    first = event.meeting_slots.first()
    asked = organizer.post(
        url(event, "slots"), {"delete": "1", "_selected_action": [first.pk]}, follow=True
    )
    rows.placed(version, rows.meeting(rows.participant(event, name="Ann"), rows.owner(event)))

    again = confirm(organizer, asked, _shown=asked.context["shown"])

    assert event.meeting_slots.count() == 3
    assert "Ann" in again.text


def test_nothing_ticked_is_said(organizer, event):
    page = organizer.post(url(event, "slots"), {"delete": "1"}, follow=True)

    assert "Tick the slots to delete first." in page.text


def test_auditor_and_limited_organizer_delete_no_slots(auditor, organizer, event):
    OrganizerScope.objects.create(user=organizer.user, series=factories.series())
    slot = event.meeting_slots.first()

    assert "delete" not in auditor.get(url(event, "slots")).text.split("content-main")[1]
    for person in (auditor, organizer):
        person.post(url(MeetingSlot, "action", f"{slot.pk},", "delete-slots"), {"newest": slot.pk})
        person.post(url(MeetingSlot, "action", slot.pk, "delete-slots"))

    assert event.meeting_slots.count() == 3


# Copies


def test_copy_of_an_event_has_its_rules_and_tables_and_none_of_its_people(organizer, event):
    rows.table(event, name="B1", room_en="Hall", room_zh_hans="大厅", host=rows.owner(event))

    new = copy(event, starts_on=event.starts_on + dt.timedelta(days=365))

    assert new.meeting_settings.slot_minutes == 30
    copied = [(table.name, table.room_en, table.host) for table in new.meeting_tables.all()]
    assert copied == [("B1", "Hall", None), ("A1", "", None), ("A2", "", None)]
    assert not (new.participants.exists() or new.meeting_slots.exists())
