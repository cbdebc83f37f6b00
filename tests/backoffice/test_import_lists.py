"""Cells that list several names: on separate lines, as Excel makes them, or with signs between."""

import pytest
from django.urls import reverse

from projects.models import Project
from tests import factories
from tests.backoffice.test_import import confirm, errors, preview, workbook
from tests.backoffice.test_programme_import import event as two_days
from tests.backoffice.test_programme_import import url as programme_url

PROJECTS = "admin:projects_project_import"
BETWEEN = ["\n", "、", "；", ";", "/", " / ", "\r\n", "，"]

pytestmark = pytest.mark.django_db


def programme(organizer, event, *rows):
    header = ["时间", "标题", "主讲人", "嘉宾", "主持人"]
    shown = organizer.post(programme_url(event), {"file": workbook(header, *rows)})
    assert shown.context["errors"] == [], shown.context["errors"]
    organizer.post(programme_url(event, "process_import"), {"payload": shown.context["payload"]})
    return shown


@pytest.mark.parametrize("between", BETWEEN)
def test_people_of_a_session_are_several_whatever_is_between_them(organizer, between):
    event = two_days()
    ann, li = factories.expert(name_en="Ann Hale"), factories.expert(name_zh_hans="李明")
    row = [
        *("2027-05-20 9:00-9:30", "主旨报告", between.join(["Ann Hale", "李明"])),
        *(between.join(["王芳（局长、书记）", "张强"]), "Tom Moore"),
    ]

    programme(organizer, event, row)

    session = event.sessions.get()
    assert [each.expert for each in session.appearances.all()] == [ann, li]
    guests = session.programme_people.filter(role="guest")
    assert [(each.name_zh_hans, each.position_zh_hans) for each in guests] == [
        ("王芳", "局长、书记"),
        ("张强", ""),
    ]


def test_a_guest_in_both_languages_is_one_person_and_the_same_file_again_changes_nothing(organizer):
    event = two_days()
    row = ["2027-05-20 9:00-9:30", "开幕式", "", "王芳（局长）/ Wang Fang (Director)\n张强", ""]
    programme(organizer, event, row)

    again = programme(organizer, event, row)

    fang, _zhang = event.sessions.get().programme_people.order_by("order")
    assert (fang.name_zh_hans, fang.name_en) == ("王芳", "Wang Fang")
    assert (fang.position_zh_hans, fang.position_en) == ("局长", "Director")
    assert [each["changed"] for each in again.context["rows"]] == [[]]


@pytest.mark.parametrize("between", BETWEEN)
def test_sectors_of_a_project_are_several_whatever_is_between_them(organizer, between):
    sectors = [factories.sector(name_zh_hans=name, name_en="") for name in ("生物医药", "人工智能")]
    header, row = ["项目名称", "技术领域"], ["远程检测", between.join(["生物医药", "人工智能"])]

    confirm(organizer, preview(organizer, workbook(header, row), PROJECTS), PROJECTS)

    assert list(Project.objects.get().sectors.order_by("pk")) == sectors


def test_a_sector_by_both_of_its_names_is_one(organizer):
    sector = factories.sector(name_zh_hans="生物医药", name_en="Biomedicine")
    rows = workbook(["项目名称", "技术领域"], ["远程检测", "生物医药 / Biomedicine"])

    confirm(organizer, preview(organizer, rows, PROJECTS), PROJECTS)

    assert list(Project.objects.get().sectors.all()) == [sector]


@pytest.mark.parametrize("between", BETWEEN)
def test_languages_of_an_expert_are_several_whatever_is_between_them(organizer, between):
    experts = "admin:events_expert_import"
    rows = workbook(["姓名", "语言"], ["李明", between.join(["中文", "英语"])])

    shown = preview(organizer, rows, experts)

    assert shown.context["rows"][0]["instance"].languages == ["zh", "en"]


def test_each_project_that_is_not_known_is_told_once(organizer):
    event = factories.event(series=factories.series())
    factories.project(title_zh_hans="远程检测")
    url = reverse("admin:events_event_intentions_import", args=[event.pk])
    rows = workbook(["签约项目", "合作事项"], ["远程检测\n不存在一\n不存在二", "试点"])

    shown = organizer.post(url, {"file": rows})

    assert errors(shown) == [(2, "projects")]
    text = shown.context["errors"][0][2]
    assert text.count("不存在一") == text.count("不存在二") == 1


def test_a_cell_that_is_too_long_for_its_column_is_refused_with_its_place(organizer):
    rows = workbook(["单位名称", "简介"], ["市医院" + " " * 2500 + "x", "长" * 3000])

    shown = preview(organizer, rows)

    assert errors(shown) == [(2, "name")]
    assert "2504 characters" in shown.context["errors"][0][2]
