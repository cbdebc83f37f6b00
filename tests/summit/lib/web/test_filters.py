import pytest
from django import forms
from django.http import QueryDict

from summit.lib.web.filters import FilterForm, SearchField


class Shelf(FilterForm):
    q = SearchField(label="Search")
    colour = forms.ChoiceField(label="Colour", choices=[("", "all"), ("red", "Red")])
    size = forms.MultipleChoiceField(label="Size", choices=[("s", "Small"), ("l", "Large")])
    maker = forms.ChoiceField(label="Maker")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  early   cancer ", "early cancer"),
        ("血液\u3000检\u200b测", "血液 检测"),
        ("ＡＩ　ｂｌｏｏｄ", "ＡＩ ｂｌｏｏｄ"),
        ("", ""),
        (None, ""),
        (" ".join("abcdefghij"), "a b c d e f g h"),
    ],
)
def test_a_search_is_one_line_as_it_was_typed(text, line):
    assert SearchField().clean(text) == line


def test_known_values_filter_and_unknown_ones_are_named():
    shelf = Shelf(QueryDict("colour=blue&size=s&size=xl&size=s&other=1&page=2"))

    assert shelf.chosen("size") == ["s"]
    assert shelf.chosen("colour") == []
    assert shelf.unknown == [("Colour", "blue"), ("Size", "xl")]


def test_empty_values_are_no_filter():
    shelf = Shelf(QueryDict("q=&colour=&size="))

    assert not shelf.is_active
    assert shelf.unknown == []


def test_each_filter_in_force_has_a_query_without_it():
    shelf = Shelf(QueryDict("q=a+b&size=s&size=l"))

    assert [tuple(each) for each in shelf.active()] == [
        ("Search", "a b", "size=s&size=l"),
        ("Size", "Small", "q=a+b&size=l"),
        ("Size", "Large", "q=a+b&size=s"),
    ]


def test_fields_without_a_choice_are_left_out():
    assert [field.name for field in Shelf(QueryDict()).choice_fields] == ["colour", "size"]


@pytest.mark.parametrize("query", ["q=%00", "q=" + "x" * 10_000, "colour=%00&size=" + "y" * 5000])
def test_odd_values_are_cut_and_cleaned(query):
    shelf = Shelf(QueryDict(query))

    assert "\x00" not in shelf.data.urlencode()
    assert len(shelf.data.get("q", "")) <= 200
    assert all(len(value) <= 60 for _label, value in shelf.unknown)
