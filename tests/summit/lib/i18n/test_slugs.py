import pytest
from anyascii import anyascii
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
        (["Дмитрий Орлов"], "dmitriy-orlov"),
        (["Ελληνική Ημέρα"], "elliniki-imera"),
        (["Søren Kjærgaard"], "soren-kjaergaard"),
        (["Łukasz Đặng, Þórður ß"], "lukasz-dang-thordur-ss"),
        (["おいしい カナ"], "oishii-kana"),
        (["서울 포럼"], "seoul-poleom"),
        (["مؤتمر"], "mutmr"),
        (["重慶·論壇"], "chong-qing-lun-tan"),
        (["𠮷野"], "kichi-ye"),
        (["王\u200b芳"], "wang-fang"),
        (["Industry 4.0–AI"], "industry-4-0-ai"),
        (["第①届（２０２７）"], "di-1-jie-2027"),
        (["🚀 Launch"], "launch"),
    ],
)
def test_a_slug_comes_from_the_first_text_that_yields_one(texts, slug):
    assert slug_from(*texts) == slug


def test_a_long_slug_is_cut_at_a_word():
    slug = slug_from("word " * 40)

    assert len(slug) <= MAX_LENGTH
    assert slug.endswith("word")


def test_an_ending_is_made_room_for():
    slug = slug_from("word " * 40, ending="-2029-10-29")

    assert len(slug) <= MAX_LENGTH
    assert slug.endswith("word-2029-10-29")


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=5))
def test_a_title_of_letters_alone_gives_an_address_of_letters(text):
    # Letters that no table has, such as those of scripts that are long gone.
    assert slug_from(text) or not anyascii(text).strip("'`\"")


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
    assert free_slug(Event(), "!!!", "") == "x"


@pytest.mark.django_db
def test_a_long_taken_slug_still_fits():
    title = "w" * 200

    slugs = [factories.event(title_en=title).slug for _ in range(2)]

    assert len(set(slugs)) == 2
    assert max(map(len, slugs)) <= MAX_LENGTH


LONG = (
    "2027年石家庄市生物医药与高端医疗器械产业国际前沿技术项目对接会暨中英生物医药创新合作签约仪式"
)


@pytest.mark.django_db
@pytest.mark.parametrize("title", [LONG, *("w" * length for length in range(95, 102))])
@pytest.mark.parametrize("make", [factories.event, factories.project, factories.series])
def test_twenty_rows_can_have_one_title(make, title):
    slugs = {make(title_en="", title_zh_hans=title).slug for _ in range(21)}

    assert len(slugs) == 21
    assert max(map(len, slugs)) <= MAX_LENGTH


@pytest.mark.django_db
def test_an_address_that_another_row_had_is_not_given_away():
    event = factories.event(title_en="Summit")
    event.slug = "renamed"
    factories.save(event)

    assert factories.event(title_en="Summit").slug == "summit-2"
    event.slug = ""
    assert factories.save(event).slug == "summit"


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
