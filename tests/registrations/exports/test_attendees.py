import csv
import datetime as dt
import io
import re

import openpyxl
import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from registrations.domain import check_in, privacy
from registrations.exports.attendees import (
    DEFAULT_COLUMNS,
    FILE_FORMATS,
    AttendeeList,
    chosen,
    columns_of,
    matching,
)
from registrations.models import Question, Registration
from tests import factories

pytestmark = pytest.mark.django_db

CAME = dt.datetime(2026, 11, 22, 1, 3, 5, 999_999, tzinfo=dt.UTC)


@pytest.fixture
def settings():
    return factories.registration_settings()


@pytest.fixture
def event(settings):
    return settings.event


def listing(event, *names, people=None, **options):
    columns, _gone = chosen(event, names)
    people = matching(event) if people is None else people
    return AttendeeList(event, people, columns, **options)


def cells(event, *names, **options):
    """The rows of a list, where one column is asked for as plain values."""
    rows = list(listing(event, *names, **options).rows())
    return [row[0] for row in rows] if len(names) == 1 else rows


def asked(settings, **fields):
    """A question, and what its column is called."""
    made = factories.question(settings=settings, **fields)
    return made, f"question_{made.pk}"


# Columns


def test_columns_have_stable_names(settings):
    _question, name = asked(settings)

    assert [column.name for column in columns_of(settings.event)] == [
        *("ticket", "name", "name_pinyin", "email", "phone", "organization"),
        *("known_organization", "position", "category", "status", "language"),
        *("registered_at", "queued_at", "cancelled_at", "consented_at", "informed_at"),
        *("checked_in", "checked_in_at", "checked_in_by", "sessions_attended"),
        *("staff_note", "registered_by", "contact_person", name),
    ]


def test_the_usual_columns_exist_and_hold_no_note_by_staff(event):
    columns, gone = chosen(event, DEFAULT_COLUMNS)

    assert gone == []
    assert "staff_note" not in [column.name for column in columns]


def test_columns_come_in_the_order_chosen_and_once(settings):
    _first, first = asked(settings, order=2)
    _second, second = asked(settings, order=1)

    columns, gone = chosen(settings.event, ["email", first, "name", "questions", "email"])

    assert [column.name for column in columns] == ["email", first, "name", second]
    assert gone == []


def test_columns_that_no_longer_exist_are_named(settings):
    question, name = asked(settings)
    _elsewhere, elsewhere = asked(factories.registration_settings())
    question.delete()

    columns, gone = chosen(settings.event, ["name", name, elsewhere, "nonsense"])

    assert [column.name for column in columns] == ["name"]
    assert gone == [name, elsewhere, "nonsense"]


def test_labels_are_in_the_language_of_the_export_and_name_the_zone(settings):
    _question, name = asked(settings, text_en="Diet", text_zh_hans="饮食")
    columns = ("status", "registered_at", name)

    with translation.override("zh-hans"):
        english = listing(settings.event, *columns, language="en").header()
    chinese = listing(settings.event, *columns, language="zh-hans").header()

    assert english == ["Status", "Registered at (China time)", "Diet"]
    assert (chinese[0], chinese[2]) == ("状态", "饮食")
    assert "北京时间" in chinese[1]


def test_questions_with_the_same_text_stay_two_columns(settings):
    first, first_name = asked(settings, text_en="Diet", order=1)
    second, second_name = asked(settings, text_en="diet", order=2)
    third, _name = asked(settings, text_en="E-mail", order=3)
    factories.registered(
        settings.event,
        email="a@example.org",
        answers={first.pk: "x", second.pk: "y", third.pk: "z"},
    )

    found = listing(settings.event, "email", "questions")

    assert found.header() == ["E-mail", "Diet", "diet (2)", "E-mail (2)"]
    assert list(found.rows()) == [("a@example.org", "x", "y", "z")]
    names = listing(settings.event, "questions", headers="names").header()
    assert names[:2] == [first_name, second_name]


def test_a_label_that_is_made_distinct_clashes_with_no_other(settings):
    for order, text in enumerate(["Diet", "Diet (2)", "Diet"]):
        asked(settings, text_en=text, order=order)

    assert listing(settings.event, "questions").header() == ["Diet", "Diet (2)", "Diet (3)"]


# Cells


def test_a_person_is_listed_as_registered(event):
    known = factories.organization(name_en="Harbour Works", name_zh_hans="海港")
    clerk = User.objects.create_user("clerk")
    made = factories.registered(
        event,
        name="王伟",
        email="Wei@example.org",
        phone="+86 10 6255 1234",
        organization_name="Harbour Works",
        position="主任",
        category="media",
        language="zh-hans",
    )
    Registration.objects.filter(pk=made.pk).update(staff_note="=VIP", registered_by=clerk)

    names = (
        *("ticket", "name", "name_pinyin", "email", "phone", "organization"),
        *("known_organization", "position", "category", "status", "language"),
        *("staff_note", "registered_by"),
    )
    assert known == made.organization
    assert cells(event, *names) == [
        (
            *(made.ticket, "王伟", "wang wei", "Wei@example.org", "010 6255 1234"),
            *("Harbour Works", "Harbour Works", "主任", "media", "confirmed", "Chinese"),
            *("=VIP", "clerk"),
        )
    ]


@pytest.mark.parametrize(
    ("headers", "language", "row"),
    [
        ("labels", "en", ("medical and health worker", "confirmed", "English", "no")),
        ("labels", "zh-hans", ("医疗卫生工作者", "已确认", "英文", "否")),
        ("names", "en", ("health", "confirmed", "en", "false")),
        ("names", "zh-hans", ("health", "confirmed", "en", "false")),
    ],
)
def test_choices_are_words_under_labels_and_values_under_names(event, headers, language, row):
    factories.registered(event, category="health")

    names = ("category", "status", "language", "checked_in")
    assert cells(event, *names, headers=headers, language=language) == [row]


def test_a_known_organization_is_named_in_the_language_or_in_the_other(event):
    factories.organization(name_en="Harbour", name_zh_hans="海港")
    factories.organization(name_en="", name_zh_hans="码头")
    for name in ("Harbour", "码头", "Elsewhere"):
        factories.registered(event, organization_name=name)

    names = ("known_organization",)
    assert cells(event, *names, language="en", order="registered") == ["Harbour", "码头", ""]
    assert cells(event, *names, language="zh-hans", order="registered") == ["海港", "码头", ""]


def test_moments_are_on_the_clock_of_the_event(event):
    made = factories.registered(event)
    Registration.objects.filter(pk=made.pk).update(
        registered_at=CAME, consented_at=CAME, queued_at=CAME, cancelled_at=None
    )
    event.time_zone = "Europe/London"

    names = ("registered_at", "consented_at", "queued_at", "cancelled_at")
    local = dt.datetime(2026, 11, 22, 1, 3, 5)
    assert cells(event, *names) == [(local, local, local, None)]
    event.time_zone = "Asia/Shanghai"
    assert cells(event, "registered_at") == [dt.datetime(2026, 11, 22, 9, 3, 5)]


def test_who_came_says_when_and_by_whom(event):
    clerk = User.objects.create_user("clerk")
    made = factories.registered(event, name="Ann")
    factories.registered(event, name="Bea")
    with time_machine.travel(CAME, tick=False):
        check_in.check_in(made, by=clerk)

    names = ("name", "checked_in", "checked_in_at", "checked_in_by")
    assert cells(event, *names) == [
        ("Ann", "yes", dt.datetime(2026, 11, 22, 9, 3, 5), "clerk"),
        ("Bea", "no", None, None),
    ]


def test_an_undone_check_in_is_none_and_adds_no_row(event):
    clerk = User.objects.create_user("clerk")
    made = factories.registered(event)
    for _n in range(2):
        check_in.check_in(made, by=clerk)
        check_in.undo(made, by=clerk)

    assert cells(event, "checked_in", "checked_in_at") == [("no", None)]


def test_attendance_of_sessions_is_counted_and_adds_no_row(event):
    clerk = User.objects.create_user("clerk")
    sessions = [
        factories.session(event=event, starts_at=event.starts_at, ends_at=event.ends_at)
        for _n in range(3)
    ]
    ann, bea = factories.registered(event, name="Ann"), factories.registered(event, name="Bea")
    for session in sessions:
        check_in.check_in(ann, by=clerk, session=session)
    check_in.undo(ann, by=clerk, session=sessions[0])
    check_in.check_in(bea, by=clerk)

    assert cells(event, "name", "sessions_attended") == [("Ann", 2), ("Bea", 0)]


@pytest.mark.parametrize(
    ("kind", "answer", "english", "chinese", "for_machines"),
    [
        ("short_text", '=1 "素食"\n\\', '=1 "素食"\n\\', '=1 "素食"\n\\', '=1 "素食"\n\\'),
        ("short_text", "130102199001011234", *["130102199001011234"] * 3),
        ("choice", "2", "Train, fast", "火车", "2"),
        ("choice", "7", "7", "7", "7"),
        ("choices", ["1", "2"], "Bus; Train, fast", "汽车；火车", "1;2"),
        ("yes_no", True, "yes", "是", "true"),
        ("yes_no", False, "no", "否", "false"),
        # Asked otherwise when this was answered.
        ("choice", True, "yes", "是", "true"),
        ("short_text", ["1"], "1", "1", "1"),
    ],
)
def test_an_answer_is_in_words_or_for_machines(
    settings, kind, answer, english, chinese, for_machines
):
    options = {"options_en": "Bus\nTrain, fast", "options_zh_hans": "汽车\n火车"}
    question, name = asked(settings, kind=kind, **options if "choice" in kind else {})
    factories.registered(settings.event, answers={question.pk: answer})
    factories.registered(settings.event, name="Zoe")

    assert cells(settings.event, name) == [english, ""]
    assert cells(settings.event, name, language="zh-hans") == [chinese, ""]
    assert cells(settings.event, name, headers="names") == [for_machines, ""]


def test_reading_rows_leaves_the_language_alone(event):
    factories.registered(event)

    rows = listing(event, *DEFAULT_COLUMNS, language="zh-hans").rows()
    next(rows)

    assert translation.get_language() == "en"


# Rows


def test_erased_people_are_left_out(event):
    kept, erased = factories.registered(event), factories.registered(event)
    privacy.erase([erased])

    assert list(matching(event)) == [kept]
    assert cells(event, "ticket", people=Registration.objects.all()) == [kept.ticket]


def test_names_are_in_the_order_of_their_pinyin(event):
    for name in ("王芳", "Zoe", "万国", "赵敏", "ann", "万安", "王安", "单芳"):
        factories.registered(event, name=name)

    names = ["ann", "单芳", "万安", "万国", "王安", "王芳", "赵敏", "Zoe"]
    assert cells(event, "name") == names


def test_people_are_in_the_order_of_registration(event):
    for name in ("Zoe", "Ann", "Bea"):
        factories.registered(event, name=name)

    assert cells(event, "name", order="registered") == ["Zoe", "Ann", "Bea"]


@pytest.fixture
def crowd(event):
    """Ann who came, Bea who cancelled, 赵敏 of the media who registered before."""
    ann = factories.registered(event, name="Ann")
    bea = factories.registered(event, name="Bea")
    min_ = factories.registered(event, name="赵敏", category="media", language="zh-hans")
    factories.registered(factories.registration_settings().event, name="Elsewhere")
    check_in.check_in(ann, by=User.objects.create_user("clerk"))
    Registration.objects.filter(pk=bea.pk).update(status="cancelled")
    Registration.objects.exclude(pk=min_.pk).update(
        registered_at=dt.datetime(2026, 11, 21, 16, tzinfo=dt.UTC)
    )
    Registration.objects.filter(pk=min_.pk).update(
        registered_at=dt.datetime(2026, 11, 21, 15, 59, 59, tzinfo=dt.UTC)
    )


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["Ann", "Bea", "赵敏"]),
        ({"statuses": []}, ["Ann", "Bea", "赵敏"]),
        ({"statuses": ["confirmed"]}, ["Ann", "赵敏"]),
        ({"statuses": ["confirmed", "cancelled"]}, ["Ann", "Bea", "赵敏"]),
        ({"categories": ["media"]}, ["赵敏"]),
        ({"languages": ["en"]}, ["Ann", "Bea"]),
        ({"checked_in": True}, ["Ann"]),
        ({"checked_in": False}, ["Bea", "赵敏"]),
        # Midnight in Shanghai is at four in the afternoon before.
        ({"registered_since": dt.date(2026, 11, 22)}, ["Ann", "Bea"]),
        ({"registered_since": dt.date(2026, 11, 21)}, ["Ann", "Bea", "赵敏"]),
        ({"registered_since": dt.date(2026, 11, 23)}, []),
        ({"statuses": ["confirmed"], "checked_in": False}, ["赵敏"]),
    ],
)
def test_a_list_has_who_matches_every_filter(event, crowd, filters, names):
    assert cells(event, "name", people=matching(event, **filters)) == names


@pytest.mark.parametrize("people", [1, 3])
def test_a_list_takes_three_queries_however_many_rows_and_questions(settings, people):
    questions = [asked(settings, kind="yes_no")[0] for _n in range(Question.MOST)]
    for _n in range(people):
        factories.registered(settings.event, answers={question.pk: True for question in questions})
    found = AttendeeList(settings.event, matching(settings.event), columns_of(settings.event))

    with CaptureQueriesContext(connection) as queries:
        rows = list(found.rows())

    assert [row[-Question.MOST :] for row in rows] == [("yes",) * Question.MOST] * people
    # The rows, the days on which people came, and how many sessions each attended.
    assert len(queries) == 3


def test_rows_come_some_at_a_time(event, monkeypatch):
    monkeypatch.setattr("registrations.exports.attendees.table.CHUNK", 2)
    monkeypatch.setattr("registrations.exports.attendees.reading.CHUNK", 2)
    for number in range(5):
        factories.registered(event, name=f"Person {number}")

    assert cells(event, "name") == [f"Person {number}" for number in range(5)]


# Files


@time_machine.travel(dt.datetime(2026, 11, 22, 16, 30, tzinfo=dt.UTC), tick=False)
def test_the_file_is_named_after_event_and_time_in_its_zone(event):
    name = listing(event, "name").file_name("csv")

    assert name == f"attendees-{event.slug}-20261123-0030.csv"


def test_both_files_have_the_same_cells(settings):
    question, name = asked(settings, text_en="=HYPERLINK(1)", kind="short_text")
    made = factories.registered(
        settings.event,
        name="@王伟",
        phone="+86 10 6255 1234",
        answers={question.pk: "=cmd|' /C calc'!A0"},
    )
    factories.registered(settings.event, name="Zoe", phone="007")
    Registration.objects.update(registered_at=CAME)
    found = listing(
        settings.event, "name", "phone", "registered_at", "queued_at", "sessions_attended", name
    )

    content = b"".join(found.csv()).decode("utf-8-sig")
    with found.xlsx() as file:
        sheet = openpyxl.load_workbook(file).active

    assert made.name == "@王伟"
    header = ["Name", "Phone", "Registered at (China time)"]
    header += ["On the waiting list since (China time)", "Sessions attended"]
    assert list(csv.reader(io.StringIO(content, newline=""))) == [
        [*header, "'=HYPERLINK(1)"],
        ["'@王伟", "010 6255 1234", "2026-11-22 09:03:05", "", "0", "'=cmd|' /C calc'!A0"],
        ["Zoe", "007", "2026-11-22 09:03:05", "", "0", ""],
    ]
    at = dt.datetime(2026, 11, 22, 9, 3, 5)
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        [*header, "=HYPERLINK(1)"],
        ["@王伟", "010 6255 1234", at, None, 0, "=cmd|' /C calc'!A0"],
        ["Zoe", "007", at, None, 0, None],
    ]
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "d", "n", "n", "s"]
    assert sheet.title == "Attendees"


@pytest.mark.parametrize("file_format", FILE_FORMATS)
def test_content_is_the_file_in_pieces(event, file_format):
    factories.registered(event)
    found = listing(event, "name")

    content = b"".join(found.content(file_format, found.rows()))

    assert content.startswith({"csv": b"\xef\xbb\xbfName\r\n", "xlsx": b"PK"}[file_format])


def test_no_label_is_left_without_a_translation(event):
    columns = [column.name for column in columns_of(event)]

    english = listing(event, *columns, language="en").header()
    chinese = listing(event, *columns, language="zh-hans").header()

    same = [one for one, other in zip(english, chinese, strict=True) if one == other]
    assert same == []
    assert all(re.search("[\u4e00-\u9fff]", label) for label in chinese)


# Days


@pytest.fixture
def of_two_days(db):
    first = factories.at(9, day=dt.date(2027, 5, 10))
    event = factories.event(starts_at=first, ends_at=first + dt.timedelta(days=1, hours=8))
    event = factories.registration_settings(event=event).event
    clerks = [User.objects.create_user(name) for name in ("one", "two")]
    both, second, _nobody = (factories.registered(event, name=name) for name in "ABC")
    for person, days in ((both, (0, 1)), (second, (1,))):
        for day in days:
            with time_machine.travel(first + dt.timedelta(days=day), tick=False):
                check_in.check_in(person, by=clerks[day])
    return event


def test_an_event_of_several_days_has_a_column_for_each(of_two_days):
    mornings = [dt.datetime(2027, 5, day, 9) for day in (10, 11)]
    columns = ("name", "checked_in", "checked_in_at", "checked_in_by", "arrival_days")

    found = listing(of_two_days, *columns)

    assert found.header()[4:] == [f"Arrived on {day} May 2027 (China time)" for day in (10, 11)]
    assert list(found.rows()) == [
        ("A", "yes", mornings[0], "one", mornings[0], mornings[1]),
        ("B", "yes", mornings[1], "two", None, mornings[1]),
        ("C", "no", None, None, None, None),
    ]
    assert "arrived_2027_05_10" in listing(of_two_days, *columns, headers="names").header()


def test_a_day_alone_is_read_of_whoever_came_on_it(of_two_days):
    morning = dt.datetime(2027, 5, 10, 9)

    assert cells(of_two_days, "arrived_2027_05_10") == [morning, None, None]


def test_an_event_that_has_one_day_by_now_names_nobody_twice(of_two_days):
    of_two_days.ends_at = of_two_days.starts_at + dt.timedelta(hours=8)
    of_two_days.save()

    rows = cells(of_two_days, "name", "checked_in_at", "arrival_days")

    mornings = [dt.datetime(2027, 5, day, 9) for day in (10, 11)]
    assert rows == [("A", mornings[0]), ("B", mornings[1]), ("C", None)]
