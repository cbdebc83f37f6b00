"""Lists as CSV: nothing in them runs, and all of it can be had back."""

import csv
import datetime as dt
import io
import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit.lib.spreadsheets import (
    as_typed,
    csv_chunks,
    neutralised,
)
from tests.summit.lib.spreadsheets.texts import HARMLESS, HOSTILE, quickly, rows_of, texts


def read_csv(content, delimiter=","):
    """Read a file as spreadsheets do: a quote within a cell is a quote, and nothing is refused."""
    assert content.startswith(b"\xef\xbb\xbf")
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.reader(text, delimiter=delimiter, strict=delimiter == ","))


def is_live(cell):
    """Whether a spreadsheet might take a cell for a formula, said otherwise than in the code."""
    unseen = {"Cc", "Cf", "Zs", "Zl", "Zp"}
    begins = next((c for c in cell if unicodedata.category(c) not in unseen), "")
    if begins not in set("=+-@＝＋－＠﹢﹣﹦﹫"):
        return False
    is_number = re.fullmatch(r"[+-][0-9,]+(\.[0-9]+)?", cell)
    return not is_number and not re.fullmatch(r"\+[0-9 ().-]{7,}", cell)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe_before_its_sign(text):
    before = re.match(r"[^=+\-@＝＋－＠﹢﹣﹦﹫]*", text)[0]

    assert neutralised(text).startswith(f"{before}'{text[len(before)]}")
    assert as_typed(neutralised(text)) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Li;=2+3;x", "Li;'=2+3;x"),
        ("Li,=2+3", "Li,'=2+3"),
        ("Li\t=2+3", "Li\t'=2+3"),
        ("Li\n=2+3", "Li\n'=2+3"),
        ("Li\r\n=2+3", "Li\r\n'=2+3"),
        ("Li; \u200b =2+3", "Li; \u200b '=2+3"),
        ('Li;"=2+3;"x', 'Li;"\'=2+3;"x'),
        ("Li;;=1;=2", "Li;;'=1;'=2"),
        ("Li;'=1", "Li;''=1"),
        ("Li;＝1", "Li;'＝1"),
        ("Tel;+86 10 6255 1234", "Tel;'+86 10 6255 1234"),
        ("=1;=2", "'=1;'=2"),
        ("Li; x=2", "Li; x=2"),
        ("a=1;b", "a=1;b"),
        ("-5;x", "'-5;x"),
    ],
)
def test_a_formula_within_a_text_gets_its_apostrophe_where_a_cell_may_begin(text, written):
    assert neutralised(text) == written
    assert as_typed(written) == text


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_name_from_the_public_form_computes_nothing_in_any_office(delimiter):
    rows = [
        ["A1", "Li;=2+3;x", 'Wu\t"=2+3'],
        ["+86 10 6255 1234", "A1", '=cmd|"x"'],
        ["", "-1,A1", "-1"],
        ["", "+8613800138000", "-1,00"],
        ['"', "x\n=1", "y"],
    ]

    # Each by itself, so that none is looked at for the sake of another.
    for row in rows:
        read = read_csv(b"".join(csv_chunks(["a", "b", "c"], [row])), delimiter)
        assert [cell for line in read for cell in line if is_live(cell)] == []


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_stays_as_it_is(text):
    assert neutralised(text) == text


def test_every_invisible_character_of_unicode_is_looked_behind():
    missed = [
        f"U+{number:04X}"
        for number in range(sys.maxunicode + 1)
        if (
            unicodedata.category(chr(number)) in ("Cc", "Cf", "Zs", "Zl", "Zp")
            or chr(number).isspace()
        )
        and neutralised(f"{chr(number)}=1") == f"{chr(number)}=1"
    ]

    assert missed == []


@pytest.mark.parametrize(
    "text",
    [
        *("+" + "1" * 100_000, "\t" * 100_000, "'" * 100_000, "-1,111" * 9999),
        *('"' * 100_000, ", " * 50_000, "' " * 50_000 + "=", "+1 " * 50_000),
    ],
)
def test_a_long_text_is_looked_at_once(text):
    assert as_typed(neutralised(text + "x")) == text + "x"


@given(st.lists(texts, min_size=3, max_size=3), rows_of(3))
@quickly
def test_no_cell_of_a_csv_is_live_however_it_is_opened_and_each_can_be_had_back(header, rows):
    content = b"".join(csv_chunks(header, rows))

    for delimiter in ",;\t":
        read = read_csv(content, delimiter)
        assert [cell for row in read for cell in row if is_live(cell)] == []
    given = [
        [as_typed(cell, begins_line=not column) for column, cell in enumerate(row)]
        for row in read_csv(content)
    ]
    assert given == [header, *rows]


@given(texts)
@quickly
def test_a_text_is_the_same_again_once_it_was_written_and_read(text):
    for begins_line in (True, False):
        written = neutralised(text, begins_line=begins_line)
        assert as_typed(written, begins_line=begins_line) == text


def test_a_csv_has_moments_numbers_and_gaps():
    row = (dt.datetime(2026, 11, 22, 9, 3, 5), dt.date(2026, 11, 22), -5, 0, 2.5, None, "007")

    content = b"".join(csv_chunks(["a", "b", "c", "d", "e", "f", "g"], [row]))

    assert content == (
        "\ufeffa,b,c,d,e,f,g\r\n2026-11-22 09:03:05,2026-11-22,-5,0,2.5,,007\r\n".encode()
    )


def test_a_csv_quotes_as_rfc_4180_says():
    content = b"".join(csv_chunks(["a", "b"], [['say "hi"', "a,b"], ["x\ny", "x\ry"]]))

    assert content.decode("utf-8-sig") == ('a,b\r\n"say ""hi""","a,b"\r\n"x\ny","x\ry"\r\n')


def test_a_csv_without_rows_has_its_header():
    assert b"".join(csv_chunks(["姓名", "=1"], [])) == "\ufeff姓名,'=1\r\n".encode()


def test_half_a_character_does_not_end_a_csv():
    assert b"".join(csv_chunks(["a"], [["x\ud800y"], ["z"]])) == b"\xef\xbb\xbfa\r\nx?y\r\nz\r\n"


def test_a_csv_comes_in_chunks_while_its_rows_are_read():
    taken = []

    def rows():
        for number in range(20_000):
            taken.append(number)
            yield (f"{number:05}", "中" * 20)

    chunks = csv_chunks(["a", "b"], rows())
    first = next(chunks)
    before = len(taken)
    sizes = [len(first), *map(len, chunks)]

    assert before < 3_000
    assert len(taken) == 20_000
    assert all(65_000 < size < 75_000 for size in sizes[:-1])
    assert sum(sizes) == 20_000 * 68 + len("\ufeffa,b\r\n".encode())


def test_closing_a_csv_closes_its_rows():
    ended = []

    def rows():
        try:
            while True:
                yield ("x" * 1000,)
        finally:
            ended.append(True)

    chunks = csv_chunks(["a"], rows())
    next(chunks)
    chunks.close()

    assert ended == [True]
