import pytest
from django.utils import translation

from summit.lib.i18n.language_codes import language_codes
from summit.lib.i18n.languages import SPOKEN


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_language_is_known_by_the_name_that_the_site_shows(language):
    with translation.override(language):
        shown = {code: str(name) for code, name in SPOKEN}

    assert {code: language_codes(name) for code, name in shown.items()} == {
        code: ([code], []) for code in shown
    }


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("英文", ["en"]),
        ("English language", ["en"]),
        ("Mandarin", ["zh"]),
        ("Chinese (Mandarin)", ["zh"]),
        ("汉语", ["zh"]),
        ("普通话", ["zh"]),
        ("zh-CN", ["zh"]),
        ("日语/英语", ["ja", "en"]),
        ("日文、英文", ["ja", "en"]),
        ("英语和法语", ["en", "fr"]),
        ("English and 法文", ["en", "fr"]),
        ("日文 韩文", ["ja", "ko"]),
        ("Deutsch; Español|Français", ["de", "es", "fr"]),
        ("中文, Mandarin, zh", ["zh"]),
        ("俄语\n葡萄牙语", ["ru", "pt"]),
        ("", []),
    ],
)
def test_languages_are_known_as_offices_write_them(text, codes):
    assert language_codes(text) == (codes, [])


def test_what_is_not_known_is_told():
    assert language_codes("en, Klingon, 粤语") == (["en"], ["Klingon", "粤语"])
