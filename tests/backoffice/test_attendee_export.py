"""Attendees as a file from the admin, and the record of who had which."""

import csv
import io

import openpyxl
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.urls import reverse

from registrations.domain import privacy
from registrations.models import ColumnSet, DeskAssignment, ExportRecord, Registration
from tests import factories
from tests.backoffice.posting import search, url
from tests.cast import make_clerk
from tests.trail import entries

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
LIST = reverse("admin:registrations_registration_changelist")
FILE = {
    "post": "yes",
    "file_format": "csv",
    "headers": "names",
    "language": "en",
    "order": "name",
    "column_set": "",
}


@pytest.fixture
def event(db):
    return factories.registration_settings().event


@pytest.fixture
def three(event):
    return [
        factories.registered(event, name="王伟", email="wei@example.org", category="media"),
        factories.registered(event, name="Ann Hale", email="ann@example.org"),
        factories.registered(event, name="Zephyrine Quill", email="zephyrine@quill.example"),
    ]


def act(person, rows, query="", **fields):
    """Choose the action for the rows that are ticked, on the list with this query."""
    ticked = [row.pk for row in rows]
    action = {"action": "export_selected", "_selected_action": ticked}
    return person.post(f"{LIST}{query}", {**action, **fields})


def table(response):
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def names(response):
    header, *rows = table(response)
    return [row[header.index("name")] for row in rows]


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


# The button on the event


def test_event_has_a_button_for_those_who_may_export(organizer, superuser, auditor, event):
    address = reverse("desk-export", args=[event.slug])

    for person in (organizer, superuser):
        assert f'href="{address}">Export attendees<' in person.get(url(event, "attendees")).text
    assert address not in auditor.get(url(event, "attendees")).text
    without = factories.event()
    assert "Export attendees" not in organizer.get(url(without, "attendees")).text


# The action on the list


def test_action_asks_first_and_names_nobody(organizer, event, three):
    page = act(organizer, three[:2])

    assert (page.status_code, page.context["count"]) == (200, 2)
    assert str(event) in page.text
    assert not any(word in page.text for word in ("王伟", "Ann Hale", "example.org"))
    assert not ExportRecord.objects.exists()


def test_ticked_rows_come_as_csv(organizer, three):
    response = act(organizer, three[:2], **FILE)

    assert names(response) == ["Ann Hale", "王伟"]
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    record = ExportRecord.objects.get()
    assert (record.source, record.outcome, record.rows) == ("admin", "complete", 2)
    assert (record.user, record.user_name) == (organizer.user, "organizer")
    assert record.filters == {
        "selected": True,
        "headers": "names",
        "language": "en",
        "order": "name",
    }


def test_both_formats_hold_the_same_cells(organizer, three):
    rows = table(act(organizer, three, **FILE | {"headers": "labels"}))

    response = act(organizer, three, **FILE | {"headers": "labels", "file_format": "xlsx"})

    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    cells = [list(row) for row in book.active.iter_rows(values_only=True)]
    assert cells[0] == rows[0]
    assert [[str(each or "") for each in row] for row in cells[1:]] == rows[1:]


def test_all_that_the_list_holds_is_exported_without_naming_each(organizer, event, three):
    for _person in range(60):
        factories.registered(event, category="investor")
    query = "?category__exact=investor&o=1"

    page = act(organizer, three[:1], query, select_across="1", index="0")
    assert page.context["count"] == 60
    assert page.text.count('name="_selected_action"') == 1
    # What that page sends.
    response = organizer.post(
        f"{LIST}{query}",
        {**FILE, "action": "export_selected", "select_across": "1", "_selected_action": "0"},
    )

    assert len(names(response)) == 60
    assert ExportRecord.objects.get().filters["categories"] == ["investor"]
    assert "selected" not in ExportRecord.objects.get().filters


def test_a_search_is_recorded_without_its_words(organizer, event, three):
    query = "?status__exact=confirmed&language__exact=en&checked_in=no"
    query += f"&event__id__exact={event.pk}"
    query += "&registered_at__gte=2020-01-01+00%3A00%3A00%2B08%3A00"
    query = search(organizer, "zephyrine", query).removeprefix(LIST)

    response = act(organizer, [], query, select_across="1", **FILE | {"_selected_action": "0"})

    assert names(response) == ["Zephyrine Quill"]
    record = ExportRecord.objects.get()
    assert record.filters == {
        "search": True,
        "statuses": ["confirmed"],
        "languages": ["en"],
        "checked_in": False,
        "registered_since": "2020-01-01",
        "headers": "names",
        "language": "en",
        "order": "name",
    }
    kept = str(ExportRecord.objects.values()) + str(LogEntry.objects.values())
    assert "zephyrine" not in kept.casefold()


def test_attendees_of_several_events_are_refused(organizer, three):
    other = factories.registered(factories.registration_settings().event)

    for fields in ({}, FILE):
        response = act(organizer, [three[0], other], **fields)
        assert response.status_code == 302
        assert told(response)[-1:] == [
            "These are attendees of several events. Filter the list by one event first."
        ]
    assert not ExportRecord.objects.exists()


def test_nobody_but_erased_people_gives_no_file(organizer, three):
    privacy.erase(three)

    response = act(organizer, three, **FILE)

    assert told(response) == ["None of these people can be exported."]
    assert not ExportRecord.objects.exists()


@pytest.mark.parametrize("field", ["file_format", "headers", "language", "order"])
def test_what_cannot_be_is_said_on_the_page(organizer, three, field):
    page = act(organizer, three, **FILE | {field: "nonsense"})

    assert page.status_code == 422
    assert "nonsense is not one of the available choices." in page.text
    assert not ExportRecord.objects.exists()


def test_column_set_says_which_columns(organizer, three):
    made = User.objects.create_user("maker")
    shared = ColumnSet.objects.create(owner=made, name="S", is_shared=True, columns=["email"])
    private = ColumnSet.objects.create(owner=made, name="P", columns=["phone"])

    page = act(organizer, three)
    assert "S (shared by maker)" in page.text
    assert (
        f'value="{private.pk}"' not in page.text.split('name="column_set"')[1].split("</select")[0]
    )

    rows = table(act(organizer, three[:1], **FILE | {"column_set": shared.pk}))
    assert rows == [["email"], ["wei@example.org"]]
    assert ExportRecord.objects.get().filters["column_set"] == "S"


def test_set_that_names_a_deleted_question_says_so_before_it_is_left_out(organizer, three):
    columns = ["name", "question_987"]
    kept = ColumnSet.objects.create(owner=organizer.user, name="S", columns=columns)
    gone = ColumnSet.objects.create(owner=organizer.user, name="T", columns=["question_987"])

    page = act(organizer, three, **FILE | {"column_set": kept.pk})
    assert "1 column does not exist here any more and is left out: question_987." in page.text
    assert not ExportRecord.objects.exists()
    again = FILE | {"column_set": kept.pk, "sure": page.context["sure"]}
    assert table(act(organizer, three, **again))[0] == ["name"]

    page = act(organizer, three, **FILE | {"column_set": gone.pk, "sure": gone.pk})
    assert "None of its columns exist here." in page.text
    kept.refresh_from_db()
    assert kept.columns == columns


def test_action_is_offered_to_those_who_may_export_alone(organizer, superuser, auditor, three):
    for person, is_offered in ((organizer, True), (superuser, True), (auditor, False)):
        assert ("export_selected" in person.get(LIST).text) is is_offered


def test_auditor_and_clerk_who_post_it_by_hand_are_refused_and_recorded(auditor, event, three):
    clerk = make_clerk(event)

    for person in (auditor, clerk):
        for fields in ({}, FILE, {**FILE, "index": "0"}):
            response = act(person, three, **fields)
            assert response.status_code == 403
            assert "You may not export attendees." in response.text
    act(auditor, [], f"?event__id__exact={event.pk}", select_across="1", **FILE)
    for nonsense in ("x", "9" * 30, "-1"):
        assert act(auditor, [], _selected_action=nonsense).status_code == 403

    records = ExportRecord.objects.values_list("event", "user_name", "source", "outcome", "rows")
    assert sorted(records) == [
        *[(event.pk, "auditor", "admin", "refused", None)] * 4,
        *[(event.pk, "clerk", "admin", "refused", None)] * 3,
    ]


def test_auditor_who_is_a_clerk_too_exports_what_the_desk_gives_them_and_nothing_else(
    auditor, event, three
):
    auditor.user.groups.add(Group.objects.get(name="Desk"))

    assert "export_selected" not in auditor.get(LIST).text
    assert act(auditor, three, **FILE).status_code == 403
    other = factories.registration_settings().event
    DeskAssignment.objects.create(event=other, user=auditor.user)
    mine = factories.registered(other, name="Li Na")
    assert "export_selected" in auditor.get(LIST).text
    refused = act(auditor, three, **FILE)
    assert refused.status_code == 403
    assert "You may not export attendees." in refused.text
    assert names(act(auditor, [mine], **FILE)) == ["Li Na"]

    records = ExportRecord.objects.order_by("pk").values_list("event", "source", "outcome")
    assert list(records) == [
        (event.pk, "admin", "refused"),
        (event.pk, "admin", "refused"),
        (other.pk, "admin", "complete"),
    ]
    trail = [action for action, *_rest in entries() if action.startswith("export")]
    assert trail == ["export_refused", "export_refused", "exported"]


def test_a_stranger_is_asked_to_log_in(stranger, three):
    assert act(stranger, three, **FILE).status_code == 302
    assert not ExportRecord.objects.exists()


def test_hostile_texts_run_nowhere(organizer, event):
    event.title_en = HOSTILE
    event.save()
    person = factories.registered(event, name=HOSTILE)
    ColumnSet.objects.create(owner=organizer.user, name=HOSTILE[:60], columns=["name"])
    record = ExportRecord.objects.create(
        event=event,
        user_name=HOSTILE,
        source="shell",
        columns=[HOSTILE],
        filters={HOSTILE: HOSTILE},
    )

    for page in (
        act(organizer, [person]),
        organizer.get(url(ExportRecord, "changelist")),
        organizer.get(url(record, "change")),
        organizer.get(url(ColumnSet, "changelist")),
    ):
        assert "&lt;script&gt;" in page.text
        assert "<script>alert" not in page.text


# What it costs


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_action_costs_the_same_for_one_and_three_people_and_questions(
    organizer, event, django_assert_num_queries, file_format
):
    def add(number):
        for _each in range(number):
            factories.question(settings=event.registration_settings)
            factories.registered(event)

    def ask_and_download():
        people = list(Registration.objects.all())
        act(organizer, people)
        response = act(organizer, people, **FILE | {"file_format": file_format})
        b"".join(response.streaming_content)

    add(1)
    ask_and_download()

    with django_assert_num_queries(50):
        ask_and_download()
    add(2)
    with django_assert_num_queries(50):
        ask_and_download()


def test_lists_cost_the_same_with_one_and_three_rows(organizer, event, django_assert_num_queries):
    def add(number):
        for _each in range(number):
            ExportRecord.objects.create(event=event, user_name="somebody", source="shell")
            count = ColumnSet.objects.count()
            ColumnSet.objects.create(owner=organizer.user, name=str(count), columns=["name"])

    def look():
        organizer.get(url(ExportRecord, "changelist"))
        organizer.get(url(ColumnSet, "changelist"))

    add(1)
    look()
    with django_assert_num_queries(20):
        look()
    add(2)
    with django_assert_num_queries(20):
        look()


# The record


@pytest.fixture
def record(event, organizer):
    return ExportRecord.objects.create(
        event=event,
        user=organizer.user,
        user_name="organizer",
        source="desk",
        outcome="complete",
        file_format="csv",
        columns=["name", "checked_in", "question_987"],
        filters={
            "statuses": ["confirmed", "waitlisted"],
            "checked_in": False,
            "registered_since": "2026-05-01",
            "order": "registered",
            "search": True,
            "walked": True,
        },
        rows=12,
    )


def test_record_is_read_in_words(auditor, organizer, record):
    for person in (auditor, organizer):
        page = person.get(url(record, "change"))
        for words in (
            "Name, Checked in, question_987",
            "Status: confirmed, on the waiting list",
            "Checked in: no",
            "Registered since: 2026-05-01",
            "Order: by time of registration",
            "Searched: yes",
            "walked: yes",
            "China time",
        ):
            assert words in page.text
        assert "organizer" in person.get(url(ExportRecord, "changelist")).text


def test_record_and_questions_ask_are_readable_in_chinese(auditor, record):
    auditor.cookies["django_language"] = "zh-hans"

    assert "北京时间" in auditor.get(url(record, "change")).text
    assert auditor.get(url(ExportRecord, "changelist")).status_code == 200


@pytest.mark.parametrize("query", ["outcome__exact=complete", "source__exact=desk", "event__id"])
def test_records_are_filtered(auditor, record, query):
    other = factories.registration_settings().event
    ExportRecord.objects.create(event=other, user_name="x", source="admin", outcome="refused")
    query = query if "=" in query else f"event__id__exact={record.event.pk}"

    page = auditor.get(f"{url(ExportRecord, 'changelist')}?{query}")

    assert list(page.context["cl"].result_list) == [record]


def test_nobody_adds_changes_or_deletes_a_record(organizer, superuser, record):
    before = ExportRecord.objects.values().get()

    for person in (organizer, superuser):
        assert person.get(url(ExportRecord, "add")).status_code == 403
        assert person.post(url(ExportRecord, "add"), {"rows": 1}).status_code == 403
        assert person.post(url(record, "change"), {"rows": 1}).status_code == 403
        assert person.post(url(record, "delete"), {"post": "yes"}).status_code == 403
        action = {"action": "delete_selected", "_selected_action": record.pk, "post": "yes"}
        person.post(url(ExportRecord, "changelist"), action)
        assert "delete_selected" not in person.get(url(ExportRecord, "changelist")).text

    assert ExportRecord.objects.values().get() == before


def test_record_outlives_the_account(record, organizer):
    organizer.user.delete()

    record.refresh_from_db()
    assert (record.user, record.user_name) == (None, "organizer")


# Column sets


def rename(person, column_set):
    return person.post(url(column_set, "change"), {"name": "Partners", "_save": "Save"})


def test_organizer_renames_and_deletes_a_shared_set_that_is_told_in_words(organizer):
    maker = User.objects.create_user("maker")
    names = ["name", "registered_at", "question_7", "questions", "question_8"]
    kept = ColumnSet.objects.create(owner=maker, name="Sponsors", is_shared=True, columns=names)

    page = organizer.get(url(kept, "change"))
    words = "Name, Registered at, answers to all questions, answers to 2 questions"
    assert words in page.text
    assert words in organizer.get(url(ColumnSet, "changelist")).text
    rename(organizer, kept)
    kept.refresh_from_db()
    assert (kept.name, kept.owner, kept.columns) == ("Partners", maker, names)

    organizer.post(url(kept, "delete"), {"post": "yes"})
    assert not ColumnSet.objects.exists()


def test_private_set_is_its_owners_alone_and_goes_with_the_account(organizer, superuser):
    maker = User.objects.create_user("maker")
    kept = ColumnSet.objects.create(owner=maker, name="Sponsors", columns=["name"])

    assert "Sponsors" not in organizer.get(url(ColumnSet, "changelist")).text
    for name in ("change", "delete"):
        assert organizer.get(url(kept, name)).status_code == 302
        organizer.post(url(kept, name), {"post": "yes", "name": "Partners"})
    kept.refresh_from_db()
    assert kept.name == "Sponsors"
    superuser.post(url(maker, "delete"), {"post": "yes"})
    assert not ColumnSet.objects.exists()


@pytest.mark.parametrize(
    ("is_shared", "owner", "message"),
    [
        (False, "maker", "You have a column set of this name already."),
        (True, "other", "A shared column set of this name exists already."),
    ],
)
def test_renaming_to_a_name_that_is_taken_is_refused(organizer, is_shared, owner, message):
    people = {"maker": organizer.user, "other": User.objects.create_user("other")}
    kept = ColumnSet.objects.create(
        owner=people["maker"], name="Sponsors", is_shared=is_shared, columns=["name"]
    )
    ColumnSet.objects.create(
        owner=people[owner], name="Partners", is_shared=is_shared, columns=["name"]
    )

    page = rename(organizer, kept)

    kept.refresh_from_db()
    assert (page.status_code, kept.name) == (200, "Sponsors")
    assert message in page.text


def test_event_leads_to_its_attendees(organizer, auditor, event):
    factories.registered(event)

    for person in (organizer, auditor):
        page = person.get(f"/admin/events/event/{event.pk}/attendees/").text
        assert f'href="{LIST}?event__id__exact={event.pk}"' in page
