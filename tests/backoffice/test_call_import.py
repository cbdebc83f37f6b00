"""Filled forms and lists that are imported into a call."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import AuditEntry
from mail.models import OutboundMail
from projects.models import Project
from submissions.domain.acceptance import Choice, accept_fields
from submissions.models import Decision, Submission
from tests import factories
from tests.backoffice.posting import url
from tests.office import DOWN, OLD, UP, document
from tests.two_series import world

pytestmark = pytest.mark.django_db

# 技术需求征集表, as it is sent round.
NEED = [
    ["河北省重大技术需求征集表"],
    ["机 构 全 称*", "示例制药有限公司", "归口管理部门", "市科技局"],
    ["通讯地址", "某街1号", "所在地域", "藁城区"],
    ["联 系 人*", "李示例", "手 机", "13800000000"],
    ["电子信箱", "li@example.com"],
    ["技术需求名称*", "连续流硝化工艺", "需求时限", "2026-2028"],
    [("技术需求概述", DOWN), "主要问题（500字以内）", "间歇釜放热难以控制。\n存在安全隐患。"],
    [("", UP), "技术关键", "停留时间≤3分钟；收率≥92%"],
    [("", UP), "预期目标", "年产500吨。"],
    ["关键字（1-5个）", "连续流；硝化", "拟投入资金总额（万元）", "50-80"],
    ["技术需求解决方式", "□独立研发 ☑委托研发 □合作研发 □其他"],
    ["现有基础条件（限500字）"],
    ["已有中试产线一条。"],
]
LIST = (
    "序号,需求名称,企业名称,联系人,联系电话,技术难题,预算金额,技术领域\n"
    "1,血液快检,甲公司,张示例,13800000001,检测太慢，需要等待两个小时以上。,100万—200万元,\n"
    "2,康复手套,乙公司,王示例,0311-88888888,力度控制,很多,新领域\n"
)


def send(person, call, *files, **data):
    sent = [
        SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
        for name, content in files
    ]
    return person.post(url(call, "import"), {"chosen": sent, **data})


def imported(person, call, *files, **data):
    page = send(person, call, *files, **data)
    assert "payload" in page.context, page.context.get("refused") or page.context["form"].errors
    return person.post(url(call, "import"), {"payload": page.context["payload"]}, follow=True)


def test_word_form_becomes_a_sent_submission_of_the_call(organizer):
    district = factories.district(name_zh_hans="藁城区")
    department = factories.department(name_zh_hans="市科技局")
    call = factories.call()

    imported(organizer, call, ("征集表.docx", document(NEED)))

    [made] = Submission.objects.all()
    assert (made.call, made.status, made.source) == (call, "sent", "imported")
    assert (made.entered_by, made.language) == (organizer.user, "zh-hans")
    assert (made.organization_name, made.contact_name) == ("示例制药有限公司", "李示例")
    assert (made.phone, made.email) == ("+8613800000000", "li@example.com")
    assert (made.district, made.department) == (district, department)
    assert made.values == {
        "need_title": "连续流硝化工艺",
        "problem": "间歇釜放热难以控制。\n存在安全隐患。",
        "key_technology": "停留时间≤3分钟；收率≥92%",
        "goal": "年产500吨。",
        "keywords": "连续流、硝化",
        "budget": {"from": "50", "to": "80"},
        "solution_mode": "commissioned",
        "needed": [2026, 2028],
        "existing_basis": "已有中试产线一条。",
    }
    assert not OutboundMail.objects.exists()
    assert AuditEntry.objects.get(action="submissions_imported").details == {"rows": 1}
    page = organizer.get(url(made, "change"))
    assert "imported from a file" in page.text


def test_what_was_imported_is_accepted_like_what_was_handed_in(organizer):
    call = factories.call()
    imported(organizer, call, ("征集表.docx", document(NEED)))
    made = Submission.objects.get()

    accept = Choice(Decision.Outcome.ACCEPTED)
    accept_fields(made, dict.fromkeys(made.values, accept), by=organizer.user)

    project = Project.objects.get()
    assert project.title_zh_hans == "连续流硝化工艺"
    assert (project.price_from, project.price_currency) == (500_000, "CNY")


def test_several_files_and_a_list_at_once(organizer):
    call = factories.call()
    other = [["机构全称", "另一公司"], ["联系人", "赵示例"], ["手机", "13800000009"]]
    other += [["技术需求名称", "另一需求"]]

    page = send(
        organizer,
        call,
        ("一.docx", document(NEED)),
        ("二.docx", document(other)),
        ("表.csv", LIST),
    )

    assert [row.file for row in page.context["rows"]] == ["一.docx", "二.docx", "表.csv", "表.csv"]
    organizer.post(url(call, "import"), {"payload": page.context["payload"]})
    assert Submission.objects.count() == 4


def test_preview_says_what_was_understood_what_not_and_what_lacks(organizer):
    call = factories.call(required=["need_title", "goal"])

    page = send(organizer, call, ("表.csv", LIST))

    first, second = page.context["rows"]
    assert first.submission.values["budget"] == {"from": "100", "to": "200"}
    assert second.submission.values["budget"] == "很多"
    assert second.submission.values["sectors"] == ["新领域"]
    assert second.submission.phone.startswith("+86311")
    assert sorted(heading for heading, _words in second.doubts) == ["技术领域", "预算金额"]
    assert first.doubts == []
    assert any("goal" in str(words) or "Expected results" in str(words) for words in first.remarks)
    assert "很多" in page.text
    assert not Submission.objects.exists()


def test_amount_that_was_not_understood_waits_for_the_reviewer(organizer):
    call = factories.call()
    imported(organizer, call, ("表.csv", LIST))
    made = Submission.objects.get(organization_name="乙公司")
    page = organizer.get(url(made, "change"))
    assert "很多" in page.text

    accept = Choice(Decision.Outcome.ACCEPTED)
    with pytest.raises(ValidationError, match="not understood as an amount"):
        accept_fields(made, {"need_title": accept, "budget": accept}, by=organizer.user)
    edited = Choice(Decision.Outcome.EDITED, {"from": "20", "to": "30"})
    accept_fields(made, {"need_title": accept, "budget": edited}, by=organizer.user)

    assert Project.objects.get().price_to == 300_000
    assert Decision.objects.get(field="budget").proposed_value == "很多"


def test_doubles_are_named_and_left_out(organizer):
    call = factories.call()
    imported(organizer, call, ("表.csv", LIST))

    page = send(organizer, call, ("表.csv", LIST + "3,新需求,乙公司,王示例,13800000002,说明,,\n"))

    assert [row.is_double for row in page.context["rows"]] == [True, True, False]
    organizer.post(url(call, "import"), {"payload": page.context["payload"]})
    # The same preview once more, as from a second window.
    organizer.post(url(call, "import"), {"payload": page.context["payload"]})
    assert Submission.objects.count() == 3


def test_the_same_title_in_another_call_is_no_double(organizer):
    one, two = factories.call(), factories.call()
    for call in (one, two):
        imported(organizer, call, ("表.csv", LIST))

    assert one.submissions.count() == two.submissions.count() == 2


def test_receipts_are_mailed_where_the_organizer_ticks_it(organizer):
    imported(organizer, factories.call(), ("一.docx", document(NEED)), mails_receipts="on")

    assert OutboundMail.objects.get().kind == "submission_sent"


def test_errors_name_the_heading_of_the_file_and_nothing_is_written(organizer):
    rows = (
        "需求名称,企业名称,联系人,联系电话,电子信箱\n"
        "甲,甲公司,张三,12,\n乙,,李四,13800000001,\n,丙公司,王五,13800000002,a@b\n"
    )

    page = send(organizer, factories.call(), ("表.csv", rows))

    told = {(row.line, heading) for row in page.context["refused"] for heading, _w in row.errors}
    assert told == {(2, "联系电话"), (3, "企业名称"), (4, "需求名称"), (4, "电子信箱")}
    assert "payload" not in page.context
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("通知.docx", document([["会议通知", "请准时参加"]]), "No form was found"),
        ("表.docx", document(NEED, doctype='<!DOCTYPE d [<!ENTITY a "b">]>'), "document type"),
        ("表.doc", OLD + "WordDocument".encode("utf-16-le"), "save it as .docx"),
        ("表.docx", document(NEED)[:-40], "not a readable"),
        ("表.csv", b"a,b\n1,2\n", "No heading says"),
        ("表.csv", "需求名称,企业名称,公司名称\n甲,乙,丙\n".encode(), "appear twice"),
    ],
    ids=["no form", "doctype", "old", "cut off", "no heading", "twice"],
)
def test_other_files_are_refused_with_what_to_do(organizer, name, content, words):
    page = send(organizer, factories.call(), (name, content))

    assert page.status_code == 200
    assert words in page.text and name in page.text
    assert not Submission.objects.exists()


def test_form_of_an_offer_and_of_a_talent_need(organizer):
    offer = "成果名称,完成单位,联系人,手机,成熟度,预期价格,完成人,公开程度\n"
    offer += "检测仪,某大学,周示例,13800000003,中试,5万美元,陈示例,仅公开标题\n"
    talent = "岗位名称,用人单位,联系人,手机,人数,任职要求,薪酬待遇\n"
    talent += "首席专家,某公司,周示例,13800000003,2,博士,面议\n"
    offers, talents = factories.call(kind="offer"), factories.call(kind="talent")

    imported(organizer, offers, ("成果.csv", offer))
    imported(organizer, talents, ("人才.csv", talent))

    assert offers.submissions.get().values == {
        "offer_title": "检测仪",
        "stage": "pilot_trial",
        "price": {"currency": "USD", "from": "50000", "to": "50000"},
        "inventors": "陈示例",
        "disclosure": "title",
    }
    assert talents.submissions.get().values == {
        "position": "首席专家",
        "headcount": "2",
        "requirements": "博士",
        "offered": "面议",
    }


def test_old_preview_and_that_of_another_call_are_refused(organizer):
    one, two = factories.call(), factories.call()
    page = send(organizer, one, ("表.csv", LIST))

    organizer.post(url(two, "import"), {"payload": page.context["payload"]})
    organizer.post(url(one, "import"), {"payload": "forged"})

    assert not Submission.objects.exists()


def test_who_may_import(auditor):
    two = world()
    mine, theirs = factories.call(event=two.mine.event), factories.call(event=two.beyond.event)

    assert two.organizer.get(url(mine, "import")).status_code == 200
    assert url(mine, "import") in two.organizer.get(url(mine, "change")).text
    assert send(two.organizer, theirs, ("表.csv", LIST)).status_code in (302, 403, 404)
    assert auditor.get(url(mine, "import")).status_code == 403
    assert url(mine, "import") not in auditor.get(url(mine, "change")).text
    assert not Submission.objects.exists()


def test_without_a_file_the_page_says_so(organizer):
    page = organizer.post(url(factories.call(), "import"), {})

    assert "chosen" in page.context["form"].errors


def test_reading_costs_the_same_for_one_row_and_for_many(organizer, django_assert_max_num_queries):
    call = factories.call()
    heading, row = (
        "需求名称,企业名称,联系人,手机,技术领域\n",
        "需求{0},公司{0},李四,13800000001,新\n",
    )
    text = heading + "".join(row.format(number) for number in range(40))
    send(organizer, call, ("表.csv", text))

    with django_assert_max_num_queries(32):
        page = send(organizer, call, ("表.csv", text))
    with django_assert_max_num_queries(32):
        organizer.post(url(call, "import"), {"payload": page.context["payload"]})
    assert Submission.objects.count() == 40
