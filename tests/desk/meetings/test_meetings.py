import datetime as dt
import re

import pytest
from django.urls import reverse

from meetings.domain import day
from meetings.models import Meeting, MeetingOutcome, Placement
from tests import factories
from tests.cast import make_clerk
from tests.meetings import rows
from tests.meetings.day import day_event, keys, pair, schedule_of

SHOWS = ("next", "earlier", "outcome")
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


def status(meeting):
    return Meeting.objects.get(pk=meeting.pk).status


def person_of(meeting, side=1):
    return meeting.people.get(side=side).participant.registration


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("One-to-one meetings", "All are here", "Next call", "Walk-up meeting")),
        ("zh-hans", ("一对一洽谈", "双方已到场", "下一场", "现场约谈")),
    ],
)
def test_the_list_shows_what_is_on_now_and_next(event, clerk, url, language, words):
    now, later = pair(event), pair(event, slot=1)
    clerk.cookies["django_language"] = language

    page = clerk.get(url("meetings-desk"))

    assert page.status_code == 200
    for meeting in (now, later):
        for side in (1, 2):
            assert person_of(meeting, side).name in page.text
    for word in words:
        assert word in page.text


def test_people_cannot_write_into_the_page(event, clerk, url):
    registration = factories.proven(event, name=HOSTILE, organization_name=HOSTILE)
    meeting = rows.meeting(rows.participant(event, registration=registration), rows.owner(event))
    rows.placed(schedule_of(event), meeting)

    for address in (url("meetings-desk"), url("meetings-meeting", meeting.code)):
        assert "<script>alert(1)" not in clerk.get(address).text


def test_an_event_without_a_published_schedule_says_so(clerk):
    event = rows.meeting_event()
    clerk.user.desk_assignments.create(event=event)

    page = clerk.get(reverse("meetings-desk", args=[event.slug]))

    assert "No schedule of the meetings is published yet." in page.text


def test_arrived_is_one_tap_from_the_list(event, tap):
    meeting = pair(event)

    answer = tap(meeting, "here")

    assert answer.status_code == 200
    assert status(meeting) == "running"
    assert f'data-part="meeting-{meeting.code}"' in answer.text
    assert "Under way" in answer.text


def test_not_come_and_replaced_are_three_taps_from_the_list(event, clerk, url, tap):
    meeting, waiting = pair(event), pair(event, slot=None)
    page = clerk.get(url("meetings-desk"))
    assert "Not come…" in page.text
    # The first tap opens who it is, without a request.
    ticket = person_of(meeting).ticket
    assert f'value="missed:{ticket}"' in page.text

    second = tap(meeting, f"missed:{ticket}")
    [replace] = re.findall(r'value="(replace:[^"]+)"', second.text)
    third = tap(meeting, replace)

    assert (second.status_code, third.status_code) == (200, 200)
    assert status(meeting) == "no_show"
    assert Placement.objects.get(meeting=waiting).table == event.meeting_tables.first()
    assert person_of(waiting).name in third.text
    # The card of the new meeting is where the old one was.
    assert f'data-part="meeting-{meeting.code}"' in third.text


def test_the_same_goes_without_a_script(event, clerk, url, tap):
    meeting, waiting = pair(event), pair(event, slot=None)

    arrived = tap(meeting, "here", script=False)
    missed = tap(meeting, f"missed:{person_of(meeting).ticket}", script=False)
    page = clerk.get(missed.url)
    [replace] = re.findall(r'value="(replace:[^"]+)"', page.text)
    replaced = tap(meeting, replace, script=False)

    assert arrived.url == f"{url('meetings-desk')}?show=now#meeting-{meeting.code}"
    assert missed.url == url("meetings-meeting", meeting.code)
    assert replaced.url == f"{url('meetings-desk')}?show=now#meeting-{waiting.code}"
    assert "Takes the place" in clerk.get(replaced.url).text


def test_a_request_at_the_desk_takes_a_free_place(event, tap):
    meeting = pair(event)
    day.not_come(meeting, keys(meeting)[:1])
    asked = rows.request(rows.participant(event), rows.owner(event))

    answer = tap(meeting, f"replace:request-{asked.pk}")

    asked.refresh_from_db()
    assert (answer.status_code, asked.status) == (200, "accepted")
    assert Meeting.objects.get(request=asked).stands_in_for == meeting


@pytest.mark.parametrize(
    ("before", "do", "after"),
    [
        ([], "end", "held"),
        (["end"], "not-ended", "running"),
        (["here"], "not-here:{one}", "agreed"),
        (["missed:{one}"], "not-missed", "agreed"),
        (["here:{one}", "here:{other}"], "begin", "running"),
    ],
)
def test_each_tap_does_what_it_says_and_can_be_sent_again(event, tap, before, do, after):
    meeting = pair(event)
    tickets = {"one": person_of(meeting).ticket, "other": person_of(meeting, 2).ticket}
    for deed in before:
        tap(meeting, deed.format(**tickets))

    answers = [tap(meeting, do.format(**tickets)) for _again in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert status(meeting) == after


def test_prolonging_says_whom_it_delays(event, tap):
    meeting, later = pair(event), pair(event, slot=1)
    tap(meeting, "here")

    answer = tap(meeting, "longer:10")

    assert "Prolonged by 10 minutes in all." in answer.text
    assert "Delays" in answer.text
    assert person_of(later).name in answer.text


@pytest.mark.parametrize(
    "do", ["longer:x", "longer:999", "missed:NOBODY", "replace:x-1", "fly", ""]
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(event, tap, do):
    meeting = pair(event)

    answer = tap(meeting, do)

    assert answer.status_code == 409
    assert status(meeting) == "agreed"


def test_a_meeting_of_another_event_is_not_tapped(event, tap):
    stranger = pair(day_event())

    answer = tap(stranger, "here")

    assert answer.status_code == 409
    assert "no longer there" in answer.text
    assert status(stranger) == "agreed"


def test_lists_of_what_is_next_and_what_has_no_entry_or_outcome(event, clerk, url):
    held, late = pair(event, slot=0), pair(event, slot=1, table=1)
    day.end(held)
    next_one = pair(event, slot=2)
    slot = event.meeting_slots.all()[1]
    past = slot.starts_at - dt.timedelta(hours=3)
    event.meeting_slots.filter(pk=slot.pk).update(
        starts_at=past, ends_at=past + dt.timedelta(minutes=30)
    )

    found = {show: clerk.get(url("meetings-desk"), {"show": show}).text for show in SHOWS}

    expected = {"next": next_one, "earlier": late, "outcome": held}
    for show, text in found.items():
        shown = [each for each in expected.values() if person_of(each).name in text]
        assert shown == [expected[show]]


@pytest.mark.parametrize("text", ["王伟", "wang wei", "wangwei", "ww", "清曜", "1234"])
def test_a_person_is_found_with_the_meetings_of_the_day(event, clerk, url, text):
    wang = factories.proven(
        event, name="王伟", organization_name="清曜生物", phone="+86 138 6255 1234"
    )
    meeting = rows.meeting(rows.participant(event, registration=wang), rows.owner(event))
    rows.placed(schedule_of(event), meeting)
    pair(event, slot=1)

    page = clerk.post(url("meetings-desk"), {"q": text}, headers={"X-Requested-With": "fetch"})

    assert re.findall(r"<h2>([^<]+)</h2>", page.text) == ["王伟"]
    assert f'data-part="meeting-{meeting.code}"' in page.text


def test_nobody_found_is_said(clerk, url):
    assert "No one found." in clerk.post(url("meetings-desk"), {"q": "Zhao"}).text


def test_an_outcome_is_three_taps_from_the_list(event, clerk, url):
    meeting = pair(event)
    page = clerk.get(url("meetings-desk"))
    opened = url("meetings-meeting", meeting.code)
    # First tap.
    assert f'href="{opened}"' in page.text
    table = clerk.get(opened)
    # Second tap.
    assert 'name="kind" value="intention"' in table.text

    saved = clerk.post(opened, {"kind": "intention", "version": "0"})

    assert (saved.status_code, saved.url) == (302, opened)
    stored = MeetingOutcome.objects.get()
    assert (stored.meeting, stored.kind, stored.recorded_by) == (meeting, "intention", clerk.user)
    assert status(meeting) == "held"
    assert "Recorded: intention to be signed" in clerk.get(opened).text


def test_a_note_follows_and_two_who_write_find_each_other_out(event, clerk, url):
    meeting = pair(event)
    opened = url("meetings-meeting", meeting.code)
    clerk.post(opened, {"kind": "intention", "version": "0"})
    full = {"kind": "keep_talking", "note": "After all", "due_on": "2027-01-31"}

    late = clerk.post(opened, full | {"version": "0"})
    again = re.search(r'name="version" value="(\d+)"', late.text).group(1)
    saved = clerk.post(opened, full | {"version": again})

    assert late.status_code == 409
    assert "Somebody else recorded “intention to be signed”" in late.text
    assert "After all" in late.text
    assert saved.status_code == 302
    stored = MeetingOutcome.objects.get()
    assert (stored.kind, stored.note, stored.due_on) == (
        "keep_talking",
        "After all",
        dt.date(2027, 1, 31),
    )


def test_an_outcome_that_is_none_is_refused(event, clerk, url):
    meeting = pair(event)

    answer = clerk.post(url("meetings-meeting", meeting.code), {"kind": "x", "version": "0"})

    assert answer.status_code == 422
    assert not MeetingOutcome.objects.exists()


def test_a_meeting_is_moved_to_a_place_that_is_offered(event, clerk, url):
    meeting = pair(event)
    address = url("meetings-move", meeting.code)
    page = clerk.get(address)
    offered = re.findall(r'name="place" value="([^"]+)"', page.text)

    moved = clerk.post(address, {"place": offered[-1]})
    taken = pair(event)
    refused = clerk.post(url("meetings-move", taken.code), {"place": offered[-1]})

    place = Placement.objects.get(meeting=meeting)
    assert moved.status_code == 302
    assert f"{place.slot_id}-{place.table_id}" == offered[-1]
    assert refused.status_code == 409
    assert "The table has another meeting at that time" in refused.text


def test_two_who_walk_up_get_a_table(event, clerk, url):
    one, other = rows.participant(event, name="Li Min"), rows.owner(event, name="Ann Farrow")
    tickets = {"one": one.registration.ticket, "other": other.registration.ticket}

    searched = clerk.post(url("meetings-walk-up"), {"one_q": "li min"})
    both = clerk.post(url("meetings-walk-up"), tickets)
    place = re.findall(r'name="place" value="([^"]+)"', both.text)[0]
    made = clerk.post(url("meetings-walk-up"), tickets | {"place": place})

    assert f'name="one" value="{tickets["one"]}"' in searched.text
    meeting = Meeting.objects.get()
    assert (made.status_code, made.url) == (302, url("meetings-meeting", meeting.code))
    assert keys(meeting) == [one.pk, other.pk]


def test_a_table_is_closed_and_emptied(event, clerk, url):
    meeting = pair(event, slot=1)

    clerk.post(url("meetings-tables"), {"table": "A1", "do": "close"})
    page = clerk.get(url("meetings-tables"))
    clerk.post(url("meetings-tables"), {"table": "A1", "do": "empty"})
    clerk.post(url("meetings-tables"), {"table": "A1", "do": "reopen"})

    assert "Move them there" in page.text
    assert person_of(meeting).name in page.text
    assert Placement.objects.get(meeting=meeting).table.name == "A2"
    assert event.meeting_tables.first().closed_from is None


PAGES = ("meetings-desk", "meetings-walk-up", "meetings-tables", "meetings-queues")
MORE_PAGES = ("meetings-hall", "meetings-sheets", "meetings-tap")


@pytest.mark.parametrize("who", ["other clerk", "auditor", "stranger"])
def test_nobody_else_works_at_this_desk(request, event, url, who):
    meeting = pair(event)
    person = make_clerk(day_event()) if who == "other clerk" else request.getfixturevalue(who)
    addresses = [url(name) for name in PAGES + MORE_PAGES]
    addresses += [url(name, meeting.code) for name in ("meetings-meeting", "meetings-move")]

    for address in addresses:
        for answer in (person.get(address), person.post(address, {"do": "here"})):
            assert answer.status_code == (302 if who == "stranger" else 403)
            assert person_of(meeting).name not in answer.text
    assert status(meeting) == "agreed"


def test_who_only_checks_people_in_does_not_run_meetings(event, clerk, url):
    permission = clerk.user.groups.get().permissions.get(codename="run_meeting")
    clerk.user.groups.get().permissions.remove(permission)

    assert clerk.get(url("meetings-desk")).status_code == 403
    assert "meetings/" not in clerk.get(reverse("desk")).text


def test_the_desk_leads_to_its_meetings(event, clerk, url, organizer):
    without = factories.registration_settings().event

    page = organizer.get(reverse("desk"))

    assert f'href="{url("meetings-desk")}"' in page.text
    assert reverse("meetings-desk", args=[without.slug]) not in page.text


def test_organizers_work_at_it_and_nothing_is_kept_anywhere(event, url, organizer):
    meeting = pair(event)

    for address in (url("meetings-desk"), url("meetings-meeting", meeting.code)):
        page = organizer.get(address)
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]
        assert "noindex" in page["X-Robots-Tag"]
