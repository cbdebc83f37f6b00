"""Tables, interpreters, delegations and pairs kept apart, on pages of an event's workspace."""

import pytest

from meetings.models import Delegation, Interpreter, Meeting, MeetingTable, RatherNot
from tests import factories
from tests.backoffice.posting import confirm, do, filled, inline, save, url
from tests.backoffice.workspace.pages import cost, row_errors, type_rows
from tests.meetings import rows

pytestmark = pytest.mark.django_db
PARTS = ["tables", "interpreters", "delegations", "apart"]


@pytest.fixture
def event():
    return rows.meeting_event(tables=0)


@pytest.mark.parametrize("part", PARTS)
def test_part_is_for_events_with_meetings(organizer, part):
    event = factories.upcoming_event()

    assert organizer.get(url(event, part)).url == url(event, "meetings")


@pytest.mark.parametrize("part", PARTS)
def test_part_costs_as_much_with_one_row_and_with_three(organizer, part):
    costs = []
    for number in (1, 3):
        event = rows.meeting_event(tables=number)
        one = rows.participant(event)
        for _each in range(number):
            person = rows.participant(event, delegation=rows.delegation(event))
            rows.interpreter(event)
            RatherNot.objects.create(participant=one, other=person)
        costs.append(cost(organizer, url(event, part)))

    assert costs[0] == costs[1]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("part", [*PARTS, "slots", "meetings"])
def test_hostile_texts_are_shown_as_they_are_written(organizer, settings, part, language):
    hostile = "<script>alert('x')</script>"
    event = rows.meeting_event(tables=0)
    organizer.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    one = rows.participant(event, name=hostile, delegation=rows.delegation(event, name=hostile))
    RatherNot.objects.create(participant=one, other=rows.owner(event, name=hostile))
    rows.table(event, name="<script>alert", room_en=hostile, host=one)
    rows.interpreter(event, name=hostile)

    page = organizer.get(url(event, part))

    assert page.status_code == 200
    assert "<script>alert" not in page.text


# Tables


def test_many_tables_are_added_at_once(organizer, event):
    type_rows(
        organizer,
        event,
        "tables",
        {"tables": "A1–A12", "seats": "4", "room_en": "Hall", "room_zh_hans": "大厅"},
        {"tables": "VIP", "seats": "6"},
    )

    found = list(event.meeting_tables.values_list("name", "seats", "room_zh_hans"))
    assert found == [*((f"A{number}", 4, "大厅") for number in range(1, 13)), ("VIP", 6, "")]


def test_name_that_is_taken_is_refused_beside_its_row(organizer, event):
    answer = type_rows(
        organizer, event, "tables", {"tables": "A1", "seats": "4"}, {"tables": "A1", "seats": "4"}
    )

    assert row_errors(answer) == {
        "rows-1-tables": ["These names are taken or stand twice: A1."],
    }
    assert not MeetingTable.objects.exists()


def test_table_is_edited_and_of_two_who_do_the_second_is_told(organizer, superuser, event):
    table = rows.table(event, name="A1")
    page = url(table, "change")
    opened = {**filled(organizer.get(page)), "seats": "5"}
    saved = save(superuser, table, seats="8")

    refused = organizer.post(page, {**opened, "_save": "Save"})

    assert saved.url == url(event, "tables")
    assert "This was changed after you opened it" in refused.text
    table.refresh_from_db()
    assert table.seats == 8


def test_host_is_one_of_the_participants_of_the_event(organizer, event):
    host = rows.owner(event, name="Ann")
    rows.owner(rows.meeting_event(), name="Elsewhere")
    table = rows.table(event)

    page = organizer.get(url(table, "change"))
    save(organizer, table, host=str(host.pk))

    assert "Elsewhere" not in page.text
    table.refresh_from_db()
    assert table.host == host


def test_who_is_placed_at_tables_is_named_before_they_are_deleted(organizer, event):
    table = rows.table(event, name="A1")
    meeting = rows.meeting(rows.participant(event, name="Ann"), rows.owner(event, name="Bao"))
    rows.placed(rows.published(event), meeting)

    asked = organizer.post(
        url(event, "tables"), {"delete": "1", "_selected_action": [table.pk]}, follow=True
    )
    confirm(organizer, asked)

    assert [(str(name), fact) for name, fact in asked.context["facts"]] == [
        ("A1", "Ann, Bao (published)")
    ]
    assert not MeetingTable.objects.exists()


def test_table_is_closed_from_now_and_opened_again(organizer, event):
    table = rows.table(event, name="A1")
    meeting = rows.meeting(rows.participant(event, name="Ann"), rows.owner(event, name="Bao"))
    rows.placed(rows.published(event), meeting)

    asked = organizer.get(url(table, "action", "close"))
    do(organizer, table, "close")

    assert "Ann, Bao" in asked.text
    table.refresh_from_db()
    assert table.closed_from is not None
    assert "closed" in organizer.get(url(event, "tables")).text

    do(organizer, table, "reopen")

    table.refresh_from_db()
    assert table.closed_from is None


# Interpreters


def test_interpreters_are_typed_in_rows_with_their_languages(organizer, event):
    type_rows(
        organizer,
        event,
        "interpreters",
        {"name": "林芳", "languages": "中文，英语", "phone": "13800138000", "language": "zh-hans"},
        {"name": "Kim", "languages": "zh, German", "email": "kim@example.org", "language": "en"},
    )

    found = dict(Interpreter.objects.values_list("name", "languages"))
    assert found == {"林芳": ["zh", "en"], "Kim": ["zh", "de"]}


@pytest.mark.parametrize(
    ("typed", "words"),
    [("Klingon, zh", "“Klingon” is no language"), ("zh", "Choose two languages or more.")],
)
def test_languages_that_are_none_are_refused(organizer, event, typed, words):
    answer = type_rows(
        organizer, event, "interpreters", {"name": "Lin", "languages": typed, "language": "en"}
    )

    assert words in row_errors(answer)["rows-0-languages"][0]


def test_presence_and_sessions_are_entered_on_the_page_of_an_interpreter(organizer, event):
    interpreter = rows.interpreter(event)
    session = factories.session(event=event, starts_at=event.starts_at, ends_at=event.ends_at)
    day = event.starts_on.isoformat()
    there = {"starts_at": f"{day}T09:00", "ends_at": f"{day}T12:00"}

    save(organizer, interpreter, sessions=[session.pk], **inline("presences", there))

    assert list(interpreter.sessions.all()) == [session]
    assert f"{day} 09:00–12:00" in organizer.get(url(event, "interpreters")).text


def test_where_an_interpreter_is_needed_is_said_before_deleting(organizer, event):
    rows.table(event)
    interpreter = rows.interpreter(event, name="Lin", phone="+8613800138000")
    meeting = rows.meeting(rows.participant(event, name="Ann"), rows.owner(event, name="Bao"))
    rows.placed(rows.published(event), meeting, interpreter=interpreter)

    page = organizer.get(url(interpreter, "action", "delete-interpreters"))
    do(organizer, interpreter, "delete-interpreters")

    assert "Ann, Bao (published)" in page.text
    assert "+8613800138000" in page.text
    assert not Interpreter.objects.exists()
    assert meeting.placements.get().interpreter is None


# Delegations and pairs


def test_delegations_are_added_and_renamed(organizer, event):
    type_rows(organizer, event, "delegations", {"name": "Hebei"}, {"name": "Shandong"})
    page = url(Delegation.objects.get(name="Hebei"), "change")
    typed = {**filled(organizer.get(page)), "name": "Hebei Hospital", "_save": "Save"}
    assert organizer.post(page, typed).url == url(event, "delegations")

    assert set(Delegation.objects.values_list("name", flat=True)) == {"Hebei Hospital", "Shandong"}


def test_delegation_of_a_name_that_is_taken_is_refused(organizer, event):
    rows.delegation(event, name="Hebei")

    answer = type_rows(organizer, event, "delegations", {"name": "Hebei"})

    assert "There is a delegation of this name already." in str(row_errors(answer))


def test_pair_is_kept_apart_and_let_meet_again(organizer, event):
    one, other = rows.participant(event, name="Ann"), rows.owner(event, name="Bao")
    meeting = rows.meeting(one, other)

    type_rows(organizer, event, "apart", {"one": one.pk, "other": other.pk})

    pair = RatherNot.objects.get()
    meeting.refresh_from_db()
    assert (pair.participant, pair.other, pair.entered_by) == (one, other, organizer.user)
    assert meeting.status == Meeting.Status.CANCELLED
    assert "Ann" in organizer.get(url(event, "apart")).text

    do(organizer, pair, "remove")

    assert not RatherNot.objects.exists()


def test_one_person_is_no_pair(organizer, event):
    one = rows.participant(event)

    answer = type_rows(organizer, event, "apart", {"one": one.pk, "other": one.pk})

    assert row_errors(answer) == {
        "rows-0-other": ["Choose somebody else: a pair is of two people."]
    }


def test_auditor_sees_no_pair_and_no_way_to_them(auditor, event):
    assert auditor.get(url(event, "apart")).status_code == 403
    assert url(event, "apart") not in auditor.get(url(event, "tables")).text
