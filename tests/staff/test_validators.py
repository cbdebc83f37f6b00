import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation


@pytest.mark.parametrize(
    "password",
    ["a" * 12, "A" * 40, "密" * 12, "!" * 20, "ab" * 8, "aAaAaAaAaAaA", "abcabcabcabc", "abcd" * 5],
)
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "This password has fewer than 5 different characters."),
        ("zh-hans", "密码中不同的字符少于5个。"),
    ],
)
def test_password_of_few_different_characters_is_refused(password, language, words):
    with translation.override(language), pytest.raises(ValidationError) as refusal:
        validate_password(password)

    assert words in refusal.value.messages


@pytest.mark.parametrize(
    "password", ["quagga okapi", "tangelo 4 numbat", "对接会的密码不能太短了吧"]
)
def test_password_of_some_variety_is_taken(password):
    validate_password(password)
