from decimal import Decimal

import pytest
from django.utils import translation

from summit.lib.i18n.money import money_range, read_amount, read_currency


@pytest.mark.parametrize(
    ("low", "high", "currency", "english", "chinese"),
    [
        (None, None, "", "", ""),
        (500_000, 800_000, "CNY", "500,000–800,000 CNY", "50万–80万元人民币"),
        (500_000, 500_000, "CNY", "500,000 CNY", "50万元人民币"),
        (125_000, None, "CNY", "from 125,000 CNY", "12.5万元人民币起"),
        (None, 9_999, "GBP", "up to 9,999 GBP", "不超过9,999英镑"),
        (0, 1_234_567, "CNY", "0–1,234,567 CNY", "0–1,234,567元人民币"),
    ],
)
def test_range_reads_as_people_write_it(low, high, currency, english, chinese):
    amounts = [None if each is None else Decimal(each) for each in (low, high)]

    with translation.override("en"):
        assert money_range(*amounts, currency) == english
    with translation.override("zh-hans"):
        assert money_range(*amounts, currency) == chinese


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("1,000,000", 1_000_000), ("100万元", 1_000_000), ("１．５亿", 150_000_000), ("x", None)],
)
def test_amount_is_read_as_people_write_it(typed, amount):
    assert read_amount(typed) == amount


def test_bare_number_is_in_the_unit_of_its_column():
    assert read_amount("80", times=10_000) == 800_000


def test_currency_is_read_from_its_sign():
    assert [read_currency(text) for text in ("5万元", "5万美元", "€5", "5")] == [
        *("CNY", "USD", "EUR", ""),
    ]
