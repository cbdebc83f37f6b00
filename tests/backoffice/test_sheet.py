"""Workbooks that mean harm, and those that are only large or unusual."""

import datetime as dt
import io
import resource
import zipfile

import openpyxl
import pytest
import xlsxwriter
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from backoffice.kit.importing import sheet as importing
from backoffice.kit.importing.sheet import REFUSALS, Sheet, read
from tests.workbooks import PARTS, SHEET, STRINGS, STYLES, part, sheet, upload, workbook

MB = 1024 * 1024
ENTITIES = (
    '<!DOCTYPE sst [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 50}">' for a, b in zip("abcdefg", "bcdefgh", strict=True))
    + "]>"
)


def refusal_of(data):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(ValidationError) as refusal:
        read(upload(data))

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024
    return refusal.value


def test_parts_that_are_needed_are_read():
    assert read(upload(workbook())) == Sheet(["name_en"], [["Hale"]], [2])


def with_doctype(name):
    return lambda: workbook({name: "<!DOCTYPE x>" + PARTS[name]})


def encrypted():
    data = bytearray(workbook())
    # The flag of each entry, before it and in the list of them all.
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 1)
    return bytes(data)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        pytest.param(
            lambda: workbook({SHEET: sheet("<row>" + "<c/>" * MB + "</row>")}),
            "broken",
            id="cells without end in a row",
        ),
        pytest.param(
            lambda: workbook({SHEET: sheet('<row r="1"/>' * MB)}), "unpacks", id="empty rows"
        ),
        pytest.param(
            lambda: workbook({SHEET: sheet(" " * 61 * MB)}), "unpacks", id="sheet inflates"
        ),
        pytest.param(
            lambda: workbook({STRINGS: part("sst", "<si><t>" + "x" * 61 * MB + "</t></si>")}),
            "unpacks",
            id="one string",
        ),
        pytest.param(
            lambda: workbook({STRINGS: part("sst", "<si/>" * MB)}),
            "unpacks",
            id="strings without end",
        ),
        pytest.param(
            lambda: workbook({STYLES: part("styleSheet", "<cellXfs>" + "<xf/>" * MB)}),
            "unpacks",
            id="styles",
        ),
        pytest.param(
            lambda: workbook(
                {
                    STRINGS: part("sst", "<si><t>" + "x" * MB + "</t></si>"),
                    SHEET: sheet('<row><c t="s"><v>0</v></c></row>' * 2000),
                }
            ),
            "unpacks",
            id="one long string in each row",
        ),
        pytest.param(
            lambda: workbook({STRINGS: ENTITIES + part("sst", "<si><t>&h;</t></si>")}),
            "doctype",
            id="entities",
        ),
        pytest.param(
            lambda: workbook(
                {
                    STRINGS: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
                    + part("sst", "<si><t>&e;</t></si>")
                }
            ),
            "doctype",
            id="a file of the server",
        ),
        *(pytest.param(with_doctype(name), "doctype", id=f"doctype in {name}") for name in PARTS),
        pytest.param(
            lambda: workbook({SHEET: ("\ufeff<!DOCTYPE x>" + PARTS[SHEET]).encode("utf-16-le")}),
            "doctype",
            id="doctype in UTF-16",
        ),
        pytest.param(encrypted, "encrypted", id="password of the zip file"),
        pytest.param(
            lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
            id="password of the workbook",
        ),
        pytest.param(lambda: workbook(compression=zipfile.ZIP_LZMA), "broken", id="LZMA"),
        pytest.param(lambda: workbook()[:-30], "broken", id="cut off"),
        pytest.param(lambda: workbook({SHEET: workbook()}), "broken", id="workbook in workbook"),
        pytest.param(lambda: workbook({SHEET: "<a>" * (MB // 2)}), "broken", id="nested"),
        pytest.param(
            lambda: workbook({SHEET: sheet('<row r="99999999999"/>')}), "broken", id="far row"
        ),
        pytest.param(
            lambda: workbook({SHEET: sheet('<row><c r="ZZZZ1"/></row>')}), "broken", id="far cell"
        ),
        pytest.param(
            lambda: workbook({SHEET: sheet('<row><c t="s"><v>-1</v></c></row>')}),
            "broken",
            id="string that is not there",
        ),
        pytest.param(lambda: b"\0" * 100, "no_table", id="zeros"),
        pytest.param(lambda: b"a\n" + b"x" * MB, "broken_csv", id="one endless cell"),
    ],
)
def test_file_that_means_harm_is_refused_with_what_to_do(make, code):
    data = make()
    assert len(data) < 2 * MB

    refusal = refusal_of(data)

    assert refusal.code == code
    assert refusal.messages == [REFUSALS[code]]
    with translation.override("zh-hans"):
        assert str(REFUSALS[code]).endswith("。")


def test_line_of_a_million_cells_is_one_with_too_many():
    refusal = refusal_of(b"a\n" + b"1" + b"," * MB + b"1\n")

    assert refusal.messages[0].startswith("Line 2 has more cells than there are columns.")


def test_sheet_as_large_as_there_can_be_is_read_where_little_stands_in_it():
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>2</v></c></row>'
    )
    far = {SHEET: sheet('<dimension ref="A1:XFD1048576"/>' + rows)}

    assert read(upload(workbook(far))) == Sheet(["1"], [["2"]], [1_048_576])


def test_many_parts_that_nobody_asked_for_are_not_read():
    # None of them could be.
    more = {f"xl/media/{number}.xml": "<!DOCTYPE x>" for number in range(5000)}
    more["xl/theme/theme1.xml"] = b" " * 61 * MB

    assert read(upload(workbook(more))).rows == [["Hale"]]


def test_two_thousand_rows_of_every_column_are_read_and_five_thousand_refused_in_words():
    def made(rows):
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer) as book:
            page = book.add_worksheet()
            for row in range(rows + 1):
                page.write_row(row, 0, [f"{row} {column}" for column in range(20)])
        return buffer.getvalue()

    table = read(upload(made(2000)))

    assert (len(table.headers), len(table.rows)) == (20, 2000)
    assert table.rows[-1][-1] == "2000 19"
    assert refusal_of(made(5000)).messages[0].startswith("This file has 5000 rows.")


def test_cells_are_read_as_one_would_type_them():
    book = openpyxl.Workbook()
    page = book.active
    values = [
        *(1, 2.5, 1e20, True, False, "007", dt.date(2027, 12, 31)),
        *(dt.datetime(2027, 1, 2, 3, 4), dt.time(9, 30), dt.timedelta(hours=30)),
    ]
    page.append(["x"] * len(values))
    page.append(values)
    buffer = io.BytesIO()
    book.save(buffer)

    assert read(upload(buffer.getvalue())).rows == [
        [
            *("1", "2.5", "100000000000000000000", "yes", "no", "007", "2027-12-31"),
            *("2027-01-02 03:04", "09:30:00", "1 day, 6:00:00"),
        ]
    ]


def test_dates_of_chinese_excel_and_of_the_mac_are_read():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"date_1904": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["a", "b", "c"])
        for column, code in enumerate([31, 'yyyy"年"m"月"d"日"']):
            page.write_datetime(
                1, column, dt.datetime(2027, 5, 6), book.add_format({"num_format": code})
            )
        page.write_number(1, 2, 7, book.add_format({"num_format": '0.00 "days"'}))

    assert read(upload(buffer.getvalue())).rows == [["2027-05-06", "2027-05-06", "7"]]


def test_text_in_pieces_is_one_and_how_it_is_read_aloud_is_left_out():
    strings = "<si><r><t>石</t></r><r><t>家庄</t></r><rPh><t>shi</t></rPh><phoneticPr/></si>"

    assert read(upload(workbook({STRINGS: part("sst", strings)}))).headers == ["石家庄"]


def test_refusal_leaves_the_page_as_it_was(organizer):
    bomb = upload(workbook({SHEET: sheet(" " * 61 * MB)}))

    response = organizer.post(reverse("admin:events_organization_import"), {"file": bomb})

    assert response.status_code == 200
    assert response.context["form"].errors["file"] == [REFUSALS["unpacks"]]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"lines": 1},
        {"lines": [[1, ["x"]]] * 2003},
        {"lines": [[1, ["x"] * 62]]},
        {"lines": [[1, []]]},
        {"lines": [["1", ["x"]]]},
        {"lines": [[1, [1]]]},
    ],
)
def test_answer_that_makes_no_sense_is_not_taken(told):
    with pytest.raises(importing.limited.Refused):
        importing._lines(told)
