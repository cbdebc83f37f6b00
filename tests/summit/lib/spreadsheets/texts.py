"""Texts that a spreadsheet might take for something else, and rows of them."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "=1+1",
    "=",
    "+A1",
    "-A1",
    "-1+1",
    "+1-1",
    "+1+cmd|' /C calc'!A0",
    "+86 10 6255 1234+cmd|' /C calc'!A0",
    "+86 10 6255 1234=1",
    "+86 10 6255 1234\n=1",
    "-5\n",
    "-1,A1",
    "-1,00",
    "-1e5",
    "-5%",
    "+1-800-FLOWERS",
    "+8613800138000*2",
    "+٨٦١٠٦٢٥٥١٢٣٤",
    "+８６１０６２５５１２３４",
    "-",
    "--1",
    "@SUM(A1)",
    "@someone",
    "\t=1",
    "\r\n=1",
    "  =1",
    "\xa0=1",
    "　＝SUM(A1)",
    "\ufeff=1",
    "\u200b=1",
    "\x00=1",
    "\x07\x1b =1",
    "ㅤ=1",
    "＝1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "﹢1",
    "﹣1",
    "﹦1",
    "﹫1",
    "'=1",
    "''\t@x",
    " +86 10 6255 1234",
]
HARMLESS = [
    "",
    " ",
    "'",
    "+86 10 6255 1234",
    "+86-10-6255-1234",
    "+8613800138000",
    "+1 (212) 555-0123",
    "+44 (0)20 7946 0958",
    "+44.20.7946.0958",
    "'+86 10 6255 1234",
    "-5",
    "+5",
    "-3.14",
    "-1,000",
    "-1,234,567.89",
    "007",
    "130102199001011234",
    "中文",
    "王伟 (Wang Wei)",
    "ann@example.org",
    "a=1",
    "1-1",
    'Said "yes, please"',
    "two\nlines",
    "\ttext",
    "\rtext",
    "\ntext",
    "two\r\nlines",
    "👩‍🔬 🇨🇳",
    "#N/A",
    "TRUE",
    "2026-11-22",
    "1e5",
    "https://example.org",
    "<b>&amp;</b>",
    "<r><t>x</t></r>",
    "_x0041_",
    "]]>",
]

# Quick, and the same examples each time.
quickly = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
pieces = st.sampled_from(
    [*HOSTILE, *HARMLESS, *"=+-@＝＋－＠'\",;\t\r\n\0 1(.", "\ufffe", "_x000D_"]
)
texts = st.one_of(pieces, st.text(max_size=12), st.lists(pieces, max_size=4).map("".join))


def rows_of(size):
    return st.lists(st.lists(texts, min_size=size, max_size=size), max_size=6)
