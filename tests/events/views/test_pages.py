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
