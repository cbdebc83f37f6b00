import pytest
from django.core.exceptions import ValidationError

from summit.lib.i18n.languages import column, spoken_names, validate_spoken
from tests import factories


def test_the_column_of_a_language():
    assert column("title", "zh-hans") == "title_zh_hans"


def test_known_languages_are_spoken():
    validate_spoken(["en", "zh"])

    assert spoken_names(["en", "zh"]) == ["English", "Chinese"]


@pytest.mark.django_db
@pytest.mark.parametrize("codes", [["en", "tlh"], "en", {"en": 1}, [["en"]], [1]])
def test_a_language_that_does_not_exist_is_refused(codes):
    with pytest.raises(ValidationError, match="Choose languages by their codes"):
        factories.expert(languages=codes)
