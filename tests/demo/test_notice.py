"""The privacy notice of the demonstration says what the product does."""

import tomllib
from pathlib import Path

import pytest
from django.conf import settings

NOTICE = tomllib.loads(Path(settings.BASE_DIR, "demo/data/site.toml").read_text())["privacy_notice"]


@pytest.mark.parametrize(
    ("language", "untrue", "true"),
    [
        (
            "en",
            ["you need their consent", "Each registration has a personal page"],
            ["your mobile number or e-mail address", "inform them beforehand", "query code"],
        ),
        (
            "zh",
            ["取得其本人同意", "每项报名均有个人页面"],
            ["手机号码或者电子邮箱", "事先告知其本人", "查询码"],
        ),
    ],
)
def test_notice_speaks_of_groups_and_of_people_without_an_address(language, untrue, true):
    text = NOTICE[language]

    assert not [each for each in untrue if each in text]
    assert [each for each in true if each in text] == true
