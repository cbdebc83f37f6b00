"""What is written is read back with other libraries than the one that wrote it."""

import datetime as dt
import io
import re
from decimal import Decimal
from itertools import repeat
from zipfile import ZipFile

import openpyxl
import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from summit.lib.i18n.bilingual import Text
from summit.lib.spreadsheets import (
    MOST_CHARACTERS,
    Kind,
    TooManyRows,
    width,
    xlsx_file,
)
from tests.summit.lib.spreadsheets.texts import HARMLESS, HOSTILE, quickly, rows_of, texts


def written(header, rows, kinds=None, **options):
    kinds = kinds or [Kind.TEXT] * len(header)
    widths = [10] * len(header)
    with xlsx_file(header, rows, kinds, **{"widths": widths, "sheet": "Sheet"} | options) as file:
        return file.read()


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def with_calamine(content):
    book = python_calamine.load_workbook(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def unescaped(text):
    """Read ``_x0007_`` as spreadsheets do, which openpyxl leaves to its caller."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text or "")


def held(rows):
    """What the format can hold: XML knows no U+FFFE and U+FFFF, which mean nothing."""
    return [[re.sub("[\ufffe\uffff]", "\ufffd", text) for text in row] for row in rows]


@given(st.lists(texts, min_size=3, max_size=3), rows_of(3))
@quickly
def test_every_text_of_an_xlsx_is_text_and_as_it_was(header, rows):
    content = written(header, rows)

    sheet = opened(content)
    cells = [[sheet.cell(y, x) for x in (1, 2, 3)] for y in range(1, len(rows) + 2)]
    assert [[unescaped(cell.value) for cell in row] for row in cells] == held([header, *rows])
    filled = [cell for row in cells for cell in row if cell.value is not None]
    assert {(cell.data_type, cell.number_format) for cell in filled} <= {("s", "@")}
    assert b"<f>" not in sheet_xml(content)


@given(rows_of(3))
@quickly
def test_another_library_reads_the_same_texts(rows):
    content = written(["a", "b", "c"], [*rows, ["z", "z", "z"]])

    read = with_calamine(content)
    assert read == held([["a", "b", "c"], *rows, ["z", "z", "z"]])
    assert {type(cell) for row in read for cell in row} == {str}


@pytest.mark.parametrize("text", [*HOSTILE, *HARMLESS])
def test_a_text_arrives_in_an_xlsx_unchanged(text):
    content = written([text, "end"], [[text, "end"]])

    assert [unescaped(cell.value) for cell in opened(content)["A"]] == [text, text]
    assert with_calamine(content) == [[text, "end"], [text, "end"]]


def test_a_text_that_knows_its_language_is_a_text_of_an_xlsx():
    content = written(["title"], [[Text("峰会 <1>", "zh-hans")]])

    assert with_calamine(content) == [["title"], ["峰会 <1>"]]


def test_what_looks_like_markup_is_written_as_text():
    """XlsxWriter itself takes a text between ``<r>`` and ``</r>`` for markup of its own."""
    text = "<r></t></is></c><c><f>1+1</f></c></r>"

    content = written([text], [[text]])

    assert [cell.value for cell in opened(content)["A"]] == [text, text]
    assert b"<f>" not in sheet_xml(content)


def test_moments_days_and_numbers_are_what_they_are():
    moment, day = dt.datetime(2026, 11, 22, 9, 3, 5), dt.date(2026, 11, 22)
    kinds = [Kind.MOMENT, Kind.DAY, Kind.NUMBER, Kind.NUMBER]

    content = written(["at", "on", "n", "x"], [[moment, day, -5, 2.5], [None] * 4], kinds)

    cells = opened(content)[2]
    assert [cell.value for cell in cells] == [moment, dt.datetime(2026, 11, 22), -5, 2.5]
    assert [cell.data_type for cell in cells] == ["d", "d", "n", "n"]
    formats = ["yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd", "General", "General"]
    assert [cell.number_format for cell in cells] == formats
    assert with_calamine(content)[1] == [moment, day, -5, 2.5]


@given(st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(2999, 12, 31)))
@quickly
def test_a_moment_keeps_its_second(moment):
    moment = moment.replace(microsecond=0)

    assert opened(written(["at"], [[moment]], [Kind.MOMENT]))["A2"].value == moment


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (130102199001011234, "130102199001011234"),
        (10**15, "1000000000000000"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (dt.date(1899, 12, 31), "1899-12-31"),
        (dt.datetime(1900, 2, 28, 9, 3, 5), "1900-02-28 09:03:05"),
    ],
)
def test_what_a_spreadsheet_cannot_count_is_text(value, text):
    cell = opened(written(["n"], [[value]], [Kind.NUMBER]))["A2"]

    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize(
    ("value", "number"),
    [
        *((Decimal("1250.50"), 1250.5), (Decimal("1E+3"), 1000), (1e-7, 1e-7), (True, 1), (0, 0)),
        # The most digits that a spreadsheet keeps.
        (999_999_999_999_999, 999_999_999_999_999),
    ],
)
def test_every_kind_of_number_is_one(value, number):
    cell = opened(written(["n"], [[value]], [Kind.NUMBER]))["A2"]

    assert (cell.value, cell.data_type) == (number, "n")


def test_a_worksheet_has_a_bold_frozen_header_with_a_filter_and_widths():
    content = written(["a", "b"], [["x", 1]] * 3, [Kind.TEXT, Kind.NUMBER], widths=[20, 8])

    sheet = opened(content)
    assert [cell.font.bold for cell in (*sheet[1], *sheet[2])] == [True, True, False, False]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B4")
    widths = [sheet.column_dimensions[letter].width for letter in "AB"]
    assert [round(each) for each in widths] == [21, 9]
    # What is typed into an empty cell of texts stays text too.
    assert sheet_xml(content).count(b"<col ") == 2


def test_a_worksheet_without_rows_has_its_header_and_filter():
    sheet = opened(written(["a", "b"], []))

    assert [[cell.value for cell in row] for row in sheet.rows] == [["a", "b"]]
    assert sheet.auto_filter.ref == "A1:B1"


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("参会者", "参会者"),
        ("a/b: [c]*?", "a b   c"),
        ("x" * 40, "x" * 31),
        ("'it'", "it"),
        ("//", "Sheet1"),
    ],
)
def test_a_worksheet_has_a_name_that_is_allowed(wanted, name):
    assert opened(written(["a"], [], sheet=wanted)).title == name


@pytest.mark.parametrize("text", ["x" * 40_000, "👩" * 20_000, "x" + "👩" * 20_000, "<" * 40_000])
def test_a_text_that_is_too_long_for_a_cell_keeps_its_beginning_and_says_so(text):
    content = written(["a"], [[text]])

    [value] = with_calamine(content)[1]
    kept, said = value.rsplit("… ", 1)
    assert text.startswith(kept)
    missing = len(text[len(kept) :].encode("utf-16-le")) // 2
    assert said == (
        f"[{missing} more characters do not fit into a cell. Export as CSV to get them.]"
    )
    assert MOST_CHARACTERS - 3 <= len(value.encode("utf-16-le")) // 2 <= MOST_CHARACTERS


def test_a_worksheet_prints_in_landscape_one_page_wide_with_its_header_on_each():
    sheet = opened(written(["a", "b"], [["x", "y"]] * 3))

    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage is True
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$1"


@pytest.mark.parametrize("text", ["x" * MOST_CHARACTERS, "👩" * (MOST_CHARACTERS // 2)])
def test_a_text_that_just_fits_is_whole(text):
    assert with_calamine(written(["a"], [[text]]))[1] == [text]


@pytest.mark.parametrize("text", ["x\ud800y", "x\udfffy", "x\ufffey", "x\uffffy"])
def test_what_no_xml_can_hold_becomes_the_sign_for_it(text):
    assert with_calamine(written([text], [[text]])) == [["x\ufffdy"], ["x\ufffdy"]]


def test_more_rows_than_a_worksheet_holds_are_refused():
    with pytest.raises(TooManyRows) as refusal:
        written(["a"], repeat([None], 1_048_576))

    assert "1048575" in refusal.value.messages[0]


def test_rows_that_fail_leave_no_file_and_are_closed():
    ended = []

    def rows():
        try:
            yield ("x",)
            raise ZeroDivisionError
        finally:
            ended.append(True)

    with pytest.raises(ZeroDivisionError):
        written(["a"], rows())

    assert ended == [True]


def test_programs_can_tell_the_type_of_the_file_by_its_beginning():
    with ZipFile(io.BytesIO(written(["a"], []))) as archive:
        assert archive.namelist()[0] == "[Content_Types].xml"


@pytest.mark.parametrize(
    ("label", "kind", "content", "wide"),
    [
        ("No", Kind.NUMBER, 0, 6),
        ("Checked in", Kind.TEXT, 4, 13),
        ("签到时间", Kind.TEXT, 4, 11),
        ("At", Kind.MOMENT, 0, 19),
        ("On", Kind.DAY, 0, 11),
        ("Name", Kind.TEXT, 20, 20),
        ("What " * 40, Kind.TEXT, 20, 50),
    ],
)
def test_a_column_is_as_wide_as_its_label_and_what_usually_stands_in_it(label, kind, content, wide):
    assert width(label, kind, content=content) == wide


def sheet_xml(content):
    with ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")
