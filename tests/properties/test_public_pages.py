"""Every public address with every query string, and every part of a path that somebody makes up."""

from urllib.parse import quote, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages import story
from tests.properties.hostile import ask, encoded, is_refused_null, pairs

pytestmark = pytest.mark.django_db

NAMES = [
    *(
        "q",
        "page",
        "when",
        "sort",
        "kind",
        "sector",
        "mode",
        "maturity",
        "status",
        "year",
        "series",
    ),
    *("event", "people", "next", "language", "section", "role", "currency", "p", "o", "e"),
]
MADE_UP = [
    "/en/events/{}/",
    "/en/events/{}/register/",
    "/en/events/{}/registered/",
    "/en/events/{}/calendar.ics",
    "/zh-hans/events/{}/programme/{}/",
    "/en/experts/{}/",
    "/en/organizations/{}/",
    "/en/projects/{}/",
    "/en/intentions/{}/",
    "/zh-hans/series/{}/",
    "/en/my/{}/",
    "/en/my/{}/data/",
    "/en/my/{}/data.json",
    "/en/my/{}/event.ics",
    "/en/follow-ups/{}/calendar.ics",
    "/documents/{}/",
    "/desk/{}/",
    "/media/{}",
    "/staff/welcome/{}/",
    "/{}",
    "/{}/{}/",
]


@pytest.fixture(autouse=True)
def _nobody_is_counted(settings):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, (10**6, 600))


@pytest.fixture
def addresses(stranger):
    """Every public address, asked once: the first visitor makes the profile of the site."""
    found = [*story().addresses(), "/", "/i18n/setlang/", "/favicon.ico"]
    for path in found:
        stranger.get(path)
    return found


@given(data=st.data())
def test_pages_take_any_query_string(stranger, addresses, data):
    path = data.draw(st.sampled_from(addresses))
    query = data.draw(pairs(NAMES))

    ask(stranger, "GET", f"{path}?{query}")


@given(data=st.data(), query=pairs(["q", "page", "kind", "sector", "mode", "maturity"], most=40))
def test_catalogue_takes_many_filters_at_once(stranger, addresses, data, query):
    path = data.draw(st.sampled_from(["/en/projects/", "/zh-hans/experts/", "/en/events/"]))

    ask(stranger, "GET", f"{path}?{query}")


@given(route=st.sampled_from(MADE_UP), parts=st.tuples(encoded, encoded))
def test_addresses_that_are_made_up_are_answered(stranger, addresses, route, parts):
    response = ask(stranger, "GET", route.format(*parts))

    # 410 is of a staff link that is none of ours, or used.
    assert response.status_code in (200, 301, 302, 400, 404, 410)


@given(
    method=st.sampled_from(["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "QUERY"]),
    data=st.data(),
)
def test_pages_take_any_method(stranger, addresses, method, data):
    path = data.draw(st.sampled_from(addresses))

    ask(stranger, method, path, body=data.draw(pairs(NAMES)))


@given(body=pairs(["next", "language"]), referrer=encoded, language=st.sampled_from(["en", "xx"]))
def test_language_switch_never_leads_to_another_site(stranger, addresses, body, referrer, language):
    response = ask(
        stranger,
        "POST",
        "/i18n/setlang/",
        body=f"language={language}&{body}",
        headers={"Referer": f"http://{quote(referrer)}/"},
    )

    assert response.status_code in (204, 302) or is_refused_null(response, body)
    if response.status_code == 302:
        assert urljoin("http://testserver/", response.url).startswith("http://testserver/")
