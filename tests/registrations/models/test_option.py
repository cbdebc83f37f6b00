"""Options keep their keys, whatever is done to the lines in which they are typed."""

import importlib

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import translation

from registrations.domain import correction
from registrations.domain.settings import copy_settings
from registrations.models import Question
from registrations.models.option import Option, match_options
from tests import factories

LUNCH = {
    "kind": "choice",
    "options_en": "Halal\nVegetarian\nNo lunch",
    "options_zh_hans": "清真\n素食\n不用餐",
}


@pytest.fixture
def lunch(db) -> Question:
    return factories.question(**LUNCH)


def answered(question: Question, value: object):
    return factories.registered(question.settings.event, answers={question.pk: value})


def shown(attendee) -> list[str]:
    return [answer.shown for answer in attendee.answers.select_related("question")]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Standard\nHalal\nVegetarian\nNo lunch", "普通\n清真\n素食\n不用餐"),
        ("No lunch\nVegetarian\nHalal", "不用餐\n素食\n清真"),
        (" halal \n\nVegetarian\nNo lunch", "清真\n素食\n不用餐"),
        ("Halal meal\nVegetarian\nNo lunch", "清真\n素食\n不用餐"),
        ("Vegetarian\nHalal meal", "素食\n清真"),
        ("Halal\nVegetarian\nNo lunch", ""),
    ],
    ids=["inserted", "reordered", "respelt", "renamed", "removed beside it", "one language"],
)
@pytest.mark.parametrize("by_update", [False, True])
def test_an_answer_keeps_what_was_chosen(lunch, english, chinese, by_update):
    attendee = answered(lunch, "1")

    if by_update:
        Question.objects.update(options_en=english, options_zh_hans=chinese)
    else:
        lunch.options_en, lunch.options_zh_hans = english, chinese
        lunch.save()

    with translation.override("en"):
        assert shown(attendee) == ["halal" if " halal" in english else _first_halal(english)]
    if chinese:
        with translation.override("zh-hans"):
            assert shown(attendee) == ["清真"]


def _first_halal(english: str) -> str:
    return next(line for line in english.splitlines() if line.startswith("Halal"))


def test_several_choices_keep_what_was_chosen(db):
    visits = factories.question(kind="choices", options_en="Lab A\nLab B\nLab C")
    attendee = answered(visits, ["2", "3"])

    visits.options_en = "Lab B\nLab A\nLab C"
    visits.save()

    assert shown(attendee) == ["Lab B, Lab C"]


def test_a_removed_option_stays_in_the_answer_and_its_key_is_given_to_no_other(lunch):
    attendee = answered(lunch, "3")
    lunch.options_en, lunch.options_zh_hans = "Halal\nVegetarian", "清真\n素食"
    lunch.save()
    lunch.options_en, lunch.options_zh_hans = "Halal\nVegetarian\nKosher", "清真\n素食\n洁食"
    lunch.save()

    assert shown(attendee) == ["No lunch"]
    assert lunch.choices == [("1", "Halal"), ("2", "Vegetarian"), ("4", "Kosher")]


def test_an_option_that_is_typed_again_is_the_one_it_was(lunch):
    for english, chinese in [("Vegetarian\nHalal", "素食\n清真"), (LUNCH["options_en"], "")]:
        lunch.options_en, lunch.options_zh_hans = english, chinese
        lunch.save()

    assert [key for key, _words in lunch.choices] == ["1", "2", "3"]


def test_lines_swapped_in_one_language_are_neither_option():
    known = [
        Option("1", {"en": "A", "zh-hans": "甲"}),
        Option("2", {"en": "B", "zh-hans": "乙"}),
    ]
    rows = [{"en": "A", "zh-hans": "乙"}, {"en": "C", "zh-hans": "甲"}]

    found = match_options(known, rows)

    assert [(option.key, option.is_offered) for option in found] == [
        *(("3", True), ("4", True), ("1", False), ("2", False))
    ]


def test_a_question_of_before_there_were_keys_gets_them_from_its_stored_lines(lunch):
    attendee = answered(lunch, "2")
    Question.objects.update(known_options=None)
    lunch.refresh_from_db()

    lunch.options_en = "Standard\n" + LUNCH["options_en"]
    lunch.options_zh_hans = "普通\n" + LUNCH["options_zh_hans"]
    lunch.save()

    assert shown(attendee) == ["Vegetarian"]


def test_migration_gives_keys_and_reserves_those_of_lost_options(lunch):
    attendee = answered(lunch, "3")
    Question.objects.update(
        options_en="Halal\nVegetarian", options_zh_hans="清真\n素食", known_options=None
    )

    migration = importlib.import_module("registrations.migrations.0004_keys_of_options")
    migration.give_keys(apps, None)
    lunch.refresh_from_db()
    lunch.options_en += "\nKosher"
    lunch.options_zh_hans += "\n洁食"
    lunch.save()

    assert shown(attendee) == ["an option that was removed"]
    assert lunch.choices[-1] == ("4", "Kosher")


def test_the_kind_of_a_question_with_answers_stays(lunch):
    answered(lunch, "1")
    answered(lunch, "2")
    lunch.kind = "choices"

    with pytest.raises(ValidationError, match="2 people have answered this question as “single"):
        lunch.full_clean()


def test_the_kind_of_a_question_without_answers_can_be_changed(lunch):
    lunch.kind = "choices"

    lunch.full_clean()


def test_a_copy_of_an_event_keeps_its_own_options(lunch):
    attendee = answered(lunch, "1")
    new_event = factories.upcoming_event()
    copy_settings(lunch.settings.event, new_event, shifted=lambda moment: moment, by=None)
    copy = new_event.registration_settings.questions.get()

    copy.options_en, copy.options_zh_hans = "Fish\nHalal", "鱼\n清真"
    copy.save()
    correction.answer(attendee, {lunch.pk: "2"})

    assert copy.choices == [("4", "Fish"), ("1", "Halal")]
    assert shown(attendee) == ["Vegetarian"]
