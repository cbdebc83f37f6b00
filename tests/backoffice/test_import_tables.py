"""Tables as offices make them: what is read of them, and what is said about it."""

import csv
import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events.models import Expert, Organization
from projects.models import Project
from tests.backoffice.test_import import EXPERTS, confirm, errors, preview, sheet, workbook
from tests.workbooks import workbook as parts_of

PROJECTS = "admin:projects_project_import"
KNOWN = ["name_en", "name_zh_hans", "kind", "country"]
BETA = ["Beta Ltd", "贝塔公司", "company", "CN"]


def notes(response):
    return response.context.get("notes")


def imported(person, upload, url="admin:events_organization_import"):
    shown = preview(person, upload, url)
    assert "form" not in shown.context or not shown.context["form"].errors, shown.context[
        "form"
    ].errors
    confirm(person, shown, url)
    return notes(shown)


def book(*sheets):
    """A workbook of sheets: name, rows, and what is done to the sheet besides."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows, *changes in sheets:
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
        for change in changes:
            change(page)
    buffer = io.BytesIO()
    made.save(buffer)
    return SimpleUploadedFile("rows.xlsx", buffer.getvalue())


def test_every_row_between_empty_lines_is_imported(organizer):
    rows = [[f"Gap {number:04}", "", "company", "CN"] for number in range(1500)]
    spaced = [each for row in rows for each in (row, [None])]

    assert imported(organizer, book(("A", [KNOWN, *spaced]))) == []

    assert Organization.objects.count() == 1500


@pytest.mark.parametrize("rows", [2001, 2500])
def test_more_rows_than_can_be_read_are_refused_however_they_are_spaced(organizer, rows):
    text = "name_en\n" + "\n".join(f"A{number}\n" for number in range(rows))

    response = preview(organizer, sheet(text))

    assert f"has {rows} rows" in str(response.context["form"].errors["file"])


def test_rows_that_are_too_many_to_be_counted_are_refused_in_words(organizer):
    response = preview(organizer, sheet("name_en\n" + "A\n" * 60_000))

    assert "more than 2000 rows" in str(response.context["form"].errors["file"])


def test_column_names_below_a_title_are_found(organizer):
    title = book(("A", [["2027年参会机构名单"], [], KNOWN, BETA], lambda p: p.merge_cells("A1:D1")))

    said = imported(organizer, title)

    assert said == ["Line 3 was read as the column names. What is above it was not read."]
    assert Organization.objects.get().name_zh_hans == "贝塔公司"


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nname_en;city_en\nHale;Leeds\n",
        'SEP=;\r\n"name_en";"city_en"\r\n"Hale";"Leeds"\r\n',
        "\nname_en;city_en\nHale;Leeds\n",
        ";;\nname_en;city_en\nHale;Leeds\n",
        "name_en\tcity_en\nHale\tLeeds\n",
        "name_en|city_en\nHale|Leeds\n",
        "名称（英文）,城市（英文）\nHale,Leeds\n",
        "名称(英文)*;城市 （英文）（必填）\nHale;Leeds\n",
        "* Name (English) ,CITY (ENGLISH)\nHale,Leeds\n",
        "name_en*,City_EN\nHale,Leeds\n",
        "Name EN,city-en (required)\nHale,Leeds\n",
        "name_en,city_en,,\nHale,Leeds,,\n",
        "List of 2027; as of May\nname_en,city_en\nHale,Leeds\n",
    ],
)
def test_column_names_are_known_however_they_are_written_and_separated(organizer, text):
    imported(organizer, sheet(text))

    made = Organization.objects.get()
    assert (made.name_en, made.city_en) == ("Hale", "Leeds")


@pytest.mark.parametrize("url", ["admin:events_organization_import", EXPERTS, PROJECTS])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_heading_that_the_page_shows_is_known(organizer, url, language):
    organizer.cookies["django_language"] = language
    page = organizer.get(reverse(url))
    columns = page.context["columns"]
    text = io.StringIO()
    csv.writer(text).writerows([[meaning for _name, meaning, _hint in columns], ["x"]])

    response = preview(organizer, sheet(text.getvalue()), url)

    assert not response.context["form"].errors
    assert response.context["columns_shown"] == [name for name, _meaning, _hint in columns]


def test_column_names_in_two_languages_are_no_row(organizer):
    said = imported(
        organizer, sheet("name_en,kind\n名称（英文）,类型\nHale,company\nname_en,kind\n")
    )

    assert said == ["Lines 2, 4 repeat the column names and were not read."]
    assert Organization.objects.get().name_en == "Hale"


def test_a_file_without_a_name_is_refused_with_its_columns_and_the_line_of_names(organizer):
    response = preview(organizer, sheet("Liste\n特长,country\n1,CN\n"))

    said = [str(error) for error in response.context["form"].errors["file"]]
    assert said[0].startswith("No column says what the rows are about.")
    assert "These columns are not known: 特长." in said[0]
    assert said[1:] == ["Line 2 was read as the column names."]


def test_one_column_under_two_names_is_refused(organizer):
    response = preview(organizer, sheet("name_en,名称（英文）\nA,B\n"))

    assert "appear twice: name_en" in str(response.context["form"].errors["file"])


def test_the_sheet_that_has_the_column_names_is_read_and_the_others_are_named(organizer):
    said = imported(
        organizer,
        book(
            ("说明", [["填表说明"], ["name_en", "英文名称"]]),
            ("名单", [KNOWN, BETA]),
            ("Sheet3", []),
            ("旧名单", [["甲"]]),
        ),
    )

    assert said == ["The sheet “名单” was read. Not read: 说明, 旧名单."]
    assert Organization.objects.get().name_en == "Beta Ltd"


def test_of_two_sheets_that_fit_the_first_one_is_read_and_a_hidden_one_never(organizer):
    def hide(page):
        page.sheet_state = "hidden"

    said = imported(
        organizer,
        book(
            ("A", [KNOWN, ["Old", "旧", "company", "CN"]], hide),
            ("B", [KNOWN, BETA]),
            ("C", [KNOWN, BETA]),
        ),
    )

    assert said == ["The sheet “B” was read. Not read: A, C."]
    assert Organization.objects.get().name_en == "Beta Ltd"


def test_hidden_rows_and_columns_are_read_and_told(organizer):
    def hide(page):
        page.row_dimensions[3].hidden = True
        page.column_dimensions["D"].hidden = True

    said = imported(organizer, book(("A", [KNOWN, BETA, ["Gamma", "", "company", "GB"]], hide)))

    assert said == ["1 hidden row was read as well.", "1 hidden column was read as well."]
    assert Organization.objects.count() == 2


def test_strict_open_xml_is_read_and_told(organizer):
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(("A", [KNOWN, BETA])).read())) as old,
        zipfile.ZipFile(buffer, "w") as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            for kind in (b"spreadsheetml/2006/main", b"officeDocument/2006/relationships"):
                strict = kind.replace(b"/2006", b"")
                part = part.replace(
                    b"http://schemas.openxmlformats.org/" + kind,
                    b"http://purl.oclc.org/ooxml/" + strict,
                )
            new.writestr(name, part)

    said = imported(organizer, SimpleUploadedFile("strict.xlsx", buffer.getvalue()))

    assert "Strict Open XML" in said[0]
    assert "Excel Workbook (*.xlsx)" in said[0]
    assert Organization.objects.get().name_en == "Beta Ltd"


def of_parts(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (of_parts("mimetype", "content.xml"), "workbook of another kind"),
        (of_parts("[Content_Types].xml", "xl/workbook.bin"), "workbook of another kind"),
        (of_parts("Index/Document.iwa"), "workbook of another kind"),
        (b"<html><table><tr><td>name_en</td></tr></table></html>", "a web page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "a web page"),
        ("name_en\nMüller\n".encode("cp1252"), "could not be determined"),
        ("name_en\nCafé\n".encode("latin-1"), "could not be determined"),
        ("name_en\nHale\n".encode("utf-16-le"), "neither a CSV, an XLSX"),
        (b"%PDF-1.7\n\x00\x01", "neither a CSV, an XLSX"),
        (parts_of({"xl/workbook.xml": "<workbook/>"}), "not a readable XLSX"),
    ],
)
def test_what_is_no_table_of_ours_is_refused_with_what_to_do(organizer, data, words):
    response = preview(organizer, SimpleUploadedFile("rows.xlsx", data))

    assert words in str(response.context["form"].errors["file"])


def test_characters_that_were_guessed_are_told(organizer):
    said = imported(organizer, sheet("name_zh_hans\n市医院\n", encoding="gb18030"))

    assert said[0].startswith("The text was read as GB18030.")
    assert imported(organizer, sheet("name_zh_hans\n县医院\n")) == []
    assert imported(organizer, sheet("名称（中文）\n县科技局\n", encoding="utf-8")) == []
    unicode_text = sheet("name_zh_hans\tkind\n省医院\tcompany\n", encoding="utf-16")
    assert imported(organizer, unicode_text) == []
    assert Organization.objects.count() == 4


def test_an_apostrophe_that_an_export_put_before_a_formula_goes_again(organizer):
    text = "name_en,city_en\n\"'=Hale; '+44\",\"x, '@y\"\nO'Neill,'s-Hertogenbosch\n"

    imported(organizer, sheet(text))

    assert set(Organization.objects.values_list("name_en", "city_en")) == {
        ("=Hale; +44", "x, @y"),
        ("O'Neill", "'s-Hertogenbosch"),
    }


def test_names_of_countries_and_languages_are_known_as_offices_write_them(organizer):
    rows = [["Ann", "England", "日语/英语"], ["Bea", "中国台湾", "Mandarin"]]

    imported(organizer, workbook(["name_en", "country", "languages"], *rows), EXPERTS)

    assert list(Expert.objects.order_by("name_en").values_list("country", "languages")) == [
        ("GB", ["ja", "en"]),
        ("TW", ["zh"]),
    ]


def test_the_preview_says_what_a_word_was_taken_for(organizer):
    rows = sheet("name_en,country,languages\nAnn,England,日语/英语\nBea,GB,\nCid,Japan,English\n")

    shown = preview(organizer, rows, EXPERTS)

    assert [row["cells"] for row in shown.context["rows"]] == [
        ["Ann", "England → United Kingdom", "日语/英语 → Japanese, English"],
        ["Bea", "GB → United Kingdom", ""],
        ["Cid", "Japan", "English"],
    ]


def test_days_come_from_every_format_and_from_text(organizer):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        page = made.add_worksheet()
        page.write_row(0, 0, ["title_en", "kind", "maturity", "summary_en", "valid_until"])
        formats = [14, *range(27, 32), 36, *range(50, 55), 57, 58, 71, 81]
        for line, number in enumerate(formats, 1):
            page.write_row(line, 0, [f"P{number}", "offer", "5", "s"])
            page.write_number(line, 4, 46752, made.add_format({"num_format": number}))
        page.write_row(line + 1, 0, ["text", "offer", "5", "s", "2027年12月31日"])

    imported(organizer, SimpleUploadedFile("rows.xlsx", buffer.getvalue()), PROJECTS)

    days = Project.objects.values_list("valid_until", flat=True)
    assert {str(day) for day in days} == {"2027-12-31"}
    assert len(days) == len(formats) + 1


def test_errors_of_cells_are_told_with_line_and_column(organizer):
    rows = book(("A", [KNOWN, ["#N/A", "计量公司", "company", "#REF!"], BETA]))

    response = preview(organizer, rows)

    assert errors(response) == [(2, "name_en"), (2, "country")]
    assert response.context["errors"][0][2] == (
        "“#N/A” is an error of the spreadsheet. Correct the formula, or type the value."
    )
    assert "payload" not in response.context


def test_rows_alike_are_asked_about_with_the_notes_kept_and_never_past_a_cell_in_error(organizer):
    Organization.objects.create(name_en="Beta Ltd", slug="beta")
    page = reverse("admin:events_organization_import")

    asked = preview(organizer, book(("A", [["List"], KNOWN, BETA])))
    again = organizer.post(page, {"alike": asked.context["alike"]})
    broken = preview(organizer, book(("A", [KNOWN, [*BETA[:3], "#REF!"]])))

    assert notes(again) == notes(asked) != []
    assert "payload" in again.context
    assert "alike" not in broken.context
    assert (2, "country") in errors(broken)
