"""Chinese people's names in letters, for readers of English."""

import re

from summit.lib.i18n.bilingual import Text
from summit.lib.i18n.languages import current
from summit.lib.i18n.names import name_pinyin

_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
# A middle dot stands in names from other languages, whose letters nobody can tell from it.
_CHINESE_NAME = re.compile(rf"[{_HAN}]{{2,4}}")
_SET_APART = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
# Surnames of two characters, simplified and traditional, with their readings as surnames.
# Source: the compound surnames of 百家姓 with the readings of 现代汉语词典.
_COMPOUND_SURNAMES = {
    name: reading
    for reading, names in {
        "Ouyang": "欧阳 歐陽",
        "Sima": "司马 司馬",
        "Situ": "司徒",
        "Sikong": "司空",
        "Shangguan": "上官",
        "Zhuge": "诸葛 諸葛",
        "Xiahou": "夏侯",
        "Huangfu": "皇甫",
        "Yuchi": "尉迟 尉遲",
        "Murong": "慕容",
        "Linghu": "令狐",
        "Zhangsun": "长孙 長孫",
        "Yuwen": "宇文",
        "Duanmu": "端木",
        "Gongsun": "公孙 公孫",
        "Gongye": "公冶",
        "Xuanyuan": "轩辕 軒轅",
        "Dongfang": "东方 東方",
        "Dongguo": "东郭 東郭",
        "Nangong": "南宫 南宮",
        "Ximen": "西门 西門",
        "Dugu": "独孤 獨孤",
        "Huyan": "呼延",
        "Shentu": "申屠",
        "Chunyu": "淳于",
        "Chanyu": "单于 單于",
        "Taishi": "太史",
        "Tantai": "澹台 澹臺",
        "Puyang": "濮阳 濮陽",
        "Zongzheng": "宗政",
        "Helian": "赫连 赫連",
        "Wenren": "闻人 聞人",
        "Zhongli": "钟离 鍾離 鐘離",
        "Xianyu": "鲜于 鮮于",
        "Lüqiu": "闾丘 閭丘",
        "Moqi": "万俟 萬俟",
        "Guliang": "谷梁 穀梁",
        "Tuoba": "拓跋",
        "Yuezheng": "乐正 樂正",
        "Baili": "百里",
    }.items()
    for name in names.split()
}
_UMLAUT = re.compile(r"\b([ln])v")


def romanize_name(name: str) -> str:
    """Return a Chinese person's name in letters, surname first: ``王伟`` → ``Wang Wei``.

    Follows GB/T 28039 without tones: ``欧阳建安`` → ``Ouyang Jian’an``, ``吕娜`` → ``Lü Na``.
    Return "" for everything else: a name with letters or a middle dot, one of fewer than
    two or more than four characters, or with one that has no known reading.
    """
    name = _SET_APART.sub("", name.strip())
    if not _CHINESE_NAME.fullmatch(name):
        return ""
    syllables = _UMLAUT.sub(r"\1ü", name_pinyin(name)).split()
    if len(syllables) != len(name) or not all(map(str.isalpha, syllables)):
        return ""
    if re.search(f"[{_HAN}]", "".join(syllables)):
        return ""
    if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES:
        return f"{_COMPOUND_SURNAMES[name[:2]]} {_joined(syllables[2:])}"
    return f"{syllables[0].capitalize()} {_joined(syllables[1:])}"


def with_reading(shown: str, name: Text) -> Text:
    """Return what is shown of a person, followed on English pages by a Chinese name in letters.

    ``name`` is the person's name without anything, in the language in which it stands.
    """
    reading = romanize_name(name) if name.lang == "zh-hans" and current() == "en" else ""
    return Text(f"{shown} {reading}" if reading else shown, name.lang)


def _joined(syllables: list[str]) -> str:
    """Join the syllables of a given name, as ``Jian’an``, which is not ``Jia’nan``."""
    first, *rest = syllables
    joined = first + "".join(f"’{each}" if each[0] in "aeo" else each for each in rest)
    return joined.capitalize()
