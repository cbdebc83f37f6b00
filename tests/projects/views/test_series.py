import pytest

from events.models import SiteProfile
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_series_with_a_bare_event_has_a_page(client):
    event = factories.event(series=factories.series())

    page = client.get(event.series.get_absolute_url())

    assert str(event) in page.text
    assert "Projects recommended" not in page.text


def test_shows_what_was_recommended_and_signed_in_its_events(client):
    series = factories.series()
    event = factories.event(series=series)
    recommended = factories.recommendation(event=event)
    signed = factories.signed_intention(event=event, projects=[recommended.project])
    factories.recommendation()
    factories.signed_intention()

    context = client.get(series.get_absolute_url()).context

    assert list(context["projects"]) == [recommended.project]
    assert list(context["intentions"]) == [signed]


def test_leaves_out_what_nobody_may_see(client):
    series = factories.series()
    event, draft = factories.event(series=series), factories.event(series=series, status="draft")
    factories.recommendation(event=event, project=factories.project(status="draft"))
    factories.recommendation(event=event, expert=factories.expert(is_public=False))
    factories.recommendation(event=draft)
    factories.signed_intention(event=event, is_public=False)
    factories.signed_intention(event=draft)

    context = client.get(series.get_absolute_url()).context

    assert (list(context["projects"]), list(context["intentions"])) == ([], [])


def test_costs_the_same_for_one_and_many(client, django_assert_num_queries):
    SiteProfile.load()
    series = factories.series()

    def fill() -> None:
        event = factories.event(series=series)
        factories.recommendation(event=event)
        factories.signed_intention(event=event)

    fill()
    with django_assert_num_queries(6):
        client.get(series.get_absolute_url())
    for _ in range(3):
        fill()
    with django_assert_num_queries(6):
        client.get(series.get_absolute_url())
