import pytest

from events.models import SiteProfile

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return SiteProfile.load()


@pytest.mark.parametrize(("path", "field"), [("about", "about"), ("privacy", "privacy_notice")])
def test_page_shows_what_the_profile_says(client, site, path, field):
    setattr(site, f"{field}_en", "## Who\n\nThe *bureau*.")
    site.save()

    english = client.get(f"/en/{path}/").content.decode()
    chinese = client.get(f"/zh-hans/{path}/").content.decode()

    assert "<h2>Who</h2>" in english
    assert "The <em>bureau</em>." in english
    assert '<div class="prose" lang="en">' in chinese


@pytest.mark.parametrize("path", ["about", "privacy"])
def test_page_says_something_sensible_of_itself_and_how_to_reach_whom(client, site, path):
    site.email = "desk@example.org"
    site.operator_en = "The Bureau"
    site.save()

    text = client.get(f"/en/{path}/").content.decode()

    assert text.count('<div class="prose">') == 1
    assert "mailto:desk@example.org" in text
    assert "The Bureau" in text


def test_foot_of_a_page_names_the_filings_that_there_are(client, site):
    before = client.get("/zh-hans/about/").text
    site.icp_number, site.police_number = "冀ICP备12345678号", "冀公网安备12345678901234号"
    site.save()

    after = client.get("/zh-hans/about/").text

    assert "beian" not in before
    assert 'href="https://beian.miit.gov.cn/" rel="noopener" lang="zh-Hans">冀ICP备' in after
    assert 'href="https://beian.mps.gov.cn/" rel="noopener" lang="zh-Hans">冀公网安备' in after
