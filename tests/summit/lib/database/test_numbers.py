import pytest

from summit.lib.database.numbers import fits_bigint


@pytest.mark.parametrize("text", ["0", "7", "007", "9" * 18])
def test_digits_can_be_a_key(text):
    assert fits_bigint(text)


@pytest.mark.parametrize(
    "text",
    ["", " 1", "-1", "+1", "1.5", "1e3", "abc", "½", "²", "１", "٣", "\x00", "9" * 19, "9" * 5000],
)
def test_what_no_database_holds_or_has_another_spelling_is_no_key(text):
    assert not fits_bigint(text)
