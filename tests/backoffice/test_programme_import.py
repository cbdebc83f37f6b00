"""The programme of an event from a file, as bureaus write it."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from backoffice.kit.importing.times import read_day, read_hours
from backoffice.programme_imports import ProgrammeResource
from backoffice.programme_words import KINDS
from events.models import Appearance, ProgrammePerson, Session
from summit.lib.files.sheet_headings import plain_heading
from summit.lib.spreadsheets import csv_chunks
from tests import factories
from tests.backoffice.test_import import errors

TWO_DAYS = [dt.date(2027, 5, 20), dt.date(2027, 5, 21)]


def event(**fields):
    first, last = (dt.datetime.combine(day, dt.time(), factories.SHANGHAI) for day in TWO_DAYS)
    return factories.event(
        starts_at=first.replace(hour=8), ends_at=last.replace(hour=23), status="draft", **fields
    )


def url(event, page="import"):
    return reverse(f"admin:events_event_programme_{page}", args=[event.pk])


def table(*rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return SimpleUploadedFile("programme.csv", text.getvalue().encode("utf-8-sig"))


def preview(person, event, upload):
    return person.post(url(event), {"file": upload})


def confirm(person, event, shown):
    assert "form" not in shown.context or not shown.context["form"].errors
    assert shown.context["errors"] == [], shown.context["errors"]
    answer = person.post(url(event, "process_import"), {"payload": shown.context["payload"]})
    assert answer.status_code == 302
    return answer


def imported(person, event, *rows):
    shown = preview(person, event, table(*rows))
    confirm(person, event, shown)
    return shown


def hours(session):
    first, last = (at.astimezone(factories.SHANGHAI) for at in (session.starts_at, session.ends_at))
    return f"{first:%d %H:%M}-{last:%H:%M}"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        *(
            (text, 540, 570)
            for text in ("09:00-09:30", "9:00—9:30", "上午9:00-9:30", "9：00～9：30")
        ),
        *((text, 540, 570) for text in ("9:00至9:30", "9点-9点半", "9时—9时30分", "0900-0930")),
        *(
            (text, 540, 570)
            for text in ("9.00 – 9.30", "9:00 am to 9:30 am", "9:00-9:30（30分钟）")
        ),
        *((text, 840, 930) for text in ("14:00-15:30", "下午2:00-3:30", "2:00 pm - 3:30 pm")),
        *((text, 840, 930) for text in ("2:00-3:30pm", "下午2点—3点半", "14:00:00-15:30:00")),
        ("上午11:00-1:00", 660, 780),
        ("11:30-1:00", 690, 780),
        ("中午12:00-1:30", 720, 810),
        ("晚上7点—9点", 1140, 1260),
        ("9:00-下午3:00", 540, 900),
        ("20:00-24:00", 1200, 1440),
        ("20:00-0:00", 1200, 1440),
        ("22:00-01:00", 1320, 60),
    ],
)
def test_hours_are_read_as_bureaus_write_them(text, start, end):
    read = read_hours(text)

    assert (read.start, read.end) == (start, end)


@pytest.mark.parametrize("text", ["soon", "25:00-26:00", "9:70-10:00", "9-10-11", "-", "9:00-x"])
def test_what_is_no_time_is_said_so(text):
    with pytest.raises(ValueError, match="is not a time"):
        read_hours(text)


@pytest.mark.parametrize(
    ("text", "day", "half"),
    [
        *((text, 20, "") for text in ("2027-05-20", "5月20日", "5月20日（周四）", "5/20", "20/5")),
        *((text, 20, "") for text in ("20日", "第一天", "Day 1", "20 May", "May 20", "5.20")),
        *(
            (text, 21, "下午")
            for text in ("5月21日下午", "第二天 下午", "2027年5月21日星期五 下午")
        ),
    ],
)
def test_days_without_a_year_are_those_of_the_event(text, day, half):
    read = read_day(text, TWO_DAYS)

    assert (read.day, read.half) == (dt.date(2027, 5, day), half)


@pytest.mark.parametrize("text", ["soon", "第三天", "31日", "2月30日", "13/14"])
def test_what_is_no_day_is_said_with_a_day_of_the_event(text):
    with pytest.raises(ValueError, match="Write it as 2027-05-20"):
        read_day(text, TWO_DAYS)


def test_every_other_heading_and_kind_is_known_alone():
    headings = ProgrammeResource.headings()
    for name, others in ProgrammeResource.other_headings.items():
        for other in others:
            assert headings[plain_heading(other)] == name, other
    widget = ProgrammeResource.fields["kind"].widget
    for kind, words in KINDS.items():
        for word in words:
            assert widget.clean(word) == kind, word


def test_a_programme_of_two_days_is_read_with_its_people(organizer):
    summit = event()
    ann = factories.expert(name_en="Ann Hale", name_zh_hans="安·黑尔", honorific_zh_hans="教授")
    wei = factories.expert(name_en="Wang Wei", name_zh_hans="王伟")

    shown = imported(
        organizer,
        summit,
        ["2027年对接会议程"],
        [],
        ["序号", "日期", "时间", "环节", "议题", "主讲人", "主持人", "致辞领导", "会场"],
        [
            1,
            "5月20日",
            "上午9:00—9:30",
            "开幕致辞",
            "开幕式",
            "",
            "王芳（市科技局局长）",
            "李强（副市长）",
            "一号厅",
        ],
        [
            2,
            "",
            "9:30-10:00",
            "报告",
            "血液检测\nBlood tests",
            "安·黑尔教授、Wang Wei",
            "",
            "",
            "一号厅",
        ],
        [3, "", "10:00-10:15", "", "茶歇", "", "", "", ""],
        [4, "5月21日", "下午2:00-5:00", "考察", "企业考察", "", "王伟", "", ""],
        ["合计", "4场"],
    )

    assert shown.context["reading"] == [
        "CSV in UTF-8 with commas between the cells, column names in line 3: 4 of 5 rows read."
    ]
    opening, talk, pause, visit = summit.sessions.all()
    assert [hours(each) for each in (opening, talk, pause, visit)] == [
        *("20 09:00-09:30", "20 09:30-10:00", "20 10:00-10:15", "21 14:00-17:00"),
    ]
    assert [each.kind for each in (opening, talk, pause, visit)] == [
        *("opening", "keynote", "break", "site_visit"),
    ]
    assert (talk.title_en, talk.title_zh_hans) == ("Blood tests", "血液检测")
    assert list(talk.appearances.values_list("expert", "role")) == [
        (ann.pk, "speaker"),
        (wei.pk, "speaker"),
    ]
    assert list(visit.appearances.values_list("expert", "role")) == [(wei.pk, "moderator")]
    people = ProgrammePerson.objects.values_list(
        "session", "role", "name_zh_hans", "position_zh_hans"
    )
    assert list(people.order_by("role")) == [
        (opening.pk, "host", "王芳", "市科技局局长"),
        (opening.pk, "leader", "李强", "副市长"),
    ]


def test_the_same_file_again_changes_nothing_and_another_one_changes_and_adds(organizer):
    summit = event()
    head = ["日期", "时间", "议题", "主持人"]
    rows = [
        ["5月20日", "9:00-10:00", "报告一", "王芳"],
        ["5月20日", "10:00-10:15", "茶歇", ""],
        ["5月20日", "15:00-15:15", "茶歇", ""],
    ]
    imported(organizer, summit, head, *rows)

    again = imported(organizer, summit, head, *rows)

    assert [row["kind"] for row in again.context["rows"]] == ["skip"] * 3
    assert summit.sessions.count() == 3

    rows[0] = ["5月20日", "9:00-9:45", "报告一", "李强（主任）"]
    shown = imported(organizer, summit, head, *rows[:2], ["5月21日", "9:00-10:00", "报告二", ""])

    assert [row["changed"] for row in shown.context["rows"]] == [["time", "hosts"], [], []]
    assert shown.context["notes"] == [
        "1 session of the event is not in this file and stays as it is."
    ]
    assert summit.sessions.count() == 4
    assert ProgrammePerson.objects.get().name_zh_hans == "李强"


def test_two_sessions_may_change_places_in_one_file(organizer):
    summit = event()
    head = ["日期", "时间", "议题", "会场"]
    one, two = ["20日", "9:00-10:00", "甲", "一号厅"], ["20日", "10:00-11:00", "乙", "一号厅"]
    imported(organizer, summit, head, one, two)
    one[1], two[1] = two[1], one[1]

    imported(organizer, summit, head, one, two)

    assert [each.title_zh_hans for each in summit.sessions.all()] == ["乙", "甲"]


def test_rows_outside_the_event_or_in_a_room_that_is_taken_are_refused_with_their_lines(organizer):
    summit = event(venue_zh_hans="会展中心")
    other = event(venue_zh_hans="会展中心", title_zh_hans="论坛")
    factories.session(
        event=other,
        title_zh_hans="报告",
        title_en="",
        room_zh_hans="一号厅",
        starts_at=factories.at(9, day=TWO_DAYS[0]),
        ends_at=factories.at(10, day=TWO_DAYS[0]),
    )
    shown = preview(
        organizer,
        summit,
        table(
            ["日期", "时间", "议题", "会场"],
            ["5月20日", "9:30-10:30", "甲", "一号厅"],
            ["5月22日", "9:30-10:30", "乙", "二号厅"],
            ["5月20日", "11:00-12:00", "丙", "二号厅"],
        ),
    )

    assert errors(shown) == [(2, "room"), (3, "time")]
    texts = [text for _line, _name, _row, text in shown.context["told_errors"]]
    assert "“一号厅” is taken by “报告 · Summit" in texts[0]
    assert "is outside its event, which lasts from 2027-05-20 08:00 to 2027-05-21 23:00" in texts[1]
    assert "payload" not in shown.context
    assert not summit.sessions.exists()


def test_an_expert_in_two_places_is_refused(organizer):
    summit = event()
    factories.expert(name_zh_hans="王伟")
    shown = preview(
        organizer,
        summit,
        table(
            ["日期", "时间", "议题", "主讲人"],
            ["20日", "9:00-10:00", "甲", "王伟"],
            ["20日", "9:30-10:30", "乙", "王伟"],
        ),
    )

    assert errors(shown) == [(2, "speakers"), (3, "speakers")]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (["20日", "soon", "甲", ""], "time", "is not a time"),
        (["20日", "9:00", "甲", ""], "time", "Enter the end as well"),
        (["20日", "", "甲", ""], "time", "Enter the time"),
        (["", "9:00-10:00", "甲", ""], "day", "Enter the day, such as 2027-05-20"),
        (["大后天", "9:00-10:00", "甲", ""], "day", "is not a day"),
        (["20日", "10:00-9:00", "甲", ""], "time", "must end after it starts"),
        (["20日", "9:00-10:00", "", ""], "title_en", "Fill this in"),
        (["20日", "9:00-10:00", "甲", "无名氏"], "speakers", "no “无名氏” among the experts"),
        (["20日", "9:00-10:00", "甲", "Wei Wang"], "speakers", "could be any of these"),
        (["9999-12-31", "9:00-24:00", "甲", ""], "day", "between"),
    ],
)
def test_each_mistake_is_said_beside_its_cell_and_nothing_is_written(organizer, row, column, words):
    summit = event()
    for _number in range(2):
        factories.expert(name_en="Wei Wang")
    shown = preview(
        organizer,
        summit,
        table(["日期", "时间", "议题", "主讲人"], row, ["20日", "9:00-9:30", "乙", ""]),
    )

    assert [error[:2] for error in shown.context["errors"]] == [(2, column)]
    assert words in shown.context["errors"][0][2]
    assert not Session.objects.exists()


def test_merged_days_stand_for_each_of_their_rows(organizer):
    summit = event()
    book = openpyxl.Workbook()
    for row in (
        ["日期", "时间", "议题"],
        [dt.date(2027, 5, 21), dt.time(9), "甲"],
        [None, "10:00-11:00", "乙"],
    ):
        book.active.append(row)
    book.active["B2"] = "9:00-10:00"
    book.active.merge_cells("A2:A3")
    buffer = io.BytesIO()
    book.save(buffer)

    confirm(
        organizer,
        summit,
        preview(organizer, summit, SimpleUploadedFile("a.xlsx", buffer.getvalue())),
    )

    assert [hours(each) for each in summit.sessions.all()] == ["21 09:00-10:00", "21 10:00-11:00"]


def test_start_and_end_may_stand_in_columns_of_their_own(organizer):
    summit = event()
    book = openpyxl.Workbook()
    for row in (
        ["Start", "End", "Session"],
        [dt.datetime(2027, 5, 20, 9), dt.datetime(2027, 5, 20, 9, 30), "One"],
        ["2027/5/20 22:00", "2027/5/21 0:30", "Two"],
    ):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)

    confirm(
        organizer,
        summit,
        preview(organizer, summit, SimpleUploadedFile("a.xlsx", buffer.getvalue())),
    )

    assert [hours(each) for each in summit.sessions.all()] == ["20 09:00-09:30", "20 22:00-00:30"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_exported_programme_goes_in_again_without_a_difference(organizer, language):
    summit = event()
    session = factories.session(
        event=summit,
        starts_at=factories.at(9, day=TWO_DAYS[0]),
        ends_at=factories.at(18, day=TWO_DAYS[1]),
        room_en="Hall, left",
        place_zh_hans="企业园区",
        kind="site_visit",
        language="zh",
        has_interpretation=True,
        abstract_zh_hans="一、甲\n二、乙",
    )
    factories.session(
        event=summit,
        starts_at=factories.at(19, day=TWO_DAYS[0]),
        ends_at=factories.at(0, 30, day=TWO_DAYS[1]),
        title_en="Dinner",
        title_zh_hans="",
        kind="meal",
    )
    for role in Appearance.Role.values:
        factories.appearance(session=session, role=role)
    for number in range(2):
        factories.appearance(
            session=session, expert=factories.expert(name_zh_hans="王伟"), order=number
        )
    for role in ProgrammePerson.Role.values:
        factories.save(
            ProgrammePerson(
                event=summit,
                session=session,
                role=role,
                name_zh_hans="王芳",
                name_en="Wang Fang",
                position_zh_hans="局长、博士",
                order=3,
            )
        )
    rows = Session.objects.filter(event=summit)
    with translation.override(language):
        resource = ProgrammeResource(event=summit, reader=organizer.user)
        data = b"".join(csv_chunks(resource.header(), resource.exported(rows)))

    shown = preview(organizer, summit, SimpleUploadedFile("a.csv", data))

    assert shown.context["errors"] == []
    assert [row["kind"] for row in shown.context["rows"]] == ["skip", "skip"]


def test_the_import_keeps_the_event_in_sight_and_ends_on_its_programme(organizer):
    summit = event(title_en="Docking 2027")

    page = organizer.get(url(summit))

    assert "Docking 2027" in page.text
    assert page.context["event_in_sight"] == summit
    shown = preview(organizer, summit, table(["日期", "时间", "议题"], ["20日", "9:00-9:30", "甲"]))
    assert confirm(organizer, summit, shown).url.startswith(f"/admin/events/event/{summit.pk}/")


def test_a_preview_of_another_event_is_refused(organizer):
    one, two = event(), event()
    shown = preview(organizer, one, table(["日期", "时间", "议题"], ["20日", "9:00-9:30", "甲"]))

    organizer.post(url(two, "process_import"), {"payload": shown.context["payload"]})

    assert not Session.objects.exists()


def test_the_programme_of_an_event_beyond_limits_is_not_imported(organizer, auditor):
    summit = event()

    assert auditor.get(url(summit)).status_code == 403
    assert auditor.post(url(summit, "process_import"), {"payload": "x"}).status_code == 403


def test_template_holds_each_kind_to_choose_from(organizer):
    answer = organizer.get(url(event(), "import_workbook"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))

    words = {cell.value for row in book["Choices"] for cell in row}

    assert {str(label) for label in Session.Kind.labels} <= words
    shown = preview(organizer, event(), SimpleUploadedFile("a.xlsx", answer.content))
    assert "no rows" in str(shown.context["form"].errors["file"])


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("开幕式", "opening"),
        ("圆桌讨论：中德临床合作", "panel"),
        ("Panel: what comes next", "panel"),
        ("签约仪式", "signing"),
        ("血液检测：新进展", "keynote"),
    ],
)
def test_kind_is_read_from_the_title_or_from_what_begins_it(organizer, title, kind):
    summit = event()

    imported(organizer, summit, ["日期", "时间", "议题"], ["5月20日", "9:00-10:00", title])

    assert summit.sessions.get().kind == kind
