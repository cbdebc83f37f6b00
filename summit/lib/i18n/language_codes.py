"""Languages that people speak by the names under which offices know them."""

import re
from functools import cache

from django.utils import translation

from summit.lib.i18n.languages import CONTENT_LANGUAGES, SPOKEN
from summit.lib.i18n.likeness import key

# With blanks between: codes of three letters, what each calls itself, and other names of it.
# For 英语 one may write 英文, which is added to each.
OTHER_NAMES = {
    "ar": "ara العربية عربي 阿语 阿拉伯语",
    "de": "deu ger Deutsch 德语",
    "en": "eng en-GB en-US 英语 美语 美式英语 英式英语",
    "es": "spa Español Castellano Castilian 西班牙语 西语",
    "fi": "fin Suomi 芬兰语",
    "fr": "fra fre Français 法语",
    "he": "heb iw עברית 希伯来语",
    "hi": "hin हिन्दी 印地语 印度语",
    "it": "ita Italiano 意大利语 意语",
    "ja": "jpn 日本語 日語 日本语 日语 Nihongo",
    "ko": "kor 한국어 韩语 韓語 韩国语 朝鲜语 Hangugeo",
    "nl": "nld dut Nederlands Flemish 荷兰语 荷语",
    "pl": "pol Polski 波兰语",
    "pt": "por pt-BR pt-PT Português 葡萄牙语 葡语",
    "ru": "rus Русский 俄语 俄罗斯语",
    "sv": "swe Svenska 瑞典语",
    "zh": (
        "zho chi cmn zh-CN zh-Hans zh-TW zh-Hant Mandarin Putonghua MandarinChinese "
        "ChineseMandarin StandardChinese SimplifiedChinese TraditionalChinese ModernChinese "
        "中文 中國語 中国话 汉语 漢語 华语 華語 国语 國語 普通话 普通話 简体中文 繁体中文 "
        "中文普通话 汉语普通话 现代汉语 国语普通话"
    ),
}
_BETWEEN = re.compile(r"[,;，；、|/／+＋&＆\n\t]|\band\b|和|及|与")


def language_codes(text: str) -> tuple[list[str], list[str]]:
    """Return the codes of the languages that a text names, each once, and what it else names.

    They are known by their code, their name in either language, or another name for them:
    Mandarin, 英文, 汉语. Between them stands what people write: ``日语/英语``, ``日文 韩文``,
    ``English and 法语``.
    """
    codes: list[str] = []
    unknown: list[str] = []
    for part in filter(None, map(str.strip, _BETWEEN.split(text))):
        found = [_code_of(part)] if _code_of(part) else [_code_of(word) for word in part.split()]
        known = [code for code in found if code]
        if len(known) == len(found):
            codes += known
        else:
            unknown.append(part)
    return list(dict.fromkeys(codes)), unknown


def _code_of(name: str) -> str | None:
    return _known().get(_plain(name))


@cache
def _known() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, name in SPOKEN:
        names = [code, *OTHER_NAMES[code].split()]
        for language in CONTENT_LANGUAGES:
            with translation.override(language):
                names.append(str(name))
        names += [each.removesuffix("语") + "文" for each in names if each.endswith("语")]
        found |= {_plain(each): code for each in names}
    return found


def _plain(name: str) -> str:
    return key(name).removesuffix("language")
