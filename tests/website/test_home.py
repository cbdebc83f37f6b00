import pytest
from django.utils import timezone

from events.models import Event, EventSeries, SiteProfile
from tests import factories
from website.views.home import SHOWN_SERIES
from website.views.series import SHOWN_EVENTS

pytestmark = pytest.mark.django_db


def test_a_new_site_says_what_it_is(client):
    response = client.get("/en/")

    assert response.status_code == 200
    assert SiteProfile.load().tagline_en in response.content.decode()


def test_the_next_event_comes_before_past_cancelled_and_draft_ones(client):
    factories.event()
    factories.upcoming_event(status="cancelled")
    factories.upcoming_event(status="draft")
    expected = factories.upcoming_event()

    assert client.get("/en/").context["event"] == expected


def test_without_a_next_event_the_latest_one_is_shown(client):
    factories.event(starts_at=factories.at(1), ends_at=factories.at(2))
    latest = factories.event()

    assert client.get("/en/").context["event"] == latest


def test_the_latest_signings_are_public_ones(client):
    public = factories.signed_intention()
    factories.intention()
    factories.signed_intention(is_public=False)
    draft = factories.event(status="draft")
    factories.signed_intention(event=draft, signed_on=factories.at(9).date())

    assert [row.reference for row in client.get("/en/").context["intentions"]] == [public.reference]


def test_series_without_a_visible_event_are_left_out(client):
    factories.series()
    factories.event(series=factories.series(), status="draft")
    shown = factories.series()
    factories.event(series=shown)

    assert [line.series for line in client.get("/en/").context["lines"]] == [shown]


def test_shows_no_more_of_a_long_history(client, django_assert_num_queries):
    SiteProfile.load()
    for number in range(SHOWN_SERIES + 1):
        factories.event(series=factories.series(order=number))
    first = EventSeries.objects.first()
    Event.objects.bulk_create(
        Event(
            series=first,
            slug=f"e-{number}",
            title_en="Earlier",
            status="published",
            starts_at=factories.at(1),
            ends_at=factories.at(2),
        )
        for number in range(100)
    )

    with django_assert_num_queries(7):
        response = client.get("/en/")

    lines = response.context["lines"]
    assert [len(line.events) for line in lines] == [SHOWN_EVENTS] + [1] * (SHOWN_SERIES - 1)
    assert response.text.count("All events of this series") == 1
    assert "All event series" in response.text


def test_next_event_is_registered_for_where_that_is_open(stranger):
    event = factories.registration_settings().event

    page = stranger.get("/en/").content.decode()

    assert f'<a class="button" href="/en/events/{event.slug}/register/">Register</a>' in page


def test_next_event_whose_registration_has_closed_leads_to_its_programme(stranger):
    event = factories.registration_settings(closes_at=timezone.now()).event

    page = stranger.get("/en/").content.decode()

    assert "/register/" not in page
    assert f'<a class="button" href="{event.get_absolute_url()}#programme">' in page


@pytest.mark.parametrize(
    ("how", "is_said"),
    [
        ({"capacity": 1}, True),
        ({"capacity": None}, False),
        ({"capacity": 1, "needs_approval": True}, False),
        ({"capacity": 1, "closes_at": timezone.now()}, False),
    ],
)
def test_limited_seats_are_offered_with_the_waiting_list(stranger, how, is_said):
    factories.registration_settings(**how)
    words = "If every seat is taken, you can join the waiting list."

    assert (words in stranger.get("/en/").text) is is_said
