"""What CommonMark takes from languages that set blanks between words, as Chinese is written.

CommonMark knows by the blanks around them whether asterisks begin or end an emphasis, so that
``**“重点”**文字`` stayed as it was typed, and shows the end of a line in the source as a blank.
"""

import re
import unicodedata
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from summit.lib.i18n.likeness import HAN

_KANA = "\u3040-\u30ff\u31f0-\u31ff"
_is_east_asian = re.compile(f"[{HAN}{_KANA}]").match
_has_east_asian = re.compile(f"[{HAN}{_KANA}]").search
# How a line of a list begins that has no blank behind its number: 1、 （一） ① • -项目
_begins_item = re.compile(
    rf"[（(]?[0-9０-９]{{1,3}}(?:[）)、．]|\.(?=[{HAN}]))|[（(]?[一二三四五六七八九十百]{{1,4}}[）)、．]"
    rf"|第[一二三四五六七八九十百0-9]{{1,4}}[，、：]|[①-⑳⑴-⒇㈠-㈩•·●◆■※]|[-—–*](?=[{HAN}“《（])"
).match


def enable(parser: MarkdownIt) -> MarkdownIt:
    """Let the parser read emphasis and ends of lines as Chinese is written; return it."""
    parser.inline.ruler.at("emphasis", _tokenize_emphasis)
    parser.core.ruler.after("inline", "chinese_breaks", _join_lines)
    return parser


def _tokenize_emphasis(state: StateInline, silent: bool) -> bool:
    """Take asterisks for the ends of an emphasis whatever punctuation touches them.

    Only where there are Chinese characters or full-width signs: elsewhere CommonMark's rule is
    the right one, and underscores are parts of names everywhere.
    """
    marker = state.src[state.pos]
    if silent or marker not in "_*":
        return False
    scanned = state.scanDelims(state.pos, marker == "*")
    opens, closes = scanned.can_open, scanned.can_close
    if marker == "*":
        before = state.src[state.pos - 1] if state.pos else " "
        end = state.pos + scanned.length
        after = state.src[end] if end < state.posMax else " "
        if _is_chinese(state.src, before, after):
            opens = opens or not (after.isspace() or _ends_phrase(after))
            closes = closes or not (before.isspace() or _begins_phrase(before))
    for _each in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=scanned.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=opens,
                close=closes,
            )
        )
    state.pos += scanned.length
    return True


def _is_chinese(text: str, *neighbours: str) -> bool:
    return any(not each.isascii() and _is_punctuation(each) for each in neighbours) or bool(
        _has_east_asian(text)
    )


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _begins_phrase(character: str) -> bool:
    return unicodedata.category(character) in ("Ps", "Pi")


def _ends_phrase(character: str) -> bool:
    """Whether no emphasis begins before it, such as an asterisk that leads to a note: 价格*，"""
    return unicodedata.category(character) in ("Pe", "Pf") or character in "，。、；：！？,.;:!?"


def _join_lines(state: StateCore) -> None:
    """Join lines of Chinese without a blank; break them where the next begins an item."""
    for block in state.tokens:
        children = block.children or []
        for position, token in enumerate(children):
            if token.type != "softbreak":
                continue
            before, after = _text(children[:position], -1), _text(children[position + 1 :], 0)
            if _begins_item(after):
                token.type, token.tag = "hardbreak", "br"
            elif _needs_no_blank(before[-1:], after[:1]):
                token.type, token.content = "text", ""


def _text(tokens: Sequence[Token], end: int) -> str:
    """Return the text next to a break, whatever emphasis or link it stands in."""
    found = [each.content for each in tokens if each.content]
    return found[end] if found else ""


def _needs_no_blank(before: str, after: str) -> bool:
    if not (before and after):
        return False
    if _is_wide_sign(before) or _is_wide_sign(after):
        return True
    is_chinese = [bool(_is_east_asian(each)) for each in (before, after)]
    # Signs that Chinese shares with other languages are Chinese beside a Chinese character.
    is_shared = [each in "“”‘’—…·" for each in (before, after)]
    return any(is_chinese) and all(map(any, zip(is_chinese, is_shared, strict=True)))


def _is_wide_sign(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" and _is_punctuation(character)
