import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events.models import Expert, Organization
from tests import factories

ORGANIZATIONS = "admin:events_organization_import"
EXPERTS = "admin:events_expert_import"


def sheet(text, *, encoding="utf-8-sig", name="rows.csv"):
    return SimpleUploadedFile(name, text.encode(encoding) if isinstance(text, str) else text)


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return SimpleUploadedFile("rows.xlsx", buffer.getvalue())


def preview(person, upload, url=ORGANIZATIONS):
    return person.post(reverse(url), {"file": upload})


def confirm(person, response, url=ORGANIZATIONS):
    assert response.context["errors"] == [], response.context["errors"]
    payload = response.context["payload"]
    return person.post(reverse(url.replace("_import", "_process_import")), {"payload": payload})


def errors(response):
    return [(line, column) for line, column, _text in response.context["errors"]]


@pytest.mark.parametrize(
    "name", ["HK", "ＨＫ", "中国香港", "中國香港", "Hong Kong, China", "香港", "hong\u200b kong"]
)
def test_region_is_known_by_each_of_its_names(organizer, name):
    shown = preview(organizer, sheet(f'name_en,country\nHale Labs,"{name}"\n'))

    confirm(organizer, shown)

    assert Organization.objects.get().country.code == "HK"


def test_preview_writes_nothing_and_confirming_writes_what_was_shown(organizer):
    text = "name_en,name_zh_hans,kind,country\nHale Labs,黑尔实验室,Company,英国\n"

    shown = preview(organizer, sheet(text))

    assert not Organization.objects.exists()
    assert "黑尔实验室" in shown.text

    confirm(organizer, shown)

    made = Organization.objects.get()
    assert (made.slug, made.pinyin, made.kind, made.country.code) == (
        "hale-labs",
        "hei er shi yan shi",
        "company",
        "GB",
    )
    assert made.history.get().history_user == organizer.user


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_as_spreadsheets_write_it(organizer, encoding):
    upload = sheet("name_zh_hans\n石家庄市科学技术局\n", encoding=encoding)

    confirm(organizer, preview(organizer, upload))

    assert Organization.objects.get().name_zh_hans == "石家庄市科学技术局"


def test_semicolons_are_read_as_well(organizer):
    confirm(organizer, preview(organizer, sheet("name_en;city_en\nHale Labs;Leeds\n")))

    assert Organization.objects.get().city_en == "Leeds"


def test_xlsx_is_read(organizer):
    upload = workbook(["name_zh_hans", "is_public"], ["市医院", False], [None, None])

    confirm(organizer, preview(organizer, upload))

    made = Organization.objects.get()
    assert (made.name_zh_hans, made.is_public) == ("市医院", False)


def test_every_error_is_named_with_its_line_and_column(organizer):
    text = (
        "slug,name_en,kind,country,website,is_public\n"
        "a,A,firm,GB,https://example.org,yes\n"
        "\n"
        "b,B,company,Atlantis,no address,perhaps\n"
        "a,,company,GB,,\n"
        "Not A Slug,C,company,GB,,\n"
    )

    response = preview(organizer, sheet(text))

    assert errors(response) == [
        (2, "kind"),
        (4, "country"),
        (4, "is_public"),
        (4, "website"),
        (5, "slug"),
        (5, "name_en"),
        (6, "slug"),
    ]
    assert "payload" not in response.context
    assert not Organization.objects.exists()


def test_errors_are_in_the_language_of_the_reader(organizer):
    organizer.cookies["django_language"] = "zh-hans"

    response = preview(organizer, sheet("name_en,website\nA,no address\n"))

    assert errors(response) == [(2, "website")]
    assert 'lang="zh-hans"' in response.text


def test_row_with_a_known_slug_changes_what_is_stored_and_empty_cells_change_nothing(organizer):
    factories.organization(slug="hale", name_en="Hale", city_en="Leeds", city_zh_hans="利兹")

    shown = preview(organizer, sheet("slug,name_en,city_en\nhale,Hale Labs,\n"))

    assert [row["changed"] for row in shown.context["rows"]] == [["name_en"]]

    confirm(organizer, shown)

    stored = Organization.objects.get()
    assert (stored.name_en, stored.city_en, stored.city_zh_hans) == ("Hale Labs", "Leeds", "利兹")


def test_import_of_the_same_file_again_changes_nothing(organizer):
    text = "slug,name_en,kind\nhale,Hale Labs,company\n"
    confirm(organizer, preview(organizer, sheet(text)))

    again = preview(organizer, sheet(text))

    assert [row["kind"] for row in again.context["rows"]] == ["skip"]
    confirm(organizer, again)
    assert Organization.objects.get().history.count() == 1


def test_row_without_slug_whose_name_exists_is_refused(organizer):
    factories.organization(slug="hale", name_en="Hale Labs")

    response = preview(organizer, sheet("name_en\nHale Labs\n"))

    assert errors(response) == [(2, "slug")]
    assert "hale" in response.context["errors"][0][2]


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (sheet(b"", name="empty.csv"), "no rows"),
        (sheet("name_en\n"), "no rows"),
        (sheet("colour,country\nred,CN\n"), "not known: colour"),
        (sheet("name_en,name_en\nA,B\n"), "appear twice"),
        (sheet("name_en\nA,B\n"), "more cells"),
        (sheet(b"\x00\x01\x02\xff\xfe" * 50, name="rows.csv"), "neither a CSV, an XLSX"),
        (sheet(b"PK\x03\x04 broken", name="rows.xlsx"), "not a readable XLSX"),
        (sheet(b"\xd0\xcf\x11\xe0 old", name="rows.xls"), "old Excel"),
        (sheet('name_en\n"unfinished\n'), "not a readable CSV"),
        (sheet("name_en\n" + "A\n" * 2001), "has 2001 rows"),
        (sheet(b"name_en\n" + b"x" * 3_000_000), "2.9"),
    ],
)
def test_broken_file_gets_a_plain_message(organizer, upload, words):
    response = preview(organizer, upload)

    assert response.status_code == 200
    assert words in str(response.context["form"].errors["file"])
    assert not Organization.objects.exists()


def test_missing_file_gets_a_plain_message(organizer):
    response = organizer.post(reverse(ORGANIZATIONS), {})

    assert response.context["form"].errors["file"] == ["This field is required."]


def test_preview_that_was_tampered_with_is_refused(organizer):
    response = organizer.post(
        reverse("admin:events_organization_process_import"), {"payload": "forged"}, follow=True
    )

    assert "too old" in response.text
    assert not Organization.objects.exists()


def test_preview_of_somebody_else_is_refused(organizer, superuser):
    shown = preview(organizer, sheet("name_en\nA\n"))

    confirm(superuser, shown)

    assert not Organization.objects.exists()


def test_what_changed_since_the_preview_stops_all_of_it(organizer):
    shown = preview(organizer, sheet("name_en\nA\nB\n"))
    factories.organization(name_en="B", slug="b")

    response = confirm(organizer, shown)

    assert errors(response) == [(3, "slug")]
    assert Organization.objects.count() == 1


def test_expert_comes_with_languages_and_affiliation(organizer):
    nhs = factories.organization(slug="nhs")
    text = (
        "name_en,name_zh_hans,languages,organization,position_en,position_zh_hans\n"
        'Ann Hale,安·黑尔,"en, 中文",nhs,Consultant,顾问医师\n'
    )

    confirm(organizer, preview(organizer, sheet(text), EXPERTS), EXPERTS)

    made = Expert.objects.get()
    assert made.languages == ["en", "zh"]
    affiliation = made.affiliations.get()
    assert (affiliation.organization, affiliation.position_zh_hans) == (nhs, "顾问医师")
    assert affiliation.is_primary


def test_expert_of_an_unknown_organization_or_language_is_refused(organizer):
    text = "name_en,languages,organization\nAnn Hale,klingon,nowhere\n"

    response = preview(organizer, sheet(text), EXPERTS)

    assert sorted(errors(response)) == [(2, "languages"), (2, "organization")]
    assert not Expert.objects.exists()


def test_template_opens_in_excel_and_can_be_filled_in(organizer):
    response = organizer.get(reverse("admin:events_organization_import_template"))

    assert response.content.startswith(b"\xef\xbb\xbf")
    headers = response.content.decode("utf-8-sig").strip()
    filled = headers + "\n" + "hale,Hale" + "," * (headers.count(",") - 1) + "\n"
    assert preview(organizer, sheet(filled)).context["errors"] == []
