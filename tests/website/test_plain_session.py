import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def test_page_shows_what_and_when_and_the_way_through_the_programme(client):
    event = factories.event(second_time_zone="Europe/London")
    first, here, last = (
        factories.session(event=event, starts_at=factories.at(h), ends_at=factories.at(h + 1))
        for h in (9, 10, 11)
    )

    response = client.get(here.get_absolute_url())

    neighbours = (response.context["earlier"], response.context["later"])
    assert neighbours == tuple(
        {"title": each.title, "url": each.get_absolute_url()} for each in (first, last)
    )
    assert "02:00" in response.content.decode()


def test_the_only_session_has_no_neighbours(client):
    session = factories.session()

    context = client.get(session.get_absolute_url()).context

    assert (context["earlier"], context["later"]) == (None, None)


def test_sessions_of_drafts_are_for_staff_only(cast):
    session = factories.session(event=factories.event(status="draft"), title_en="Secret")
    path = session.get_absolute_url()

    assert cast.stranger.get(path).status_code == 404
    assert "Only staff see this page." in cast.organizer.get(path).content.decode()


def test_a_session_is_found_in_its_own_event_only(client):
    one, other = factories.event(), factories.event()
    factories.session(event=one, slug="opening", title_en="One")
    factories.session(event=other, slug="opening", title_en="Other")
    factories.session(event=one, slug="closing")

    assert "One" in client.get(f"/en/events/{one.slug}/programme/opening/").content.decode()
    assert client.get(f"/en/events/{other.slug}/programme/closing/").status_code == 404


def test_who_is_not_public_is_not_named(client):
    session = factories.session()
    factories.appearance(
        session=session, expert=factories.expert(name_en="Hidden Person", is_public=False)
    )

    assert "Hidden" not in client.get(session.get_absolute_url()).content.decode()


def test_hostile_words_stay_words(client):
    hostile = "<script>alert(1)</script>"
    session = factories.session(title_en=hostile, abstract_en=hostile, room_en=hostile)

    assert "<script>alert" not in client.get(session.get_absolute_url()).content.decode()


def test_a_missing_translation_falls_back_with_its_language(client):
    session = factories.session(title_en="", title_zh_hans="只有中文", slug="s")

    page = client.get(f"/en/events/{session.event.slug}/programme/s/").content.decode()

    assert '<h1 lang="zh-Hans">只有中文</h1>' in page
