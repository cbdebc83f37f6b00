import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import translation

from events.models import Event, Organization, Photo
from summit.lib.i18n.bilingual import Text, in_both, pick, text_in
from tests import factories

pytestmark = pytest.mark.django_db


# Reading


@pytest.mark.parametrize(
    ("language", "en", "zh", "read", "attribute"),
    [
        ("en", "Summit", "峰会", "Summit", ""),
        ("zh-hans", "Summit", "峰会", "峰会", ""),
        ("en", "", "峰会", "峰会", ' lang="zh-Hans"'),
        ("zh-hans", "Summit", "", "Summit", ' lang="en"'),
        ("en", "", "", "", ""),
    ],
)
def test_a_text_falls_back_and_says_its_language(language, en, zh, read, attribute):
    event = Event(title_en=en, title_zh_hans=zh)

    with translation.override(language):
        assert (event.title, event.title.lang_attr) == (read, attribute)


def test_a_language_that_is_no_content_language_reads_english():
    with translation.override("de"):
        assert Event(title_en="Summit", title_zh_hans="峰会").title == "Summit"


def test_no_language_at_all_reads_english():
    with translation.override(None):
        assert Event(title_en="Summit", title_zh_hans="峰会").title == "Summit"


def test_text_in_never_falls_back():
    assert text_in(Event(title_en="Summit"), "title", "zh-hans") == Text("", "zh-hans")


@pytest.mark.parametrize(
    ("texts", "read", "language"),
    [
        ({"en": "A", "zh-hans": "甲"}, "A", "en"),
        ({"en": "", "zh-hans": "甲"}, "甲", "zh-hans"),
        ({}, "", "en"),
    ],
)
def test_pick_reads_what_in_both_wrote(texts, read, language):
    assert (pick(texts), pick(texts).lang) == (read, language)


def test_in_both_reads_the_columns_as_they_stand():
    assert in_both(Event(title_en="Summit"), "title") == {"en": "Summit", "zh-hans": ""}


def test_every_bilingual_field_is_known_to_its_model():
    assert Photo.bilingual_names() == ["caption", "credit"]
    assert Organization.bilingual_names() == [
        *("name", "short_name", "city", "district", "description")
    ]


# Required in one language


@pytest.mark.parametrize("fields", [{"title_en": "A"}, {"title_zh_hans": "甲"}])
def test_one_language_is_enough(fields):
    assert factories.event(**{"title_en": "", "title_zh_hans": ""} | fields).pk


def test_no_language_is_refused_at_the_field():
    with pytest.raises(ValidationError) as refusal:
        factories.event(title_en=" ", title_zh_hans="")

    assert list(refusal.value.message_dict) == ["title_en"]


# What lacks a translation


def test_lacking_translation_finds_what_stands_in_one_language_only():
    whole = factories.event(summary_en="A", summary_zh_hans="甲")
    no_chinese = factories.event(summary_en="A")
    no_english = factories.event(summary_zh_hans="甲")

    assert set(Event.objects.lacking_translation()) == {no_chinese, no_english}
    assert set(Event.objects.lacking_translation("zh-hans")) == {no_chinese}
    assert set(Event.objects.lacking_translation("en")) == {no_english}
    assert whole not in Event.objects.lacking_translation()


# What is older than its source


def edit(event, **fields):
    for name, value in fields.items():
        setattr(event, name, value)
    factories.save(event)
    return Event.objects.get(pk=event.pk).outdated_language


def test_rewriting_one_language_leaves_the_other_behind_and_says_since_when():
    event = factories.event()

    with time_machine.travel(dt.datetime(2026, 5, 1, tzinfo=dt.UTC), tick=False):
        edit(event, title_en="Rewritten")

    assert (event.outdated_language, event.outdated_since) == (
        "zh-hans",
        dt.datetime(2026, 5, 1, tzinfo=dt.UTC),
    )
    assert Event.objects.outdated_translation().get() == event


def test_editing_the_one_behind_catches_up():
    event = factories.event()
    edit(event, title_en="Rewritten")

    assert edit(event, title_zh_hans="改写") == ""
    assert event.outdated_since is None


def test_editing_the_source_again_leaves_the_other_behind_still():
    event = factories.event()
    edit(event, title_zh_hans="改写")
    since = event.outdated_since

    assert edit(event, title_zh_hans="再改") == "en"
    assert event.outdated_since == since


def test_editing_both_leaves_nothing_behind():
    assert edit(factories.event(), title_en="Rewritten", title_zh_hans="改写") == ""


def test_filling_in_what_was_empty_is_translating():
    event = factories.event(summary_en="A")

    assert edit(event, summary_zh_hans="甲") == ""


def test_where_there_is_no_other_text_nothing_is_behind():
    event = factories.event(title_zh_hans="")

    assert edit(event, title_en="Rewritten") == ""


def test_other_fields_leave_the_languages_alone():
    assert edit(factories.event(), country="GB") == ""


def test_a_word_of_somebody_ends_it():
    event = factories.event()
    edit(event, title_en="Corrected a typo")
    event.mark_translated()
    event.save()

    assert not Event.objects.outdated_translation().exists()
