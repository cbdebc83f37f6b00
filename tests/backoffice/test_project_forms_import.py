"""Forms of bureaus about needs and offers, read by the headings that they have."""

import datetime as dt
from decimal import Decimal

import pytest

from backoffice.project_import_cells import ByCode, LastDay, cells_of_price, is_stage
from projects.models import Project
from tests import factories
from tests.backoffice.test_import import confirm, errors, preview, sheet

PROJECTS = "admin:projects_project_import"


def imported(organizer, text: str) -> Project:
    response = preview(organizer, sheet(text), PROJECTS)
    assert errors(response) == []
    confirm(organizer, response, PROJECTS)
    return Project.objects.get()


@pytest.mark.django_db
def test_form_of_a_need_becomes_a_request(organizer):
    owner = factories.organization(name_zh_hans="示例制药有限公司")
    district = factories.district(name_zh_hans="藁城区")
    department = factories.department(name_zh_hans="市科技局")
    industry = factories.industry()
    text = (
        "技术需求名称,机构全称,归口管理部门,所在地域,技术指标,关键字,拟投入资金总额（万元）,"
        "技术需求解决方式,需求时限,现有基础条件,产权归属,需求技术应用行业\n"
        "连续流工艺,示例制药有限公司,市科技局,藁城区,收率≥92%,连续流；硝化,50-80,"
        "委托研发,2026-2028,已有产线,双方共有,C27 医药制造业\n"
    )

    made = imported(organizer, text)

    assert made.kind == Project.Kind.REQUEST
    assert (made.owner, made.district, made.department) == (owner, district, department)
    assert made.key_indicators_zh_hans == "收率≥92%"
    assert made.keywords_zh_hans == "连续流、硝化"
    assert (made.price_from, made.price_to) == (Decimal(500_000), Decimal(800_000))
    assert (made.price_currency, made.solution_mode) == ("CNY", "commissioned")
    assert (made.needed_from, made.needed_until) == (dt.date(2026, 1, 1), dt.date(2028, 12, 31))
    assert made.existing_basis_zh_hans == "已有产线"
    assert made.ownership_rule_zh_hans == "双方共有"
    assert made.industry == industry


@pytest.mark.django_db
def test_form_of_an_offer_keeps_its_stage_and_price(organizer):
    text = "成果名称,成熟度,专利号,预算金额,密级\n快速检测,通过中试,CN123,面议,内部\n"

    made = imported(organizer, text)

    assert (made.kind, made.stage, made.maturity) == ("offer", "pilot_trial", None)
    assert (made.patent_numbers, made.price_band) == ("CN123", "negotiable")
    assert made.disclosure == "bureau"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "disclosure"),
    [
        ("仅参会人员", "participants"),
        ("仅参会者", "participants"),
        ("仅组织者", "bureau"),
        ("仅主办方", "bureau"),
    ],
)
def test_what_is_public_is_read_by_its_present_and_its_former_name(organizer, said, disclosure):
    made = imported(organizer, f"成果名称,密级\n快速检测,{said}\n")

    assert made.disclosure == disclosure


@pytest.mark.django_db
def test_what_is_no_price_is_named(organizer):
    response = preview(organizer, sheet("成果名称,预算金额\n快速检测,很多\n"), PROJECTS)

    assert errors(response) == [(2, "price_from")]


@pytest.mark.django_db
def test_keywords_in_another_form_change_nothing(organizer):
    project = factories.project(keywords_en="blood, POCT")
    text = f"slug,keywords_en\n{project.slug},blood; POCT\n"

    response = preview(organizer, sheet(text), PROJECTS)
    confirm(organizer, response, PROJECTS)

    assert Project.objects.get().history.count() == 1


@pytest.mark.parametrize(
    ("text", "times", "cells"),
    [
        ("面议", 1, {"price_band": "negotiable"}),
        ("<50万元", 1, {"price_band": "under_50"}),
        (">500", 10_000, {"price_band": "over_500"}),
        ("80", 10_000, ("800000", "800000", "CNY")),
        ("50-80万元", 1, ("500000", "800000", "CNY")),
        ("5万美元", 1, ("50000", "50000", "USD")),
        ("很多", 1, {"price_from": "很多"}),
        ("1-2-3", 1, {"price_from": "1-2-3"}),
    ],
)
def test_cell_with_a_price_is_read_as_people_write_it(text, times, cells):
    if isinstance(cells, tuple):
        cells = dict(zip(("price_from", "price_to", "price_currency"), cells, strict=True))

    assert cells_of_price(text, times=times) == cells


@pytest.mark.parametrize(
    ("text", "found"), [("通过小试", True), ("中试", True), ("6", False), ("", False)]
)
def test_stage_is_told_from_a_level(text, found):
    assert is_stage(text) == found


@pytest.mark.parametrize("text", ["2026-2028", "2028年", "2028-12-31"])
def test_span_of_years_ends_with_its_last_day(text):
    assert LastDay().clean(text) == dt.date(2028, 12, 31)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["C27", "c27 医药制造业", "27", "Ｃ２７", "Manufacture of medicines"]
)
def test_industry_is_read_by_code_and_name(text):
    industry = factories.industry()

    assert ByCode().clean(text) == industry
