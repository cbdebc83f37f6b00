import pytest

from events.models import SiteProfile
from tests import factories
from website.views.series import SHOWN_EVENTS

pytestmark = pytest.mark.django_db


def test_list_with_nothing_says_so(client):
    factories.series()

    page = client.get("/en/series/")

    assert page.status_code == 200
    assert "There is no series yet." in page.content.decode()


def test_list_shows_each_series_with_its_events_in_time(client):
    series = factories.series()
    later = factories.upcoming_event(series=series)
    earlier = factories.event(series=series)

    shown = client.get("/en/series/").context["lines"]

    assert [line.events for line in shown] == [[earlier, later]]


def test_drafts_are_not_on_the_line_even_for_staff(client, organizer):
    series = factories.series()
    factories.event(series=series, status="draft", title_en="Secret")

    for person in (client, organizer):
        for path in ("/en/series/", series.get_absolute_url()):
            assert "Secret" not in person.get(path).content.decode()


def test_series_without_a_visible_event_is_there_for_staff_alone(client, organizer):
    series = factories.series()
    factories.event(series=series, status="draft")

    assert client.get(series.get_absolute_url()).status_code == 404
    for path in ("/en/", "/en/series/", "/sitemap-series.xml"):
        assert series.slug not in client.get(path).text
    preview = organizer.get(series.get_absolute_url()).text
    assert "Only staff see this page." in preview
    assert "No event of this series is announced" in preview


def test_series_whose_only_event_is_cancelled_stays(client):
    event = factories.event(series=factories.series(), status="cancelled")

    page = client.get(event.series.get_absolute_url())

    assert page.context["events"] == [event]
    assert "Only staff see this page." not in page.text


def test_unknown_series_is_not_found(client):
    assert client.get("/en/series/nothing/").status_code == 404


def test_a_long_line_ends_and_its_series_pages_through_the_rest(client, django_assert_num_queries):
    SiteProfile.load()
    series = factories.series()
    events = [
        factories.event(series=series, starts_at=factories.at(8, n), ends_at=factories.at(9, n))
        for n in range(30)
    ]

    with django_assert_num_queries(4):
        [line] = client.get("/en/series/").context["lines"]
    pages = [client.get(series.get_absolute_url(), {"page": n}).context["events"] for n in (1, 2)]

    assert line.events == events[-SHOWN_EVENTS:]
    assert line.are_more
    assert pages == [events[-24:], events[:-24]]
    assert client.get(series.get_absolute_url(), {"page": 3}).status_code == 404


def test_the_list_of_series_has_pages(client):
    for _ in range(13):
        factories.event(series=factories.series())

    assert len(client.get("/en/series/").context["lines"]) == 12
    assert len(client.get("/en/series/?page=2").context["lines"]) == 1
