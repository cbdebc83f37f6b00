"""The directory of organizations."""

import datetime as dt

import pytest
from django.utils import timezone

from projects.models import Project
from tests import factories

pytestmark = pytest.mark.django_db


def listed(client, query: str = "", language: str = "en") -> list[str]:
    response = client.get(f"/{language}/organizations/?{query}")
    assert response.status_code == 200
    return [str(each.name) for each in response.context["organizations"]]


@pytest.fixture
def hospital():
    return factories.organization(
        name_en="Taihang Hospital",
        name_zh_hans="太行医院",
        kind="hospital",
        city_en="Shijiazhuang",
        city_zh_hans="石家庄",
        district_zh_hans="裕华区",
    )


@pytest.mark.parametrize(
    "query", ["taihang", "太行", "taihang yiyuan", "TAIHANG", "shijiazhuang", "石家庄 太行", "裕华"]
)
def test_organization_is_found_by_name_pinyin_and_place(client, hospital, query):
    factories.organization(name_en="Hale University", name_zh_hans="黑尔大学", country="GB")

    assert listed(client, f"q={query}") == ["Taihang Hospital"]


def test_hidden_organization_is_not_in_the_directory(client, hospital):
    factories.organization(name_en="Narwhal", is_public=False, kind="media", country="NO")

    text = client.get("/en/organizations/").content.decode()

    assert listed(client) == ["Taihang Hospital"]
    assert "Narwhal" not in text
    # Nor does a filter tell that there is one.
    assert 'value="media"' not in text
    assert 'value="NO"' not in text


def test_organizations_are_in_the_order_of_the_readers_language(client):
    for english, chinese in (("Zhongshan", "中山医院"), ("Aohua", "奥华"), ("Bo", "白求恩学院")):
        factories.organization(name_en=english, name_zh_hans=chinese)

    assert listed(client) == ["Aohua", "Bo", "Zhongshan"]
    assert listed(client, language="zh-hans") == ["奥华", "白求恩学院", "中山医院"]


def test_filters_narrow_the_list_and_an_unknown_one_is_named(client, hospital):
    company = factories.organization(name_en="Kestrel Ltd", kind="company", country="GB")
    factories.project(owner=company, kind=Project.Kind.REQUEST)

    assert listed(client, "kind=hospital") == ["Taihang Hospital"]
    assert listed(client, "country=GB") == ["Kestrel Ltd"]
    assert listed(client, "projects=request") == ["Kestrel Ltd"]
    assert listed(client, "projects=offer") == []
    assert "not-understood" in client.get("/en/organizations/?kind=circus").content.decode()


def test_line_counts_what_the_catalogue_lists(client, hospital):
    factories.project(owner=hospital)
    factories.project(owner=hospital, kind=Project.Kind.REQUEST)
    factories.project(owner=hospital, kind=Project.Kind.REQUEST)
    factories.project(owner=hospital, status=Project.Status.DRAFT)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    factories.project(owner=hospital, valid_until=yesterday)

    english = client.get("/en/organizations/").content.decode()
    chinese = client.get("/zh-hans/organizations/").content.decode()

    assert "1 project offered" in english
    assert "2 projects wanted" in english
    assert "1项技术供给" in chinese
    assert "2项技术需求" in chinese


def test_directory_has_pages_and_an_empty_one_leads_on(client):
    assert "No organizations are listed yet." in client.get("/en/organizations/").content.decode()
    for _number in range(49):
        factories.organization()

    assert len(listed(client, "page=2")) == 1
    assert "Show all organizations" in client.get("/en/organizations/?q=zzz").content.decode()
