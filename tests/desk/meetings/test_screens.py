import re

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from meetings.domain import day, hall
from meetings.domain.day_places import move_today
from meetings.domain.screen import event_of
from meetings.models import MeetingSettings
from registrations.models import ExportRecord
from tests import factories
from tests.meetings import rows
from tests.meetings.day import keys, pair, schedule_of

HOSTILE = "<script>alert(1)</script>"


def known(event, side, name, organization, *, is_listed=True):
    registration = factories.proven(event, name=name, organization_name=organization)
    make = rows.participant if side == 1 else rows.owner
    listed_at = timezone.now() if is_listed else None
    return make(event, registration=registration, listed_at=listed_at)


@pytest.fixture
def meeting(event):
    one = known(event, 1, "王伟", "清曜生物")
    made = rows.meeting(one, known(event, 2, "Ann Farrow", "University of Leeds"))
    rows.placed(schedule_of(event), made)
    return made


def lines(text):
    """The tables of a screen or a sheet with who meets there."""
    found = re.findall(r"<li class=\"hall-line.*?</li>|<tr.*?</tr>", text, re.S)
    told = []
    for line in found:
        table = re.search(r"hall-name\">([^<]+)|class=\"number\">(?:● )?([^<]+)</th>", line)
        if table and 'scope="col"' not in line:
            who = re.findall(r"<span(?: class=\"who\")?>([^<]+)</span>", line)
            told.append(((table[1] or table[2]).strip(), who))
    return told


def test_the_screen_is_in_both_languages_with_now_and_next(event, clerk, url, meeting):
    later = pair(event, slot=1)

    page = clerk.get(url("meetings-hall"))

    assert page.status_code == 200
    for words in ("海港峰会", "Harbour Summit", "正在洽谈", "Now", "下一场", "Next", "更新于"):
        assert words in page.text
    assert lines(page.text) == [
        ("A1", ["王伟 · 清曜生物", "Ann Farrow · University of Leeds"]),
        ("A1", [hall.shown(row.participant) for row in later.people.order_by("side")]),
    ]


def test_paper_and_screen_agree(event, clerk, url, meeting):
    pair(event, table=1), pair(event, slot=1)
    moved = pair(event, slot=2)
    move_today(moved, event.meeting_slots.all()[1], event.meeting_tables.all()[1])

    screen = clerk.get(url("meetings-hall"))
    paper = clerk.get(url("meetings-sheets"), {"sheet": "hall"})

    shown = lines(screen.text)
    assert len(shown) == 4
    assert lines(paper.text) == shown
    version = schedule_of(event)
    for page in (screen, paper):
        assert f"{version.number}.{version.changes}" in page.text
    assert screen.text.count("is-changed") == paper.text.count("is-changed") == 1


def test_who_did_not_agree_to_be_listed_is_not_named(event, clerk, url):
    one = known(event, 1, "王伟", "清曜生物", is_listed=False)
    other = known(event, 2, "Ann Farrow", "University of Leeds", is_listed=False)
    without = known(event, 1, "李娜", "", is_listed=False)
    for number, person in enumerate((one, without)):
        made = rows.meeting(person, other)
        rows.placed(schedule_of(event), made, slot=number)

    for page in (
        clerk.get(url("meetings-hall")),
        clerk.get(url("meetings-sheets"), {"sheet": "hall"}),
    ):
        for name in ("王伟", "清曜生物", "Ann", "Leeds", "李娜"):
            assert name not in page.text
        assert lines(page.text)[:2] == [("A1", ["清…", "U. O. L."]), ("A1", ["—", "U. O. L."])]


def test_what_somebody_did_not_come_to_leaves_the_screen(event, clerk, url, meeting):
    day.not_come(meeting, keys(meeting)[:1])

    assert lines(clerk.get(url("meetings-hall")).text) == []


def test_nothing_that_people_typed_is_run(event, clerk, url):
    made = rows.meeting(known(event, 1, HOSTILE, HOSTILE), rows.owner(event))
    rows.placed(schedule_of(event), made)

    pages = [clerk.get(url("meetings-hall")).text]
    pages.append(clerk.get(url("meetings-sheets"), {"sheet": "hall"}).text)
    pages.append(clerk.post(url("meetings-sheets"), {"sheet": "people"}).text)

    for text in pages:
        assert "&lt;script&gt;" in text
        assert HOSTILE not in text


def test_an_organizer_makes_an_address_without_a_log_in_and_ends_it(
    event, organizer, clerk, stranger, url, meeting
):
    for _again in range(2):
        organizer.post(url("meetings-hall"), {"do": "open"})
    page = organizer.get(url("meetings-sheets")).text
    path = re.search(r"(/screens/[^\"]+)\"", page).group(1)
    clerk.post(url("meetings-hall"), {"do": "close"})

    shown = stranger.get(path)
    organizer.post(url("meetings-hall"), {"do": "close"})
    ended = stranger.get(path)

    assert (shown.status_code, ended.status_code) == (200, 404)
    assert "王伟 · 清曜生物" in shown.text
    assert "no-store" in shown["Cache-Control"]
    assert "noindex" in shown["X-Robots-Tag"]
    assert "Check-in desk" not in shown.text
    assert MeetingSettings.objects.get(event=event).screen_code is None
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-2:] == ["meeting_screen_opened", "meeting_screen_closed"]


@pytest.mark.parametrize("signed", ["x", "none.of-ours", "a" * 500])
def test_a_guess_asks_no_database(stranger, signed, django_assert_num_queries):
    with django_assert_num_queries(0):
        found = event_of(signed)

    assert found is None
    assert stranger.get(reverse("hall-screen", args=[signed])).status_code == 404


def test_a_screen_brings_itself_up_to_date(event, clerk, url, meeting):
    part = clerk.get(url("meetings-hall"), headers={"X-Requested-With": "fetch"})

    assert lines(part.text) == [("A1", ["王伟 · 清曜生物", "Ann Farrow · University of Leeds"])]
    assert "<html" not in part.text


def test_a_cancelled_event_has_an_empty_screen(event, clerk, url, meeting):
    type(event).objects.filter(pk=event.pk).update(status="cancelled", cancelled_at=timezone.now())

    assert "暂无洽谈" in clerk.get(url("meetings-hall")).text


@pytest.mark.parametrize(
    ("what", "titles"),
    [
        ("tables", ["A1"]),
        ("people", ["Ann Farrow", "王伟"]),
        ("interpreters", ["Helen Zhou"]),
    ],
)
def test_sheets_with_names_are_recorded_as_an_export(event, clerk, url, what, titles):
    interpreter = rows.interpreter(event, name="Helen Zhou")
    made = rows.meeting(known(event, 1, "王伟", "清曜生物"), known(event, 2, "Ann Farrow", "Leeds"))
    rows.placed(schedule_of(event), made, interpreter=interpreter)

    page = clerk.post(url("meetings-sheets"), {"sheet": what})

    assert page.status_code == 200
    assert sorted(re.findall(r"<h1><span>([^<]+)</span></h1>", page.text)) == titles
    for words in ("王伟", "Ann Farrow", "Helen Zhou"):
        assert words in page.text
    record = ExportRecord.objects.get()
    assert (record.source, record.file_format, record.user) == ("desk", "print", clerk.user)
    assert (record.outcome, record.rows) == ("complete", 2)
    # Of one table alone, the code of the table and that of its meeting.
    assert page.text.count("<svg") == (2 if what == "tables" else 0)


def test_of_many_tables_each_has_one_code(event, clerk, url, meeting):
    pair(event, table=1), pair(event, table=1, slot=1)

    page = clerk.post(url("meetings-sheets"), {"sheet": "tables"})
    alone = clerk.post(url("meetings-sheets"), {"sheet": "tables", "table": "A2"})

    assert page.text.count("<svg") == 2
    assert alone.text.count("<svg") == 3
    assert "王伟" not in alone.text


def test_the_code_of_a_table_leads_to_what_is_on_at_it(event, clerk, url, meeting):
    other = pair(event, table=1)

    page = clerk.get(url("meetings-desk"), {"table": "A1"})

    assert "王伟" in page.text
    assert other.people.first().participant.registration.name not in page.text
    assert "table=A1" in page.text


def test_sheets_with_names_are_in_no_address(event, clerk, url, meeting):
    page = clerk.get(url("meetings-sheets"), {"sheet": "people"})

    assert "王伟" not in page.text
    assert not ExportRecord.objects.exists()


def test_a_sheet_is_in_the_language_of_its_reader(event, clerk, url):
    one = known(event, 1, "王伟", "清曜生物")
    one.registration.language = "zh-hans"
    one.registration.save()
    made = rows.meeting(one, known(event, 2, "Ann Farrow", "Leeds"))
    rows.placed(schedule_of(event), made)

    page = clerk.post(url("meetings-sheets"), {"sheet": "people"})

    assert page.text.count('<main lang="zh-Hans">') == 1
    assert page.text.count('<main lang="en">') == 1
    assert "洽谈双方" in page.text
    assert "Who meets" in page.text


def test_the_second_print_holds_what_changed(event, clerk, url, meeting):
    moved = pair(event, slot=1)
    move_today(moved, event.meeting_slots.all()[2], event.meeting_tables.all()[1])

    page = clerk.post(url("meetings-sheets"), {"sheet": "people", "changed": "1"})

    names = {row.participant.registration.name for row in moved.people.all()}
    assert set(re.findall(r"<h1><span>([^<]+)</span></h1>", page.text)) == names
    assert page.text.count('class="is-changed"') == 2


def test_one_person_gets_the_own_sheet(event, clerk, url, meeting):
    ticket = meeting.people.first().participant.registration.ticket

    page = clerk.post(url("meetings-sheets"), {"sheet": "people", "ticket": ticket})

    assert re.findall(r"<h1><span>([^<]+)</span></h1>", page.text) == ["王伟"]


def test_nothing_to_print_is_said(event, clerk, url):
    answer = clerk.post(url("meetings-sheets"), {"sheet": "people"})

    assert answer.status_code == 302
    assert "There is nothing to print." in clerk.get(answer.url).text
    assert not ExportRecord.objects.exists()


def test_a_screen_at_a_table_shows_that_one_alone(event, clerk, url, meeting):
    own = meeting.placements.get().table.name
    other = next(each.name for each in event.meeting_tables.all() if each.name != own)

    here = clerk.get(f"{url('meetings-hall')}?table={own}")
    elsewhere = clerk.get(f"{url('meetings-hall')}?table={other}")
    unknown = clerk.get(f"{url('meetings-hall')}?table=%00%3Cb%3E")

    assert f"{own}号洽谈桌" in here.text
    assert "hall-line" in here.text
    assert "hall-line" not in elsewhere.text
    assert "No meetings now or next" in unknown.text
    assert "<b>号" not in unknown.text
