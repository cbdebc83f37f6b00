import pytest
from django.core.exceptions import ValidationError

from summit.lib.web.phones import dial_link, validate_phone


@pytest.mark.parametrize(
    "number",
    ["+86 311 8612 3456", "0311-86123456 ext. 12", "０３１１－８６１２３４５６转8", "12320", ""],
)
def test_numbers_are_taken_as_people_write_them(number):
    validate_phone(number)


@pytest.mark.parametrize("number", ["110", "ask Zhang San", "张三 0311-86123456", "@@@@@"])
def test_what_is_no_number_is_refused(number):
    with pytest.raises(ValidationError, match="Give a phone number"):
        validate_phone(number)


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("+86 311 8612 3456", "tel:+8631186123456"),
        ("0311-86123456 ext. 12", "tel:031186123456;ext=12"),
        ("（0311）86123456转8", "tel:031186123456;ext=8"),
        ("＋４４ (0)161 496 0000", "tel:+441614960000"),
        ("(0161) 496 0000", "tel:01614960000"),
        ("0311-86123456 ext.", "tel:031186123456"),
        ("", ""),
    ],
)
def test_a_link_dials_the_number(number, link):
    assert dial_link(number) == link
