"""Asking for the list of attendees at a desk, and what comes."""

import datetime as dt
import io

import openpyxl
import pytest
from django.contrib.auth.models import Permission, User
from django.core.signals import request_finished
from django.db import close_old_connections
from django.utils import timezone, translation

from audit.models import AuditEntry
from registrations.domain import privacy
from registrations.models import ExportRecord, Registration
from tests import factories
from tests.cast import make_clerk
from tests.desk.export.lists import column_set, names, table
from tests.trail import entries

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


def break_off(response):
    """Close the connection as a visitor does; the database's stays, as with the test client."""
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)


# What comes


def test_csv_is_downloaded_and_kept_by_nobody(ask, three, event):
    response = ask()

    assert table(response) == [
        ["name", "email"],
        ["Ann Hale", "ann@example.org"],
        ["王伟", "wei@example.org"],
        ["赵敏", "min@example.org"],
    ]
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    record = ExportRecord.objects.get()
    assert response.headers["Content-Disposition"] == f'attachment; filename="{record.file_name}"'
    assert record.file_name.startswith(f"attendees-{event.slug}-")


def test_xlsx_holds_the_same_cells(ask, three):
    rows = table(ask())

    response = ask(file_format="xlsx")

    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert [list(row) for row in book.active.iter_rows(values_only=True)] == rows
    assert "spreadsheetml" in response.headers["Content-Type"]
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].endswith('.xlsx"')


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"statuses": ["confirmed"]}, ["王伟", "赵敏"]),
        ({"statuses": ["cancelled", "declined"]}, ["Ann Hale"]),
        ({"categories": ["media"]}, ["赵敏"]),
        ({"categories": ["media", "company"]}, ["Ann Hale", "王伟", "赵敏"]),
        ({"checked_in": "yes"}, ["赵敏"]),
        ({"checked_in": "no"}, ["Ann Hale", "王伟"]),
        ({"languages": ["zh-hans"]}, ["王伟"]),
        ({"order": "registered"}, ["赵敏", "王伟", "Ann Hale"]),
    ],
)
def test_list_holds_whom_the_filters_say_in_the_order_asked_for(ask, three, filters, expected):
    assert names(ask(**filters)) == expected


def test_registered_since_is_a_day_in_the_events_zone(ask, three, clerk, address):
    midnight = dt.datetime(2026, 5, 1, tzinfo=factories.SHANGHAI)
    for registration, seconds in zip(three, (-1, 0, 1), strict=True):
        at = midnight + dt.timedelta(seconds=seconds)
        Registration.objects.filter(pk=registration.pk).update(registered_at=at)

    assert names(ask(registered_since="2026-05-01")) == ["Ann Hale", "王伟"]
    assert "From the beginning of that day, China time." in clerk.get(address).text


def test_words_are_in_the_language_asked_for_whatever_the_page_is_in(ask, three, clerk):
    with translation.override("zh-hans"):
        company = str(Registration.Category.COMPANY.label)
    columns = ["category"]

    for page in ("en", "zh-hans"):
        clerk.cookies["django_language"] = page
        rows = table(ask(headers="labels", language="zh-hans", columns=columns))
        assert [company] in rows
        assert ["company"] in table(ask(headers="labels", language="en", columns=columns))


def test_erased_people_are_left_out_and_not_counted(ask, three, clerk, address):
    privacy.erase(three[:1])

    assert names(ask()) == ["Ann Hale", "王伟"]
    assert "1 of 2 registrations" in clerk.get(address).text


def test_formulas_typed_by_attendees_are_text(ask, event):
    factories.registered(event, name="=HYPERLINK(1)", email="plus@example.org")

    assert names(ask()) == ["'=HYPERLINK(1)"]


# The form


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_form_begins_with_those_who_have_a_place_and_says_how_many(clerk, address, three, language):
    clerk.cookies["django_language"] = language

    page = clerk.get(address)

    form = page.context["form"]
    assert (page.status_code, page.context["rows"], page.context["total"]) == (200, 2, 3)
    assert form["statuses"].value() == ["confirmed"]
    assert form["language"].value() == language
    assert form["columns"].value()[:2] == ["ticket", "name"]
    assert not any(word in page.text for word in ("王伟", "wei@example.org"))


def test_count_says_how_many_rows_a_choice_gives_and_writes_nothing(ask, three):
    page = ask("count", categories=["media"], file_format="xlsx")

    assert "1 of 3 registrations" in page.text
    assert page.context["form"]["categories"].value() == ["media"]
    assert not ExportRecord.objects.exists()


def test_choice_that_nobody_matches_gives_a_plain_message_and_no_file(ask, three):
    page = ask(categories=["investor"])

    assert page.status_code == 422
    assert "Nobody matches this choice, so there is no file." in page.text
    assert page.context["form"]["categories"].value() == ["investor"]
    assert not ExportRecord.objects.exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"columns": []}, "Choose at least one column."),
        ({"columns": ["questions"]}, "Choose at least one column."),
        ({"registered_since": "soon"}, "Enter a valid date."),
        ({"registered_since": "1815-06-18"}, "Ensure this value is greater than"),
        ({"statuses": ["asleep"]}, "asleep is not one of the available choices."),
        ({"file_format": "exe"}, "exe is not one of the available choices."),
        ({"file_format": ""}, "This field is required."),
        ({"columns": ["name", "question_987"]}, "1 column does not exist here any more"),
    ],
)
def test_what_cannot_be_is_said_on_the_page_and_nothing_is_lost(ask, three, fields, message):
    page = ask(**{"name": "Kept", **fields})

    assert page.status_code == 422
    assert message in page.text
    assert page.context["form"]["name"].value() == "Kept"
    assert not ExportRecord.objects.exists()


def test_all_and_none_tick_without_a_script(ask, event):
    question = factories.question(settings=event.registration_settings)

    ticked = ask("all").context["form"]["columns"].value()
    assert {"name", "staff_note", "questions", f"question_{question.pk}"} <= set(ticked)
    assert len(ticked) == len(set(ticked))
    page = ask("none")
    assert page.context["form"]["columns"].value() == []
    assert page.status_code == 200


def test_hostile_texts_run_nowhere(ask, event, clerk, address):
    factories.question(settings=event.registration_settings, text_en=HOSTILE)
    factories.registered(event, name=HOSTILE)
    ask("save", name=HOSTILE[:60])

    for page in (clerk.get(address), ask("all"), ask(columns=[HOSTILE]), ask(statuses=[HOSTILE])):
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "&lt;script&gt;" in page.text


# Who may


def test_whoever_may_export_gets_the_form_and_the_file(
    organizer, superuser, clerk, ask, address, three
):
    for person in (organizer, superuser, clerk):
        assert person.get(address).status_code == 200
        assert len(names(ask(by=person))) == 3


def test_a_stranger_is_asked_to_log_in(stranger, ask, address):
    for response in (stranger.get(address), ask(by=stranger)):
        assert (response.status_code, response.url) == (302, f"/admin/login/?next={address}")
    assert not ExportRecord.objects.exists()


def refused():
    return list(ExportRecord.objects.values_list("event", "user_name", "source", "outcome", "rows"))


def test_an_auditor_is_refused_and_recorded(auditor, ask, address, event, three):
    for response in (auditor.get(address), ask(by=auditor)):
        assert response.status_code == 403
        assert "王伟" not in response.text

    assert refused() == [(event.pk, "auditor", "desk", "refused", None)] * 2


def test_a_clerk_of_another_event_is_refused_and_recorded(ask, address, event, three):
    User.objects.filter(username="clerk").update(username="own clerk")
    other = make_clerk(factories.registration_settings().event)

    for response in (other.get(address), ask(by=other)):
        assert response.status_code == 403
        assert "You are not assigned to this event." in response.text

    assert refused() == [(event.pk, "clerk", "desk", "refused", None)] * 2


def test_who_may_only_check_in_is_refused_and_recorded(clerk, ask, event, three):
    clerk.user.groups.clear()
    clerk.user.user_permissions.set(Permission.objects.filter(codename="check_in_registration"))

    response = ask()

    assert response.status_code == 403
    assert "You may not export attendees." in response.text
    assert refused() == [(event.pk, "clerk", "desk", "refused", None)]


def test_an_event_that_is_not_there_is_refused_without_a_record(clerk, organizer, auditor):
    for person, status in ((clerk, 403), (auditor, 403), (organizer, 404)):
        assert person.get("/desk/no-such-event/export/").status_code == status
    assert not ExportRecord.objects.exists()


def test_other_methods_are_refused(clerk, address):
    assert clerk.put(address).status_code == 405


# The record


def test_record_says_who_what_and_how_many(ask, three, clerk, event):
    before = timezone.now()

    table(ask(statuses=["confirmed"], registered_since="2020-01-01", order="registered"))

    record = ExportRecord.objects.get()
    assert (record.event, record.user, record.user_name) == (event, clerk.user, "clerk")
    assert (record.source, record.outcome, record.rows) == ("desk", "complete", 2)
    assert (record.file_format, record.columns) == ("csv", ["name", "email"])
    assert record.filters == {
        "statuses": ["confirmed"],
        "registered_since": "2020-01-01",
        "headers": "names",
        "language": "en",
        "order": "registered",
    }
    assert record.exported_at >= before


def test_audit_trail_says_who_exported_and_from_where(ask, three, clerk, event):
    b"".join(ask().streaming_content)

    [entry] = AuditEntry.objects.all()
    assert entries() == [
        (
            "exported",
            clerk.user.username,
            f"event · {event.slug}",
            {"source": "desk", "file_format": "csv", "rows": 3},
        )
    ]
    assert entry.network_address == "127.0.0.1"


def test_audit_trail_says_who_was_refused(auditor, ask, event, three):
    ask(by=auditor)

    assert entries() == [("export_refused", "auditor", f"event · {event.slug}", {"source": "desk"})]


def test_record_of_a_download_that_broke_off_says_so(ask, three):
    response = ask()
    started = ExportRecord.objects.get().outcome

    break_off(response)

    record = ExportRecord.objects.get()
    assert (started, record.outcome, record.rows) == ("started", "interrupted", 0)


def test_record_of_a_workbook_is_complete_when_it_is_made(ask, three):
    break_off(ask(file_format="xlsx"))

    record = ExportRecord.objects.get()
    assert (record.outcome, record.rows, record.file_format) == ("complete", 3, "xlsx")


# What it costs


def add_people(event, number):
    questions = list(event.registration_settings.questions.all())
    for _person in range(number):
        answers = {question.pk: "Tea" for question in questions}
        factories.registered(event, answers=answers)


def test_form_costs_the_same_with_one_and_three_people_and_sets(
    clerk, address, event, django_assert_num_queries
):
    factories.question(settings=event.registration_settings)
    add_people(event, 1)
    column_set(clerk, name="0")
    clerk.get(address)

    with django_assert_num_queries(11):
        clerk.get(address)
    add_people(event, 2)
    column_set(clerk, name="1")
    column_set(clerk, name="2")
    with django_assert_num_queries(11):
        clerk.get(address)


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_file_costs_the_same_with_one_and_three_people_and_questions(
    ask, event, django_assert_num_queries, file_format
):
    def download():
        response = ask(file_format=file_format, columns=["name", "questions"])
        b"".join(response.streaming_content)

    factories.question(settings=event.registration_settings)
    add_people(event, 1)
    download()

    with django_assert_num_queries(21):
        download()
    factories.question(settings=event.registration_settings)
    factories.question(settings=event.registration_settings)
    add_people(event, 2)
    with django_assert_num_queries(21):
        download()
