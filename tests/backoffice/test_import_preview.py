"""What a preview says: what changes from what to what, and where an error is."""

import pytest
from django.urls import reverse

from tests import factories
from tests.backoffice.test_import import preview, sheet, workbook
from tests.backoffice.test_programme_import import event as two_days
from tests.backoffice.test_programme_import import url as programme_url

ORGANIZATIONS = "admin:events_organization_import"
EXPERTS = "admin:events_expert_import"
PROJECTS = "admin:projects_project_import"

FANG = {"name_en": "", "name_zh_hans": "王芳", "position_en": "", "position_zh_hans": ""}

pytestmark = pytest.mark.django_db


def changes(page):
    assert page.context["errors"] == [], page.context["errors"]
    return [
        [(each.label, each.old, each.new) for each in row["changes"]]
        for row in page.context["rows"]
    ]


def test_a_change_is_told_from_what_to_what(organizer):
    stored = {"name_zh_hans": "市医院", "city_zh_hans": "石家庄", "country": ""}
    factories.organization(slug="hospital", **stored)
    rows = sheet("slug,单位名称,城市,国别,是否公开\nhospital,市医院,保定,英国,\n")

    shown = preview(organizer, rows)

    assert changes(shown) == [
        [("Country/region", "", "United Kingdom"), ("City (Chinese)", "石家庄", "保定")]
    ]
    assert "<del>石家庄</del> →" in " ".join(shown.text.split())


def test_links_and_positions_are_told_from_what_to_what(organizer):
    heart = factories.sector(name_en="Heart", name_zh_hans="心脏")
    factories.sector(name_en="Blood", name_zh_hans="血液")
    factories.project(slug="tests", sectors=[heart])
    leeds = factories.organization(name_en="Leeds")
    expert = factories.expert(slug="hale")
    factories.affiliation(expert=expert, organization=leeds, position_en="Reader")

    sectors = workbook(["slug", "sectors"], ["tests", "血液\n心脏"])
    of_project = preview(organizer, sectors, PROJECTS)
    of_expert = preview(
        organizer,
        workbook(["slug", "organization", "position_en"], ["hale", "Leeds", "Professor"]),
        EXPERTS,
    )

    assert changes(of_project) == [[("Sectors", "Heart", "血液, 心脏")]]
    assert changes(of_expert) == [[("Position (English)", "Reader", "Professor")]]


def test_times_and_people_of_a_session_are_told_from_what_to_what(organizer):
    event = two_days()
    session = factories.session(
        event=event,
        slug="opening",
        starts_at=event.starts_at.replace(hour=9),
        ends_at=event.starts_at.replace(hour=10),
    )
    factories.programme_person(event=event, session=session, role="host", **FANG)
    header = ["slug", "start", "end", "主持人"]
    rows = workbook(header, ["opening", "5月20日 10:00", "11:00", "李明"])

    shown = organizer.post(programme_url(event), {"file": rows})

    [[time, hosts]] = changes(shown)
    assert time[1:] == (
        f"{session.starts_at:%Y-%m-%d} 09:00-10:00",
        f"{session.starts_at:%Y-%m-%d} 10:00-11:00",
    )
    assert hosts == ("Hosts", "王芳", "李明")


@pytest.mark.parametrize(
    ("header", "row", "column"),
    [
        (["单位名称", "国  别"], ["市医院", "Atlantis"], "国 别"),
        (["*Name_EN", "country"], ["Hale Labs", "Atlantis"], "country"),
        (["单位名称", "性质"], ["", "企业"], "单位名称"),
        (["slug", "单位简介", "性质"], ["x", "y", "?"], "性质"),
    ],
)
def test_an_error_names_the_column_as_the_file_does(organizer, header, row, column):
    shown = preview(organizer, workbook(header, row))

    assert column in [name for _line, name, _row, _text in shown.context["told_errors"]]
    assert not {name for _line, name, _row, _text in shown.context["told_errors"]} & {
        "name_en",
        "country_code",
    }


def test_an_error_of_a_column_that_is_not_in_the_file_has_its_label(organizer):
    organizer.cookies["django_language"] = "zh-hans"

    shown = preview(organizer, workbook(["信用代码", "性质"], ["91350100M000100Y43", "企业"]))

    names = [name for _line, name, _row, _text in shown.context["told_errors"]]
    assert names and not [name for name in names if name.isascii()]


def test_columns_that_appear_twice_are_named_as_the_file_names_them(organizer):
    shown = preview(organizer, workbook(["单位名称", "企业名称"], ["市医院", "市医院"]))

    assert "appear twice: 单位名称, 企业名称" in str(shown.context["form"].errors["file"])


def test_a_file_without_a_column_that_names_its_rows_is_refused_with_what_is_needed(organizer):
    shown = preview(organizer, workbook(["Firm", "国别"], ["Hale Labs", "英国"]))

    errors = shown.context["form"].errors["file"]
    assert "not known: Firm" in errors[0]
    assert "Name (English)" in errors[0]
    assert "name_en" not in errors[0]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_list_of_attendees_is_read_without_the_details_that_are_not_kept(organizer, language):
    organizer.cookies["django_language"] = language
    event = factories.registration_settings(event=factories.upcoming_event()).event
    rows = workbook(
        ["序号", "姓名", "性别", "民族", "身份证号", "工作单位", "抵达车次"],
        [1, "李明", "男", "汉", "130102199001011234", "市医院", "G123"],
    )
    url = reverse("admin:events_event_attendees_import", args=[event.pk])

    shown = organizer.post(url, {"file": rows, "source": "list of 3 May", "way": "confirmed"})

    assert shown.context["errors"] == []
    assert shown.context["columns_shown"] == ["name", "organization_name"]
    personal, unknown = shown.context["notes"]
    assert [name in personal for name in ("性别", "民族", "身份证号")] == [True] * 3
    assert "抵达车次" in unknown
    assert "130102199001011234" not in shown.text


def test_the_form_says_that_the_file_is_being_read(organizer):
    page = organizer.get(reverse(ORGANIZATIONS)).text

    assert 'data-while-sending="Reading the file…"' in page


def test_a_draft_of_an_intention_is_told_from_what_to_what(organizer):
    event = factories.event(series=factories.series())
    url = reverse("admin:events_event_intentions_import", args=[event.pk])
    factories.intention(
        event=event,
        company=factories.organization(name_zh_hans="市医院"),
        expert=factories.expert(name_zh_hans="李明"),
        projects=[factories.project(title_zh_hans="远程检测")],
        intended_amount="1000000",
        intended_currency="CNY",
    )
    rows = workbook(
        ["企业", "专家姓名", "项目名称", "投资总额（万元）"], ["市医院", "李明", "远程检测", "120"]
    )

    shown = organizer.post(url, {"file": rows})

    assert changes(shown) == [[("Intended amount", "1000000.00", "1200000")]]
