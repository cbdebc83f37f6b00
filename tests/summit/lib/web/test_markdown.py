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


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "**“联合实验室”**项目已启动，**重点任务：**建设中试平台。",
            "<strong>“联合实验室”</strong>项目已启动，<strong>重点任务：</strong>建设中试平台。",
        ),
        (
            "合作内容包括**《技术转让协议》**和**（一）设备**部分。",
            "合作内容包括<strong>《技术转让协议》</strong>和<strong>（一）设备</strong>部分。",
        ),
        ("这是**“重点”**文字", "这是<strong>“重点”</strong>文字"),
        ('中文**"重点"**文字', "中文<strong>&quot;重点&quot;</strong>文字"),
        ("中文**(一)**文字", "中文<strong>(一)</strong>文字"),
        ("签署**《协议》**3份", "签署<strong>《协议》</strong>3份"),
        ("Kappa**（中国）**Ltd", "Kappa<strong>（中国）</strong>Ltd"),
        ("**注意！**请**不要**迟到", "<strong>注意！</strong>请<strong>不要</strong>迟到"),
        ("他说：**“好。”**然后", "他说：<strong>“好。”</strong>然后"),
        ("约**50%**的企业", "约<strong>50%</strong>的企业"),
        ("***《粗斜》***后", "<em><strong>《粗斜》</strong></em>后"),
        ("包括*《书》*和", "包括<em>《书》</em>和"),
        ("**粗《*斜*》粗**字", "<strong>粗《<em>斜</em>》粗</strong>字"),
        ("**「重点」**と**『本』**の", "<strong>「重点」</strong>と<strong>『本』</strong>の"),
        ("**主题**（一）", "<strong>主题</strong>（一）"),
        ("**链接：**[书](https://a.example/)", None),
        ("价格*，数量*，单位", "价格*，数量*，单位"),
        ("5 * 3 * 2，结果", "5 * 3 * 2，结果"),
        ("文件 report_（终稿）_v2", "文件 report_（终稿）_v2"),
        ("`**“x”**字`", "<code>**“x”**字</code>"),
        # In other languages CommonMark's own rule holds.
        ('*foo "*bar*" foo*', "<em>foo &quot;<em>bar</em>&quot; foo</em>"),
        ("snake_case_name", "snake_case_name"),
    ],
)
def test_emphasis_is_what_stands_between_the_asterisks(text, html):
    if html is None:
        assert render(text).startswith("<p><strong>链接：</strong><a ")
    else:
        assert render(text) == f"<p>{html}</p>\n".replace("&quot;", '"')


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("第一行\n第二行", "第一行第二行"),
        ("第一行，\n第二行", "第一行，第二行"),
        ("**第一**\n“第二”", "<strong>第一</strong>“第二”"),
        ("采用，\nGMP 标准", "采用，GMP 标准"),
        ("おいしい\nカナ", "おいしいカナ"),
        ("中文\nEnglish", "中文\nEnglish"),
        ("English\nwords", "English\nwords"),
        ("第一行  \n第二行", "第一行<br>\n第二行"),
        ("议程：\n1、开幕\n2、签约", "议程：<br>\n1、开幕<br>\n2、签约"),
        ("一、总则\n（二）分则", "一、总则<br>\n（二）分则"),
        ("①甲\n②乙\n•丙\n-丁", "①甲<br>\n②乙<br>\n•丙<br>\n-丁"),
        ("电话\n10-20 人", "电话\n10-20 人"),
    ],
)
def test_lines_of_chinese_are_joined_as_chinese_is_set(text, html):
    assert render(text) == f"<p>{html}</p>\n"


@given(st.text(alphabet="*_ “”《》（），。：中文a1\n-、", max_size=60))
def test_nothing_but_marks_is_lost(text):
    shown = re.sub(r"<[^>]*>|\s|[*_-]", "", render(text))

    assert shown == re.sub(r"\s|[*_-]", "", text)
