from decimal import Decimal

import pytest

from summit.lib.i18n.money import Currency, money


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Decimal("1200000.00"), "1,200,000 CNY"),
        (Decimal("0.5"), "0.50 CNY"),
        (Decimal(0), "0 CNY"),
        (None, ""),
    ],
)
def test_money_is_written_with_its_currency(amount, words):
    assert money(amount, "CNY") == words


def test_every_currency_is_written_with_its_code():
    assert [money(Decimal(7), each) for each in Currency] == [f"7 {each}" for each in Currency]
