"""The menu of an event: what it leads to, where it stands, and who sees which of its lines."""

import re

import pytest

from events.models import Event, OrganizerScope, Session
from tests import factories
from tests.backoffice.posting import url
from tests.backoffice.workspace.pages import names, present

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["overview", "change"])
def test_pages_of_an_event_show_its_menu_and_mark_their_own_entry(organizer, page):
    event = factories.event()

    shown = organizer.get(url(event, page))

    assert {"overview", "change"} <= set(names(shown))
    assert present(shown) == [page]
    assert "nav-sidebar" not in shown.text.split("</head>")[1]


def test_lists_show_their_tables_in_the_place_of_the_menu(organizer):
    page = organizer.get(url(Event, "changelist"))

    assert names(page) == []
    assert 'id="nav-sidebar"' in page.text


def test_page_that_adds_a_row_to_an_event_has_the_event_in_sight(organizer):
    event = factories.event()

    page = organizer.get(url(Session, "add"), {"event": event.pk})

    assert page.context["event_in_sight"] == event
    assert "overview" in names(page)


@pytest.mark.parametrize("key", ["0", "x", "9" * 30, "'"])
def test_page_that_adds_a_row_to_no_event_has_none_in_sight(organizer, key):
    page = organizer.get(url(Session, "add"), {"event": key})

    assert page.status_code == 200
    assert page.context["event_in_sight"] is None


def test_event_beyond_the_limits_is_not_in_sight(organizer):
    OrganizerScope.objects.create(user=organizer.user, event=factories.event())
    other = factories.event(title_en="Somebody else’s")

    page = organizer.get(url(Session, "add"), {"event": other.pk})

    assert "Somebody else’s" not in page.text


def test_list_of_events_leads_to_their_overviews(organizer):
    event = factories.event()

    page = organizer.get(url(Event, "changelist"))

    assert f'href="{url(event, "overview")}"' in page.text
    assert not re.search(rf'href="{url(event, "change")}', page.text)


@pytest.mark.parametrize("key", ["77", "9" * 5000, "x"])
def test_page_of_no_event_leads_to_the_start_page(organizer, key):
    assert organizer.get(url(Event, "overview", key)).url == "/admin/"


def test_page_that_shows_takes_nothing(organizer, auditor):
    event = factories.event()

    assert organizer.post(url(event, "overview")).status_code == 405
    assert auditor.get(url(event, "overview")).status_code == 200
    assert auditor.get(url(event, "overview")).context["row_actions"] == []


@pytest.mark.parametrize("page", ["history", "delete"])
def test_history_and_deletion_of_a_row_keep_the_menu_of_its_event(organizer, page):
    event = factories.event(status="draft")
    session = factories.session(event=event)
    registration = factories.registered(factories.registration_settings().event)

    assert present(organizer.get(url(session, page))) == ["programme"]
    assert "overview" in names(organizer.get(url(event, page)))
    assert organizer.get(url(registration, "history")).context["event_in_sight"]


@pytest.mark.parametrize("page", ["history", "delete"])
def test_history_and_deletion_of_what_events_share_keep_the_menu_that_led_there(organizer, page):
    appearance = factories.appearance()
    expert, back = appearance.expert, url(appearance.session.event, "experts")

    opened = organizer.get(url(expert, "change"), {"_back": back}).text

    [address] = set(re.findall(rf'href="({url(expert, page)}\?[^"]*)"', opened))
    assert present(organizer.get(address)) == ["experts"]
    assert names(organizer.get(url(expert, page))) == []


def test_pages_of_a_long_history_keep_the_menu(organizer, monkeypatch):
    monkeypatch.setattr("backoffice.kit.history.PER_PAGE", 1)
    expert = factories.appearance().expert
    expert.name_en = "Anna Hale"
    expert.save()
    back = url(expert.appearances.get().session.event, "experts")

    shown = organizer.get(url(expert, "history"), {"_back": back}).text

    [address] = re.findall(r'<a href="(\?[^"]*p=2)"', shown)
    assert present(organizer.get(url(expert, "history") + address.replace("&amp;", "&"))) == [
        "experts"
    ]
