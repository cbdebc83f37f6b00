import datetime as dt
import json
import re

import pytest
from django.utils import timezone

from tests import factories

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>\"'&"


def titles(client, query: str = "") -> list[str]:
    return [str(event.title) for event in client.get(f"/en/events/?{query}").context["events"]]


def text(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


# The list


def test_list_tells_upcoming_from_past(client):
    factories.event(title_en="Past")
    factories.upcoming_event(title_en="Next")

    assert titles(client) == titles(client, "when=upcoming") == ["Next"]
    assert titles(client, "when=past") == ["Past"]


def test_an_event_that_is_running_is_still_listed_as_upcoming(client):
    now = timezone.now()
    hour = dt.timedelta(hours=1)
    factories.event(title_en="Now", starts_at=now - hour, ends_at=now + hour)

    assert titles(client) == ["Now"]
    assert "now on" in text(client, "/en/events/")


def test_next_comes_first_and_latest_comes_first(client):
    for days in (20, 10):
        start = timezone.now() + dt.timedelta(days=days)
        factories.event(title_en=f"+{days}", starts_at=start, ends_at=start + dt.timedelta(hours=1))
        start = timezone.now() - dt.timedelta(days=days)
        factories.event(title_en=f"-{days}", starts_at=start, ends_at=start + dt.timedelta(hours=1))

    assert titles(client) == ["+10", "+20"]
    assert titles(client, "when=past") == ["-10", "-20"]


@pytest.mark.parametrize("query", ["when=never", "when=", "page=0", "page=99", "page=x", "page=-1"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_is_not_a_list_is_a_clear_page(client, query, language):
    response = client.get(f"/{language}/events/?{query}")

    assert response.status_code == 404
    assert "site-foot" in response.content.decode()


def test_empty_list_leads_on(client):
    assert "No event is announced at the moment." in text(client, "/en/events/")
    assert "No event has taken place yet." in text(client, "/en/events/?when=past")


def test_list_pages_keep_what_was_chosen(client):
    for _ in range(13):
        factories.event()

    page = text(client, "/en/events/?when=past")

    assert "?when=past&amp;page=2" in page
    assert len(titles(client, "when=past&page=2")) == 1


# The page


def test_an_event_with_nothing_has_a_page(client):
    event = factories.event()

    page = text(client, event.get_absolute_url())

    assert "The programme is not published yet." in page
    assert 'href="#experts"' not in page


def test_times_stand_in_both_zones_in_both_languages(client):
    event = factories.event(
        starts_at=factories.at(9), ends_at=factories.at(12), second_time_zone="Europe/London"
    )

    def plain(language: str) -> str:
        page = text(client, f"/{language}/events/{event.slug}/")
        return re.sub(r"<[^>]+>", "", page)

    assert "29 October 2020 (Thu) 09:00–12:00 China time 01:00–04:00 in London" in plain("en")
    assert "2020年10月29日（星期四）09:00–12:00（北京时间） 伦敦 01:00–04:00" in plain("zh-hans")


def test_roles_stand_by_kind_sponsors_first(client):
    event = factories.event()
    for order, role in enumerate(["media", "supporter", "organizer", "sponsor", "co_organizer"]):
        factories.role(event=event, role=role, order=order)

    roles = client.get(event.get_absolute_url()).context["roles"]

    assert [label for label, _group in roles] == [
        "sponsor",
        "organizer",
        "co-organizer",
        "supporter",
        "media partner",
    ]


def test_programme_stands_by_the_days_of_the_events_zone(client):
    event = factories.event(
        starts_at=factories.at(20), ends_at=factories.at(23, day=dt.date(2020, 10, 30))
    )
    evening = factories.session(
        event=event, starts_at=factories.at(22), ends_at=factories.at(23, 30)
    )
    # Still the 29th in UTC.
    early = factories.session(
        event=event,
        starts_at=factories.at(1, day=dt.date(2020, 10, 30)),
        ends_at=factories.at(2, day=dt.date(2020, 10, 30)),
    )

    days = client.get(event.get_absolute_url()).context["days"]

    assert [(day, [slot.session for slot in slots]) for day, slots in days] == [
        (dt.date(2020, 10, 29), [evening]),
        (dt.date(2020, 10, 30), [early]),
    ]


def test_experts_stand_once_in_the_order_of_their_appearance(client):
    event = factories.event()
    first, second = factories.expert(), factories.expert()
    early = factories.session(event=event, starts_at=factories.at(9), ends_at=factories.at(10))
    late = factories.session(event=event)
    for session, expert in ((late, first), (late, second), (early, second)):
        factories.appearance(session=session, expert=expert)

    people = client.get(event.get_absolute_url()).context["people"]

    assert [person.expert for person in people] == [second, first]


def test_who_is_not_public_is_not_named(client):
    event = factories.event()
    session = factories.session(event=event)
    hidden = factories.expert(name_en="Hidden Person", is_public=False)
    factories.appearance(session=session, expert=hidden)
    shown = factories.expert(name_en="Shown Person")
    factories.appearance(session=session, expert=shown)
    secret = factories.organization(name_en="Hidden House", is_public=False)
    factories.affiliation(expert=shown, organization=secret)
    factories.role(event=event, organization=secret)

    page = text(client, event.get_absolute_url())

    assert "Shown Person" in page
    assert "Hidden" not in page


def test_a_draft_is_a_preview_for_staff_and_nothing_for_others(cast):
    draft = factories.event(status="draft", title_en="Secret")
    path = draft.get_absolute_url()

    answers = {name: getattr(cast, name).get(path) for name in ("organizer", "auditor", "stranger")}

    assert [each.status_code for each in answers.values()] == [200, 200, 404]
    assert "Only staff see this page." in answers["organizer"].content.decode()
    assert "Secret" not in answers["stranger"].content.decode()
    assert "ld+json" not in answers["organizer"].content.decode()


def test_a_cancelled_event_says_so_and_offers_nothing(client):
    event = factories.upcoming_event(status="cancelled", online_link="https://example.org/live")

    page = text(client, event.get_absolute_url())

    assert "This event has been cancelled." in page
    assert "Add to my calendar" not in page
    assert "https://example.org/live" not in page.split("</head>")[1]


def test_after_the_event_its_outcome_comes_first(client):
    words = {"description_en": "What it was.", "outcome_en": "What came of it."}
    past, ahead = factories.event(**words), factories.upcoming_event(**words)

    after = text(client, past.get_absolute_url())
    before = text(client, ahead.get_absolute_url())

    assert after.index("What came of it.") < after.index("What it was.")
    assert "What came of it." not in before


def test_photos_carry_caption_and_credit(client):
    event = factories.event()
    factories.photo(event=event)

    page = text(client, event.get_absolute_url())

    assert "courtesy of the organizer" in page
    assert re.search(r'<img src="[^"]+\.webp" srcset="[^"]+" [^>]*width="64" height="48"', page)


def test_a_missing_translation_falls_back_with_its_language(client):
    event = factories.event(title_zh_hans="", title_en="Only English")

    page = text(client, f"/zh-hans/events/{event.slug}/")

    assert '<h1 lang="en">Only English</h1>' in page
    assert '<html lang="zh-Hans">' in page


def test_hostile_words_stay_words(client):
    event = factories.event(
        title_en=HOSTILE,
        summary_en=HOSTILE,
        description_en=HOSTILE + "\n\n[x](javascript:alert(1))",
        venue_en=HOSTILE,
        city_en=HOSTILE,
    )
    session = factories.session(event=event, title_en=HOSTILE, room_en=HOSTILE)
    factories.appearance(session=session, expert=factories.expert(name_en=HOSTILE))
    factories.photo(event=event, caption_en=HOSTILE, credit_en=HOSTILE)

    page = text(client, event.get_absolute_url())

    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_search_engines_are_told_the_same(client):
    event = factories.event(format="hybrid", city_en="Shijiazhuang", status="cancelled")
    factories.role(event=event, organization=factories.organization(name_en="Bureau"))

    page = text(client, event.get_absolute_url())
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])

    assert data["startDate"] == "2020-10-29T09:00:00+08:00"
    assert data["eventStatus"] == "https://schema.org/EventCancelled"
    assert data["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert data["sponsor"] == [{"@type": "Organization", "name": "Bureau"}]
    assert [place["@type"] for place in data["location"]] == ["Place", "VirtualLocation"]


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
    event = factories.registration_settings(**how).event
    words = "If every seat is taken, you can join the waiting list."

    assert (words in stranger.get(event.get_absolute_url()).text) is is_said


@pytest.mark.parametrize(
    "fields", [{}, {"status": "cancelled"}, {"status": "postponed"}, {"starts_at": factories.at(9)}]
)
@pytest.mark.parametrize("takes", [True, False])
def test_who_is_registered_finds_the_registration_in_every_state(stranger, fields, takes):
    made = factories.event if "starts_at" in fields else factories.upcoming_event
    event = made(**fields)
    if takes:
        factories.registration_settings(event=event)

    page = stranger.get(event.get_absolute_url()).text

    main = page[page.index("<main") : page.index("</main>")]
    assert main.count("Already registered? Find my registration") == (1 if takes else 0)
