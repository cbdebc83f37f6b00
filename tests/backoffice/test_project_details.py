"""The details of projects in the admin: which kind has what, and how it is typed."""

from decimal import Decimal

import pytest

from projects.models import Project
from tests import factories
from tests.backoffice.posting import save, url

OF_REQUEST, OF_OFFER = 'name="solution_mode"', 'name="patent_numbers"'


def test_a_new_project_has_the_groups_of_both_kinds(organizer):
    page = organizer.get(url(Project, "add")).text

    assert OF_REQUEST in page
    assert OF_OFFER in page


@pytest.mark.parametrize(
    ("kind", "there", "missing"),
    [("request", OF_REQUEST, OF_OFFER), ("offer", OF_OFFER, OF_REQUEST)],
)
def test_a_stored_project_has_the_group_of_its_kind(organizer, kind, there, missing):
    page = organizer.get(url(factories.project(kind=kind), "change")).text

    assert there in page
    assert missing not in page


def test_field_of_the_other_kind_that_is_sent_all_the_same_is_not_saved(organizer):
    offer = factories.project(kind="offer")

    save(organizer, offer, solution_mode="joint")

    offer.refresh_from_db()
    assert offer.solution_mode == ""


def test_kind_that_does_not_fit_what_is_filled_in_is_refused_with_the_fields(organizer):
    request = factories.project(kind="request", solution_mode="joint")

    page = save(organizer, request, kind="offer").text

    assert "Only the other kind of project has these fields: way to meet the need." in page
    assert OF_REQUEST in page
    request.refresh_from_db()
    assert request.kind == "request"


def test_amount_and_keywords_are_typed_as_people_write(organizer):
    project = factories.project(kind="request")

    save(
        organizer,
        project,
        price_from="50万",
        price_to="800,000",
        price_currency="CNY",
        keywords_zh_hans="血液\r\n检测；POCT",
    )

    project.refresh_from_db()
    assert (project.price_from, project.price_to) == (Decimal(500_000), Decimal(800_000))
    assert project.keywords_zh_hans == "血液、检测、POCT"


def test_amount_that_is_none_is_refused(organizer):
    page = save(organizer, factories.project(), price_from="soon", price_currency="CNY").text

    assert "“soon” is not an amount." in page


def test_stage_far_from_the_level_is_pointed_out_and_saved(organizer):
    project = factories.project(stage="production", maturity=2)
    plain = factories.project(stage="production", maturity=8)

    assert "Stage and TRL are far apart" in organizer.get(url(project, "change")).text
    assert "Stage and TRL are far apart" not in organizer.get(url(plain, "change")).text


def test_list_is_filtered_by_stage_district_department_section_and_level(organizer):
    district, department = factories.district(), factories.department()
    wanted = factories.project(
        title_en="Wanted",
        stage="sample",
        district=district,
        department=department,
        industry=factories.industry(),
        disclosure="bureau",
    )
    factories.project(title_en="Other", industry=factories.industry(code="A01"))

    for query in (
        "stage__exact=sample",
        f"district__id__exact={district.pk}",
        f"department__id__exact={department.pk}",
        "section=C",
        "disclosure__exact=bureau",
    ):
        found = organizer.get(f"{url(Project, 'changelist')}?{query}").context["cl"].queryset
        assert [*found] == [wanted], query


def test_list_says_what_is_kept_from_the_public(organizer):
    factories.project(disclosure="bureau")

    assert (
        '<div class="other-language">only the organizers</div>'
        in organizer.get(url(Project, "changelist")).text
    )


@pytest.mark.parametrize("field", ["industry", "district", "department"])
def test_term_that_projects_name_stays(organizer, field):
    term = getattr(factories, field)()
    bearing = factories.project(**{field: term}, title_en="Blood box")

    page = organizer.post(url(term, "delete"), {"post": "yes"})

    assert url(bearing, "change") in page.text
    assert type(term).objects.filter(pk=term.pk).exists()
