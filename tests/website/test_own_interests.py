"""What a person has sent as interest is among their own data, once their address is proven."""

import pytest
from django.urls import reverse

from summit.lib.web.signed_links import sign
from tests import factories
from website.own_data import own_interests

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    event = factories.registration_settings(event=factories.upcoming_event()).event
    return factories.registered(event, email="wei@example.org")


def own(client, person, name):
    return client.get(reverse(name, args=[sign(person.code)]))


def test_a_person_reads_what_is_kept_of_the_own_interests(client, person):
    project = factories.project(title_en="Biochip")
    factories.interest(project=project, email="WEI@example.org", message="Call me on Monday.")
    factories.interest(message="Somebody else's words.")

    page = own(client, person, "my-data-page").text
    file = own(client, person, "my-data").json()

    assert "Biochip" in page and "Call me on Monday." in page
    assert "Somebody else" not in page
    assert [each["message"] for each in file["interests"]] == ["Call me on Monday."]


def test_an_address_that_is_not_proven_shows_nothing(person):
    factories.interest(email="wei@example.org")
    assert own_interests(person) == []
