"""The figures of a report as a spreadsheet, as other programs read them."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from projects.exports import report as export
from projects.report import queries
from projects.report.layout import BREAKDOWNS, FIGURES
from projects.report.subject import Subject
from tests import factories

pytestmark = pytest.mark.django_db

KEY, _SECTION, FIGURE, PART, NUMBER, UNIT, DEFINITION = range(7)


@pytest.fixture
def read(world):
    return queries.read(Subject(world.series))


def in_csv(report):
    return list(csv.reader(io.StringIO(export.csv_file(report).decode("utf-8-sig"))))


def in_xlsx(report):
    book = CalamineWorkbook.from_filelike(io.BytesIO(export.workbook(report)))
    [name] = book.sheet_names
    return book.get_sheet_by_name(name).to_python()


def test_both_files_hold_every_figure_with_its_number_and_definition(read):
    sheet, plain = in_xlsx(read), in_csv(read)

    assert [[row[KEY], row[DEFINITION]] for row in sheet] == [
        [row[KEY], row[DEFINITION]] for row in plain
    ]
    rows = {row[KEY]: row for row in sheet}
    assert len(rows) == len(sheet)
    for key, figure in FIGURES.items():
        assert rows[key][NUMBER] == read.numbers[key]
        assert rows[key][DEFINITION] == figure.definition
        assert {row[KEY]: row for row in plain}[key][NUMBER] == str(read.numbers[key])
    assert rows["attendance_rate"][NUMBER : UNIT + 1] == [60.0, "%"]
    assert rows["signed"][UNIT] == "cooperation intentions"


def test_rows_of_breakdowns_have_keys_that_no_language_changes(read):
    english = {row[KEY] for row in in_csv(read)}
    with translation.override("zh-hans"):
        chinese = {row[KEY] for row in in_csv(read)}

    assert english - {"Key"} == chinese - {in_header("zh-hans")}
    for key in BREAKDOWNS:
        assert {f"{key}:{row.value}" for row in read.rows[key]} <= english


def in_header(language):
    with translation.override(language):
        return export.header()[KEY]


def test_money_is_a_number_with_its_currency(read):
    rows = {row[KEY]: row for row in in_xlsx(read)}

    assert rows["intended_amounts:CNY"][PART:DEFINITION] == ["Chinese yuan", 1000000.3, "CNY"]
    assert rows["intended_amounts:CNY:intentions"][NUMBER] == 2
    assert rows["contracted_amounts:GBP"][NUMBER : UNIT + 1] == [250000, "GBP"]


def test_each_event_of_a_series_is_told(read):
    rows = {row[KEY]: row for row in in_xlsx(read)}

    for line in read.events:
        row = rows[f"event:{line.event.slug}:signed"]
        assert (row[PART], row[NUMBER]) == (line.event.title, line.numbers["signed"])


def test_formula_in_a_name_is_text():
    recommended = factories.recommendation(
        project=factories.project(sectors=[factories.sector(name_en='=HYPERLINK("http://x")')])
    )
    read = queries.read(Subject(recommended.event))

    [in_sheet] = [row[PART] for row in in_xlsx(read) if "HYPERLINK" in str(row[PART])]
    [in_text] = [row[PART] for row in in_csv(read) if "HYPERLINK" in row[PART]]

    assert in_sheet == '=HYPERLINK("http://x")'
    assert in_text == '\'=HYPERLINK("http://x")'


def test_rows_known_beforehand_are_there_though_they_count_nothing():
    keys = [row[KEY] for row in in_csv(queries.read(Subject(factories.event())))]

    assert {"signed", "session_kinds:keynote", "maturity:9", "registration_statuses:declined"} <= {
        *keys
    }
    assert "events" not in keys


@pytest.mark.parametrize(
    ("ending", "content_type"),
    [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("csv", "text/csv; charset=utf-8"),
    ],
)
def test_file_is_named_by_slug_day_and_language(organizer, ending, content_type):
    event = factories.event(slug="river-day")
    address = reverse(f"admin:report_event_{ending}", args=["river-day"])

    response = organizer.get(f"{address}?language=zh-hans")

    day = Subject(event).today.isoformat()
    name = f"report-river-day-{day}-zh-hans.{ending}"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.headers["Content-Type"] == content_type


@pytest.mark.parametrize(
    ("language", "zone"), [("en", " (China time)"), ("zh-hans", "（北京时间）")]
)
def test_moment_names_its_zone_in_the_language_of_the_file(language, zone):
    report = queries.read(Subject(factories.series()))

    with translation.override(language):
        [told] = [row[PART] for row in in_csv(report) if row[KEY] == "as_of"]

    assert told.endswith(zone)
