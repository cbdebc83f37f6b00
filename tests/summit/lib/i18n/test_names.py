import pytest
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st

from summit.lib.i18n.likeness import search_words
from summit.lib.i18n.names import name_pinyin, searchable, staff_name


def finds(text: str, name: str, *others: str) -> bool:
    """Whether a search for the text finds a person with these fields, as the database does it."""
    lines = searchable(people=[name], others=others)
    return all(word in lines for word in search_words(text))


@pytest.mark.parametrize(
    ("name", "syllables"),
    [
        ("王伟", "wang wei"),
        ("单芳", "shan fang"),
        ("單芳", "shan fang"),
        ("曾伟", "zeng wei"),
        ("仇英", "qiu ying"),
        ("解晓东", "xie xiao dong"),
        ("查良镛", "zha liang yong"),
        ("朴树", "piao shu"),
        ("任重", "ren zhong"),
        ("贾平", "jia ping"),
        ("石磊", "shi lei"),
        # The usual reading in the given name, the surname's in front.
        ("曾曾", "zeng ceng"),
        ("欧阳修", "ou yang xiu"),
        ("上官婉儿", "shang guan wan er"),
        ("尉迟恭", "yu chi gong"),
        ("长孙无忌", "zhang sun wu ji"),
        ("万俟伟", "mo qi wei"),
        ("澹台明", "tan tai ming"),
        ("单于静", "chan yu jing"),
        ("乐正绫", "yue zheng ling"),
        ("单于", "shan yu"),
        ("王 伟", "wang wei"),
        ("单\u3000芳", "shan fang"),
        ("单芳 Shan Fang", "shan fang shan fang"),
        ("安·黑尔", "an hei er"),
        ("曾·黑尔", "ceng hei er"),
        ("买买提•单", "mai mai ti dan"),
        ("Ann Hale", "ann hale"),
        ("O’Brien-Hale, Ann", "o’brien-hale, ann"),
        ("", ""),
    ],
)
def test_a_name_is_read_as_a_name(name, syllables):
    assert name_pinyin(name) == syllables


@pytest.mark.parametrize(
    "text",
    [
        *("王伟", "王", "伟", "王 伟"),
        *("wang wei", "Wang Wei", "wangwei", "WANGWEI", "wei wang", "wang", "wang w", "ww"),
        *("ｗａｎｇ ｗｅｉ", "wang, wei", "王伟 qingyao"),
    ],
)
def test_wang_wei_is_found_by(text):
    assert finds(text, "王伟", "wei@example.org", "Qingyao Biotechnology")


@pytest.mark.parametrize("text", ["li wei", "wangli", "王芳", "wx", "wang wei harbour"])
def test_wang_wei_is_not_found_by(text):
    assert not finds(text, "王伟", "wei@example.org", "Qingyao Biotechnology")


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("王 伟", ["王伟", "wangwei", "ww"]),
        ("单芳", ["shan fang", "shanfang", "sf", "dan fang", "danfang"]),
        ("翟天临", ["zhai tian lin", "di tianlin"]),
        ("欧阳修", ["ouyang xiu", "ouyangxiu", "oyx", "欧阳"]),
        ("吕布", ["lv bu", "lü bu", "lu bu", "lyu bu", "lvbu"]),
        ("安·黑尔", ["安•黑尔", "安黑尔", "黑尔", "an heier", "anheier"]),
        ("Ann O'Brien-Hale", ["ann obrien", "O’Brien", "hale ann", "obrienhale", "brien-hale"]),
        ("José Núñez", ["jose nunez", "JOSÉ", "núñez"]),
        ("王伟 Wang Wei", ["wang wei", "王伟"]),
    ],
)
def test_a_name_is_found_as_people_type_it(name, texts):
    assert [text for text in texts if not finds(text, name)] == []


@pytest.mark.parametrize(
    "text",
    ["6255 1234", "62551234", "6255-1234", "+86 10 6255", "(010) 6255", "wei.wang@", "7K2M9QXR4T"],
)
def test_numbers_addresses_and_tickets_are_found(text):
    fields = ("王伟", "Wei.Wang@example.org", "(010) 6255-1234 +86 10 6255 1234", "7k2m9qxr4t")

    assert finds(text, *fields)


def test_wildcards_are_only_characters():
    assert not finds("%", "王伟")
    assert not finds("w_ng", "王伟")


@given(st.text(max_size=60), st.text(max_size=60))
def test_whoever_is_typed_as_written_is_found(name, organization):
    assert finds(name, name, organization)
    assert finds(f"{organization} {name}", name, organization)


@given(st.text(max_size=100))
def test_any_text_has_a_reading_without_double_gaps(name):
    assert "  " not in name_pinyin(name)


@pytest.mark.parametrize(
    ("first_name", "last_name", "shown"),
    [("小丽", "李", "李小丽"), ("Ann", "Hale", "Ann Hale"), ("", "", "desk"), ("", "欧阳", "欧阳")],
)
def test_staff_are_named_in_the_order_of_their_language(first_name, last_name, shown):
    user = User(username="desk", first_name=first_name, last_name=last_name)

    assert staff_name(user) == shown
