import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from events.models import Expert, Organization
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "fields", "shown", "spoken_in"),
    [
        ("en", {}, "Professor Ann Hale", "en"),
        ("zh-hans", {}, "安·黑尔教授", "zh-hans"),
        ("zh-hans", {"name_zh_hans": ""}, "Professor Ann Hale", "en"),
        ("en", {"name_en": ""}, "安·黑尔教授", "zh-hans"),
        ("en", {"honorific_en": ""}, "Ann Hale", "en"),
    ],
)
def test_a_name_and_its_honorific_are_in_one_language(language, fields, shown, spoken_in):
    given = {
        "name_en": "Ann Hale",
        "name_zh_hans": "安·黑尔",
        "honorific_en": "Professor",
        "honorific_zh_hans": "教授",
    }
    expert = factories.expert(**given | fields)

    with translation.override(language):
        assert (expert.display_name, expert.display_name.lang) == (shown, spoken_in)


def test_pinyin_follows_the_chinese_name():
    expert = factories.expert(name_zh_hans="王伟")
    expert.name_zh_hans = "李娜"

    assert factories.save(expert).pinyin == "li na"


def test_surname_is_read_as_one():
    assert factories.expert(name_en="", name_zh_hans="单玉洁").pinyin == "shan yu jie"
    assert factories.expert(name_en="", name_zh_hans="简·莫斯").pinyin == "jian mo si"


def test_the_primary_affiliation_is_the_primary_one_else_the_first():
    expert = factories.expert()
    assert expert.primary_affiliation is None

    first = factories.affiliation(expert=expert, is_primary=False)
    assert expert.primary_affiliation == first

    primary = factories.affiliation(expert=expert)
    assert expert.primary_affiliation == primary


@pytest.mark.parametrize(
    ("make", "model"), [(factories.expert, Expert), (factories.organization, Organization)]
)
def test_who_is_not_announced_yet_is_for_staff_alone(make, model, cast):
    hidden = make(is_public=False)

    assert hidden not in model.objects.visible()
    assert [hidden in model.objects.visible_to(person.user) for person in cast] == [
        True,
        True,
        True,
        False,
    ]


def test_pages_name_no_affiliation_to_a_hidden_organization():
    hidden = factories.affiliation(organization=factories.organization(is_public=False))

    expert = Expert.objects.with_affiliations().get(pk=hidden.expert_id)

    assert expert.primary_affiliation is None


@pytest.mark.parametrize("term", ["ann", "HALE", "黑", "an hei", "anhei", "trafford", "曼彻"])
def test_an_expert_is_found_in_both_languages_by_pinyin_and_by_place(term):
    place = factories.organization(name_en="Trafford Institute", name_zh_hans="曼彻斯特研究所")
    expert = factories.expert(name_en="Ann Hale", name_zh_hans="安·黑尔")
    factories.affiliation(expert=expert, organization=place)
    factories.expert(name_en="Somebody", name_zh_hans="某人")

    assert list(Expert.objects.search(term)) == [expert]


def test_a_hidden_organization_finds_nobody():
    hidden = factories.organization(name_en="Secret Works", is_public=False)
    factories.affiliation(organization=hidden)

    assert not Expert.objects.search("secret").exists()


def test_all_terms_must_be_found():
    factories.expert(name_en="Ann Hale")

    assert Expert.objects.search("ann hale").exists()
    assert not Expert.objects.search("ann smith").exists()


def test_the_label_of_an_organization_is_short_where_it_can_be():
    assert factories.organization(name_en="Long Name").label == "Long Name"
    assert factories.organization(name_en="Long Name", short_name_en="LN").label == "LN"


YEAR = dt.timedelta(days=365)


def test_affiliation_of_a_day_is_the_primary_one_of_that_day():
    expert, last = factories.expert(), factories.DAY
    then = factories.affiliation(expert=expert, is_primary=False, ends_on=last)
    later = factories.affiliation(expert=expert, starts_on=last + dt.timedelta(days=1))

    assert expert.affiliation_at(last) == then
    assert expert.affiliation_at(last + dt.timedelta(days=1)) == later
    assert expert.primary_affiliation == later
    assert expert.present_affiliations == [later]
    assert expert.former_affiliations == [then]


def test_who_left_has_no_present_affiliation():
    left = factories.affiliation(ends_on=factories.DAY)

    assert left.expert.primary_affiliation is None
    assert left.expert.affiliation_at(factories.DAY) == left


def test_who_returns_is_at_an_organization_once_in_a_time():
    last = factories.DAY
    first = factories.affiliation(ends_on=last)
    there = {"expert": first.expert, "organization": first.organization}

    factories.affiliation(**there, starts_on=last + YEAR)

    with pytest.raises(ValidationError, match="during this time"):
        factories.affiliation(**there, starts_on=last - YEAR, ends_on=last)


def test_one_affiliation_at_a_time_is_the_primary_one():
    last = factories.DAY
    first = factories.affiliation(ends_on=last)

    factories.affiliation(expert=first.expert, starts_on=last + YEAR)

    with pytest.raises(ValidationError, match="primary one at a time"):
        factories.affiliation(expert=first.expert, ends_on=last - YEAR)
