import datetime as dt

import pytest
import time_machine

from projects.models import Project, Recommendation
from tests import factories

pytestmark = pytest.mark.django_db


def test_everybody_sees_what_is_published(cast):
    published = factories.project()
    draft = factories.project(status="draft")
    withdrawn = factories.project(status="withdrawn")

    seen = [set(Project.objects.visible_to(person.user)) for person in cast]

    assert seen == [{published, draft, withdrawn}] * 3 + [{published}]


def test_a_project_is_open_through_its_last_day_in_the_sites_zone():
    project = factories.project(valid_until=dt.date(2026, 5, 1))

    with time_machine.travel(dt.datetime(2026, 5, 1, 15, 59, tzinfo=dt.UTC)):
        assert (project in Project.objects.open(), project.is_expired) == (True, False)
    with time_machine.travel(dt.datetime(2026, 5, 1, 16, 1, tzinfo=dt.UTC)):
        assert (project in Project.objects.open(), project.is_expired) == (False, True)


def test_a_project_without_an_end_is_always_open():
    assert factories.project() in Project.objects.open()


@pytest.mark.parametrize("term", ["血液", "BLOOD", "远程血", "trafford", "te la fu", "特拉福"])
def test_a_project_is_found_in_both_languages_and_by_its_owner(term):
    owner = factories.organization(name_en="Trafford Institute", name_zh_hans="特拉福研究所")
    project = factories.project(
        owner=owner, title_en="Remote blood testing", title_zh_hans="远程血液检测系统"
    )
    factories.project()

    assert list(Project.objects.search(term)) == [project]


def test_a_hidden_owner_finds_nothing():
    factories.project(owner=factories.organization(name_en="Secret Works", is_public=False))

    assert not Project.objects.search("secret").exists()


def test_signs_of_a_pattern_are_looked_for_as_they_are():
    factories.project()

    assert not Project.objects.search("%").exists()
    assert not Project.objects.search("_").exists()


def test_a_recommendation_shows_when_all_that_it_names_does():
    shown = factories.recommendation()
    factories.recommendation(event=factories.event(status="draft"))
    factories.recommendation(project=factories.project(status="withdrawn"))
    factories.recommendation(expert=factories.expert(is_public=False))

    assert Recommendation.objects.visible().get() == shown


def test_a_recommendation_refuses_a_session_of_another_event():
    with pytest.raises(Exception, match="another event"):
        factories.recommendation(event=factories.event(), session=factories.session())
