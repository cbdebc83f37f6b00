"""One rule of likeness for every list and chooser of the admin."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from events.models import Event, EventSeries, Expert, Organization, Session
from projects.models import (
    CooperationIntention,
    Document,
    FollowUp,
    Project,
    Recommendation,
    Sector,
)
from tests import factories
from tests.backoffice.posting import url

pytestmark = pytest.mark.django_db


def found(person, model, text):
    page = person.get(url(model, "changelist"), {"q": text})
    assert page.status_code == 200
    return list(page.context["cl"].result_list)


@pytest.fixture
def lodz():
    return factories.organization(name_en="Łódź Œuvre", name_zh_hans="重慶市科學技術局")


@pytest.fixture
def groessmann():
    return factories.expert(name_en="Jürgen Größmann", name_zh_hans="單芳")


@pytest.mark.parametrize(
    "text", ["lodz", "ŁÓDŹ", "Ｌodz", "oeuvre lodz", "重庆市科学技术局", "chongqing", "cqskxjsj"]
)
def test_an_organization_is_found(organizer, lodz, text):
    factories.organization()

    assert found(organizer, Organization, text) == [lodz]


@pytest.mark.parametrize(
    "text", ["jurgen", "JÜRGEN", "grossmann", "juergen", "单芳", "shanfang", "dan fang", "lodz"]
)
def test_an_expert_is_found_by_name_and_organization(organizer, lodz, groessmann, text):
    factories.affiliation(expert=groessmann, organization=lodz)
    factories.expert()

    assert found(organizer, Expert, text) == [groessmann]


@pytest.mark.parametrize("text", ["lodz", "重庆", "grossmann"])
def test_what_names_them_is_found_by_them(superuser, lodz, groessmann, text):
    project = factories.project(owner=lodz)
    intention = factories.signed_intention(company=lodz, expert=groessmann)
    follow_up = FollowUp.objects.filter(intention=intention).first() or factories.follow_up(
        intention=intention
    )
    recommendation = factories.recommendation(expert=groessmann)

    assert found(superuser, CooperationIntention, text) == [intention]
    assert follow_up in found(superuser, FollowUp, text)
    if text == "grossmann":
        assert found(superuser, Recommendation, text) == [recommendation]
    else:
        assert found(superuser, Project, text) == [project]


@pytest.mark.parametrize(
    ("model", "make", "field"),
    [
        (Event, factories.event, "title_en"),
        (Event, factories.event, "venue_en"),
        (EventSeries, factories.series, "title_en"),
        (Session, factories.session, "title_en"),
        (Project, factories.project, "title_en"),
        (Project, factories.project, "description_en"),
        (Sector, factories.sector, "name_en"),
        (CooperationIntention, factories.intention, "subject_en"),
        (Document, factories.document, "title"),
    ],
)
def test_every_list_with_names_finds_by_likeness(superuser, model, make, field):
    row = make(**{field: "Señor Kjærgaard’s 臺灣–Forum"})
    make()

    for text in ("senor", "KJAERGAARDS", "台湾", "台湾-forum"):
        assert found(superuser, model, text) == [row]
    assert found(superuser, model, "kjeldsen") == []


@pytest.mark.parametrize("text", ["łukasz", "LUKASZ", "zolc", "张伟", "zhangwei", "lukasz@"])
def test_accounts_are_found_by_likeness(superuser, text):
    User.objects.create(username="a", first_name="Łukasz", last_name="Żółć", email="Lukasz@x.org")
    User.objects.create(username="b", first_name="偉", last_name="張")
    is_chinese = text in ("张伟", "zhangwei")

    assert [user.username for user in found(superuser, User, text)] == ["b" if is_chinese else "a"]


def test_choosers_find_as_lists_do(organizer, lodz):
    page = organizer.get(
        reverse("admin:autocomplete"),
        {
            "term": "重庆 lodz",
            "app_label": "events",
            "model_name": "affiliation",
            "field_name": "organization",
        },
    )

    assert [each["id"] for each in page.json()["results"]] == [str(lodz.pk)]


@pytest.mark.parametrize("text", ["·", ",", "，", "()"])
def test_what_holds_no_word_finds_nothing(organizer, lodz, text):
    assert found(organizer, Organization, text) == []


def test_what_stands_in_quotation_marks_is_looked_for_together(organizer, lodz):
    assert found(organizer, Organization, '"lodz oeuvre"') == [lodz]
    assert found(organizer, Organization, '"oeuvre lodz"') == []


def test_lists_are_sorted_by_the_letters_of_names(organizer):
    for name in ("Zoe", "Ünal", "Łukasz", "Mia"):
        factories.organization(name_en=name)

    page = organizer.get(url(Organization, "changelist"))

    names = [row.name_en for row in page.context["cl"].result_list]
    assert names == ["Łukasz", "Mia", "Ünal", "Zoe"]
