import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit.lib.i18n import likeness
from summit.lib.i18n.likeness import fold, key, one_line, search_words, simplified, visible

CHARACTERS = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
# Letters of phonetic notation and of manuscripts, which stand for no letter of the alphabet.
NO_LATIN = set("ƸƹɁɂʔʕʡʢʭᴤᴥꜢꜣꜤꜥꝪꝫꝮꝯꞏ")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Søren Kjærgaard", "soren kjaergaard"),
        ("Michał Żółć", "MICHAL ZOLC"),
        ("Gönül Işık", "GÖNÜL IŞIK"),
        ("İstanbul", "istanbul"),
        ("Đặng Quốc Bảo", "dang quoc bao"),
        ("Ħaġar", "hagar"),
        ("Œuvrard Cœur", "oeuvrard coeur"),
        ("Þórður Straße", "thordur STRASSE"),
        ("Zoe\u0308", "Ｚoë"),
        ("ÉLODIE Lefèvre", "elodie lefevre"),
        ("ОРЛОВ", "орлов"),
        ("ΟΔΥΣΣΕΎΣ", "οδυσσευς"),
        ("ʿAlī al-Ḥasan", "Ali al Hasan"),
        ("O’Brien–Hale", "O'Brien-Hale"),
        ("安·黑尔", "安•黑尔"),
        ("安·黑尔", "安‧黑尔"),
        ("安・黑尔", "安．黑尔"),
        ("安·黑尔", "安 黑尔"),
        ("St. John's, Ltd.", "St Johns Ltd"),
        ("Kappa™ Ltd", "Kappa® Ltd"),
        ("王 伟", "王\u3000伟"),
        ("王\u200b伟", "王伟"),
        ("Ｋａｐｐａ（中国）", "Kappa (中国)"),
        ("ｶﾞｯｺｳ", "ガッコウ"),
        ("張偉", "张伟"),
        ("黃志強", "黄志强"),
        ("石家莊市 科學技術局", "石家庄市科学技术局"),
        ("臺灣", "台湾"),
        ("衞生署", "衛生署"),
        ("啟明", "啓明"),
        ("群峯", "羣峰"),
        ("裡", "裏"),
        ("锺书", "钟书"),
        ("龍\ufa44", "龙\u6885"),
        ("⼈⼯智能", "人工智能"),
        ("٢٠٢٧", "2027"),
    ],
)
def test_texts_are_alike(first, second):
    assert key(first) == key(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        *(("王伟", "王芳"), ("R&D", "RD"), ("C++", "C"), ("C#", "C"), ("か", "が"), ("A1", "A")),
        ("𠮷野", "吉野"),
    ],
)
def test_texts_are_not_alike(first, second):
    assert key(first) != key(second)


def test_every_latin_letter_is_folded_to_ascii():
    letters = [
        each
        for each in CHARACTERS
        if unicodedata.name(each, "").startswith("LATIN ")
        if unicodedata.category(each) in ("Lu", "Ll", "Lt")
        if each not in NO_LATIN
    ]

    assert len(letters) > 1100
    assert [each for each in letters if not fold(each).isascii()] == []
    assert [each for each in letters if fold(each) != fold(each.upper())] == []


def test_every_character_is_folded_once_and_for_all():
    assert [each for each in CHARACTERS if fold(fold(each)) != fold(each)] == []


def test_every_ideograph_is_kept_and_is_no_word_of_its_own():
    ideographs = [
        each
        for each in CHARACTERS
        if unicodedata.name(each, "").startswith("CJK UNIFIED IDEOGRAPH")
    ]

    assert len(ideographs) > 97_000
    assert [each for each in ideographs if len(key(each)) != 1] == []
    assert [each for each in ideographs if key(f"{each} {each}") != fold(f"{each} {each}")] == []


@pytest.mark.parametrize("name", ["TSCharacters.txt", "TWVariants.txt", "HKVariants.txt"])
def test_traditional_and_simplified_characters_are_alike(name):
    pairs = likeness._table(name)

    assert len(pairs) > 30
    unlike = {pair[0] for pair in pairs if key(pair[0]) != key(pair[1][0])}
    # Of these the simplified characters are two as well: 幺 and 么, 鲇 and 鲶, 腭 and 颚.
    assert unlike <= set("幺鮎齶")


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_the_words_of_a_text_are_found_in_it(text):
    assert all(word in key(text) for word in search_words(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  Zoë, Núñez ", ["zoe", "nunez"]),
        ("brien-hale", ["brien", "hale"]),
        ("张伟，黄志强；王 伟", ["张伟", "黄志强", "王", "伟"]),
        ("+86 10-6255.1234", ["86", "1062551234"]),
        ("Wei.Wang@Example.org", ["weiwang@exampleorg"]),
        (",;·", []),
        ("a " * 100, ["a"]),
        ("a-b-c-d e.f.g.h i", list("abcdefgh")),
    ],
)
def test_a_search_is_split_into_words(text, words):
    assert search_words(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "王\u200b芳",
        "王\ufeff芳",
        "王\u200d芳",
        "王\u00ad芳",
        "王\u2060芳",
        "王\u200c芳",
        "王\u202e芳",
    ]
    + ["王\ufffc芳", "王\ufe0f芳", "王\U000e0020芳", "王\u3164芳", "王\x07芳", "\u200f王芳\u200e"],
)
def test_what_nobody_sees_is_taken_out(text):
    assert visible(text) == "王芳"


@pytest.mark.parametrize("text", ["می\u200cخواهم", "क्\u200dष", "👩\u200d🔬", "Größmann 𠮷 ①"])
def test_joiners_that_join_stay(text):
    assert visible(text) == text


def test_a_line_has_no_breaks():
    assert one_line(" Kappa\u200b\r\nLtd\u2028\u2800 (UK)\t") == "Kappa Ltd (UK)"


def test_characters_are_simplified_where_each_says_how():
    assert simplified("重慶銀行乾隆") == "重庆银行乾隆"
