"""A row like one that exists is pointed out before it is saved, and saved when asked again."""

import re

import pytest
from django.urls import reverse

from events.models import EventSeries, Expert, Organization
from projects.models import Project
from tests import factories
from tests.backoffice.posting import save, url
from tests.backoffice.test_import import confirm, errors, preview, sheet

pytestmark = pytest.mark.django_db

EXISTS = "exists already"


@pytest.fixture
def mmu():
    return factories.organization(
        name_en="Manchester Metropolitan University",
        name_zh_hans="石家庄市科学技术局",
        short_name_en="MMU",
    )


def told(page) -> dict[str, str]:
    """Return what the form brings back of what it said."""
    return {"_alike": re.search(r'name="_alike" value="([^"]*)"', page.text)[1]}


@pytest.mark.parametrize(
    "names",
    [
        {"name_en": "manchester metropolitan university"},
        {"name_en": "Manchester  Metropolitan\u200b University"},
        {"name_en": "Ｍanchester Metropolitan University."},
        {"name_en": "Manchester-Metropolitan · Üniversity"},
        {"name_zh_hans": "石家庄市 科学技术局"},
        {"name_zh_hans": "石家莊市科學技術局"},
        {"name_en": "M.M.U."},
        {"name_en": "Another", "short_name_en": "mmu"},
    ],
)
def test_an_organization_like_another_is_added_when_asked_again(organizer, mmu, names):
    page = save(organizer, Organization, "add", **names)

    assert Organization.objects.count() == 1
    assert EXISTS in page.text
    assert f'href="{url(mmu, "change")}"' in page.text
    assert save(organizer, Organization, "add", **names, **told(page)).status_code == 302
    assert Organization.objects.count() == 2


@pytest.mark.parametrize("name", ["Manchester University", "石家庄市科学技术协会", "MMUX", "·"])
def test_an_organization_unlike_another_is_added_at_once(organizer, mmu, name):
    save(organizer, Organization, "add", name_en=name)

    assert Organization.objects.count() == 2


def test_who_was_told_of_one_is_told_of_the_next(organizer, mmu):
    first = told(save(organizer, Organization, "add", name_en="MMU"))
    factories.organization(name_en="mmu")

    page = save(organizer, Organization, "add", name_en="MMU", **first)

    assert "exist already" in page.text
    assert Organization.objects.count() == 2


def test_pinyin_alone_makes_no_name_alike(organizer):
    factories.expert(name_en="", name_zh_hans="王伟")

    save(organizer, Expert, "add", name_en="Wang Wei", country="CN")

    assert Expert.objects.count() == 2


def test_a_name_that_stays_asks_nothing_and_one_that_changes_asks(organizer, mmu):
    other = factories.organization(name_en="Other")

    assert save(organizer, other, city_en="Leeds").status_code == 302
    assert EXISTS in save(organizer, other, name_en="MMU").text
    other.refresh_from_db()
    assert (other.city_en, other.name_en) == ("Leeds", "Other")


@pytest.mark.parametrize(
    ("model", "make", "fields"),
    [
        (Expert, factories.expert, {"name_en": "Łukasz Żółć"}),
        (Project, factories.project, {"title_en": "Łukasz Żółć"}),
        (EventSeries, factories.series, {"title_en": "Łukasz Żółć"}),
    ],
)
def test_others_are_asked_about_as_well(organizer, model, make, fields):
    make(**fields)

    page = save(organizer, model, "add", **dict.fromkeys(fields, "lukasz zolc"))

    assert EXISTS in page.text
    assert model.objects.count() == 1


def test_a_hostile_name_stays_a_name(organizer):
    factories.organization(name_en="<script>alert(1)</script>")

    page = save(organizer, Organization, "add", name_en="<script>alert(1)</script>")

    assert EXISTS in page.text
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(
    "row",
    [
        "Manchester  Metropolitan University,",
        "Ｍanchester Metropolitan University,",
        "Another,石家庄市 科学技术局",
        "Another,石家莊市科學技術局",
        "mmu,",
    ],
)
def test_an_import_points_out_what_is_alike_and_adds_it_when_asked(organizer, mmu, row):
    refused = preview(organizer, sheet(f"name_en,name_zh_hans\n{row}\n"))

    assert errors(refused) == [(2, "slug")]
    assert EXISTS in refused.text
    assert f'href="{url(mmu, "change")}"' in refused.text
    assert "payload" not in refused.context
    import_page = reverse("admin:events_organization_import")
    shown = organizer.post(import_page, {"alike": refused.context["alike"]})
    assert Organization.objects.count() == 1
    confirm(organizer, shown)
    assert Organization.objects.count() == 2


def test_an_import_points_out_two_rows_of_a_file_that_are_alike(organizer):
    refused = preview(organizer, sheet("name_en\nKappa Ltd\nKappa\u200b Ltd.\n"))

    assert errors(refused) == [(3, "slug")]
    assert "An earlier row of this file has the same or a similar name." in refused.text


def test_an_import_with_other_faults_first_asks_for_those(organizer, mmu):
    refused = preview(organizer, sheet("name_en,country\nMMU,GB\nNew,Atlantis\n"))

    assert errors(refused) == [(2, "slug"), (3, "country")]
    assert "alike" not in refused.context


def test_an_import_keeps_nothing_that_nobody_sees(organizer):
    text = 'name\u200b_en,description_en\n Kappa\u200b  Ltd\u00ad,"One\u2060\nTwo"\n'

    confirm(organizer, preview(organizer, sheet(text)))

    made = Organization.objects.get()
    assert (made.name_en, made.slug, made.description_en) == ("Kappa Ltd", "kappa-ltd", "One\nTwo")


def test_a_forged_request_to_add_what_is_alike_is_refused(organizer):
    page = organizer.post(
        reverse("admin:events_organization_import"), {"alike": "forged"}, follow=True
    )

    assert "too old" in page.text
