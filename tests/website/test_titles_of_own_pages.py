"""The titles of personal pages name their event."""

import re

import pytest

from registrations.domain import personal_link, place
from summit.lib.web.signed_links import NOT_ME, sign
from tests import factories
from tests.website.registering import sends
from tests.website.test_group import group_page
from tests.website.test_own_screen import PHONE, screen

pytestmark = pytest.mark.django_db
FIND = "Already registered? Find my registration"


def title(client, url):
    found = re.search("<title>(.*?)</title>", client.get(url).text, re.DOTALL)[1]
    return " ".join(found.split())


@pytest.fixture
def mine():
    event = factories.upcoming_event(title_en="Docking & dinner")
    settings = factories.registration_settings(event=event)
    return personal_link.prove(factories.registered(settings.event))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("", "Your registration"),
        ("correct/", "Correct my data"),
        ("cancel/", "Your registration"),
        ("data/", "All data stored about you"),
        ("address/", "Change my e-mail address"),
    ],
)
def test_titles_name_the_event(client, mine, more, words):
    url = f"/en/my/{sign(mine.code)}/{more}"

    assert title(client, url) == f"{words} · Docking &amp; dinner"


def test_titles_of_a_group_and_of_a_removal_name_the_event(client, mine):
    group = factories.group(mine.event, 2)
    removal = sign(group.members.first().code, NOT_ME)

    assert title(client, group_page(group)) == "Your group · Docking &amp; dinner"
    assert title(client, f"/en/my/not-me/{removal}/") == "This is not me · Docking &amp; dinner"


def test_a_link_that_does_not_work_has_a_title_without_an_event(client):
    assert title(client, "/en/my/x/") == "This link does not work"


def test_find_my_registration_stands_beside_registering_again(client, stranger, mine):
    sends(stranger, mine.event, PHONE)
    place.cancel(mine)
    stranger.post(screen(mine.event, "1/cancel/"))

    for page in (client.get(f"/en/my/{sign(mine.code)}/"), stranger.get(screen(mine.event))):
        assert "You can register again." in page.text
        assert FIND in page.text
