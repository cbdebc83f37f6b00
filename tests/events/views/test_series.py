import pytest

from events.models import SiteProfile
from tests import factories

pytestmark = pytest.mark.django_db


def test_list_with_nothing_says_so(client):
    page = client.get("/en/series/")

    assert page.status_code == 200
    assert "There is no series yet." in page.content.decode()


def test_list_shows_each_series_with_its_events_in_time(client):
    series = factories.series()
    later = factories.upcoming_event(series=series)
    earlier = factories.event(series=series)

    shown = client.get("/en/series/").context["all_series"]

    assert [each.shown_events for each in shown] == [[earlier, later]]


def test_list_costs_the_same_for_one_and_many(client, django_assert_num_queries):
    SiteProfile.load()
    factories.event(series=factories.series())
    with django_assert_num_queries(3):
        client.get("/en/series/")

    for _ in range(3):
        series = factories.series()
        factories.event(series=series)
        factories.event(series=series)
    with django_assert_num_queries(3):
        client.get("/en/series/")


def test_drafts_are_not_on_the_line_even_for_staff(client, organizer):
    series = factories.series()
    factories.event(series=series, status="draft", title_en="Secret")

    for person in (client, organizer):
        for path in ("/en/series/", series.get_absolute_url()):
            assert "Secret" not in person.get(path).content.decode()


def test_unknown_series_is_not_found(client):
    assert client.get("/en/series/nothing/").status_code == 404
