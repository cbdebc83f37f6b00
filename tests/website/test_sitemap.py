import datetime as dt
import re
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from events.models import Expert
from tests import factories
from tests.pages import listed_pages, story
from website.sitemaps import SITEMAPS, SiteSitemap

pytestmark = pytest.mark.django_db

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def told():
    return story()


def test_sitemap_lists_every_page_in_both_languages(client, told):
    assert sorted(listed_pages(client)) == sorted(told.pages())


def test_index_leads_to_a_file_for_each_kind_of_page(client, told, settings):
    settings.SITE_URL = "https://summit.example"
    factories.call(event=told.event)

    response = client.get("/sitemap.xml")

    xml = ElementTree.fromstring(response.content)
    assert response["Content-Type"] == "application/xml"
    assert xml.tag == f"{MAP}sitemapindex"
    assert [file.find(f"{MAP}loc").text for file in xml] == [
        f"https://summit.example/sitemap-{name}.xml?p=1" for name in SITEMAPS
    ]


def test_calls_are_listed_while_they_are_open(client):
    now, week = timezone.now(), dt.timedelta(days=7)
    open_now = factories.call()
    factories.call(status="draft")
    factories.call(opens_at=now + week, closes_at=now + 2 * week)
    factories.call(opens_at=now - 2 * week, closes_at=now - week)
    factories.call(event=factories.event(status="draft", published_at=None))

    pages = [path for path in listed_pages(client) if "/calls/" in path]

    assert sorted(pages) == [f"/{code}/calls/{open_now.slug}/" for code in ("en", "zh-hans")]


def test_index_leaves_out_what_would_be_an_empty_file(client):
    assert re.findall(r"sitemap-\w+", client.get("/sitemap.xml").text) == ["sitemap-pages"]


def test_a_long_section_has_files_that_list_each_page_once(client, monkeypatch):
    monkeypatch.setattr(SiteSitemap, "limit", 2)
    experts = [factories.expert() for _ in range(5)]

    index, pages = client.get("/sitemap.xml").text, listed_pages(client)

    assert re.findall(r"sitemap-experts.xml\?p=\d", index) == [
        f"sitemap-experts.xml?p={number}" for number in (1, 2, 3)
    ]
    assert sorted(path for path in pages if re.search("experts/.", path)) == sorted(
        f"/{language}/experts/{expert.slug}/"
        for expert in experts
        for language in ("en", "zh-hans")
    )


@pytest.mark.parametrize("path", ["/sitemap-secrets.xml", "/sitemap-events.xml?p=2", "?p=x"])
def test_what_is_no_file_of_the_map_is_not_found(client, told, path):
    path = path if path.startswith("/") else f"/sitemap-events.xml{path}"

    assert client.get(path).status_code == 404


def test_sitemap_names_the_alternates_of_a_page(client, told, settings):
    settings.SITE_URL = "https://summit.example"

    response = client.get("/sitemap-projects.xml")
    xml = ElementTree.fromstring(response.content)
    path = f"projects/{told.project.slug}/"
    url = next(
        url for url in xml if url.find(f"{MAP}loc").text == f"https://summit.example/en/{path}"
    )

    assert response["Content-Type"] == "application/xml"
    assert {link.get("hreflang"): link.get("href") for link in url.findall(f"{XHTML}link")} == {
        "en": f"https://summit.example/en/{path}",
        "zh-hans": f"https://summit.example/zh-hans/{path}",
        "x-default": f"https://summit.example/{path}",
    }


def test_costs_the_same_for_few_rows_and_many(
    client, monkeypatch, django_assert_num_queries, django_assert_max_num_queries
):
    monkeypatch.setattr(SiteSitemap, "limit", 2)
    factories.expert()
    with django_assert_num_queries(8):
        client.get("/sitemap.xml")
    with django_assert_num_queries(2):
        client.get("/sitemap-experts.xml")

    Expert.objects.bulk_create(Expert(name_en=f"E {n}", slug=f"e-{n}") for n in range(100))
    with django_assert_num_queries(8):
        client.get("/sitemap.xml")
    with django_assert_num_queries(2):
        page = client.get("/sitemap-experts.xml?p=30")

    # Two experts in two languages, however many there are.
    assert page.text.count("<loc>") == 4
