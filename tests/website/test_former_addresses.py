"""An address that was printed or mailed leads to the page for good."""

import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db

MAKERS = {
    "event": factories.event,
    "series": lambda: factories.event(series=factories.series()).series,
    "expert": factories.expert,
    "organization": factories.organization,
    "project": factories.project,
}


def rename(row, slug):
    row.slug = slug
    return factories.save(row)


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_former_address_leads_to_the_present_one(client, settings, name, language):
    row = MAKERS[name]()
    with_language = f"/{language}" + reverse(name, args=[row.slug]).removeprefix("/en")
    rename(row, "second")
    rename(row, "third")
    third = f"/{language}" + reverse(name, args=["third"]).removeprefix("/en")

    for former in (with_language, third.replace("third", "second")):
        response = client.get(f"{former}?page=1")
        assert (response.status_code, response["Location"]) == (301, f"{third}?page=1")
        assert response["Cache-Control"] == "no-cache"
    assert client.get(third).status_code == 200


def test_a_session_is_found_by_the_former_addresses_of_it_and_of_its_event(client):
    session = factories.session()
    event, former = session.event, session.get_absolute_url()
    rename(session, "talk")
    half = session.get_absolute_url()
    rename(event, "summit")

    for address in (former, half):
        response = client.get(address)
        assert response.status_code == 301
        assert response["Location"] == "/en/events/summit/programme/talk/"


def test_a_form_that_is_open_while_the_event_is_renamed_is_not_lost(client):
    event = factories.registration_settings(event=factories.upcoming_event()).event
    form = reverse("register", args=[event.slug])
    rename(event, "renamed")

    sent, opened = client.post(form, {"name": "王伟"}), client.get(form)

    assert (sent.status_code, opened.status_code) == (308, 301)
    assert sent["Location"] == opened["Location"] == "/en/events/renamed/register/"


def test_a_calendar_that_was_subscribed_to_goes_on(client):
    event = factories.event()
    calendar = reverse("event-calendar", args=[event.slug])
    session = factories.session(event=event)
    of_session = reverse("session-calendar", args=[event.slug, session.slug])
    rename(event, "renamed")

    assert client.get(calendar, follow=True).status_code == 200
    assert client.get(of_session, follow=True).status_code == 200


def test_who_has_the_address_now_wins(client):
    first, second = factories.expert(slug="first"), factories.expert(slug="second")
    rename(first, "renamed")
    rename(second, "first")

    assert client.get("/en/experts/first/").context["expert"] == second
    assert client.get("/en/experts/second/")["Location"] == "/en/experts/first/"


def test_the_last_who_had_the_address_is_led_to(client):
    for number in (1, 2):
        rename(factories.expert(slug="shared"), f"expert-{number}")

    assert client.get("/en/experts/shared/")["Location"] == "/en/experts/expert-2/"


def test_an_address_that_is_given_back_does_not_go_in_circles(client):
    expert = factories.expert(slug="first")
    rename(expert, "second")
    rename(expert, "first")

    assert client.get("/en/experts/first/").status_code == 200
    assert client.get("/en/experts/second/")["Location"] == "/en/experts/first/"


def test_what_nobody_may_see_has_no_address(client, organizer):
    event = factories.event(status="draft")
    former = event.get_absolute_url()
    rename(event, "secret-plan")

    assert client.get(former).status_code == 404
    assert organizer.get(former)["Location"] == "/en/events/secret-plan/"


def test_what_is_deleted_and_what_never_was_is_not_found(client):
    expert = factories.expert(slug="first")
    rename(expert, "second")
    expert.delete()

    for slug in ("first", "second", "never"):
        assert client.get(f"/en/experts/{slug}/").status_code == 404
    assert client.get("/en/events/?page=99").status_code == 404
