"""Where lines of a large text break. A sign of Chinese is one em wide here, any other half."""

import pytest

from summit.lib.drawing import line_breaks


def measure(text):
    return sum(1 if ord(sign) > 0x2E7F else 0.5 for sign in text)


def break_lines(text, most):
    return line_breaks.break_lines(text, most, measure)


def fit(text, sizes, box):
    return line_breaks.fit(text, sizes, measure, box=box, leading=1.0)


def test_lines_are_of_about_one_width():
    assert break_lines("海内外人士共聚一堂谈未来", 11) == ["海内外人士共", "聚一堂谈未来"]


def test_words_and_numbers_stay_whole():
    assert break_lines("Cutting-edge Biomedical Project Summit", 11) == [
        "Cutting-edge",
        "Biomedical",
        "Project Summit",
    ]
    assert break_lines("共和国第2026届大会", 5) == ["共和国第", "2026届大会"]


@pytest.mark.parametrize("sign", list("、。，：；？！）》」』”’…—·,.;:?!)"))
def test_no_line_begins_with_a_closing_sign(sign):
    for before in range(1, 9):
        text = "甲" * before + sign + "乙" * (9 - before)

        lines = break_lines(text, 4)

        assert "".join(lines) == text
        assert not any(line.startswith(sign) for line in lines)


@pytest.mark.parametrize("sign", list("（《「『“‘("))
def test_no_line_ends_with_an_opening_sign(sign):
    for before in range(1, 9):
        lines = break_lines("甲" * before + sign + "乙" * (9 - before), 4)

        assert not any(line.endswith(sign) for line in lines)


def test_words_of_titles_stay_whole_where_there_is_room():
    assert break_lines("中英生物医药前沿项目对接会", 10) == ["中英生物医药", "前沿项目对接会"]


def test_a_word_wider_than_a_line_is_cut():
    assert break_lines("A" * 25, 5) == ["A" * 10, "A" * 10, "A" * 5]


def test_no_text_has_no_lines():
    assert break_lines("", 10) == []


def test_a_text_is_set_as_large_as_its_box_allows():
    assert fit("对接会", [8, 6, 4, 2], (12, 8)) == (4, ["对接会"])


def test_at_the_smallest_size_what_does_not_fit_ends_with_an_ellipsis():
    size, lines = fit("one two three four five six", [4, 2], (9, 4))

    assert size == 2
    assert lines == ["one two", "three fo…"]
