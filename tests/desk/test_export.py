"""Asking for the list of attendees at a desk, and what comes."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.contrib.auth.models import Permission, User
from django.core.signals import request_finished
from django.db import close_old_connections
from django.utils import timezone, translation

from audit.models import AuditEntry
from registrations.domain import check_in, privacy
from registrations.models import ColumnSet, ExportRecord, Registration
from tests import factories
from tests.cast import make_clerk
from tests.trail import entries

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
USUAL = {
    "file_format": "csv",
    "headers": "names",
    "language": "en",
    "order": "name",
    "columns": ["name", "email"],
}


@pytest.fixture
def address(url):
    return url("desk-export")


@pytest.fixture
def ask(clerk, address):
    """Press a button of the form, ``download`` where none is given."""

    def press(do="download", by=clerk, **fields):
        return by.post(address, {**USUAL, "do": do, **fields})

    return press


@pytest.fixture
def three(event):
    """王伟 of a company, Zhao Min of the media who came, and Ann Hale, cancelled."""
    made = [
        factories.registered(event, name="赵敏", email="min@example.org", category="media"),
        factories.registered(event, name="王伟", email="wei@example.org", language="zh-hans"),
        factories.registered(event, name="Ann Hale", email="ann@example.org"),
    ]
    check_in.check_in(made[0], by=User.objects.create_user("door"))
    Registration.objects.filter(pk=made[2].pk).update(status="cancelled")
    return made


def table(response):
    """The rows of a CSV that was downloaded."""
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def break_off(response):
    """Close the connection as a visitor does; the database's stays, as with the test client."""
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)


def names(response):
    return [row[0] for row in table(response)[1:]]


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


# Column sets


def column_set(person, name="Sponsors", columns=("email", "name"), **fields):
    return ColumnSet.objects.create(owner=person.user, name=name, columns=[*columns], **fields)


def test_columns_are_kept_under_a_name_and_the_choice_stays(ask, clerk):
    page = ask("save", name="  Spon  sors ", is_shared="on", categories=["media"])

    kept = ColumnSet.objects.get()
    assert (kept.name, kept.is_shared, kept.columns) == ("Spon sors", True, ["name", "email"])
    assert kept.owner == clerk.user
    assert "The column set “Spon sors” is saved." in page.text
    assert page.context["form"]["categories"].value() == ["media"]
    assert page.context["form"]["column_set"].value() == str(kept.pk)


def test_set_is_used_in_its_own_order(ask, clerk, three):
    kept = column_set(clerk)

    page = ask("use", columns=["ticket"], column_set=kept.pk)

    form = page.context["form"]
    assert form["columns"].value() == ["email", "name"]
    assert form.column_names[:2] == ["email", "name"]
    assert form["name"].value() == "Sponsors"
    assert table(ask(columns=form["columns"].value()))[0] == ["email", "name"]


def test_saving_one_name_twice_asks_before_it_replaces(ask, clerk):
    kept = column_set(clerk)

    asked = ask("save", name="Sponsors", columns=["phone"])
    kept.refresh_from_db()
    assert (asked.status_code, kept.columns) == (409, ["email", "name"])
    assert "You have a column set “Sponsors” already." in asked.text
    assert "Yes, replace it" in asked.text

    # Another name than the one that was asked about.
    column_set(clerk, name="Partners")
    sure = asked.context["sure"]
    assert ask("save", name="Partners", columns=["phone"], sure=sure).status_code == 409

    ask("save", name="Sponsors", columns=["phone"], sure=sure)
    kept.refresh_from_db()
    assert kept.columns == ["phone"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "Type a name for the column set."),
        ({"name": "x" * 61}, "Ensure this value has at most 60 characters"),
        ({"name": "Mine", "columns": []}, "Choose at least one column."),
        ({"name": "Taken", "is_shared": "on"}, "A shared column set of this name exists already."),
    ],
)
def test_what_cannot_be_kept_is_refused(ask, organizer, fields, message):
    column_set(organizer, name="Taken", is_shared=True)

    page = ask("save", **fields)

    assert page.status_code == 422
    assert message in page.text
    assert ColumnSet.objects.count() == 1


def test_sets_of_others_are_offered_where_they_are_shared(ask, clerk, organizer, address):
    shared = column_set(organizer, name="Shared one", is_shared=True)
    private = column_set(organizer, name="Private one")

    page = clerk.get(address)

    assert "Shared one (shared by organizer)" in page.text
    assert "Private one" not in page.text
    used = ask("use", column_set=shared.pk).context["form"]
    assert (used["columns"].value(), used["name"].value()) == (["email", "name"], "")
    refused = ask("use", column_set=private.pk)
    assert (refused.status_code, "Choose a column set first." in refused.text) == (422, True)


def test_deleting_asks_and_is_for_ones_own(ask, clerk, organizer):
    own = column_set(clerk, name="Own", is_shared=True)
    shared = column_set(organizer, is_shared=True)

    asked = ask("delete", column_set=own.pk)
    assert "Delete “Own”? It is shared: everybody loses it." in asked.text
    assert ColumnSet.objects.count() == 2
    gone = ask("delete", column_set=own.pk, sure=asked.context["sure"])
    assert "The column set “Own” is deleted." in gone.text
    assert "Own (shared)" not in gone.text

    refused = ask("delete", column_set=shared.pk, sure=f"delete {shared.pk}")
    assert refused.status_code == 422
    assert "belongs to somebody else, who alone can delete it" in refused.text
    assert ask("delete", column_set=own.pk).status_code == 422
    assert ColumnSet.objects.get() == shared


def test_organizer_replaces_and_deletes_what_others_share(ask, clerk, organizer):
    shared = column_set(clerk, is_shared=True)

    used = ask("use", by=organizer, column_set=shared.pk).context["form"]
    assert (used["name"].value(), used["is_shared"].value()) == ("Sponsors", True)
    fields = {"name": "Sponsors", "is_shared": "on", "columns": ["phone"], "by": organizer}
    asked = ask("save", **fields)
    assert "“Sponsors” is a shared column set of clerk." in asked.text
    ask("save", sure=asked.context["sure"], **fields)
    shared.refresh_from_db()
    assert (shared.owner, shared.columns) == (clerk.user, ["phone"])

    ask("delete", by=organizer, column_set=shared.pk, sure=f"delete {shared.pk}")
    assert not ColumnSet.objects.exists()


def test_set_that_names_a_deleted_question_is_used_without_it(ask, clerk, event, three):
    questions = [factories.question(settings=event.registration_settings) for _n in range(2)]
    keys = [f"question_{question.pk}" for question in questions]
    kept = column_set(clerk, columns=["name", *keys])
    questions[0].delete()

    page = ask("use", column_set=kept.pk)

    assert page.status_code == 200
    assert (
        f"Column set “Sponsors”: 1 column does not exist here any more and is left out: {keys[0]}."
        in " ".join(page.text.split())
    )
    assert page.context["form"]["name"].value() == "Sponsors"
    kept.refresh_from_db()
    assert kept.columns == ["name", *keys]
    ticked = [each for each in page.context["form"]["columns"].value() if each != keys[0]]
    assert table(ask(columns=ticked))[0] == ["name", keys[1]]

    ask("save", name="Sponsors", columns=ticked, sure="save Sponsors")
    kept.refresh_from_db()
    assert kept.columns == ["name", keys[1]]


def test_a_set_that_is_gone_harms_nothing_but_its_own_buttons(ask, three):
    assert len(names(ask(column_set="987"))) == 3
    assert ask("use", column_set="987").status_code == 422


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

    with django_assert_num_queries(10):
        clerk.get(address)
    add_people(event, 2)
    column_set(clerk, name="1")
    column_set(clerk, name="2")
    with django_assert_num_queries(10):
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

    with django_assert_num_queries(18):
        download()
    factories.question(settings=event.registration_settings)
    factories.question(settings=event.registration_settings)
    add_people(event, 2)
    with django_assert_num_queries(18):
        download()
