"""What fits what, and which reasons are given."""

import pytest

from projects.domain.matching import Catalogue, Described, terms_of, words_of


def described(key, title="", *, zh="", request=False, **more) -> Described:
    return Described(key=key, is_request=request, titles=(title, zh), texts=(), **more)


def keys(catalogue, project, number=5) -> list[str]:
    return [match.key for match in catalogue.matches(project, number)]


OTHERS = [
    described("bridge", "Sensors for bridges", zh="桥梁传感器"),
    described("salmon", "Nets for salmon farms", zh="三文鱼网箱"),
    described("tiles", "Inspection of tiles", zh="瓷砖检测"),
]


def test_offer_with_the_rare_words_of_a_request_comes_first():
    wanted = described("wanted", "Portable blood analyser for villages", request=True)
    blood = described("blood", "Hand-held analyser of blood")
    catalogue = Catalogue([wanted, blood, *OTHERS])

    assert keys(catalogue, wanted) == ["blood"]
    assert keys(catalogue, blood) == ["wanted"]


def test_only_the_other_kind_is_compared():
    wanted = described("wanted", "Blood analyser", request=True)
    alike = described("alike", "Blood analyser", request=True)

    assert keys(Catalogue([wanted, alike, *OTHERS]), wanted) == []


def test_chinese_is_compared_by_neighbouring_characters():
    wanted = described("wanted", zh="求购便携式血液检测设备", request=True)
    blood = described("blood", zh="手持血液检测仪")
    catalogue = Catalogue([wanted, blood, *OTHERS])

    [first, *_rest] = catalogue.matches(wanted)
    assert first.key == "blood"
    assert "血液检测" in words_of(blood, first.terms)


def test_project_in_one_language_meets_one_in_the_other():
    """By those that are told in both: there 血液 stands with blood, and nowhere else."""
    wanted = described("wanted", zh="血液快速分析", request=True)
    english = described("english", "Rapid assay of blood")
    told_in_both = [
        described("one", "Storage of blood", zh="血液储存"),
        described("two", "Transport of blood", zh="血液运输"),
    ]

    assert "english" in keys(Catalogue([wanted, english, *told_in_both, *OTHERS]), wanted)
    assert "english" not in keys(Catalogue([wanted, english, *OTHERS]), wanted)


@pytest.mark.parametrize(
    ("request_stage", "offer_stage", "fits"), [(2, 3, True), (3, 2, False), (None, 2, None)]
)
def test_maturity_is_told_where_both_say_it(request_stage, offer_stage, fits):
    wanted = described("wanted", "Blood analyser", request=True, stage=request_stage)
    offer = described("offer", "Blood analyser", stage=offer_stage)

    assert Catalogue([wanted, offer]).matches(wanted)[0].stage_fits is fits


def test_levels_are_compared_where_a_stage_is_missing():
    wanted = described("wanted", "Blood analyser", request=True, level=6)
    offer = described("offer", "Blood analyser", level=4, stage=1)

    assert Catalogue([wanted, offer]).matches(wanted)[0].stage_fits is False


@pytest.mark.parametrize("what", ["sectors", "modes"])
def test_of_equal_texts_the_shared_sector_or_mode_decides(what):
    wanted = described("wanted", "Blood analyser", request=True, **{what: frozenset({"a"})})
    offers = [
        described("other", "Blood analyser", **{what: frozenset({"b"})}),
        described("same", "Blood analyser", **{what: frozenset({"a"})}),
    ]
    catalogue = Catalogue([wanted, *offers, *OTHERS])

    first, second = catalogue.matches(wanted)
    assert (first.key, second.key) == ("same", "other")
    assert getattr(first, what) == {"a"}
    assert getattr(second, what) == frozenset()


def test_nothing_is_compared_with_nothing():
    wanted = described("wanted", "", zh="", request=True)

    assert Catalogue([wanted]).matches(wanted) == []
    assert keys(Catalogue([wanted, *OTHERS]), wanted) == []


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("血液检测", ["血液", "液检", "检测"]),
        ("血。液", ["血", "液"]),
        ("Testing of tests", ["test", "test"]),
        ("POCT 2000L", ["poct", "2000l"]),
        ("臨床", ["临床"]),
        ("3 of 10", []),
        ("It looks like five of them, and we need more", []),
        ("A novel value of second harmonics", ["novel", "value", "harmonic"]),
        ("以及", []),
        ("用于降解", ["于降", "降解"]),
    ],
)
def test_terms_of_a_text(text, terms):
    assert terms_of(text) == terms


def test_words_are_named_as_they_stand_in_the_text():
    offer = described("offer", "ECG electrodes", zh="干电极心电贴")

    assert words_of(offer, ["干电", "电极", "electrod", "ecg"]) == ["干电极", "electrodes", "ECG"]
