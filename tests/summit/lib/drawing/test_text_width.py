import pytest

from summit.lib.drawing.text_width import Step, step_for

STEPS = [Step(5, 1), Step(10, 1), Step(12, 2), Step(26, 4)]


@pytest.mark.parametrize(
    ("name", "ems"),
    [
        ("王伟", 5),
        ("欧阳娜娜", 5),
        ("欧阳娜娜·阿不都热西提", 12),
        ("Li Jing", 5),
        ("Eleanor Whitcombe", 12),
        ("Maximiliana Featherstonehaugh-Cholmondeley", 26),
        ("", 5),
    ],
)
def test_step_is_the_largest_at_which_no_word_is_cut(name, ems):
    assert step_for([name], STEPS).ems == ems


def test_step_with_whole_words_ends_lines_at_the_dot_of_a_name_only():
    steps = [Step(6, 2), Step(8, 2), Step(20, 1)]

    assert step_for(["欧阳娜娜·阿不都热西提"], steps, whole_words=True).ems == 6
    assert step_for(["欧阳娜娜阿不都热西提"], steps, whole_words=True).ems == 20
    assert step_for(["欧阳娜娜阿不都热西提"], steps).ems == 6


def test_step_of_several_texts_fits_them_below_each_other():
    assert step_for(["王伟"], STEPS).ems == 5
    assert step_for(["王伟", "李静"], STEPS).ems == 12


@pytest.mark.parametrize("text", ["W" * 100, "国" * 400, "́" * 50, "a b" * 300])
def test_what_never_fits_has_the_last_step_or_any_other(text):
    assert step_for([text], STEPS) in STEPS


def test_space_at_the_end_of_a_line_takes_no_room():
    # Five characters and a space, then five more: two lines of five.
    assert step_for(["国国国国 国国国国"], [Step(5, 2), Step(50, 1)]).ems == 5
