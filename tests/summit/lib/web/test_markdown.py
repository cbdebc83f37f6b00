import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit.lib.web.markdown import render

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](&#106;avascript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:msgbox(1))",
    "![x](javascript:alert(1))",
    "![x](https://elsewhere.example/pixel.png)",
    "<a href='javascript:alert(1)'>x</a>",
    "<svg/onload=alert(1)>",
    "<style>body{display:none}</style>",
    "<iframe src=https://elsewhere.example></iframe>",
    '[x](https://example.org "onmouseover=alert(1)")',
    "```<script>\nalert(1)</script>\n```",
]
_TAG = re.compile(r"<\s*/?\s*([a-zA-Z0-9]+)([^>]*)>")
_PLAIN = {
    *("p", "br", "hr", "h3", "h4", "h5", "ul", "ol", "li", "strong", "em", "code", "pre"),
    *("blockquote", "a", "table", "thead", "tbody", "tr", "th", "td"),
}


def assert_harmless(html):
    for tag, attributes in _TAG.findall(html):
        assert tag in _PLAIN
        assert not re.search(r"\bon\w+\s*=\s*[^\"]", re.sub(r'"[^"]*"', "", attributes))
        for target in re.findall(r'href="([^"]*)"', attributes):
            assert not re.match(r"\s*(javascript|data|vbscript):", target, re.IGNORECASE)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_harmless(text):
    assert_harmless(render(text))


@given(st.text(alphabet="<>[]()!&;:/'\"=` \njavscriptonerhf#*_-", max_size=120))
def test_no_text_at_all_does_harm(text):
    assert_harmless(render(text))


def test_a_script_is_shown_as_what_it_is():
    assert "&lt;script&gt;" in render("<script>alert(1)</script>")


def test_headings_stand_below_the_pages_own():
    assert render("# One\n\n## Two\n\n###### Six") == ("<h3>One</h3>\n<h4>Two</h4>\n<h5>Six</h5>\n")


def test_links_tables_and_lists_work():
    html = render("[a](https://example.org/)\n\n- one\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")

    assert '<a href="https://example.org/" rel="noopener nofollow">a</a>' in html
    assert "<li>one</li>" in html
    assert "<td>1</td>" in html


def test_chinese_emphasis_works():
    assert render("**血液**检测") == "<p><strong>血液</strong>检测</p>\n"
