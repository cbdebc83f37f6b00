"""Budgets and prices as people write them, and what is left to a reviewer."""

from decimal import Decimal

import pytest

from projects.price_words import Price, read_price

WAN = 10_000


def amounts(first, last, currency="CNY"):
    of = {"first": first, "last": last}
    return Price(
        **{end: None if n is None else Decimal(n) for end, n in of.items()}, currency=currency
    )


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("50", amounts(500_000, 500_000)),
        ("50.5", amounts(505_000, 505_000)),
        ("５０万元", amounts(500_000, 500_000)),
        ("50 万元人民币", amounts(500_000, 500_000)),
        ("人民币50万元整", amounts(500_000, 500_000)),
        ("¥500,000", amounts(500_000, 500_000)),
        ("500000元", amounts(500_000, 500_000)),
        ("RMB 500,000", amounts(500_000, 500_000)),
        ("0.5亿元", amounts(50_000_000, 50_000_000)),
        ("3百万元", amounts(3_000_000, 3_000_000)),
        ("约50万元", amounts(500_000, 500_000)),
        ("50万元左右", amounts(500_000, 500_000)),
        ("100-200万元", amounts(1_000_000, 2_000_000)),
        ("100万—200万元", amounts(1_000_000, 2_000_000)),
        ("100万元至200万元", amounts(1_000_000, 2_000_000)),
        ("１００～２００", amounts(1_000_000, 2_000_000)),
        ("8000万-1亿元", amounts(80_000_000, 100_000_000)),
        ("100万元以上", amounts(1_000_000, None)),
        ("不低于100万元", amounts(1_000_000, None)),
        ("不超过200万元", amounts(None, 2_000_000)),
        ("200万元以内", amounts(None, 2_000_000)),
        ("5万美元", amounts(50_000, 50_000, "USD")),
        ("1-2万欧元", amounts(10_000, 20_000, "EUR")),
        ("USD 50,000", amounts(50_000, 50_000, "USD")),
        ("US$1.5 million", amounts(1_500_000, 1_500_000, "USD")),
        ("$20k", amounts(20_000, 20_000, "USD")),
        ("€1 million to 2 million", amounts(1_000_000, 2_000_000, "EUR")),
        ("from 100,000 to 200,000 GBP", amounts(100_000, 200_000, "GBP")),
        ("英镑30万", amounts(300_000, 300_000, "GBP")),
        ("£250,000", amounts(250_000, 250_000, "GBP")),
        ("HK$100,000", amounts(100_000, 100_000, "HKD")),
        ("100万日元", amounts(1_000_000, 1_000_000, "JPY")),
        ("up to 20,000 euros", amounts(None, 20_000, "EUR")),
        ("面议", Price(band="negotiable")),
        ("By negotiation", Price(band="negotiable")),
        ("双方协商", Price(band="negotiable")),
        ("<50万元", Price(band="under_50")),
        ("500万元以上", Price(band="over_500")),
        ("60万–200万元", amounts(600_000, 2_000_000)),
        ("500,000 to 2 million CNY", Price(band="50_200")),
    ],
)
def test_price_is_read_below_a_heading_in_10000_yuan(text, price):
    assert read_price(text, times=WAN) == price


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "很多", "五十万元", "1-2-3", "200-100万元", "50万元或100万美元", "50万 + 设备"),
        *("3 people", "2026年", "-50", "50万元/年", "首付10万元，其余面议", "1e9", "9" * 20),
        *("万元", "¥", "to", "100 200"),
    ],
)
def test_what_was_not_understood_whole_is_no_price(text):
    assert read_price(text, times=WAN) is None


def test_bare_number_without_a_unit_names_no_currency():
    assert read_price("80") == amounts(80, 80, "")
