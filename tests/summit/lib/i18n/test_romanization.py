import pytest
from django.utils import translation

from summit.lib.i18n.bilingual import Text
from summit.lib.i18n.romanization import romanize_name, with_reading


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("王伟", "Wang Wei"),
        ("王 伟", "Wang Wei"),
        ("王偉", "Wang Wei"),
        ("李小明", "Li Xiaoming"),
        # A surname is read as such, also one of two characters.
        ("单芳", "Shan Fang"),
        ("曾子墨", "Zeng Zimo"),
        ("欧阳修", "Ouyang Xiu"),
        ("歐陽建安", "Ouyang Jian’an"),
        ("尉迟恭", "Yuchi Gong"),
        ("单于辉", "Chanyu Hui"),
        # Two characters are a surname of one and a given name.
        ("司马", "Si Ma"),
        # ü, which pinyin for searching writes v.
        ("吕略", "Lü Lüe"),
        ("王𬀩", "Wang Wei"),
    ],
)
def test_a_chinese_name_is_written_surname_first(name, letters):
    assert romanize_name(name) == letters


@pytest.mark.parametrize(
    "name", ["", "王", "安·黑尔", "王伟 (David)", "Wang Wei", "史蒂芬妮亚", "王〇〇", "王\ue000"]
)
def test_no_other_name_is_guessed_at(name):
    assert romanize_name(name) == ""


@pytest.mark.parametrize(
    ("language", "name", "spoken_in", "shown"),
    [
        ("en", "王伟", "zh-hans", "王伟教授 Wang Wei"),
        ("zh-hans", "王伟", "zh-hans", "王伟教授"),
        ("en", "安·黑尔", "zh-hans", "安·黑尔教授"),
    ],
)
def test_the_reading_stands_beside_the_name_on_english_pages(language, name, spoken_in, shown):
    with translation.override(language):
        text = with_reading(f"{name}教授", Text(name, spoken_in))

    assert (text, text.lang) == (shown, spoken_in)
