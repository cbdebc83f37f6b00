"""Forms in Word files, as districts send them, read like the lines of a table."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from projects.models import Project
from tests import factories
from tests.backoffice.test_import import confirm, errors, preview
from tests.office import DOWN, OLD, UP, document

pytestmark = pytest.mark.django_db

PROJECTS = "admin:projects_project_import"
# 技术需求征集表, as it is sent round: labels spread by blanks, remarks behind them, boxes to tick.
NEED = [
    ["技术需求征集表"],
    ["机 构 全 称", "示例制药有限公司", "归口管理部门", "市科技局"],
    ["联 系 人*", "李示例", "手 机", "13800000000"],
    ["技术需求名称*", "连续流硝化工艺", "需求时限", "2026-2028"],
    [("技术需求概述", DOWN), "主要问题（500字以内）", "间歇釜放热难以控制。\n存在安全隐患。"],
    [("", UP), "技术关键", "停留时间≤3分钟；收率≥92%"],
    [("", UP), "预期目标", "年产500吨。"],
    ["关键字（1-5个）", "连续流；硝化", "拟投入资金总额（万元）", "50-80"],
    ["技术需求解决方式", "□独立研发 ☑委托研发 □合作研发 □其他"],
    ["现有基础条件（限500字）"],
    ["已有中试产线一条。"],
]


def word_file(content: bytes, name: str = "征集表.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def imported(organizer, content: bytes):
    response = preview(organizer, word_file(content), PROJECTS)
    assert errors(response) == []
    confirm(organizer, response, PROJECTS)
    return Project.objects.order_by("pk")


def test_form_of_a_need_becomes_a_request(organizer):
    owner = factories.organization(name_zh_hans="示例制药有限公司")
    factories.department(name_zh_hans="市科技局")

    [made] = imported(organizer, document(NEED))

    assert (made.kind, made.title_zh_hans) == ("request", "连续流硝化工艺")
    assert made.owner == owner
    assert made.description_zh_hans == (
        "主要问题（500字以内）：间歇釜放热难以控制。\n存在安全隐患。\n预期目标：年产500吨。"
    )
    assert made.key_indicators_zh_hans == "停留时间≤3分钟；收率≥92%"
    assert made.keywords_zh_hans == "连续流、硝化"
    assert (made.price_from, made.price_to) == (Decimal(500_000), Decimal(800_000))
    assert made.solution_mode == "commissioned"
    assert made.existing_basis_zh_hans == "已有中试产线一条。"
    assert (made.needed_from.year, made.needed_until.year) == (2026, 2028)


def test_preview_says_what_was_read_and_names_what_is_not_kept(organizer):
    factories.organization(name_zh_hans="示例制药有限公司")
    factories.department(name_zh_hans="市科技局")

    page = preview(organizer, word_file(document(NEED)), PROJECTS)

    assert "1 form or row read" in page.text
    assert "联系人" in page.text and "李示例" not in page.text


def test_several_forms_in_one_file_are_several_projects(organizer):
    first = [["成果名称", "血液检测仪"], ["成果简介", "一滴血即可检测。"]]
    second = [["成果名称", "康复手套"], ["成果简介", "手部康复。"]]

    made = imported(organizer, document(first, second))

    assert [each.title_zh_hans for each in made] == ["血液检测仪", "康复手套"]


def test_table_below_column_names_is_a_list(organizer):
    rows = [
        ["序号", "成果名称", "成果简介", "关键词"],
        ["1", "血液检测仪", "一滴血即可检测。", "血液；检测"],
        ["2", "康复手套", "", "康复"],
    ]

    made = imported(organizer, document(rows))

    assert [each.title_zh_hans for each in made] == ["血液检测仪", "康复手套"]
    assert made[0].keywords_zh_hans == "血液、检测"


def test_lines_with_a_colon_in_one_cell_are_read(organizer):
    made = imported(organizer, document([["成果名称：血液检测仪\n成果简介：一滴血即可检测。"]]))

    assert made.get().summary_zh_hans == "一滴血即可检测。"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (document([["会议通知", "请准时参加"]]), "No form was found"),
        (document(), "No form was found"),
        (document(NEED, doctype='<!DOCTYPE d [<!ENTITY a "b">]>'), "document type declaration"),
        (OLD + "WordDocument".encode("utf-16-le"), "old Word file"),
        (document(NEED)[:-40], "not a readable"),
    ],
    ids=["no form", "empty", "doctype", "old", "cut off"],
)
def test_other_files_are_refused_with_what_to_do(organizer, content, words):
    page = preview(organizer, word_file(content), PROJECTS)

    assert words in page.text
    assert not Project.objects.exists()


def test_text_that_begins_with_a_circle_stays(organizer):
    made = imported(organizer, document([["成果名称", "○○检测仪"], ["成果简介", "√ 已验证"]]))

    assert made.get().title_zh_hans == "○○检测仪"
