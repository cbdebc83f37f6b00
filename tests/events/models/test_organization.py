import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from events.models import Expert, FormerName, Organization
from events.models.organization import overlapping_name
from projects.models import Project
from summit.lib.database.made_columns import refill
from tests import factories

pytestmark = pytest.mark.django_db

YEAR = dt.timedelta(days=365)


def former(organization: Organization, name: str, last=None, first=None) -> FormerName:
    return factories.former_name(
        organization=organization, name_en=name, name_zh_hans="", ends_on=last, starts_on=first
    )


def test_name_of_a_day_is_the_one_that_was_in_use():
    organization, day = factories.organization(name_en="Third"), factories.DAY
    former(organization, "Second", day)
    former(organization, "First", day - YEAR)
    former(organization, "Unknown")

    assert organization.name_at(day - 2 * YEAR) == "First"
    assert organization.name_at(day - YEAR) == "First"
    assert organization.name_at(day) == "Second"
    assert organization.name_at(day + dt.timedelta(days=1)) == "Third"


def test_name_before_the_first_day_of_a_former_one_is_the_present_one():
    organization, day = factories.organization(name_en="Now"), factories.DAY
    former(organization, "Before", day, first=day - YEAR)

    assert organization.name_at(day - YEAR) == "Before"
    assert organization.name_at(day - 2 * YEAR) == "Now"


def test_former_name_falls_back_to_the_other_language():
    organization = factories.organization()
    former(organization, "Health Bureau", factories.DAY)

    with translation.override("zh-hans"):
        name = organization.name_at(factories.DAY)

    assert (name, name.lang) == ("Health Bureau", "en")


def test_former_name_is_in_one_language_at_least():
    with pytest.raises(ValidationError):
        factories.former_name(name_en="", name_zh_hans="")


def test_former_names_find_their_organization_and_what_is_there():
    organization = factories.organization()
    factories.former_name(organization=organization, name_en="Old", name_zh_hans="市卫生局")
    expert = factories.affiliation(organization=organization).expert
    project = factories.project(owner=organization)

    for text in ("市衛生局", "shiweisheng"):
        assert list(Expert.objects.search(text)) == [expert]
        assert list(Project.objects.search(text)) == [project]
    assert Organization.objects.alike("市 卫生局") == [organization]
    assert Organization.objects.alike("OLD") == [organization]


def test_refilling_keeps_former_names():
    factories.former_name()

    assert refill(Organization) == 0


@pytest.mark.parametrize(
    ("names", "second"),
    [
        ([("", "2015-12-31"), ("", "2020-12-31")], None),
        ([("2016-01-01", "2020-12-31"), ("", "2015-12-31")], None),
        ([("", "2015-12-31"), ("2015-12-31", "2020-12-31")], 1),
        ([("", "2015-12-31"), ("", "2015-12-31")], 1),
        ([("2000-01-01", ""), ("", ""), ("", "2015-12-31")], None),
    ],
)
def test_names_that_were_in_use_at_once_are_found(names, second):
    days = [[each and dt.date.fromisoformat(each) or None for each in pair] for pair in names]
    rows = [FormerName(starts_on=first, ends_on=last) for first, last in days]

    assert overlapping_name(rows) is (None if second is None else rows[second])
