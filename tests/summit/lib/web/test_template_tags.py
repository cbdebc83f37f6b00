import json
import re

import pytest
from django.template import engines
from django.test import RequestFactory

from summit.lib.web import template_tags
from summit.lib.web.template_tags import in_language


def render(template: str, **context) -> str:
    return engines["django"].from_string(template).render(context)


@pytest.mark.parametrize(
    ("path", "language", "expected"),
    [
        ("/en/", "zh-hans", "/zh-hans/"),
        ("/en/events/en/?q=/en/", "zh-hans", "/zh-hans/events/en/?q=/en/"),
        ("/zh-hans/projects/?q=血&page=2", "en", "/en/projects/?q=血&page=2"),
        ("/fr/nothing/", "en", "/en/"),
        ("/english/", "zh-hans", "/zh-hans/"),
    ],
)
def test_the_other_language_keeps_the_page_and_its_query(path, language, expected):
    assert in_language(path, language) == expected


def test_structured_data_cannot_leave_its_block():
    html = render("{% json_ld data %}", data={"name": "</script><script>alert(1)</script>&"})

    assert html.count("<script") == 1
    inside = re.search(r">(.*)</script>$", html)[1]
    assert json.loads(inside) == {"name": "</script><script>alert(1)</script>&"}


def test_no_structured_data_is_no_block():
    assert render("{% json_ld data %}", data=None) == ""


def test_page_meta_works_without_a_request_or_site():
    html = render("{% page_meta title='A & B' description='<i>' %}")

    assert "<title>A &amp; B · Summit</title>" in html
    assert 'content="&lt;i&gt;"' in html
    assert "canonical" not in html


@pytest.mark.django_db
def test_canonical_address_keeps_only_what_makes_another_page(client):
    html = client.get("/en/events/?when=past&page=1&utm=x").content.decode()

    assert re.search(r'rel="canonical" href="([^"]*)"', html)[1] == (
        "http://testserver/en/events/?when=past"
    )
    assert re.findall(r'hreflang="([^"]*)" href="([^"]*)"', html.split("</head>")[0]) == [
        ("en", "http://testserver/en/events/?when=past"),
        ("zh-Hans", "http://testserver/zh-hans/events/?when=past"),
        ("x-default", "http://testserver/en/events/?when=past"),
    ]


def test_a_hostile_query_does_not_reach_the_head():
    request = RequestFactory().get("/en/events/", {"when": '"><script>', "page": "2&x=y"})
    request.resolver_match = type("Match", (), {"url_name": "events"})()

    html = render("{% page_meta title='x' %}", request=request, SITE_URL="http://a.example")

    assert "<script" not in html
    assert '"http://a.example/en/events/"' in html


def test_dates_say_nothing_without_a_day():
    assert template_tags.on_date(None) == ""
