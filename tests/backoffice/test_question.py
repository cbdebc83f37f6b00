"""Questions edited where people have answered."""

import pytest

from registrations.models import Question
from tests import factories
from tests.backoffice.posting import errors, save, url

OPTIONS = {"options_en": "Halal\nVegetarian", "options_zh_hans": "清真\n素食"}


@pytest.fixture
def lunch(db) -> Question:
    return factories.question(kind="choice", **OPTIONS)


@pytest.fixture
def attendee(lunch):
    return factories.registered(lunch.settings.event, answers={lunch.pk: "1"})


def type_options(person, question: Question, english: str, chinese: str, **more):
    changed = {"questions-0-options_en": english, "questions-0-options_zh_hans": chinese}
    return save(person, question.settings, **changed, **more)


def shown(attendee) -> str:
    return attendee.answers.select_related("question").get().shown


def test_an_inserted_and_moved_option_needs_no_question(organizer, lunch, attendee):
    response = type_options(
        organizer, lunch, "Standard\nVegetarian\nHalal meal", "普通\n素食\n清真"
    )

    assert response.status_code == 302
    assert shown(attendee) == "Halal meal"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "“Halal / 清真” (1 answer)"), ("zh-hans", "“Halal / 清真”（1份回答）")],
)
def test_an_option_that_was_chosen_and_is_gone_is_asked_about(
    organizer, lunch, attendee, language, words
):
    organizer.cookies["django_language"] = language

    response = type_options(organizer, lunch, "Kosher\nVegetarian", "洁食\n素食")

    assert words in str(errors(response))
    assert 'name="questions-0-became-1"' in response.text
    assert "Kosher\nVegetarian" in response.text
    lunch.refresh_from_db()
    assert lunch.options_en == OPTIONS["options_en"]


@pytest.mark.parametrize(("became", "english"), [("Kosher / 洁食", "Kosher"), ("removed", "Halal")])
def test_what_is_said_of_the_option_is_done(organizer, lunch, attendee, became, english):
    said = {"questions-0-became-1": became}

    response = type_options(organizer, lunch, "Kosher\nVegetarian", "洁食\n素食", **said)

    assert response.status_code == 302
    assert shown(attendee) == english


def test_two_options_do_not_become_one(organizer, lunch, attendee):
    factories.registered(lunch.settings.event, answers={lunch.pk: "2"})
    said = {"questions-0-became-1": "C / 丙", "questions-0-became-2": "C / 丙"}

    response = type_options(organizer, lunch, "C\nD", "丙\n丁", **said)

    assert "Two options cannot be renamed" in str(errors(response))


def test_an_option_that_nobody_chose_goes_unasked(organizer, lunch, attendee):
    response = type_options(organizer, lunch, "Halal\nKosher", "清真\n洁食")

    assert response.status_code == 302


def test_another_kind_is_refused_with_the_number_of_answers(organizer, lunch, attendee):
    response = save(organizer, lunch.settings, **{"questions-0-kind": "choices"})

    assert "1 person has answered" in str(errors(response))


def test_the_page_says_how_many_answers_a_question_has(organizer, lunch, attendee):
    page = organizer.get(url(lunch.settings, "change"))

    assert "Deleting the question deletes its answers." in page.text


def test_an_attendee_keeps_a_removed_option_when_other_data_is_corrected(
    stranger, organizer, lunch, attendee
):
    from registrations.emails import personal_url

    type_options(
        organizer, lunch, "Kosher\nVegetarian", "洁食\n素食", **{"questions-0-became-1": "removed"}
    )
    address = personal_url(attendee) + "correct/"
    page = stranger.get(address)
    form = page.context["form"]
    data = {bound.html_name: bound.value() for bound in form if bound.value() is not None}

    response = stranger.post(address, data | {"name": "Wang Wei"})

    assert "Halal (no longer offered)" in page.text
    assert response.status_code == 302
    assert shown(attendee) == "Halal"
