"""People's names: how they are sorted and found, Chinese ones by pinyin."""

import re

from summit.lib.slugs import pinyin

# Surnames that are read otherwise than the same character in most words. Sources: the
# readings marked 姓 in 现代汉语词典, 7th edition.
_SURNAMES = {
    "万俟": "mo qi",
    "尉迟": "yu chi",
    "长孙": "zhang sun",
    "单于": "chan yu",
    "澹台": "tan tai",
    "单": "shan",
    "仇": "qiu",
    "解": "xie",
    "曾": "zeng",
    "查": "zha",
    "任": "ren",
    "盖": "ge",
    "区": "ou",
    "朴": "piao",
    "缪": "miao",
    "翟": "zhai",
    "覃": "qin",
    "乐": "yue",
    "折": "she",
    "黑": "he",
    "种": "chong",
    "秘": "bi",
    "繁": "po",
    "员": "yun",
    "燕": "yan",
    "华": "hua",
    "尹": "yin",
    "冼": "xian",
    "洗": "xian",
    "郇": "xun",
    "召": "shao",
    "长": "chang",
    "纪": "ji",
    "宁": "ning",
    "葛": "ge",
    "柏": "bai",
    "车": "che",
    "都": "du",
    "那": "na",
    "哈": "ha",
    "牟": "mu",
    "逄": "pang",
    "祭": "zhai",
    "应": "ying",
    "於": "yu",
    "訾": "zi",
}
_CHINESE_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")
_GAPS = re.compile(r"[\s·•・.\-‐‑]+")


def name_pinyin(name: str) -> str:
    """Return a person's name as pinyin syllables, surnames read as such: ``单芳`` → ``shan fang``.

    A name that is not Chinese comes back in lower case.
    """
    plain = pinyin(name)
    if not _CHINESE_NAME.fullmatch(name):
        return plain
    for length in (2, 1):
        reading = _SURNAMES.get(name[:length])
        if reading and len(name) > length:
            return f"{reading} {pinyin(name[length:])}"
    return plain


def searchable(name: str, *others: str) -> str:
    """Return everything a person may be looked up by, as lower-case lines for one ``contains``.

    The name stands as it is written, in pinyin with and without gaps, and as the
    initials of the pinyin; ``others``, such as an address or a phone number, as
    they are and, where they hold digits, without gaps.
    """
    syllables = name_pinyin(name)
    lines = [name, _GAPS.sub("", name), syllables, _GAPS.sub("", syllables)]
    if not name.isascii():
        lines.append("".join(syllable[0] for syllable in syllables.split()))
    for other in others:
        lines.append(other)
        if any(character.isdigit() for character in other):
            lines.append(_GAPS.sub("", other))
    return "\n".join(dict.fromkeys(line.casefold() for line in lines if line))
