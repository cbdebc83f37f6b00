import pytest
from django.utils import translation
from django_countries import countries

from summit.lib.i18n.country_codes import OTHER_NAMES, country_code


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_name_that_the_site_shows_is_known(language):
    with translation.override(language):
        shown = dict(countries)

    assert {code: country_code(name) for code, name in shown.items()} == {
        code: code for code in shown
    }


@pytest.mark.parametrize(
    ("code", "names"),
    [
        (
            "GB",
            "UK|U.K.|Great Britain|England|Scotland|Wales|Northern Ireland|英国|英格兰|联合王国",
        ),
        ("US", "USA|U.S.A.|US|United States|the United States|America|美国|美利坚合众国"),
        ("CN", "China|PRC|P.R. China|PR China|People’s Republic of China|中国|中华人民共和国"),
        (
            "HK",
            "Hong Kong SAR|China (Hong Kong)|香港|中国香港|中国 香港|香港特别行政区",
        ),
        ("MO", "Macau|Macao|Macao SAR|澳门|中国澳门|澳门特别行政区"),
        ("TW", "Taiwan|Taiwan, China|Taiwan, Province of China|台湾|中国台湾|臺灣|台湾地区"),
        ("KR", "South Korea|Republic of Korea|Korea, Republic of|ROK|韩国|南韩|大韩民国"),
        ("KP", "North Korea|DPRK|朝鲜|北韩"),
        ("NL", "Holland|The Netherlands|netherlands|荷兰|荷兰王国"),
        ("CZ", "Czechia|Czech Republic|捷克|捷克共和国"),
        ("DE", "Germany|Deutschland|DEU|de|德国|德意志联邦共和国"),
        ("CI", "Ivory Coast|Côte d’Ivoire|Cote d'Ivoire|科特迪瓦|象牙海岸"),
        ("AE", "UAE|United Arab Emirates|阿联酋"),
        ("RU", "Russia|Russian Federation|俄罗斯|俄罗斯联邦"),
        ("BS", "Bahamas|The Bahamas"),
        ("CD", "刚果（金）|DR Congo|Democratic Republic of the Congo"),
        ("LC", "Saint Lucia|St. Lucia|st lucia"),
        ("US", "美国（USA）|USA / 美国|United States of America (USA)"),
    ],
)
def test_the_names_that_offices_write_are_known(code, names):
    assert {name: country_code(name) for name in names.split("|")} == dict.fromkeys(
        names.split("|"), code
    )


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "-", "Atlantis", "Korea", "Virgin Islands", "刚果", "Europe", "欧盟"),
        *("Republic of China", "中华民国", "UK / USA", "英国、美国"),
    ],
)
def test_what_is_no_country_or_could_be_several_is_not_guessed(name):
    assert country_code(name) is None


def test_no_other_name_means_two_places():
    assert set(OTHER_NAMES) <= {code for code, _name in countries}
    assert country_code("Guinea") == "GN"
    assert country_code("Dominican Republic") == "DO"
    assert country_code("Dominica") == "DM"
    assert country_code("Niger") == "NE"
