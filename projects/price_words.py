"""Budgets and prices as people write them: 50-80万元, USD 1.5 million, 面议."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.utils import translation

from projects.models.price import PriceBand
from summit.lib.i18n.languages import CONTENT_LANGUAGES
from summit.lib.i18n.likeness import key
from summit.lib.i18n.money import Currency

# More than a project's columns hold.
_TOO_MUCH = Decimal(10**12)


@dataclass(frozen=True)
class Price:
    """An amount from … to … in units of its currency, or a band, such as “by negotiation”.

    ``currency`` is empty where the text names none.
    """

    first: Decimal | None = None
    last: Decimal | None = None
    currency: str = ""
    band: str = ""


_NEGOTIABLE = frozenset(
    map(
        key,
        (
            *("面议", "价格面议", "可面议", "议价", "协商", "双方协商", "另议", "待定", "待议"),
            *("negotiable", "by negotiation", "to be negotiated", "tbd", "open"),
        ),
    )
)
# Of a form of bureaus, whose numbers are in units of 10,000 yuan.
_BANDS = (
    (re.compile("<50(?:万元?)?|50万元?以下"), PriceBand.UNDER_50.value),
    (re.compile(">500(?:万元?)?|500万元?以上"), PriceBand.OVER_500.value),
)
# Nobody can tell whether 100 200 is one number.
_TWO_NUMBERS = re.compile(r"\d\s+\d")
# The longest first: 不超过 is no 超过, and 美元 no 元.
_CURRENCIES = {
    "USD": r"us\$|usd|美元|美金|美圆|dollars?|(?<![a-z])\$",
    "EUR": r"eur(?:os?)?|欧元|€",
    "GBP": r"gbp|英镑|£|pounds?(?:sterling)?",
    "JPY": r"jpy|日元|日圆|yen",
    "HKD": r"hk\$|hkd|港元|港币",
    "KRW": r"krw|韩元|₩",
    "CHF": r"chf|瑞士法郎",
    "SGD": r"s\$|sgd|新加坡元|新元",
    "AUD": r"a\$|aud|澳元",
    "CAD": r"c\$|cad|加元",
    "CNY": r"人民币|cny|rmb|¥|yuan|元整?",
}
_TIMES = {
    "billion": 10**9,
    "million": 10**6,
    "thousand": 10**3,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "亿": 10**8,
    "万": 10**4,
    "千": 10**3,
    "m": 10**6,
    "k": 10**3,
}
_TOKEN = re.compile(
    "|".join(
        (
            r"(?P<number>\d+(?:\.\d+)?)",
            *(f"(?P<{code}>{words})" for code, words in _CURRENCIES.items()),
            r"(?P<up>不超过|不多于|不高于|以下|以内|之内|最多|最高|小于|低于|upto|lessthan|under|[<≤]=?)",
            r"(?P<down>不低于|不少于|不小于|以上|起|超过|大于|高于|至少|最低|atleast|morethan|over|from|[>≥]=?)",
            f"(?P<times>{'|'.join(_TIMES)})",
            r"(?P<until>[-–—―~～至到]+|to)",
            r"(?P<about>大约|约为|约|左右|上下|approximately|about|approx\.?|ca\.?)",
        )
    )
)


@dataclass
class _Words:
    """What the words of a text say, in their order."""

    numbers: list[Decimal]
    # What stands behind each number, 0 for nothing.
    times: list[int]
    currencies: set[str]
    bounds: set[str]
    untils: int = 0


def read_price(text: str, *, times: int = 1) -> Price | None:
    """Return the price that a text names; nothing where a part of it was not understood.

    A bare number is in units of ``times``, and in yuan where these are more than one.
    """
    text = unicodedata.normalize("NFKC", text)
    if _TWO_NUMBERS.search(text):
        return None
    plain = re.sub(r"[\s,]", "", text).casefold()
    for pattern, band in _BANDS:
        if pattern.fullmatch(plain):
            return Price(band=band)
    if band := _band_named(text):
        return Price(band=band)
    words = _words_of(plain)
    if words is None or len(words.currencies) > 1 or len(words.bounds) > 1:
        return None
    count = len(words.numbers)
    is_range = count == 2 and words.untils == 1 and words.bounds <= {"down"}
    if not is_range and (count != 1 or words.untils):
        return None
    currency = next(iter(words.currencies), "")
    if not currency and (times > 1 or any(words.times)):
        currency = Currency.CNY.value
    # 500000元 below a heading in 10,000 yuan is what it says.
    bare = 1 if words.currencies else times
    units = [each or words.times[-1] or bare for each in words.times]
    amounts = [number * unit for number, unit in zip(words.numbers, units, strict=True)]
    if amounts[0] > amounts[-1] or amounts[-1] >= _TOO_MUCH:
        return None
    if not is_range and words.bounds:
        if words.bounds == {"down"}:
            return Price(amounts[0], None, currency)
        return Price(None, amounts[0], currency)
    return Price(amounts[0], amounts[-1], currency)


def _band_named(text: str) -> str:
    wanted = key(text)
    if wanted in _NEGOTIABLE:
        return PriceBand.NEGOTIABLE.value
    for language in CONTENT_LANGUAGES:
        with translation.override(language):
            for value, label in PriceBand.choices:
                if wanted in (key(value), key(str(label))):
                    return value
    return ""


def _words_of(plain: str) -> _Words | None:
    """Return the words of a text, or nothing where it has others."""
    words, place = _Words([], [], set(), set()), 0
    while place < len(plain):
        found = _TOKEN.match(plain, place)
        if found is None:
            return None
        name, token, place = str(found.lastgroup), found[0], found.end()
        if name == "number":
            words.numbers.append(Decimal(token))
            words.times.append(0)
        elif name == "times":
            if not words.times or words.times[-1]:
                return None
            words.times[-1] = _TIMES[token]
        elif name == "until":
            words.untils += 1
        elif name in ("up", "down"):
            words.bounds.add(name)
        elif name != "about":
            words.currencies.add(name)
    return words if words.numbers else None
