"""Charts have room for labels of any length, and draw nothing but their numbers."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from projects.report import charts
from projects.report.breakdowns import Row
from projects.report.periods import Period

LABELS = [
    "Health",
    "国际生物医药前沿项目与健康产业创新发展系列活动高端医疗器械与体外诊断试剂",
    "Bioprocessing, green chemistry and the manufacture of antibiotic intermediates at scale",
    "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3,
    "AI 辅助诊断 and 数字健康 (digital health)",
    "",
]


@pytest.mark.parametrize("label", LABELS)
def test_label_fits_its_lines(label):
    lines = charts.wrapped(label)

    assert 1 <= len(lines) <= charts.MOST_LINES
    assert all(charts.ems(line) <= charts.WIDEST_LABEL for line in lines)


@given(st.text(max_size=300))
def test_any_label_fits_and_short_ones_lose_nothing(label):
    lines = charts.wrapped(label)

    assert 1 <= len(lines) <= charts.MOST_LINES
    assert all(charts.ems(line) <= charts.WIDEST_LABEL for line in lines)
    if not lines[-1].endswith("…"):
        assert "".join(lines).replace(" ", "") == "".join(label.split())


def test_bars_never_lie_on_each_other_or_on_their_labels():
    rows = [Row(str(number), label, number) for number, label in enumerate(LABELS)]

    chart = charts.bars("x", "Title", rows)

    bottom = 0.0
    for bar in chart.bars:
        baselines = [line.y for line in bar.lines]
        assert bottom < baselines[0] - 0.75
        assert baselines == sorted(baselines)
        assert baselines[-1] + 0.25 < bar.y
        bottom = bar.y + chart.bar_height
    assert chart.height >= bottom - 0.01


def test_bar_is_as_long_as_its_number():
    chart = charts.bars("x", "Title", [Row("a", "A", 8), Row("b", "B", 2), Row("c", "C", 0)])

    assert [[piece.width for piece in bar.pieces] for bar in chart.bars] == [[100.0], [25.0], []]


def test_stacks_are_put_together_without_gaps():
    parts = (Row("p:converted", "", 1), Row("p:signed", "", 2), Row("p:lapsed", "", 0))
    period = Period("2020", "2020", 4, parts=(*parts, Row("p:terminated", "", 1)))

    [bar] = charts.stacks("x", "Title", [period]).bars

    assert [(piece.kind, piece.x, piece.width) for piece in bar.pieces] == [
        ("converted", 0.0, 25.0),
        ("signed", 25.0, 50.0),
        ("terminated", 75.0, 25.0),
    ]


def test_funnel_tells_the_share_of_its_first_step():
    chart = charts.funnel("x", "Title", [Row("a", "A", 1200), Row("b", "B", 300)])

    assert [bar.value for bar in chart.bars] == ["1,200 · 100%", "300 · 25%"]
    assert chart.description == "A: 1,200 · 100%; B: 300 · 25%"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_chart_of_nothing_is_empty(language):
    with translation.override(language):
        assert charts.bars("x", "Title", []).bars == []
        assert charts.funnel("x", "Title", []).height == 0
        assert charts.stacks("x", "Title", []).bars == []
