"""What is proposed as a budget or price: as forms take it, as it is stored, shown and accepted."""

import pytest
from django.core.exceptions import ValidationError

from backoffice.submission_boxes import MoneyBox
from projects.models import Project
from submissions.domain.comparison import shown
from submissions.fields import BY_KEY
from submissions.forms.proposed import form_fields, initial_of, value_of
from submissions.prices import value_of_text
from submissions.targets import InPrice

BUDGET = BY_KEY["budget"]


def typed(first="", last="", *, is_open=False):
    fields = form_fields(BUDGET)
    given = {"budget_from": first, "budget_until": last, "budget_negotiable": is_open}
    return value_of(BUDGET, {name: field.clean(given[name]) for name, field in fields.items()})


@pytest.mark.parametrize(
    ("first", "last", "value"),
    [
        ("50", "80", {"from": "50", "to": "80"}),
        ("50", "", {"from": "50"}),
        ("", "80万元", {"to": "80"}),
        ("５０", "８０.５", {"from": "50", "to": "80.5"}),
        ("50-80万元", "", {"from": "50", "to": "80"}),
        ("100万—200万元", "", {"from": "100", "to": "200"}),
        ("500000元", "", {"from": "50"}),
        ("USD 20,000", "US$30,000", {"currency": "USD", "from": "20000", "to": "30000"}),
        ("2-3万欧元", "", {"currency": "EUR", "from": "20000", "to": "30000"}),
        ("", "5万英镑", {"currency": "GBP", "to": "50000"}),
        ("面议", "", {"negotiable": True}),
        ("不超过200万元", "", {"to": "200"}),
    ],
)
def test_forms_take_amounts_with_their_currency(first, last, value):
    assert typed(first, last) == value


@pytest.mark.parametrize("text", ["much", "五十万", "50万或100万", "-5", "1e9"])
def test_forms_refuse_what_is_no_amount(text):
    with pytest.raises(ValidationError):
        typed(text)


@pytest.mark.parametrize(("first", "last"), [("80", "50"), ("50", "USD 80"), ("面议", "50")])
def test_two_boxes_that_do_not_fit_are_refused(first, last):
    with pytest.raises(ValidationError):
        typed(first, last)
    with pytest.raises(ValidationError):
        MoneyBox(required=False).clean([first, last, False])


VALUES = [
    {"from": "50", "to": "80.5"},
    {"from": "50"},
    {"to": "80"},
    {"negotiable": True},
    {"band": "under_50"},
    {"band": "200_500"},
    {"currency": "USD", "from": "20000", "to": "30000"},
    {"currency": "GBP", "to": "50000"},
]


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_read_from_a_project_as_it_was_written(value):
    project = Project()

    InPrice().write(project, "en", value)

    assert InPrice().read(project, "en") == value


@pytest.mark.parametrize("value", VALUES)
def test_a_form_that_is_sent_back_untouched_proposes_the_same(value):
    initial = initial_of(BUDGET, value)

    again = typed(
        initial["budget_from"], initial["budget_until"], is_open=initial["budget_negotiable"]
    )

    assert again == value


@pytest.mark.parametrize("value", [*VALUES, "很多"])
def test_the_box_of_a_reviewer_is_untouched_as_it_was_shown(value):
    box = MoneyBox(required=False)

    assert not box.has_changed(value, box.widget.decompress(value))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5万美元", "50,000 USD"),
        ("1-2万欧元", "10,000–20,000 EUR"),
        ("50-80万元", "500,000–800,000 CNY"),
        ("面议", "by negotiation"),
        ("以设备入股", "以设备入股"),
    ],
)
def test_a_value_is_shown_in_words(text, words):
    assert shown(BUDGET, value_of_text(text, times=10_000)) == words


def test_text_that_is_an_amount_after_all_is_accepted_and_another_refused():
    project = Project()
    InPrice().write(project, "en", "100-200万元")
    assert (project.price_from, project.price_to, project.price_currency) == (
        *(1_000_000, 2_000_000, "CNY"),
    )

    with pytest.raises(ValidationError, match="not understood"):
        InPrice().write(project, "en", "以设备入股")


def test_what_was_not_understood_is_shown_to_who_corrects_it():
    assert initial_of(BUDGET, "以设备入股")["budget_from"] == "以设备入股"
