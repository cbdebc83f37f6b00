import datetime as dt

import pytest

from backoffice.kit.importing.columns import Country, Day, Languages, YesNo


@pytest.mark.parametrize(
    "text",
    [
        *("2027-12-31", "2027/12/31", "2027.12.31", "2027年12月31日", "2027 年 12 月 31 日"),
        *("２０２７年１２月３１日", "2027年12月31号", "2027. 12. 31.", "20271231", "31.12.2027"),
        *("二〇二七年十二月三十一日", "二零二七年十二月卅一日", "2027年12月31日 星期五"),
        *("2027年12月31日（周五）", "2027-12-31 00:00:00", "2027-12-31T00:00", "31 December 2027"),
        *(
            "31-Dec-2027",
            "31st December 2027",
            "31/12/2027",
            "12/31/2027",
            "Dec. 31, 2027",
            "Friday, 31 December 2027",
        ),
    ],
)
def test_a_day_is_read_as_offices_write_it(text):
    assert Day().clean(text) == dt.date(2027, 12, 31)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027年1月2日", dt.date(2027, 1, 2)),
        ("二〇二七年一月十日", dt.date(2027, 1, 10)),
        ("二〇二七年十一月二十日", dt.date(2027, 11, 20)),
        ("3 Sept 2027", dt.date(2027, 9, 3)),
        ("May 1, 2027", dt.date(2027, 5, 1)),
    ],
)
def test_each_part_of_a_day_is_what_it_says(text, day):
    assert Day().clean(text) == day


@pytest.mark.parametrize(
    "text",
    [
        *("3/4/2027", "03-04-2027", "31/12/27", "31-Dec-27", "46752", "2027-02-30", "2027年2月"),
        *(
            "2027",
            "12:30",
            "二〇二七年二月三十日",
            "13/13/2027",
            "二〇二七年十三月一日",
            "1 Ma 2027",
            "soon",
        ),
        *("2027-12-31 or later", "二〇二七年十十月一日"),
    ],
)
def test_what_is_no_day_or_could_be_two_is_not_guessed(text):
    with pytest.raises(ValueError, match="is not a day"):
        Day().clean(text)


def test_countries_and_languages_are_named_as_offices_do():
    assert Country().clean("England") == "GB"
    assert Languages().clean("日语/英语") == ["ja", "en"]
    with pytest.raises(ValueError, match="“Korea” is not a known country"):
        Country().clean("Korea")
    with pytest.raises(ValueError, match="“Klingon” is not known here"):
        Languages().clean("English, Klingon")


@pytest.mark.parametrize(
    ("text", "value"), [("是", True), ("✓", True), ("无", False), ("No", False)]
)
def test_yes_and_no_are_ticks_and_words(text, value):
    assert YesNo().clean(text) is value
