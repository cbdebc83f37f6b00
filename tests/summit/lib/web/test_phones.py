"""Phone numbers as people write them."""

import pytest
from django.core.exceptions import ValidationError

from summit.lib.web.phones import (
    OwnPhoneField,
    Phone,
    PhoneField,
    dial_link,
    searched_phone,
    shown_phone,
    understand,
    validate_phone,
)

MOBILE = Phone("+8613800138000", is_mobile=True)


@pytest.mark.parametrize(
    "number",
    [
        *(
            "138 0013 8000",
            "13800138000",
            "138-0013-8000",
            "138.0013.8000",
            "１３８００１３８０００",
        ),
        *(
            "+86 138 0013 8000",
            "＋８６１３８００１３８０００",
            "(+86)13800138000",
            "86-13800138000",
        ),
        *("0086 138 0013 8000", "13800138000（微信同号）", "手机：13800138000", "138‑0013‑8000"),
        *("١٣٨٠٠١٣٨٠٠٠", "13800138000 微信wx123", "13800138000转801", "+8613800138000"),
    ],
)
def test_a_mobile_number_is_understood_as_people_write_it(number):
    assert understand(number) == MOBILE


@pytest.mark.parametrize(
    ("number", "extension"),
    [
        *(("0311-8888 8888", ""), ("（0311）88888888", ""), ("+86 311 8888 8888", "")),
        *(("0311-88888888转801", "801"), ("0311 8888 8888 ext. 801", "801")),
        *(
            ("0311-88888888-801", "801"),
            ("+8631188888888;ext=801", "801"),
            ("０３１１－８８８８８８８８分机：８０１", "801"),
        ),
    ],
)
def test_a_landline_keeps_its_extension(number, extension):
    assert understand(number) == Phone("+8631188888888", is_mobile=False, extension=extension)


@pytest.mark.parametrize(
    ("number", "stored", "is_mobile"),
    [
        ("+44 (0)161 496 0000", "+441614960000", False),
        ("+44 7911 123456", "+447911123456", True),
        ("+852 9123 4567", "+85291234567", True),
        # In America nobody can tell.
        ("+1 212 555 0123", "+12125550123", True),
        # Of a range that is given out some day.
        ("14012345678", "+8614012345678", True),
        ("400-800-8888", "+864008008888", False),
    ],
)
def test_numbers_of_other_kinds_are_understood(number, stored, is_mobile):
    assert understand(number) == Phone(stored, is_mobile)


@pytest.mark.parametrize(
    "number",
    [
        *("", "8888 8888", "10086", "ask Zhang", "13800138000/13900139000", "1380013800", "+"),
        *("138001380001", "+999 1234 5678", "1" * 40, "007"),
    ],
)
def test_what_is_no_whole_number_is_not_understood(number):
    assert understand(number) is None


@pytest.mark.parametrize(
    ("stored", "shown", "searched"),
    [
        ("+8613800138000", "138 0013 8000", "13800138000"),
        ("+8631188888888", "0311 8888 8888", "031188888888"),
        ("+8631188888888;ext=801", "0311 8888 8888 ext. 801", "031188888888"),
        ("+441614960000", "+44 161 496 0000", "01614960000"),
        ("8888 8888", "8888 8888", "8888 8888"),
        ("", "", ""),
    ],
)
def test_a_stored_number_is_shown_as_it_is_dialled(stored, shown, searched):
    assert (shown_phone(stored), searched_phone(stored)) == (shown, searched)


def test_staff_keep_what_is_not_understood():
    field = PhoneField(max_length=40)

    assert field.clean("138 0013 8000") == "+8613800138000"
    assert field.clean("8612 3456") == "8612 3456"
    assert field.has_changed("+8613800138000", "138 0013 8000") is False
    assert field.prepare_value("+8613800138000") == "138 0013 8000"


@pytest.mark.parametrize("number", ["8612 3456", "10086", "13800138000 13900139000"])
def test_people_are_told_what_a_whole_number_of_theirs_is(number):
    with pytest.raises(ValidationError, match="This is not a whole phone number. Enter one number"):
        OwnPhoneField(max_length=40).clean(number)


def test_a_landline_is_refused_where_a_mobile_number_is_needed():
    field = OwnPhoneField(max_length=40)
    field.needs_mobile = True

    assert field.clean("13800138000（微信同号）") == "+8613800138000"
    with pytest.raises(ValidationError, match="it is not a mobile number"):
        field.clean("0311-8888 8888")


@pytest.mark.parametrize(
    "number",
    ["+86 311 8612 3456", "0311-86123456 ext. 12", "０３１１－８６１２３４５６转8", "12320", ""],
)
def test_numbers_are_taken_as_people_write_them(number):
    validate_phone(number)


@pytest.mark.parametrize("number", ["110", "ask Zhang San", "张三 0311-86123456", "@@@@@"])
def test_what_is_no_number_is_refused(number):
    with pytest.raises(ValidationError, match="Enter a phone number"):
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
