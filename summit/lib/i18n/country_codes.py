"""Countries and regions by the names under which offices know them."""

import re
from collections.abc import Callable, Iterable
from functools import cache, partial

from django.conf import settings
from django.utils import translation
from django_countries import countries
from django_countries.base import CountriesBase
from django_countries.data import COUNTRIES

from summit.lib.i18n.languages import CONTENT_LANGUAGES
from summit.lib.i18n.likeness import fold

# What django-countries does not call them, with commas between. Only names that mean one place:
# not “Korea” or “Virgin Islands”.
OTHER_NAMES = {
    "AE": "UAE, U.A.E., Emirates, 阿联酋, 阿拉伯联合大公国",
    "AR": "阿根廷共和国",
    "AT": "Österreich, 奥地利共和国",
    "AU": "澳洲, Commonwealth of Australia, 澳大利亚联邦",
    "BA": "Bosnia, Bosnia-Herzegovina, 波黑",
    "BD": "孟加拉, 孟加拉人民共和国",
    "BE": "België, Belgique, Belgien, 比利时王国",
    "BN": "Brunei Darussalam, 汶莱, 文莱达鲁萨兰国",
    "BO": "Plurinational State of Bolivia",
    "BR": "Brasil, 巴西联邦共和国",
    "BY": "Byelorussia, Belorussia, 白俄",
    "CA": "加拿大联邦",
    "CD": "DR Congo, DRC, Congo-Kinshasa, Zaire, 刚果民主共和国, 民主刚果, 刚果金",
    "CG": "Republic of the Congo, Congo-Brazzaville, 刚果共和国, 刚果布",
    "CH": "Schweiz, Suisse, Svizzera, Swiss, Swiss Confederation, 瑞士联邦",
    "CI": "Ivory Coast, Cote d'Ivoire, 象牙海岸",
    "CN": (
        "PRC, P.R.C., PR China, P.R. China, People's Republic of China, Mainland China, "
        "China mainland, Chinese mainland, 中华人民共和国, 中国大陆, 中国内地, 大陆, 内地, 祖国大陆"
    ),
    "CV": "Cape Verde",
    "CZ": "Czech Republic, Czech, Česko, 捷克共和国",
    "DE": "Deutschland, Federal Republic of Germany, FRG, 德意志联邦共和国, 联邦德国",
    "DK": "Danmark, 丹麦王国",
    "DO": "多米尼加共和国",
    "EG": "Arab Republic of Egypt, 阿拉伯埃及共和国",
    "ES": "España, Espana, 西班牙王国",
    "FI": "Suomi, 芬兰共和国",
    "FK": "Malvinas, 福克兰群岛, 马尔维纳斯群岛",
    "FR": "French Republic, République française, 法兰西, 法兰西共和国",
    "GB": (
        "UK, U.K., Great Britain, Britain, England, Scotland, Wales, Northern Ireland, "
        "United Kingdom of Great Britain and Northern Ireland, "
        "联合王国, 大不列颠, 大不列颠及北爱尔兰联合王国, 不列颠, 英格兰, 苏格兰, 威尔士, 北爱尔兰"
    ),
    "GR": "Hellas, Hellenic Republic, 希腊共和国",
    "HK": (
        "Hong Kong, Hongkong, HKSAR, Hong Kong SAR, Hong Kong SAR China, China Hong Kong, "
        "Hong Kong China, Hong Kong Special Administrative Region, "
        "香港, 香港特区, 中国香港特区, 香港特别行政区, 中国香港特别行政区, "
        "中华人民共和国香港特别行政区"
    ),
    "HU": "Magyarország, 匈牙利共和国",
    "ID": "印尼, 印度尼西亚共和国",
    "IE": "Republic of Ireland, Eire, Éire, 爱尔兰共和国",
    "IL": "State of Israel, 以色列国",
    "IN": "Bharat, 印度共和国",
    "IR": "Islamic Republic of Iran, Persia, 伊朗伊斯兰共和国",
    "IT": "Italia, Italian Republic, 意大利共和国",
    "JP": "Nippon, Nihon, 日本国",
    "KH": "高棉",
    "KP": (
        "DPRK, Democratic People's Republic of Korea, Korea (North), Korea DPR, "
        "Korea Democratic People's Republic of, 北朝鲜, 北韩, 朝鲜民主主义人民共和国"
    ),
    "KR": (
        "Republic of Korea, Korea (South), Korea Republic of, Korea Rep., ROK, S. Korea, "
        "Hanguk, 대한민국, 한국, 南韩, 大韩民国, 南朝鲜"
    ),
    "LA": "Lao, Lao PDR, Lao People's Democratic Republic, 寮国, 老挝人民民主共和国",
    "LY": "State of Libya",
    "MD": "Republic of Moldova, 摩尔多瓦共和国",
    "MK": "Macedonia, FYROM, 马其顿",
    "MM": "Burma, 缅甸联邦",
    "MN": "外蒙古, 蒙古国",
    "MO": (
        "Macao, Macau, Macao SAR, Macau SAR, Macao SAR China, China Macao, China Macau, "
        "Macau China, Macao Special Administrative Region, 澳门, 澳门特区, 中国澳门特区, "
        "澳门特别行政区, 中国澳门特别行政区, 中华人民共和国澳门特别行政区"
    ),
    "MX": "México, 墨西哥合众国",
    "MY": "大马, 马来西亚联邦",
    "NL": "Holland, The Netherlands, Nederland, Kingdom of the Netherlands, 荷兰王国, 尼德兰",
    "NO": "Norge, 挪威王国",
    "NR": "Nauru",
    "NZ": "Aotearoa, 纽西兰",
    "PL": "Polska, 波兰共和国",
    "PS": "State of Palestine, Palestinian Territories, 巴勒斯坦国",
    "PT": "葡萄牙共和国",
    "RO": "România",
    "RU": "Russian Federation, Россия, 俄国, 俄联邦, 俄罗斯联邦",
    "SA": "Kingdom of Saudi Arabia, KSA, 沙特, 沙特阿拉伯王国, 沙地阿拉伯",
    "SE": "Sverige, 瑞典王国",
    "SG": "Republic of Singapore, 星加坡, 新加坡共和国",
    "SK": "Slovak Republic, 斯洛伐克共和国",
    "SY": "Syrian Arab Republic, 阿拉伯叙利亚共和国",
    "SZ": "Swaziland",
    "TH": "Kingdom of Thailand, 泰王国",
    "TL": "East Timor",
    "TR": "Turkey, Turkiye, Republic of Türkiye, Republic of Turkey, 土耳其共和国",
    "TW": (
        "Taiwan, Chinese Taipei, Taiwan Province, Taiwan Province of China, China Taiwan, "
        "Taiwan China, Taiwan region, Taiwan area, "
        "台湾, 臺灣, 中国臺灣, 台湾省, 中国台湾省, 台湾地区, 中国台湾地区, 中华台北, 中国台北"
    ),
    "TZ": "United Republic of Tanzania",
    "UA": "Україна",
    "US": (
        "US, U.S., USA, U.S.A., United States, The States, America, "
        "美利坚合众国, 美利坚, 美国（USA）"
    ),
    "VA": "Vatican, Holy See, Vatican City State, 梵蒂冈城国",
    "VE": "Bolivarian Republic of Venezuela",
    "VN": "Viet Nam, Socialist Republic of Viet Nam, 越南社会主义共和国",
    "ZA": "Republic of South Africa, RSA, 南非共和国",
}
# In names of the lists above alone, never in what people type.
_IN_BRACKETS = re.compile(r"\s*[(（].*[)）]")
_BETWEEN_NAMES = re.compile(r"[/|()（）／]")


def country_code(name: str) -> str | None:
    """Return the code of a country or region by its code, or a name of it in either language.

    The names of ISO 3166 and those of ``COUNTRY_NAMES`` are known, codes of three letters, and
    what offices write besides: England, Holland, 南韩, 中国台湾. What could be several is not.
    Of two names in one text, as 英国（UK） or UK / 英国, both have to mean the same.
    """
    names = [part for part in _BETWEEN_NAMES.split(name) if part.strip()]
    return _code_of(name) or (
        codes.pop() if len(codes := {_code_of(part) for part in names}) == 1 else None
    )


def _code_of(name: str) -> str | None:
    wanted = _plain(name)
    for code in settings.COUNTRIES_OVERRIDE:
        if wanted in map(_plain, _in_all_languages(partial(countries.name, code))):
            return str(code)
    return _known().get(wanted)


@cache
def _known() -> dict[str, str]:
    certain: dict[str, str] = {}
    shortened: dict[str, set[str]] = {}
    for code, name in COUNTRIES.items():
        common = CountriesBase.COMMON_NAMES.get(code, name)
        names = [
            *(code, countries.alpha3(code)),
            *_in_all_languages(partial(str, name)),
            # Django-countries has some translations under an older name.
            *_in_all_languages(partial(countries.name, code)),
            *_in_all_languages(partial(str, common)),
            *OTHER_NAMES.get(code, "").split(", "),
        ]
        certain |= {_plain(each): code for each in names if each}
        for each in names:
            shortened.setdefault(_plain(_IN_BRACKETS.sub("", each)), set()).add(code)
    unclear = {name: codes.pop() for name, codes in shortened.items() if len(codes) == 1}
    # “Guinea” is a country, whatever else begins with it.
    return {**unclear, **certain}


def _in_all_languages(name: Callable[[], object]) -> Iterable[str]:
    for language in CONTENT_LANGUAGES:
        with translation.override(language):
            yield str(name())


def _plain(name: str) -> str:
    """Return a name by which others are compared, without articles: ``The U.S.A.`` is ``usa``."""
    words = [word for word in fold(name.replace("&", " and ")).split() if word != "the"]
    return "".join("saint" if word == "st" else word for word in words)
