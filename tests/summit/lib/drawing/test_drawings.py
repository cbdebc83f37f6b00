import re
import xml.etree.ElementTree as ET

import pytest

from summit.lib.drawing import drawings


def palette(svg: str) -> str:
    return re.search(r"art--\d", svg)[0]


def test_cover_is_a_pure_function_of_its_slug():
    assert drawings.cover("a-summit") == drawings.cover("a-summit")
    assert drawings.cover("a-summit") != drawings.cover("another-summit")


def test_covers_of_a_series_are_kin():
    covers = [drawings.cover(slug, "a-series") for slug in ("one", "two", "three")]

    assert len({palette(svg) for svg in covers}) == 1
    assert len(set(covers)) == 3


def test_covers_use_every_palette():
    assert {palette(drawings.cover(f"slug-{n}")) for n in range(60)} == {
        f"art--{n}" for n in range(5)
    }


@pytest.mark.parametrize("slug", ["a", "x" * 100, "2020-shijiazhuang"])
def test_drawings_are_well_formed_and_carry_no_style_id_or_colour(slug):
    for svg in (
        drawings.cover(slug),
        drawings.monogram("Ann Hale", slug),
        drawings.seal("SJZ-2020-001", slug),
    ):
        ET.fromstring(svg)
        assert not re.search(r'style=|\bid="|#[0-9a-f]{3}|rgb', svg)


@pytest.mark.parametrize("slug", [f"slug-{n}" for n in range(40)])
def test_shapes_stay_inside_the_part_that_every_crop_shows(slug):
    # Cut to 4:3, a drawing 320 wide shows what lies between 40 and 280.
    centres = [float(x) for x in re.findall(r"translate\(([\d.]+)", drawings.cover(slug))]

    assert all(85 < x < 235 for x in centres)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ann Hale", "AH"),
        ("Mary Jane van Houten", "MH"),
        ("Plato", "P"),
        ("王伟", "王伟"),
        ("王小明", "小明"),
        ("欧阳小明", "小明"),
        ("安·黑尔", "安"),
        ("露丝•奥卡福", "露"),
        ("Élodie Brun", "ÉB"),
        ("<b>", "<"),
        ("42", "4"),
        ("", "·"),
    ],
)
def test_initials(name, expected):
    assert drawings.initials(name) == expected


def test_monogram_escapes_its_text():
    svg = drawings.monogram("<&", "x")

    assert "<&" not in svg
    ET.fromstring(svg)


def test_seal_stands_in_lines_and_says_what_it_is():
    svg = drawings.seal("SJZ-2020-003", "Seal of SJZ-2020-003")

    assert re.findall(r"<text[^>]*>([^<]*)</text>", svg) == ["SJZ", "2020", "003"]
    assert 'role="img" aria-label="Seal of SJZ-2020-003"' in svg
    assert "seal--signed" in svg


def test_lapsed_seal_is_an_outline_by_its_class():
    assert "seal--lapsed" in drawings.seal("SJZ-2020-003", "x", "lapsed")


def test_seal_draws_a_long_line_together():
    assert "textLength" in drawings.seal("SHIJIAZH-2020-003", "x")
    assert "textLength" not in drawings.seal("SJZ-2020-003", "x")


def test_seal_escapes_label_and_reference():
    svg = drawings.seal('<i>"-2020', '"><script>')

    ET.fromstring(svg)
    assert "<script>" not in svg
