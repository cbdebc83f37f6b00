import datetime as dt
import gc

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from registrations.domain import export_record
from registrations.models import ExportRecord
from summit.lib.process import machine
from summit.lib.spreadsheets import Kind, csv_chunks, xlsx_file
from tests import factories
from tests.threads import at_once
from tests.trail import entries

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return factories.event()


def begun(event, **fields):
    asked = {
        "by": None,
        "user_name": "root",
        "source": ExportRecord.Source.SHELL,
        "file_format": "csv",
        "file_name": "attendees.csv",
        "columns": ["name", "email"],
        "filters": {},
        "expected": 2,
    }
    return export_record.begin(event, **asked | fields)


def stored():
    [record] = ExportRecord.objects.all()
    return record


def outcome():
    return stored().outcome, stored().rows


def test_an_export_is_recorded_before_its_first_row(event):
    user = User.objects.create_user("clerk")

    record = begun(event, by=user, user_name="clerk", source="desk")

    assert record == stored()
    assert (record.event, record.user, record.user_name) == (event, user, "clerk")
    assert (record.source, record.outcome, record.rows) == ("desk", "started", None)
    assert (record.file_format, record.file_name) == ("csv", "attendees.csv")
    assert record.columns == ["name", "email"]


def test_an_export_without_columns_or_filters_is_recorded(event):
    assert begun(event, columns=[], filters={}).columns == []


def test_a_record_that_makes_no_sense_is_refused(event):
    with pytest.raises(ValidationError):
        begun(event, source="pigeon")

    assert not ExportRecord.objects.exists()


def test_filters_are_recorded_as_plain_values(event):
    filters = {
        "statuses": ("confirmed", "offered"),
        "categories": [],
        "checked_in": False,
        "languages": {"en"},
        "registered_since": dt.date(2026, 11, 22),
        "column_set": None,
        "selected": 3,
    }

    begun(event, filters=filters)

    assert stored().filters == {
        "statuses": ["confirmed", "offered"],
        "checked_in": False,
        "languages": ["en"],
        "registered_since": "2026-11-22",
        "selected": 3,
    }


def test_what_was_searched_for_is_never_recorded(event):
    begun(event, filters={"q": "王伟", "search": "wei@example.org", "name": ""})

    assert stored().filters == {"q": True, "search": True}


def test_a_refusal_is_recorded(event):
    user = User.objects.create_user("auditor")

    export_record.refuse(event, by=user, source="admin", filters={"q": "王伟"})

    record = stored()
    assert (record.user, record.user_name, record.source) == (user, "auditor", "admin")
    assert (record.outcome, record.rows, record.filters) == ("refused", None, {"q": True})


def test_the_audit_trail_says_before_the_first_row_how_many_are_asked_for(event):
    user = User.objects.create_user("clerk")

    begun(event, by=user, user_name="clerk", source="desk", expected=312)

    assert entries() == [
        (
            "exported",
            "clerk",
            f"event · {event.slug}",
            {"source": "desk", "file_format": "csv", "rows": 312},
        )
    ]


def test_the_audit_trail_names_the_account_of_the_machine_for_a_command(event):
    begun(event)

    [(_action, actor, _subject, details)] = entries()
    assert (actor, details["machine_account"]) == ("", machine.os_user())


def test_the_audit_trail_says_who_was_refused(event):
    user = User.objects.create_user("auditor")

    export_record.refuse(event, by=user, source="admin", filters={"q": "王伟"})

    assert entries() == [
        ("export_refused", "auditor", f"event · {event.slug}", {"source": "admin"})
    ]


def test_an_export_that_makes_no_sense_leaves_no_entry(event):
    with pytest.raises(ValidationError):
        begun(event, source="pigeon")

    assert entries() == []


def test_the_name_stays_when_the_account_goes(event):
    user = User.objects.create_user("clerk")
    begun(event, by=user, user_name="clerk")

    user.delete()

    assert (stored().user, stored().user_name) == (None, "clerk")


# Counting


def test_rows_pass_through_and_are_counted_at_the_end(event):
    rows = export_record.counted(begun(event), iter("abc"))

    first = next(rows)
    before = outcome()
    rest = list(rows)

    assert [first, *rest] == ["a", "b", "c"]
    assert before == ("started", None)
    assert outcome() == ("complete", 3)


def test_no_rows_are_complete(event):
    assert list(export_record.counted(begun(event), [])) == []

    assert outcome() == ("complete", 0)


def test_an_export_that_is_closed_early_was_interrupted(event):
    rows = export_record.counted(begun(event), iter("abc"))
    next(rows)
    next(rows)

    rows.close()

    assert outcome() == ("interrupted", 2)


def test_an_export_that_is_closed_before_its_first_row_was_interrupted(event):
    export_record.counted(begun(event), iter("abc")).close()

    assert outcome() == ("interrupted", 0)


def test_an_export_that_is_forgotten_was_interrupted(event):
    chunks = csv_chunks(["a"], export_record.counted(begun(event), [("x",)]))

    del chunks
    gc.collect()

    assert outcome() == ("interrupted", 0)


def test_an_error_interrupts_and_is_raised(event):
    def rows():
        yield "a"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(export_record.counted(begun(event), rows()))

    assert outcome() == ("interrupted", 1)


def test_closing_closes_what_the_rows_come_from(event):
    ended = []

    def rows():
        try:
            yield from "abc"
        finally:
            ended.append(outcome())

    counted = export_record.counted(begun(event), rows())
    next(counted)
    counted.close()

    # The cursor is closed before the record is written.
    assert ended == [("started", None)]


def test_closing_a_csv_half_way_interrupts(event):
    chunks = csv_chunks(["a"], export_record.counted(begun(event), [("x" * 1000,)] * 1000))
    next(chunks)

    chunks.close()

    assert outcome()[0] == "interrupted"
    assert 0 < outcome()[1] < 1000


def test_a_workbook_counts_its_rows(event):
    rows = export_record.counted(begun(event), [("x",)] * 3)

    with xlsx_file(["a"], rows, [Kind.TEXT], widths=[9], sheet="S"):
        pass

    assert outcome() == ("complete", 3)


def test_closing_again_changes_nothing(event):
    rows = export_record.counted(begun(event), iter("abc"))
    list(rows)

    rows.close()

    assert outcome() == ("complete", 3)


def test_a_file_that_was_not_written_whole_is_interrupted_though_all_rows_were_made(event):
    record = begun(event)
    list(export_record.counted(record, iter("abc")))

    export_record.interrupt(record)
    export_record.interrupt(record)

    assert outcome() == ("interrupted", 3)


@pytest.mark.django_db(transaction=True)
def test_exports_at_once_are_counted_apart(event):
    def exported(number):
        record = begun(event, user_name=str(number))
        return lambda: len(list(export_record.counted(record, range(number))))

    results = at_once(*[exported(number) for number in (5, 50, 500)])

    assert results == [5, 50, 500]
    records = ExportRecord.objects.order_by("rows")
    assert [(each.user_name, each.outcome, each.rows) for each in records] == [
        ("5", "complete", 5),
        ("50", "complete", 50),
        ("500", "complete", 500),
    ]
