import datetime as dt
import re

import pytest
from django.utils import timezone
from icalendar import Calendar

from meetings.models import Meeting, MeetingPerson, MeetingSettings
from registrations.domain import privacy
from summit.lib.web.signed_links import INTERPRETER, sign
from tests import factories
from tests.meetings import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(db):
    return rows.meeting_event()


@pytest.fixture
def person(event):
    return rows.participant(event, name="Li Min")


def other(event, **fields):
    registration = factories.proven(
        event, name="Ann Farrow", organization_name="Farrow Ltd", email="ann@farrow.example"
    )
    return rows.owner(event, registration=registration, **fields)


def at(person, *, language="en", rest="schedule/"):
    return f"/{language}/my/{sign(person.registration.code)}/meetings/{rest}"


def of_interpreter(interpreter, language="en"):
    return f"/{language}/interpreter/{sign(interpreter.code, INTERPRETER)}/"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_own_schedule_names_time_table_and_people_but_no_contact(stranger, event, person, language):
    MeetingSettings.objects.filter(event=event).update(way_to_tables="Up the stairs, then left.")
    named = rows.interpreter(event)
    met = rows.meeting(person, other(event))
    rows.placed(rows.published(event), met, interpreter=named)

    page = stranger.get(at(person, language=language))

    assert page.status_code == 200
    for text in ("Ann Farrow", "Farrow Ltd", "A1", "Up the stairs, then left.", ">09:00<"):
        assert text in page.text
    assert "ann@farrow.example" not in page.text
    assert "no-cache" in page["Cache-Control"] or "no-store" in page["Cache-Control"]


def test_draft_is_seen_by_nobody(stranger, event, person):
    rows.placed(rows.version(event), rows.meeting(person, other(event)))

    page = stranger.get(at(person))

    assert "Ann Farrow" not in page.text
    assert "You have no meetings ahead." in page.text


def test_who_takes_no_part_has_no_schedule(stranger, event):
    registration = factories.proven(event)

    answer = stranger.get(f"/en/my/{sign(registration.code)}/meetings/schedule/")

    assert answer.status_code == 404


def test_guessed_link_opens_nothing(stranger):
    for path in ("/en/my/x.y/meetings/schedule/", "/en/interpreter/x.y/"):
        assert stranger.get(path).status_code == 404


def test_second_zone_stands_beside_for_who_joins_online(stranger, event):
    online = rows.participant(event, time_zone="Europe/London")
    rows.placed(rows.published(event), rows.meeting(online, other(event)), slot=2)

    page = stranger.get(at(online))

    assert "in London" in page.text


def test_person_calls_a_meeting_off_with_a_reason(stranger, event, person):
    met = rows.meeting(person, other(event))
    rows.placed(rows.published(event), met)
    path = at(person, rest=f"{met.pk}/call-off/")

    asked = stranger.get(path)
    answer = stranger.post(path, {"reason": "Our flight is late."})

    met.refresh_from_db()
    assert "Ann Farrow" in asked.text
    assert answer.url == at(person)
    assert (met.status, met.off_reason) == (Meeting.Status.CANCELLED, "Our flight is late.")
    assert "Ann Farrow" not in stranger.get(at(person)).text


def test_calling_off_twice_leads_back(stranger, event, person):
    met = rows.meeting(person, other(event))
    rows.placed(rows.published(event), met)
    path = at(person, rest=f"{met.pk}/call-off/")
    stranger.post(path, {"reason": "First"})

    answer = stranger.post(path, {"reason": "Second"})

    met.refresh_from_db()
    assert answer.url == at(person)
    assert met.off_reason == "First"


def test_reason_that_is_too_long_is_refused_and_kept_in_the_box(stranger, event, person):
    met = rows.meeting(person, other(event))
    rows.placed(rows.published(event), met)

    answer = stranger.post(at(person, rest=f"{met.pk}/call-off/"), {"reason": "x" * 301})

    met.refresh_from_db()
    assert answer.status_code == 422
    assert "x" * 301 in answer.text
    assert met.status == Meeting.Status.AGREED


def test_meeting_of_others_cannot_be_called_off(stranger, event, person):
    met = rows.meeting(rows.participant(event), other(event))
    rows.placed(rows.published(event), met)

    answer = stranger.post(at(person, rest=f"{met.pk}/call-off/"), {"reason": ""})

    met.refresh_from_db()
    assert answer.url == at(person)
    assert met.status == Meeting.Status.AGREED


def test_meeting_that_has_begun_is_not_called_off_by_its_people(stranger, event, person):
    met = rows.meeting(person, other(event))
    rows.placed(rows.published(event), met)
    start = timezone.now() - dt.timedelta(minutes=5)
    slot = event.meeting_slots.first()
    event.meeting_slots.filter(pk=slot.pk).update(
        starts_at=start, ends_at=start + dt.timedelta(minutes=30)
    )

    page = stranger.get(at(person))
    stranger.post(at(person, rest=f"{met.pk}/call-off/"), {"reason": ""})

    met.refresh_from_db()
    assert "Ann Farrow" in page.text
    assert "call-off" not in page.text
    assert met.status == Meeting.Status.AGREED


def test_meetings_that_are_over_stand_below(stranger, event, person):
    met = rows.meeting(person, other(event), status=Meeting.Status.HELD)
    rows.placed(rows.published(event), met)

    page = stranger.get(at(person))

    assert "Meetings that are over" in page.text
    assert "You have no meetings ahead." in page.text


def test_file_has_every_meeting_with_its_uid_and_sequence(stranger, event, person):
    published = rows.published(event)
    met = [rows.meeting(person, other(event)), rows.meeting(person, rows.owner(event))]
    for number, each in enumerate(met):
        rows.placed(published, each, slot=number)
    MeetingPerson.objects.filter(meeting=met[0], participant=person).update(sequence=7)

    answer = stranger.get(at(person, rest="schedule.ics"))
    entries = Calendar.from_ical(answer.content).walk("VEVENT")

    assert [str(each["uid"]).split("@")[0] for each in entries] == [
        f"meeting-{each.code}" for each in met
    ]
    assert [int(each["sequence"]) for each in entries] == [7, 0]
    assert "Ann Farrow" in str(entries[0]["summary"])
    assert "ann@farrow.example" not in answer.text


def test_erased_people_and_hostile_names_are_text(stranger, event, person):
    published = rows.published(event)
    erased, hostile = other(event), rows.owner(event, name="<script>x</script>")
    for number, each in enumerate((erased, hostile)):
        rows.placed(published, rows.meeting(person, each), slot=number)
    privacy.erase([erased.registration])

    page = stranger.get(at(person))

    assert "Ann Farrow" not in page.text
    assert "<script>x" not in page.text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_interpreter_sees_both_sides_languages_and_public_projects(stranger, event, language):
    named = rows.interpreter(event, name="Wu Fang")
    met = rows.meeting(rows.participant(event, name="Li Min"), other(event, languages=["en"]))
    met.projects.add(factories.project(title_en="Biochip", title_zh_hans="生物芯片"))
    hidden = factories.project(title_en="Secret", title_zh_hans="保密")
    type(hidden).objects.filter(pk=hidden.pk).update(status="draft")
    met.projects.add(hidden)
    rows.placed(rows.published(event), met, interpreter=named)

    page = stranger.get(of_interpreter(named, language))

    assert page.status_code == 200
    for text in ("Li Min", "Ann Farrow", "A1"):
        assert text in page.text
    assert ("Biochip" in page.text) or ("生物芯片" in page.text)
    assert "Secret" not in page.text and "保密" not in page.text
    assert "call-off" not in page.text


def test_pages_cost_the_same_with_one_and_with_three_meetings(
    stranger, event, person, django_assert_max_num_queries
):
    named = rows.interpreter(event)
    published = rows.published(event)
    rows.placed(published, rows.meeting(person, other(event)), interpreter=named)
    paths = (at(person), at(person, rest="schedule.ics"), of_interpreter(named))
    few = []
    for path in paths:
        stranger.get(path)
        with django_assert_max_num_queries(40) as queries:
            stranger.get(path)
        few.append(len(queries))
    for number in (1, 2):
        met = rows.meeting(person, rows.owner(event))
        rows.placed(published, met, slot=number, interpreter=named)

    for path, cost in zip(paths, few, strict=True):
        with django_assert_max_num_queries(cost):
            page = stranger.get(path)

    assert len(re.findall('class="meeting-when"', page.text)) == 3
