import datetime as dt
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from tests import factories

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client, language: str = "en") -> list[tuple[str, str]]:
    response = client.get(f"/{language}/feed.xml")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)
    return [
        (entry.find(f"{ATOM}title").text, entry.find(f"{ATOM}link").get("href"))
        for entry in feed.findall(f"{ATOM}entry")
    ]


def test_feed_tells_of_events_and_signings_newest_first(client):
    now = timezone.now()
    factories.event(title_en="First", slug="first", published_at=now - dt.timedelta(days=9))
    second = factories.event(title_en="Second", slug="second", published_at=now)
    factories.signed_intention(
        event=second,
        company=factories.organization(name_en="Acme"),
        expert=factories.expert(name_en="Ann Hale"),
    )

    assert entries(client) == [
        ("Second", "http://testserver/en/events/second/"),
        ("First", "http://testserver/en/events/first/"),
        (
            "Cooperation intention SUMMIT-2020-001 signed: Acme · Ann Hale",
            "http://testserver/en/intentions/SUMMIT-2020-001/",
        ),
    ]


def test_feed_is_in_the_language_of_its_address(client):
    factories.event(title_en="Summit", title_zh_hans="峰会", slug="summit")

    assert entries(client, "zh-hans") == [("峰会", "http://testserver/zh-hans/events/summit/")]
    assert b'xml:lang="zh-Hans"' in client.get("/zh-hans/feed.xml").content


def test_cancelled_event_says_so(client):
    factories.event(title_en="Summit", status="cancelled")

    assert entries(client)[0][0] == "Cancelled: Summit"


def test_feed_holds_the_last_thirty(client):
    for _number in range(31):
        factories.event()

    assert len(entries(client)) == 30


@pytest.mark.parametrize("path", ["/en/", "/en/events/", "/en/intentions/"])
def test_feed_is_announced(client, path):
    assert 'type="application/atom+xml" href="/en/feed.xml"' in client.get(path).text
