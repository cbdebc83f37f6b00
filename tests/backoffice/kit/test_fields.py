"""Forms begin with the language of the interface, and with the cursor in their first text."""

import re

import pytest
from django.utils import translation

from backoffice.kit.labels import own_language_first
from events.models import Event, EventSeries, Expert, Organization, Session
from projects.models import CooperationIntention, Project
from tests import factories
from tests.backoffice.posting import inline, url

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "zh-hans")


def focused(page):
    return re.findall(r'name="([^"]+)"[^>]*\bautofocus', page.text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("model", [Event, EventSeries, Session, Expert, Organization, Project])
def test_add_page_begins_with_its_first_text_in_the_language_of_the_interface(
    organizer, model, language
):
    organizer.cookies["django_language"] = language
    name = "name" if model in (Expert, Organization) else "title"

    page = organizer.get(url(model, "add"))

    assert focused(page) == [f"{name}_{language.replace('-', '_')}"]


def test_add_page_that_begins_with_choices_leaves_the_cursor(organizer):
    assert focused(organizer.get(url(CooperationIntention, "add"))) == []


def test_neither_a_change_page_nor_a_refused_form_moves_the_cursor(organizer):
    assert focused(organizer.get(url(factories.expert(), "change"))) == []
    assert focused(organizer.post(url(Expert, "add"), inline("affiliations"))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_own_language_stands_first_in_forms_and_in_their_tables(organizer, language):
    organizer.cookies["django_language"] = language
    own, other = ("en", "zh_hans") if language == "en" else ("zh_hans", "en")

    page = organizer.get(url(factories.affiliation().expert, "change")).text

    for name in ("name", "honorific", "biography", "affiliations-0-position"):
        assert page.index(f'name="{name}_{own}"') < page.index(f'name="{name}_{other}"'), name


def test_only_pairs_are_turned():
    lines = ["a_en", "b_zh_hans", ("a_en", "a_zh_hans", "order"), ["b_zh_hans", "b_en"], print]

    with translation.override("zh-hans"):
        turned = own_language_first(lines)
    with translation.override("en"):
        left = own_language_first(lines)

    pair = ["a_zh_hans", "a_en", "order"]
    assert turned == ["a_en", "b_zh_hans", pair, ["b_zh_hans", "b_en"], print]
    assert left == [
        "a_en",
        "b_zh_hans",
        ["a_en", "a_zh_hans", "order"],
        ["b_zh_hans", "b_en"],
        print,
    ]
