"""One mailbox has one form, and what mail cannot be sent to has none."""

from email.headerregistry import Address

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from hypothesis import given
from hypothesis import strategies as st

from summit.lib.web.mail_addresses import EmailField, canonical, key, readable

UNSEEN = ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\ufe0f", "\u034f", "\u202e"]
FULL_WIDTH = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
CIRCLED = {chr(ord("a") + n): chr(0x24D0 + n) for n in range(26)}


def another_way(character: str) -> st.SearchStrategy[str]:
    ways = {character, character.upper(), FULL_WIDTH.get(character), CIRCLED.get(character)}
    ways |= {"。", "｡"} if character == "." else set()
    return st.sampled_from(sorted(way for way in ways if way))


@st.composite
def written(draw, address: str) -> str:
    """The address as another keyboard or another program writes it."""
    unseen = st.sampled_from(["", "", "", *UNSEEN])
    text = "".join(draw(unseen) + draw(another_way(character)) for character in address)
    return draw(st.sampled_from(["", " ", "\u3000", "\n"])) + text


@given(data=st.data())
@pytest.mark.parametrize("address", ["ann.lee+tag@mail.example.org", "z_9@a-b.example"])
def test_all_ways_to_write_an_address_have_one_key(address, data):
    text = data.draw(written(address))

    assert key(text) == address


@given(
    text=st.text(max_size=300)
    | st.from_regex(r"\A[^@]{1,9}@[^@]{1,9}\.\w{2,5}\Z")
    | st.from_regex(r"\A=\?utf-8\?[qb]\?[a-z0-9=_]{1,9}\?=[a-z.]{0,3}@example\.org\Z")
)
def test_what_is_taken_is_plain_and_stays_as_it_is(text):
    try:
        address = canonical(text)
    except ValidationError as refusal:
        assert refusal.messages[0]
        return

    assert address.isascii()
    assert canonical(address) == address
    assert key(readable(address)) == key(address)
    validate_email(address)
    # As a header has it, and as the mail server is told it.
    assert Address(addr_spec=address).addr_spec == address


@pytest.mark.parametrize(
    "text",
    [
        "wei@例子.公司",
        "WEI@例子。公司",
        "wei＠xn--fsqu00a．xn--55qx5d",
        "wei@XN--FSQU00A.公司.",
        "w\u00adei@例\u200b子.公司",
    ],
)
def test_domain_in_chinese_is_its_ascii_form(text):
    assert key(text) == "wei@xn--fsqu00a.xn--55qx5d"
    assert readable(key(text)) == "wei@例子.公司"


def test_letters_that_idna_2003_replaced_are_kept():
    assert canonical("ann@straße.de") == "ann@xn--strae-oqa.de"
    assert canonical("ann@می\u200cخواهم.ir") != canonical("ann@میخواهم.ir")


def test_letter_case_before_the_at_is_kept_and_not_compared():
    assert canonical("Ann.Lee@Example.ORG") == "Ann.Lee@example.org"
    assert key("Ann.Lee@Example.ORG") == key("ann.lee@example.org")


def test_tags_and_dots_name_other_mailboxes():
    addresses = ["ann@example.org", "ann+1@example.org", "a.nn@example.org"]

    assert len({key(address) for address in addresses}) == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('"ann"@example.org', "quotation_marks"),
        ('"ann lee"@example.org', "quotation_marks"),
        ("＂ann＂@example.org", "quotation_marks"),
        ("ann@example.org..", "no_domain"),
        ("ann@example.c", "no_domain"),
        ("ann@[192.0.2.1]", "network_address"),
        ("ann@[IPv6:2001:db8::1]", "network_address"),
        ("ann@192.0.2.1", "network_address"),
        ("ann@１９２．０．２．１", "network_address"),
        ("ann@localhost", "no_dot"),
        ("ann@org.", "no_dot"),
        ("安@例子.公司", "not_ascii"),
        ("аnn@example.org", "not_ascii"),
        ("ann@exa_mple.org", "no_domain"),
        ("ann@example..org", "no_domain"),
        ("ann@-example.org", "no_domain"),
        ("ann@xn--a.org", "no_domain"),
        ("ann@\ud800.org", "no_domain"),
        ("ann@example.org, bo@example.org", "invalid"),
        ("ann lee@example.org", "invalid"),
        ("ann..lee@example.org", "invalid"),
        ("ann@bo@example.org", "invalid"),
        ("=?utf-8?q?ann?=@example.org", "invalid"),
        ("=?utf-8?b?YW5u?=@example.org", "invalid"),
        ("x.=?utf-8?q?ann?=@example.org", "invalid"),
        ("＝？utf-8？q？ann？＝@example.org", "invalid"),
        ("nonsense", "invalid"),
        ("@example.org", "invalid"),
        ("ann@", "invalid"),
        ("a" * 65 + "@example.org", "invalid"),
        ("a" * 250 + "@example.org", "max_length"),
        ("a@" + "公司." * 80 + "org", "no_domain"),
    ],
)
def test_what_mail_cannot_be_sent_to_is_refused(text, code):
    with pytest.raises(ValidationError) as refusal:
        canonical(text)

    assert refusal.value.code == code


def test_operators_may_name_a_mailbox_of_their_machine():
    assert canonical("root@localhost", may_be_local=True) == "root@localhost"


def test_field_gives_the_canonical_address_or_nothing():
    assert EmailField().clean("Ａnn＠Example。org") == "Ann@example.org"
    assert EmailField(required=False).clean(" ") == ""
    with pytest.raises(ValidationError, match="at most 254"):
        EmailField().clean("a" * 255)
