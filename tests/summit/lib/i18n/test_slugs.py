import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from events.models import Event, Session
from summit.lib.i18n.slugs import MAX_LENGTH, free_slug, pinyin, slug_from
from tests import factories


@pytest.mark.parametrize(
    ("texts", "slug"),
    [
        (["Remote Blood Testing System"], "remote-blood-testing-system"),
        (["石家庄·英国"], "shi-jia-zhuang-ying-guo"),
        (["", "血液"], "xue-ye"),
        (["!!!", "血液"], "xue-ye"),
        (["Café 2020"], "cafe-2020"),
        (["安·黑尔"], "an-hei-er"),
        (["", "!!!"], ""),
    ],
)
def test_a_slug_comes_from_the_first_text_that_yields_one(texts, slug):
    assert slug_from(*texts) == slug


def test_a_long_slug_is_cut_at_a_word():
    slug = slug_from("word " * 40)

    assert len(slug) <= MAX_LENGTH
    assert slug.endswith("word")


@given(st.text(max_size=300))
def test_a_slug_always_fits_its_column_and_its_address(text):
    slug = slug_from(text)

    assert len(slug) <= MAX_LENGTH
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.django_db
def test_a_taken_slug_gets_a_number():
    slugs = [factories.event(title_en="Summit").slug for _ in range(3)]

    assert slugs == ["summit", "summit-2", "summit-3"]


@pytest.mark.django_db
def test_a_text_without_any_letter_gets_a_slug_nevertheless():
    assert free_slug(Event.objects.all(), "!!!", "") == "x"


@pytest.mark.django_db
def test_a_long_taken_slug_still_fits():
    title = "w" * 200

    slugs = [factories.event(title_en=title).slug for _ in range(2)]

    assert len(set(slugs)) == 2
    assert max(map(len, slugs)) <= MAX_LENGTH


@pytest.mark.django_db
def test_a_double_slug_is_refused_with_a_message_and_changes_nothing():
    factories.event(slug="summit")

    with pytest.raises(ValidationError) as refusal:
        factories.event(slug="summit")

    assert "slug" in refusal.value.message_dict
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_a_slug_stays_when_the_title_changes():
    event = factories.event(title_en="Summit")
    event.title_en = "Renamed"

    assert factories.save(event).slug == "summit"


@pytest.mark.django_db
def test_sessions_of_two_events_may_share_a_slug():
    slugs = {factories.session(title_en="Opening").slug for _ in range(2)}

    assert slugs == {"opening"}
    assert Session.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "syllables"),
    [("王伟", "wang wei"), ("安·黑尔", "an hei er"), ("王伟 Wang", "wang wei wang"), ("", "")],
)
def test_pinyin_is_syllables_and_leaves_other_text_alone(text, syllables):
    assert pinyin(text) == syllables
