"""People's names: how they are sorted and found, Chinese ones by pinyin."""

import re
import unicodedata

from django.contrib.auth.models import User

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
# A search that is longer finds by its beginning.
_LONGEST_SEARCH = 200
_HAN = "\u3400-\u9fff"
# A Chinese name at the beginning, alone or before the same name in letters; not one with
# a middle dot, which has no Chinese surname.
_CHINESE_NAME = re.compile(rf"([{_HAN}]{{2,4}})(?![{_HAN}·•・‧．])(.*)", re.DOTALL)
# 王 伟: two characters are often set apart to be as wide as three.
_SET_APART = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_DOTS = re.compile(r"[•・‧．]")
_GAPS = re.compile(r"[\s·•・.\-‐‑–()/]+")
_COMMAS = re.compile(r"[,;、，；]")
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")


def name_pinyin(name: str) -> str:
    """Return a person's name as pinyin syllables, surnames read as such: ``单芳`` → ``shan fang``.

    A name that is not Chinese comes back in lower case.
    """
    name = _DOTS.sub("·", _SET_APART.sub("", name.strip()))
    found = _CHINESE_NAME.match(name)
    if not found:
        return pinyin(name)
    chinese, rest = found.groups()
    for length in (2, 1):
        reading = _SURNAMES.get(chinese[:length])
        if reading and len(chinese) > length:
            return " ".join(f"{reading} {pinyin(chinese[length:])} {pinyin(rest)}".split())
    return pinyin(name)


def searchable(name: str, *others: str) -> str:
    """Return everything a person may be looked up by, as lines for one ``contains`` a word.

    The name stands as it is written, in pinyin with and without gaps, and as the
    initials of the pinyin, by the surname's reading and by the usual one;
    ``others``, such as an address or a phone number, as they are and, where they
    hold digits, without gaps. All is folded as ``sought`` folds what is typed.
    """
    lines = [name, _GAPS.sub("", name)]
    usual = pinyin(_SET_APART.sub("", name))
    for syllables in dict.fromkeys([name_pinyin(name), usual, *_umlauts(usual)]):
        lines += [syllables, _GAPS.sub("", syllables)]
        if not name.isascii():
            lines.append("".join(syllable[0] for syllable in syllables.split()))
    for other in others:
        lines.append(other)
        if any(character.isdigit() for character in other):
            lines.append(_GAPS.sub("", other))
    return "\n".join(dict.fromkeys(_folded(line) for line in lines if line))


def sought(text: str) -> list[str]:
    """Return the words of a search, folded as ``searchable`` folds, so that each must be in it.

    Letter case, accents, apostrophes, commas and full-width forms do not count, nor
    do gaps within a number.
    """
    words = _COMMAS.sub(" ", _folded(text[:_LONGEST_SEARCH])).split()
    numbers = {word: _GAPS.sub("", word).lstrip("+") for word in words}
    return [number if (number := numbers[word]).isdigit() else word for word in words]


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).casefold()
    bare = "".join(character for character in apart if not unicodedata.combining(character))
    return _DOTS.sub("·", _APOSTROPHES.sub("", unicodedata.normalize("NFC", bare)))


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
