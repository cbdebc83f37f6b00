from xml.etree import ElementTree

import pytest

from tests.pages import story

pytestmark = pytest.mark.django_db

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def told():
    return story()


def test_sitemap_lists_every_page_in_both_languages(client, told):
    response = client.get("/sitemap.xml")
    urls = [url.find(f"{MAP}loc").text for url in ElementTree.fromstring(response.content)]

    assert response["Content-Type"] == "application/xml"
    assert sorted(urls) == sorted(f"http://testserver{path}" for path in told.pages())


def test_sitemap_names_the_alternates_of_a_page(client, told, settings):
    settings.SITE_URL = "https://summit.example"

    xml = ElementTree.fromstring(client.get("/sitemap.xml").content)
    path = f"projects/{told.project.slug}/"
    url = next(
        url for url in xml if url.find(f"{MAP}loc").text == f"https://summit.example/en/{path}"
    )

    assert {link.get("hreflang"): link.get("href") for link in url.findall(f"{XHTML}link")} == {
        "en": f"https://summit.example/en/{path}",
        "zh-hans": f"https://summit.example/zh-hans/{path}",
        "x-default": f"https://summit.example/{path}",
    }


def test_sitemap_costs_few_queries(client, told, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        client.get("/sitemap.xml")
