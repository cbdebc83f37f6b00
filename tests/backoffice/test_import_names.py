"""Files as offices write them: what columns and rows are called, and what goes out and in again."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from backoffice.imports import ExpertResource, OrganizationResource
from backoffice.project_imports import ProjectResource
from events.models import Expert, Organization
from projects.models import Project
from summit.lib.files.sheet_headings import plain_heading
from summit.lib.spreadsheets import xlsx_file
from tests import factories
from tests.backoffice.test_import import (
    EXPERTS,
    ORGANIZATIONS,
    confirm,
    errors,
    preview,
    sheet,
)

PROJECTS = "admin:projects_project_import"
PAGES = {OrganizationResource: ORGANIZATIONS, ExpertResource: EXPERTS, ProjectResource: PROJECTS}


def text_of(*rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return sheet(text.getvalue())


@pytest.mark.parametrize("resource", PAGES)
def test_every_other_heading_is_known_alone(resource):
    headings = resource.headings()

    for name, others in resource.other_headings.items():
        for other in others:
            assert headings[plain_heading(other)] == name, other


@pytest.mark.parametrize(
    ("heading", "cell", "expected"),
    [
        ("单位名称", "市医院", ("", "市医院")),
        ("机构全称", "City Hospital", ("City Hospital", "")),
        ("名称", "市医院\nCity Hospital", ("City Hospital", "市医院")),
        ("名称", "市医院 / City Hospital", ("City Hospital", "市医院")),
        ("Name", "NHS英格兰", ("", "NHS英格兰")),
        ("英文名称", "City Hospital", ("City Hospital", "")),
        ("中文名称*", "市医院", ("", "市医院")),
        ("单位名称（英文）", "City Hospital", ("City Hospital", "")),
        ("Name in Chinese", "市医院", ("", "市医院")),
        ("名称（中文）\nName (Chinese)", "市医院", ("", "市医院")),
        ("名称（英文）/ Name (English)", "City Hospital", ("City Hospital", "")),
    ],
)
def test_a_name_goes_to_the_column_of_its_language(organizer, heading, cell, expected):
    confirm(organizer, preview(organizer, text_of([heading, "序号"], [cell, 1])))

    made = Organization.objects.get()
    assert (made.name_en, made.name_zh_hans) == expected


def test_two_names_for_one_language_are_refused(organizer):
    response = preview(organizer, text_of(["名称", "中文名称"], ["市医院", "省医院"]))

    assert response.context["errors"] == [
        (
            2,
            "name_zh_hans",
            "“省医院” and “市医院” are both names of this column. Keep one of them.",
        )
    ]
    assert response.context["told_errors"][0][1:3] == ("中文名称", "市医院")


@pytest.mark.parametrize(
    "named",
    ["hale-labs", "Hale Labs", "ＨＡＬＥ labs", "黑尔实验室", "黑爾實驗室", "Hale", " HALE "],
)
def test_an_organization_is_named_in_either_language_shortly_or_by_its_slug(organizer, named):
    labs = factories.organization(
        slug="hale-labs", name_en="Hale Labs", name_zh_hans="黑尔实验室", short_name_en="Hale"
    )

    confirm(
        organizer, preview(organizer, text_of(["姓名", "单位"], ["安", named]), EXPERTS), EXPERTS
    )

    assert Expert.objects.get().affiliations.get().organization == labs


def test_two_that_are_meant_are_both_named_and_nothing_is_written(organizer):
    for slug, city in (("one", "Leeds"), ("two", "York")):
        factories.organization(slug=slug, name_en="City Hospital", city_en=city)

    response = preview(
        organizer, text_of(["姓名", "单位"], ["安", "City hospital"], ["贝", "one"]), EXPERTS
    )

    [(line, column, said)] = response.context["errors"]
    assert (line, column) == (2, "organization")
    assert said.startswith("“City hospital” could be any of these: City Hospital · Leeds")
    assert "· one; City Hospital · York" in said
    assert said.endswith("· two. Write the slug instead.")
    assert not Expert.objects.exists()


def test_what_is_added_to_a_name_tells_two_apart(organizer):
    factories.organization(slug="one", name_en="City Hospital", city_en="Leeds")
    york = factories.organization(slug="two", name_en="City Hospital", city_en="York")

    shown = preview(organizer, text_of(["姓名", "单位"], ["安", "City Hospital (York)"]), EXPERTS)
    confirm(organizer, shown, EXPERTS)

    assert Expert.objects.get().affiliations.get().organization == york


def test_sectors_modes_and_owner_are_named_as_they_read(organizer):
    blood = factories.sector(name_zh_hans="血液检测", slug="blood")
    heart = factories.sector(name_en="Heart, lung", slug="heart")
    factories.mode(name_zh_hans="整体出让", slug="to-sell")
    factories.organization(name_zh_hans="朝雾医疗", slug="asagiri")

    text = text_of(
        ["项目名称", "技术领域", "合作方式", "所属单位", "成熟度"],
        ["远程检测", "血液检测、heart", "整体出让", "朝雾医疗", "TRL6"],
        ["心肺检测", "Heart, lung", "", "", "六级"],
    )
    confirm(organizer, preview(organizer, text, PROJECTS), PROJECTS)

    first, second = Project.objects.order_by("pk")
    assert set(first.sectors.all()) == {blood, heart}
    assert (first.owner.slug, first.modes.get().slug, first.maturity) == ("asagiri", "to-sell", 6)
    assert (list(second.sectors.all()), second.maturity) == ([heart], 6)


def test_a_row_of_a_known_credit_code_changes_the_organization_that_has_it(organizer):
    stored = factories.organization(name_zh_hans="旧名称", credit_code="91350100M000100Y43")
    text = text_of(
        ["单位名称", "统一社会信用代码"],
        ["新名称", "91350100 M000100Y43"],
        ["另一家", "91350211M0000XUF46"],
    )

    shown = preview(organizer, text)
    confirm(organizer, shown)

    stored.refresh_from_db()
    assert stored.name_zh_hans == "新名称"
    assert Organization.objects.count() == 2
    assert shown.context["notes"] == [
        "另一家: The last character of the unified social credit code does not match the others. "
        "Compare it with the certificate."
    ]


def test_rows_like_those_that_exist_change_them_when_asked_to(organizer):
    stored = factories.organization(name_zh_hans="市医院", city_zh_hans="")
    shown = preview(organizer, text_of(["单位名称", "城市"], ["市医院", "石家庄"]))
    assert errors(shown) == [(2, "slug")]

    again = organizer.post(
        reverse(ORGANIZATIONS), {"alike": shown.context["alike"], "take": "change"}
    )
    assert [row["changed"] for row in again.context["rows"]] == [["city_zh_hans"]]
    confirm(organizer, again)

    stored.refresh_from_db()
    assert stored.city_zh_hans == "石家庄"
    assert Organization.objects.count() == 1


def test_columns_that_are_not_kept_are_left_out_and_told_by_name(organizer):
    header = ["单位名称", "传真", "性别\nGender", "身份证号", "", "Form"]
    row = ["市医院", "0311-1", "女", "130102", "more", "7"]

    shown = preview(organizer, text_of(header, row))

    assert shown.context["notes"] == [
        "Not imported, as personal data that this site does not need: 性别 Gender, 身份证号.",
        "These columns are not known here and were left out: 传真, a column without a heading, "
        "Form.",
    ]
    assert shown.context["columns_shown"] == ["name"]
    confirm(organizer, shown)
    assert Organization.objects.get().name_zh_hans == "市医院"


def test_examples_and_totals_are_no_rows_and_are_told(organizer):
    shown = preview(
        organizer,
        text_of(
            ["序号", "单位名称"], ["示例", "某公司"], [1, "市医院"], [2, "示例"], ["合计", "2家"]
        ),
    )

    assert shown.context["notes"] == [
        "Line 2 is marked as an example and was not read.",
        "Line 5 is a total and was not read.",
    ]
    assert shown.context["reading"] == [
        "CSV in UTF-8 with commas between the cells, column names in line 1: 2 of 4 rows read."
    ]
    confirm(organizer, shown)
    assert [each.name_zh_hans for each in Organization.objects.order_by("pk")] == ["市医院", "示例"]


def test_it_is_said_which_sheet_and_encoding_were_read(organizer):
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["填表说明"])
    page = book.create_sheet("名单")
    for row in (["名单"], [], ["单位名称"], ["市医院"], [None], ["省医院"]):
        page.append(row)
    hidden = book.create_sheet("旧")
    hidden.append(["单位名称"])
    hidden.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)

    shown = preview(organizer, SimpleUploadedFile("a.xlsx", buffer.getvalue()))

    assert shown.context["reading"] == [
        "Sheet “名单”, column names in line 3: 2 of 2 rows read.",
        "The sheet 旧 is hidden and was not read.",
    ]
    text = "单位名称;城市\n市医院;石家庄\n"
    shown = preview(organizer, sheet(text, encoding="gbk"))
    assert shown.context["reading"] == [
        "CSV in GB18030 with semicolons between the cells, column names in line 1: "
        "1 of 1 rows read."
    ]


def test_merged_column_names_are_refused_with_what_to_do(organizer):
    book = openpyxl.Workbook()
    for row in (["单位名称", None, "城市"], ["市医院", "City Hospital", "石家庄"]):
        book.active.append(row)
    book.active.merge_cells("A1:B1")
    buffer = io.BytesIO()
    book.save(buffer)

    response = preview(organizer, SimpleUploadedFile("a.xlsx", buffer.getvalue()))

    assert response.context["form"].errors["file"] == [
        "The cells A1:B1 are merged in line 1, which holds the column names. Unmerge them and "
        "give each column a name of its own."
    ]


def test_merged_organization_of_several_people_is_of_each(organizer):
    factories.organization(name_zh_hans="市医院")
    book = openpyxl.Workbook()
    for row in (["姓名", "单位"], ["安", "市医院"], ["贝", None]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    buffer = io.BytesIO()
    book.save(buffer)

    shown = preview(organizer, SimpleUploadedFile("a.xlsx", buffer.getvalue()), EXPERTS)
    confirm(organizer, shown, EXPERTS)

    assert [
        each.primary_affiliation.organization.name_zh_hans for each in Expert.objects.all()
    ] == [
        "市医院",
        "市医院",
    ]


def _stored():
    """Rows with everything filled in, two of which have names that are not theirs alone."""
    for number in (1, 2):
        factories.organization(
            name_en="City Hospital", slug=f"city-{number}", kind="hospital", country="HK"
        )
    labs = factories.organization(
        name_en="Smith, Jones & Co", credit_code="91350100M000100Y43", city_zh_hans="石家庄"
    )
    expert = factories.expert(
        honorific_en="Dr",
        languages=["en", "zh"],
        country="KR",
        biography_en="A\n\nB",
        is_public=False,
    )
    factories.affiliation(expert=expert, organization=Organization.objects.get(slug="city-2"))
    factories.expert(name_en="", name_zh_hans="王伟")
    factories.project(
        owner=labs,
        sectors=[factories.sector(name_en="Heart, lung"), factories.sector()],
        modes=[factories.mode()],
        kind="request",
        property_status="granted",
        valid_until=dt.date(2027, 12, 31),
        description_zh_hans="一、甲\n二、乙",
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("resource", PAGES)
def test_what_was_exported_goes_in_again_without_a_difference(organizer, resource, language):
    _stored()
    rows = resource._meta.model.objects.order_by("pk")
    with translation.override(language):
        header = resource.header()
        cells = list(resource().exported(rows))
        with xlsx_file(
            header, cells, resource.kinds(), widths=[10] * len(header), sheet="A"
        ) as file:
            data = file.read()

    shown = preview(organizer, SimpleUploadedFile("a.xlsx", data), PAGES[resource])

    assert shown.context["errors"] == []
    assert [row["kind"] for row in shown.context["rows"]] == ["skip"] * rows.count()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("resource", PAGES)
def test_the_file_to_fill_in_is_read_once_it_is_filled_in(organizer, resource, language):
    factories.sector(name_en="Blood")
    organizer.cookies["django_language"] = language
    url = PAGES[resource].replace("_import", "_import_workbook")
    book = openpyxl.load_workbook(io.BytesIO(organizer.get(reverse(url)).content))
    table = book.worksheets[0]
    headings = [cell.value for cell in table[1]]
    name = next(place for place, text in enumerate(headings, 1) if "中文" in text)
    assert len(headings) == len(resource.written()) + 1
    assert table.data_validations.dataValidation

    table.cell(3, name, "填入的名称")
    buffer = io.BytesIO()
    book.save(buffer)
    shown = preview(organizer, SimpleUploadedFile("a.xlsx", buffer.getvalue()), PAGES[resource])

    confirm(organizer, shown, PAGES[resource])
    assert resource._meta.model.objects.filter(slug="tian-ru-de-ming-cheng").exists()


def test_workbook_of_names_opens_for_nobody_who_may_not_import(auditor):
    assert auditor.get(reverse("admin:events_organization_import_workbook")).status_code == 403


def test_from_a_page_of_an_event_the_import_keeps_it_in_sight_and_ends_there(organizer):
    event = factories.event()
    there = reverse("admin:events_event_overview", args=[event.pk])
    url = f"{reverse(ORGANIZATIONS)}?event={event.pk}&_back={there}"

    page = organizer.get(url)
    assert page.context["event_in_sight"] == event
    assert f'href="{there}"' in page.text
    shown = organizer.post(page.context["import_url"], {"file": text_of(["单位名称"], ["市医院"])})
    answer = organizer.post(shown.context["process_url"], {"payload": shown.context["payload"]})

    assert answer.url == there
    elsewhere = organizer.get(reverse(ORGANIZATIONS) + "?_back=https://example.com/")
    assert elsewhere.context["back_url"] == reverse("admin:events_organization_changelist")
