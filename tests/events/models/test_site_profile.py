import pytest

from events.models import SiteProfile

pytestmark = pytest.mark.django_db


def test_the_profile_is_made_when_first_asked_for():
    profile = SiteProfile.load()

    assert (SiteProfile.load(), SiteProfile.objects.count()) == (profile, 1)
    assert profile.site_name


def test_loading_costs_one_query(django_assert_num_queries):
    SiteProfile.load()

    with django_assert_num_queries(1):
        SiteProfile.load()
