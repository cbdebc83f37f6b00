import pytest

from backoffice.kit.importing.lists import is_one_item, split


@pytest.mark.parametrize(
    "text",
    [
        *("王伟、李明", "王伟；李明", "王伟;李明", "王伟，李明", "王伟, 李明", "王伟\n李明"),
        *("王伟\r\n\r\n李明", " 王伟 \n 李明 ", "王伟/李明", "王伟 ／ 李明"),
        *("王伟|李明", "王伟；\n李明、"),
    ],
)
def test_two_names_are_two_however_they_are_separated(text):
    assert split(text) == ["王伟", "李明"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("王芳（局长、书记）\n李明（处长/主任）", ["王芳（局长、书记）", "李明（处长/主任）"]),
        ("A (b, (c; d)), E", ["A (b, (c; d))", "E"]),
        ("王芳（局长、李明", ["王芳（局长", "李明"]),
        ("王芳）、李明", ["王芳）", "李明"]),
        ("王伟/Wang Wei", ["王伟 / Wang Wei"]),
        ("王伟 / Wang Wei、李明", ["王伟 / Wang Wei", "李明"]),
        ("Hale/Moore/Li", ["Hale", "Moore", "Li"]),
        ("  \n、", []),
        ("", []),
    ],
)
def test_brackets_and_the_languages_of_one_name_stay_together(text, names):
    assert split(text) == names


def test_what_is_known_as_one_stays_as_it_is():
    known = {"Heart, lung", "A/B", "AI", "人工智能"}

    assert split("Heart, lung", known.__contains__) == ["Heart, lung"]
    assert split("A/B\nX/Y", known.__contains__) == ["A/B", "X", "Y"]
    assert split("AI/人工智能", known.__contains__) == ["AI", "人工智能"]


@pytest.mark.parametrize("name", ["Heart, lung", "王伟、李明", "A (b", "a) b", "x\ny"])
def test_a_name_that_would_be_read_as_several_is_told(name):
    assert not is_one_item(name)


@pytest.mark.parametrize("name", ["Heart", "Licence (sole, paid)", "A/B", "王伟（局长）"])
def test_a_name_that_is_read_as_one_is_told(name):
    assert is_one_item(name)
