"""The way to a page of the admin: through the workspace of an event, else by the groups of work."""

import re

import pytest

from events.models import Expert, OrganizerScope, Session
from tests import factories
from tests.backoffice.posting import url

pytestmark = pytest.mark.django_db


def crumbs(page):
    """Return the steps above a page, each with its address; the last has none."""
    [shown] = re.findall(r'<ol class="breadcrumbs">(.*?)</ol>', page.text, re.S)
    items = re.findall(r"<li[^>]*>(.*?)</li>", shown, re.S)
    links = [re.search(r'href="([^"]*)"', item) for item in items]
    texts = [re.sub(r"<[^>]*>", "", item).strip() for item in items]
    return [(text, link[1] if link else "") for text, link in zip(texts, links, strict=True)]


START = ("Start page", "/admin/")
EVENTS = ("Events", "/admin/events/event/")


def test_pages_of_an_event_follow_its_workspace(organizer):
    session = factories.session(title_en="Opening")
    event = session.event
    programme = url(event, "programme")

    assert crumbs(organizer.get(programme)) == [START, EVENTS, ("Programme", "")]
    assert crumbs(organizer.get(url(event, "change"))) == [START, EVENTS, ("Details", "")]
    for page, expected in (
        (url(session, "change"), [("Opening", "")]),
        (f"{url(Session, 'add')}?event={event.pk}", [("Add session", "")]),
        (url(event, "programme_import"), [("Import from a file", "")]),
    ):
        assert crumbs(organizer.get(page)) == [START, EVENTS, ("Programme", programme), *expected]


def test_action_on_an_event_stands_below_the_page_that_led_there(organizer):
    project = factories.project(status="draft")
    recommendation = factories.recommendation(project=project)
    event = recommendation.event
    action, back = f"/admin/events/event/{event.pk}/do/", url(event, "projects")

    publish = organizer.get(f"{action}publish-projects/", {"_back": back})

    assert crumbs(publish)[:3] == [START, EVENTS, ("Projects", back)]
    overview = ("Overview", url(event, "overview"))
    assert crumbs(organizer.get(f"{action}copy/"))[:3] == [START, EVENTS, overview]


def test_row_that_events_share_stands_below_the_workspace_it_was_opened_from(organizer):
    appearance = factories.appearance()
    expert, back = appearance.expert, url(appearance.session.event, "experts")

    led = organizer.get(url(expert, "change"), {"_back": back})
    alone = organizer.get(url(expert, "change"))

    assert led.context["event_in_sight"] == appearance.session.event
    assert crumbs(led) == [START, EVENTS, ("Experts", back), (str(expert), "")]
    group = ("People and projects", "")
    assert crumbs(alone) == [
        START,
        group,
        ("Experts", url(Expert, "changelist")),
        (str(expert), ""),
    ]


def test_page_of_an_event_that_another_one_led_to_stands_below_that(organizer):
    session = factories.session(title_en="Signing")
    back = url(session.event, "intentions")

    page = organizer.get(url(session, "change"), {"_back": back})

    assert crumbs(page)[2:] == [("Cooperation intentions", back), ("Signing", "")]


@pytest.mark.parametrize("back", ["/admin/events/event/77/experts/", "/admin/", "//x/", "x"])
def test_way_back_to_no_event_has_none_in_sight(organizer, back):
    page = organizer.get(url(factories.expert(), "change"), {"_back": back})

    assert page.status_code == 200
    assert page.context["event_in_sight"] is None


def test_event_beyond_the_limits_is_not_in_sight_of_a_row_either(organizer):
    event = factories.event(title_en="Somebody else’s")
    expert = (mine := factories.appearance()).expert
    OrganizerScope.objects.create(user=organizer.user, event=mine.session.event)

    page = organizer.get(url(expert, "change"), {"_back": url(event, "experts")})

    assert "Somebody else’s" not in page.text


def test_lists_reports_and_deeds_follow_the_groups_of_the_menu(organizer):
    expert = factories.expert()
    group, experts = ("People and projects", ""), ("Experts", url(Expert, "changelist"))
    row = (str(expert), url(expert, "change"))

    assert crumbs(organizer.get(experts[1])) == [START, group, ("Experts", "")]
    assert crumbs(organizer.get("/admin/report/")) == [START, ("Work", ""), ("Reports", "")]
    assert crumbs(organizer.get(url(expert, "history"))) == [
        *(START, group, experts, row, ("History", "")),
    ]
    assert crumbs(organizer.get(url(expert, "delete")))[:4] == [START, group, experts, row]
