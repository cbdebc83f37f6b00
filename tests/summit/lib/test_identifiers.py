"""Codes that registers have published themselves, and what people make of them."""

import pytest

from summit.lib import identifiers


@pytest.mark.parametrize(
    "code",
    [
        *("91350100M000100Y43", "91110000101623741K", "911101066976941872"),
        # The sum of its first 17 is divisible by 31, for which the check is 0.
        "91000000MADEM00200",
    ],
)
def test_a_credit_code_of_the_standard_is_not_doubted(code):
    assert identifiers.doubt_about_credit_code(code) == ""


@pytest.mark.parametrize(
    ("code", "why"),
    [
        # A real firm bears it.
        ("91350211M0000XUF46", "does not match the others"),
        ("91350100M000100Y34", "does not match the others"),
        ("91350100M000100Y4", "has 18 characters, this one has 17"),
        ("91350100M000100Y433", "this one has 19"),
        ("91350100M00O100Y43", "without I, O, S, V and Z"),
        ("91350100M000一00Y43", "without I, O, S, V and Z"),
    ],
)
def test_a_credit_code_that_cannot_be_right_is_doubted(code, why):
    assert why in identifiers.doubt_about_credit_code(code)


@pytest.mark.parametrize(
    "typed",
    [
        "91350100m000100y43",
        " 9135 0100 M000 100Y 43 ",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        "913501-00M000100Y-43",
        "\u200b91350100M000100Y43\ufeff",
    ],
)
def test_a_credit_code_is_read_as_it_is_typed(typed):
    assert identifiers.canonical_credit_code(typed) == "91350100M000100Y43"


@pytest.mark.parametrize(
    "typed",
    [
        *("02mhbdp94", "https://ror.org/02mhbdp94", "http://www.ror.org/02mhbdp94/"),
        *("ror.org/02MHBDP94", " ０２ｍｈｂｄｐ９４ "),
    ],
)
def test_a_ror_is_read_with_and_without_its_address(typed):
    ror = identifiers.canonical_ror(typed)

    assert ror == "https://ror.org/02mhbdp94"
    assert identifiers.doubt_about_ror(ror) == ""


@pytest.mark.parametrize("ror", ["03yrm5c26", "05dxps055", "042nb2s44", "052gg0110"])
def test_identifiers_of_the_register_are_not_doubted(ror):
    assert identifiers.doubt_about_ror(identifiers.canonical_ror(ror)) == ""


@pytest.mark.parametrize(
    ("typed", "stored", "why"),
    [
        ("02mhbdp95", "https://ror.org/02mhbdp95", "last two digits"),
        ("03mhbdp94", "https://ror.org/03mhbdp94", "last two digits"),
        ("12mhbdp94", "12mhbdp94", "reads https://ror.org/0"),
        ("https://example.org/02mhbdp94", "https://example.org/02mhbdp94", "reads https"),
        ("javascript:alert(1)", "javascript:alert(1)", "reads https://ror.org/0"),
    ],
)
def test_a_ror_that_cannot_be_right_is_kept_and_doubted(typed, stored, why):
    ror = identifiers.canonical_ror(typed)

    assert ror == stored
    assert why in identifiers.doubt_about_ror(ror)


@pytest.mark.parametrize(
    "typed",
    [
        *("0000-0002-9079-593X", "0000-0002-9079-593x", "000000029079593X"),
        *("https://orcid.org/0000-0002-9079-593X", "http://www.orcid.org/0000-0002-9079-593x/"),
        *("ORCID iD: 0000-0002-9079-593X", "００００－０００２－９０７９－５９３Ｘ"),
        "0000‐0002‐9079‐593X",
    ],
)
def test_an_orcid_is_read_with_and_without_its_address(typed):
    orcid = identifiers.canonical_orcid(typed)

    assert orcid == "https://orcid.org/0000-0002-9079-593X"
    assert identifiers.doubt_about_orcid(orcid) == ""


@pytest.mark.parametrize("orcid", ["0000-0002-1825-0097", "0000-0001-5109-3700"])
def test_orcids_of_researchers_are_not_doubted(orcid):
    assert identifiers.doubt_about_orcid(identifiers.canonical_orcid(orcid)) == ""


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("0000-0002-1825-0079", "does not match"),
        ("0000-0002-1825-009", "reads https://orcid.org/"),
        ("see my page", "reads https://orcid.org/"),
    ],
)
def test_an_orcid_that_cannot_be_right_is_doubted(typed, why):
    assert why in identifiers.doubt_about_orcid(identifiers.canonical_orcid(typed))


@pytest.mark.parametrize("kind", ["credit_code", "ror", "orcid"])
def test_nothing_is_doubted_where_nothing_stands(kind):
    assert getattr(identifiers, f"canonical_{kind}")("") == ""
    assert getattr(identifiers, f"doubt_about_{kind}")("") == ""
