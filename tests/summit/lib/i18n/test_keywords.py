import pytest
from django.core.exceptions import ValidationError

from summit.lib.i18n.keywords import KeywordsField


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("血液检测、POCT；远程", "血液检测、POCT、远程"),
        ("血液检测，POCT\n远程\r\n", "血液检测、POCT、远程"),
        (" blood ;point-of-care  testing,, BLOOD", "BLOOD, point-of-care testing"),
        ("a|b｜c", "a, b, c"),
        ("", ""),
        (" ,、; ", ""),
        ("字" * 10, "字" * 10),
        ("l" * 40, "l" * 40),
    ],
)
def test_keywords_are_kept_in_one_form(typed, kept):
    field = KeywordsField()

    assert field.clean(typed, None) == kept
    assert field.clean(kept, None) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("a,b,c,d,e,f", "too_many_keywords"),
        ("字" * 11, "long_keyword"),
        ("l" * 41, "long_keyword"),
        ("血液" + "b" * 9, "long_keyword"),
        ("x" * 301, "max_length"),
    ],
)
def test_too_many_and_long_keywords_are_refused(typed, code):
    with pytest.raises(ValidationError) as refusal:
        KeywordsField().clean(typed, None)

    assert [error.code for error in refusal.value.error_list] == [code]
