"""People's names: how they are sorted and found, Chinese ones by pinyin."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from django.contrib.auth.models import User

from summit.lib.i18n.likeness import HAN, fold, key, romanized, visible
from summit.lib.i18n.slugs import pinyin

# Surnames whose reading is not the usual one of their character, simplified and
# traditional. Source: the readings marked 姓 in 现代汉语词典. Those that it gives two
# readings as surnames (牟, 郇) keep the usual one, and either reading finds all others.
_SURNAMES = {
    "单于": "chan yu",
    "單于": "chan yu",
    "单": "shan",
    "單": "shan",
    "仇": "qiu",
    "解": "xie",
    "曾": "zeng",
    "查": "zha",
    "盖": "ge",
    "蓋": "ge",
    "区": "ou",
    "區": "ou",
    "朴": "piao",
    "缪": "miao",
    "繆": "miao",
    "翟": "zhai",
    "覃": "qin",
    "乐": "yue",
    "樂": "yue",
    "折": "she",
    "种": "chong",
    "秘": "bi",
    "繁": "po",
    "员": "yun",
    "員": "yun",
    "召": "shao",
    "都": "du",
    "祭": "zhai",
    "卜": "bu",
    "薄": "bo",
    "阚": "kan",
    "闞": "kan",
    "句": "gou",
    "粘": "nian",
    "乜": "nie",
    "佴": "nai",
}
# A Chinese name at the beginning, alone or before the same name in letters; not one with
# a middle dot, which has no Chinese surname.
_CHINESE_NAME = re.compile(rf"([{HAN}]{{2,4}})(?![{HAN}·•・‧．])(.*)", re.DOTALL)
# 王 伟: two characters are often set apart to be as wide as three.
_SET_APART = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
_DOTS = re.compile(r"[•・‧．]")
_HAS_HAN = re.compile(f"[{HAN}]")
# How those letters are typed where a keyboard has none; without the marks as well.
_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
    | {"Å": "Aa", "Ø": "Oe"}
)


def name_pinyin(name: str) -> str:
    """Return a person's name as pinyin syllables, surnames read as such: ``单芳`` → ``shan fang``.

    A name that is not Chinese comes back in lower case.
    """
    name = _DOTS.sub("·", _SET_APART.sub("", visible(name).strip()))
    found = _CHINESE_NAME.match(name)
    if not found:
        return pinyin(name)
    chinese, rest = found.groups()
    for length in (2, 1):
        reading = _SURNAMES.get(chinese[:length])
        if reading and len(chinese) > length:
            return " ".join(f"{reading} {pinyin(chinese[length:])} {pinyin(rest)}".split())
    return pinyin(name)


def sort_key(name: str) -> str:
    """Return that by which names are sorted: Chinese ones by pinyin, ``Łukasz`` as ``lukasz``."""
    return fold(romanized(name_pinyin(name)))


def searchable(
    *,
    people: Iterable[str] = (),
    names: Iterable[str] = (),
    others: Iterable[str] = (),
    prose: Iterable[str] = (),
) -> str:
    """Return everything a row is found by, as lines for one ``contains`` a word of a search.

    The names of ``people`` and other ``names``, such as those of organizations, stand as they
    are, in pinyin, as the initials of the pinyin and in Latin letters: those of people by the
    surname's reading and by the usual one. ``others``, such as an address or a phone number,
    stand as they are, without gaps; ``prose`` keeps the gaps between its words. All is folded
    as ``likeness.search_words`` folds what is typed. A break stands before and after each line,
    so that a whole line can be looked for.
    """
    lines = []
    for name in people:
        lines += [key(name), *_readings(name, name_pinyin(name))]
    for name in names:
        lines += [key(name), *_readings(name)]
    lines += map(key, others)
    lines += map(_folded_prose, prose)
    found = dict.fromkeys(line for line in lines if line)
    return "\n".join(["", *found, ""]) if found else ""


def _readings(name: str, *first: str) -> Iterator[str]:
    """Yield the other ways in which a name is typed, where it is not plain Latin."""
    if name.isascii():
        return
    if _HAS_HAN.search(name):
        together = _SET_APART.sub("", name)
        usual = pinyin(together)
        for syllables in dict.fromkeys([*first, usual, *_umlauts(usual)]):
            words = fold(romanized(syllables)).split()
            yield "".join(words)
            yield "".join(word[0] for word in words)
    else:
        yield key(romanized(name))
        yield key(unicodedata.normalize("NFC", name).translate(_SPELLED_OUT))


def _folded_prose(text: str) -> str:
    """Fold a text of any length; a number or an address in it is found undivided as well."""
    undivided = {key(word) for word in text.split() if any(map(str.isdigit, word)) or "@" in word}
    folded = fold(text)
    return " ".join([folded, *sorted(each for each in undivided if each not in folded)])


def _umlauts(syllables: str) -> list[str]:
    """Return the other ways in which people type the ü of 吕, which pinyin here writes ``lv``."""
    if not re.search(r"\b[ln]v", syllables):
        return []
    return [re.sub(r"\b([ln])v", rf"\1{instead}", syllables) for instead in ("u", "yu")]


def staff_name(user: User | None) -> str:
    """Return how pages name a member of staff: Chinese names in their order, else the log-in.

    Nobody is a dash.
    """
    if user is None:
        return "—"
    family, given = user.last_name.strip(), user.first_name.strip()
    if _CHINESE_NAME.fullmatch(family + given):
        return family + given
    return user.get_full_name() or user.get_username()
