"""What a probe tells of a table beside its text: nothing is cut or taken as good in silence."""

import datetime as dt
import io

import openpyxl
import pytest
import xlsxwriter

from summit.lib.files import sheet_probe
from summit.lib.files.limited_reader import Refused
from summit.lib.files.sheet_headings import plain_heading
from tests.workbooks import MAIN, PARTS, RELATIONS, SHEET, STRINGS, sheet, workbook

HEADINGS = {plain_heading(name): name for name in ("a", "b", "c", "name_en")}


def read(data, **options):
    options = {"most_rows": 10, "most_columns": 5, "headings": HEADINGS} | options
    told, body = sheet_probe.read(data, **options)
    assert body == b""
    return told


def made(rows, *changes):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for change in changes:
        change(book.active)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def cells(*inside):
    """A workbook with the columns a, b and c, and these cells below."""
    names = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in "abc")
    return workbook({SHEET: sheet(f"<row>{names}</row><row>{''.join(inside)}</row>")})


@pytest.mark.parametrize(
    "error",
    [
        *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"),
        *("#GETTING_DATA", "#NV", "#BEZUG!", "#ÜBERLAUF!", "#N/D", "#VALEUR!", "#NOM?", "#ADR!"),
        *("Err:502", "#####"),
    ],
)
def test_an_error_of_a_spreadsheet_is_told_in_every_kind_of_cell(error):
    expected = [(2, 1, "error", error)]

    assert read(cells("<c/>", f'<c t="e"><v>{error}</v></c>'))["problems"] == expected
    assert read(cells("<c/>", f'<c t="str"><f>X</f><v>{error}</v></c>'))["problems"] == expected
    assert read(f"a,b\nx,{error}\n".encode())["problems"] == [(2, 1, "error", error)]


@pytest.mark.parametrize("text", ["#1", "#AI", "C#", "#N/A or so", "# heading", "#n/a", "No. #5!"])
def test_a_text_that_only_looks_a_bit_like_an_error_is_one(text):
    assert read(f"a,b\nx,{text}\n".encode())["problems"] == []


def test_a_formula_without_its_result_is_told_and_one_with_it_is_read():
    data = cells(
        "<c><f>A1</f></c>",
        "<c><f>A1</f><v></v></c>",
        '<c t="str"><f>A1</f><v></v></c>',
    )
    assert read(data)["problems"] == [(2, 0, "formula", ""), (2, 1, "formula", "")]

    told = read(cells("<c><f>1+1</f><v>2</v></c>", '<c t="str"><f>B1</f><v>Hale</v></c>'))
    assert (told["lines"][1], told["problems"]) == ((2, ["2", "Hale"]), [])
    assert read(made([["a"], ["=1+1"]]))["problems"] == [(2, 0, "formula", "")]


def test_merged_cells_with_text_are_told_below_the_column_names_only():
    def merge(page):
        for place in ("A1:C1", "A3:A4", "B4:C4", "B5:C5"):
            page.merge_cells(place)

    data = made([["Title"], ["a", "b", "c"], ["x", "y", "z"], [None, "u"], ["v"]], merge)

    assert read(data)["problems"] == [(3, 0, "merged", "A3:A4"), (4, 1, "merged", "B4:C4")]


@pytest.mark.parametrize("value", ["1.30102199001011E+17", "1234567890123456", "-9999999999999999"])
def test_a_number_of_which_digits_are_lost_is_told(value):
    told = read(cells(f"<c><v>{value}</v></c>"))

    assert [problem[:3] for problem in told["problems"]] == [(2, 0, "number")]


def test_a_number_that_excel_shortened_in_a_csv_is_told():
    told = read(b"a;b;c\n1.30102E+17;1,30102E+17;13010219900101123\n")

    assert told["problems"] == [
        (2, 0, "number", "1.30102E+17"),
        (2, 1, "number", "1,30102E+17"),
    ]


@pytest.mark.parametrize("value", ["123456789012345", "0.1234567890123456", "1E-20", "-5"])
def test_a_number_that_is_whole_is_told_of_nothing(value):
    assert read(cells(f"<c><v>{value}</v></c>"))["problems"] == []


def test_what_excel_escapes_in_a_text_is_read_as_it_was():
    text = "<si><t>a</t></si><si><t>x_x000D_\ny _x005F_x0041_ _x0000_ _xD800_</t></si>"
    rows = '<row><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c></row>'

    told = read(workbook({STRINGS: f'<sst xmlns="{MAIN}">{text}</sst>', SHEET: sheet(rows)}))

    assert told["lines"][1][1] == ["x\r\ny _x0041_ \ufffd \ufffd"]


def test_blanks_around_a_text_go_and_a_line_of_blanks_is_none():
    assert read(made([["a", "b"], ["  ", "\u3000"], [" Hale ", " "]]))["lines"] == [
        (1, ["a", "b"]),
        (3, ["Hale"]),
    ]


def test_days_of_both_date_systems_and_every_format_are_read():
    for is_from_1904 in (False, True):
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"date_1904": is_from_1904}) as book:
            page = book.add_worksheet()
            page.write(0, 0, "a")
            codes = [
                *(14, 15, 22, 30, 31, 50, 57, 58, "yyyy-mm-dd", "[$-F800]dddd, mmmm dd, yyyy"),
                *('[DBNum1][$-804]yyyy"年"m"月"d"日"', "yyyy/m/d;@", "[$-411]ge.m.d", "d. mmm yy"),
            ]
            for line, code in enumerate(codes, 1):
                style = book.add_format({"num_format": code})
                page.write_datetime(line, 0, dt.datetime(2027, 12, 31), style)
        told = read(buffer.getvalue(), most_rows=30)
        assert {cells[0] for _line, cells in told["lines"][1:]} == {"2027-12-31"}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a;b\n1,5;x\n", ["1,5", "x"]),
        ("a\tb\n1,5\tx;y\n", ["1,5", "x;y"]),
        ("sep=,\na,b\n1;5,x\n", ["1;5", "x"]),
        ("Title, of the list, and more\na;b\nu;v\n", ["u", "v"]),
        ("a\r\n\r\nb c, d\r\n", ["b c", "d"]),
        ('"a";"b"\r\n"x;1";"two\r\nlines"\r\n', ["x;1", "two\r\nlines"]),
        ("a,b\rx,y\r", ["x", "y"]),
    ],
)
def test_cells_are_separated_as_the_column_names_are(text, lines):
    assert read(text.encode())["lines"][1][1] == lines


def test_without_known_names_the_first_line_names_the_columns():
    told = read(b"u;v\n1;2\n", headings=None)

    assert (told["lines"], told["above"]) == ([(1, ["u", "v"]), (2, ["1", "2"])], 0)


def test_a_row_that_holds_a_word_like_a_column_name_is_a_row():
    told = read(b"name_en,b\na,Hale\nb,b\n")

    assert [line for line, _cells in told["lines"]] == [1, 2, 3]
    assert (told["above"], told["repeated"]) == (0, [])


def test_an_unreadable_sheet_that_is_not_needed_does_no_harm():
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r1"/><sheet name="B" sheetId="2" r:id="r4"/>'
        "</sheets></workbook>"
    )
    more = f'<Relationship Id="r4" Type="{RELATIONS}/worksheet" Target="worksheets/sheet2.xml"/>'
    relations = PARTS["xl/_rels/workbook.xml.rels"].replace("</Rel", more + "</Rel")
    parts = {"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": relations}

    for broken in ("<!DOCTYPE x>", "<a>", sheet(" " * 61 * 2**20)):
        data = workbook(parts | {"xl/worksheets/sheet2.xml": broken})
        if len(broken) > 2**20:
            with pytest.raises(Refused, match="unpacks"):
                read(data)
        else:
            told = read(data)
            assert (told["sheet"], told["unread"]) == ("A", ["B"])
            assert told["lines"] == [(1, ["name_en"]), (2, ["Hale"])]
