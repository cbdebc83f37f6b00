"""Who sees the poster of an event, and which picture previews of public pages show."""

import re

import pytest
from django.urls import reverse
from PIL import Image

from events.domain import event as events
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]

LANGUAGES = ("en", "zh-hans")


def fetch(person, path):
    """Ask for a picture, and put what came into ``bytes``."""
    response = person.get(path)
    response.bytes = b"".join(response.streaming_content) if response.streaming else b""
    return response


def head(client, path):
    """Return title and ``og:`` properties of a page."""
    html = client.get(path).content.decode().split("</head>")[0]
    found = dict(re.findall(r'<meta property="og:([^"]*)" content="([^"]*)">', html))
    return found | {"page title": re.search("<title>(.*)</title>", html)[1]}


def test_a_poster_is_given_to_everybody_to_look_at(client):
    made = factories.poster(event=factories.event(title_en="Summit of 2027"))

    response = fetch(client, made.url)

    assert response.bytes == b"\x89PNG of a poster"
    assert response.headers["Content-Type"] == "image/png"
    assert (
        response.headers["Content-Disposition"] == 'inline; filename="Summit of 2027 en tall.png"'
    )
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    again = client.get(made.url, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_no_address_leads_to_a_poster_of_what_is_published_no_more(client, organizer):
    event = factories.event()
    made = factories.poster(event=event)
    assert fetch(client, made.url).status_code == 200
    events.return_to_draft(event)

    assert fetch(client, made.url).status_code == 404
    assert fetch(organizer, made.url).status_code == 404
    assert made.url not in organizer.get(f"/en/events/{event.slug}/").content.decode()


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_one_that_says_that_it_does_not_take_place_is_given_too(client, status):
    made = factories.poster(event=factories.event(status=status))

    assert fetch(client, made.url).status_code == 200


def test_one_whose_picture_is_gone_is_not_found(client):
    made = factories.poster(event=factories.event())
    made.file.storage.delete(made.file.name)

    assert fetch(client, made.url).status_code == 404


def test_one_that_could_not_be_drawn_has_no_picture(client):
    event = factories.event()
    made = factories.poster(event=event, file="", size=0, missing="😀")

    assert fetch(client, made.url).status_code == 404
    assert "Share poster" not in client.get(f"/en/events/{event.slug}/").content.decode()


def test_the_page_of_an_event_links_to_the_poster_in_its_language(client):
    event = factories.upcoming_event()
    english, chinese = [factories.poster(event=event, language=each) for each in LANGUAGES]

    pages = {
        language: client.get(f"/{language}/events/{event.slug}/").content.decode()
        for language in LANGUAGES
    }

    assert english.url in pages["en"]
    assert chinese.url not in pages["en"]
    assert chinese.url in pages["zh-hans"]
    assert "分享海报" in pages["zh-hans"]


def test_previews_of_an_event_its_sessions_and_forms_show_its_wide_poster(client, settings):
    settings.SITE_URL = "https://summit.example.org"
    event = factories.upcoming_event(title_en="Docking Summit", city_en="Shijiazhuang")
    factories.registration_settings(event=event)
    session = factories.session(
        event=event, title_en="Keynote", starts_at=event.starts_at, ends_at=event.ends_at
    )
    made = factories.poster(event=event, shape="wide")

    heads = {
        name: head(client, path)
        for name, path in {
            "event": event.get_absolute_url(),
            "session": session.get_absolute_url(),
            "form": reverse("register", args=[event.slug]),
        }.items()
    }

    for each in heads.values():
        assert each["image"] == f"https://summit.example.org{made.url}"
        assert (each["image:width"], each["image:height"]) == ("1200", "630")
        assert each["image:alt"] == "Poster of Docking Summit"
        assert re.match(r"\d{1,2}.* 20\d\d · Shijiazhuang", each["description"])
    assert {name: each["title"] for name, each in heads.items()} == {
        "event": "Docking Summit",
        "session": "Keynote · Docking Summit",
        "form": "Register · Docking Summit",
    }
    assert heads["session"]["page title"] == "Keynote · Docking Summit · Summit"


def test_pages_without_a_picture_have_that_of_the_site(client, settings):
    settings.SITE_URL = "https://summit.example.org"
    project = factories.project()
    paths = [
        *("/en/", "/en/about/", "/en/events/", "/en/series/", "/en/experts/", "/en/projects/"),
        *("/en/intentions/", "/en/privacy/"),
        *(factories.event().get_absolute_url(), factories.series().get_absolute_url()),
        *(factories.expert().get_absolute_url(), project.get_absolute_url()),
        factories.organization().get_absolute_url(),
    ]

    pictures = {head(client, path)["image"] for path in paths}

    assert pictures == {"https://summit.example.org/static/share.png"}


def test_the_picture_of_the_site_is_as_large_as_pages_say(settings):
    with Image.open(settings.BASE_DIR / "static" / "share.png") as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))


def test_a_postponed_event_has_no_day_in_its_description(client):
    event = factories.upcoming_event(status="postponed", city_en="Shijiazhuang", summary_en="All.")

    described = head(client, event.get_absolute_url())["description"]

    assert described == "New date to be announced · Shijiazhuang · All."
