"""The page of the projects that fit a project."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.domain.matches import matches_of
from projects.models import Project
from tests import factories

pytestmark = pytest.mark.django_db

REQUEST = {"kind": Project.Kind.REQUEST}


def address(project) -> str:
    return reverse("admin:projects_project_matches", args=[project.pk])


@pytest.fixture
def wanted():
    return factories.project(
        title_en="Portable blood analyser wanted",
        title_zh_hans="求购便携式血液分析仪",
        stage="pilot_trial",
        **REQUEST,
    )


def offer(**fields):
    titles = {"title_en": "Hand-held blood analyser", "title_zh_hans": "手持式血液分析仪"}
    return factories.project(**titles | fields)


def shown(person, project) -> list[Project]:
    page = person.get(address(project))
    assert page.status_code == 200
    return [match.project for match in page.context["matches"]]


def test_request_shows_the_offers_that_fit_with_their_reasons(organizer, wanted):
    sector, mode = factories.sector(name_en="Diagnostics"), factories.mode(name_en="Licence")
    wanted.sectors.set([sector])
    wanted.modes.set([mode])
    fits = offer(sectors=[sector], modes=[mode], stage="sample")
    factories.project(title_en="Nets for salmon", title_zh_hans="三文鱼网箱")

    text = organizer.get(address(wanted)).content.decode()

    assert shown(organizer, wanted) == [fits]
    for reason in ("blood", "Diagnostics", "Licence", "less mature"):
        assert reason in text, reason


def test_offer_shows_the_requests_that_fit(organizer, wanted):
    assert shown(organizer, offer()) == [wanted]


def test_only_published_and_valid_projects_are_named(organizer, wanted):
    offer(status=Project.Status.DRAFT)
    offer(status=Project.Status.WITHDRAWN)
    offer(valid_until=timezone.localdate() - dt.timedelta(days=1))

    assert shown(organizer, wanted) == []
    assert "No published offer matches yet." in organizer.get(address(wanted)).content.decode()


def test_confidential_project_is_compared_for_organizers(organizer, wanted):
    secret = offer(disclosure="bureau")

    assert shown(organizer, wanted) == [secret]


def test_page_of_a_project_leads_to_what_fits(organizer, wanted):
    page = organizer.get(reverse("admin:projects_project_change", args=[wanted.pk]))

    assert address(wanted) in page.content.decode()
    assert "Matching offers" in page.content.decode()


def test_unknown_project_and_strangers_see_nothing(organizer, stranger, wanted):
    path = address(wanted)

    assert organizer.get(path.replace(str(wanted.pk), "999999")).status_code == 404
    assert organizer.get(path.replace(str(wanted.pk), "x" * 300)).status_code == 404
    assert stranger.get(path).status_code == 302


def test_matches_cost_the_same_queries_for_few_and_many(wanted, django_assert_num_queries):
    for _number in range(3):
        offer()
    with django_assert_num_queries(5):
        matches_of(wanted, Project.objects.all())
    for _number in range(10):
        offer()
    with django_assert_num_queries(5):
        assert len(matches_of(wanted, Project.objects.all())) == 10
