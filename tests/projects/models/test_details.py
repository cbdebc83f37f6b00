"""Details of projects: of which kind, and what goes with what."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from projects.models import Project
from projects.models.details import Stage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [("offer", name, "x") for name in ("solution_mode", "existing_basis_en")]
    + [("offer", "ownership_rule_zh_hans", "双方共有"), ("request", "patent_numbers", "CN1")],
)
def test_project_has_nothing_of_the_other_kind(kind, name, value):
    value = "joint" if name == "solution_mode" else value

    with pytest.raises(ValidationError) as refusal:
        Project(title_en="P", kind=kind, **{name: value}).full_clean()

    assert [error.code for error in refusal.value.error_dict["__all__"]] == ["of_other_kind"]


@pytest.mark.parametrize("kind", Project.Kind.values)
def test_project_needs_no_more_than_a_title(kind):
    Project(title_zh_hans="项目", kind=kind).full_clean()


@pytest.mark.parametrize(
    ("stage", "maturity", "is_far"),
    [
        ("production", 2, True),
        ("developing", 9, True),
        ("small_trial", 5, False),
        ("pilot_trial", 7, False),
        ("", 2, False),
        ("production", None, False),
    ],
)
def test_stage_and_level_that_are_far_apart_are_noticed(stage, maturity, is_far):
    assert Project(stage=stage, maturity=maturity).is_stage_far_from_maturity == is_far


def test_a_stage_sets_no_level_and_a_level_no_stage():
    staged = factories.project(stage="production", maturity=None)
    levelled = factories.project(maturity=9)

    assert (staged.maturity, levelled.stage) == (None, "")


def test_stages_are_the_five_of_chinese_forms():
    with translation.override("zh-hans"):
        labels = [str(label) for label in Stage.labels]

    assert labels == ["正在研发", "已有样品", "通过小试", "通过中试", "可以量产"]


def test_keywords_and_indicators_are_searched():
    project = factories.project(
        keywords_zh_hans="层析；纯化", key_indicators_en="Purity of 99.5 %", title_en="X"
    )
    factories.project()

    assert project.keywords_zh_hans == "层析、纯化"
    assert [*Project.objects.search("层析")] == [*Project.objects.search("purity")] == [project]


def test_industry_is_called_by_its_code_and_name():
    assert str(factories.industry()).startswith("C27 ")
