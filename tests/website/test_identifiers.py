"""Which identifiers the public pages show, and what they tell search engines of them."""

import json
import re

import pytest

from tests import factories

pytestmark = pytest.mark.django_db

CODE, ROR, ORCID = (
    *("91350100M000100Y43", "https://ror.org/02mhbdp94"),
    "https://orcid.org/0000-0002-1825-0097",
)


def structured(page: str) -> dict:
    return json.loads(re.search(r'ld\+json">(.*?)</script>', page, re.DOTALL)[1])


def test_an_organization_links_to_its_entry_and_shows_no_credit_code(client):
    organization = factories.organization(
        credit_code=CODE, ror=ROR, website="https://acme.example/", district_en="Science Park"
    )

    page = client.get(organization.get_absolute_url()).text

    assert f'<a href="{ROR}" rel="noopener">{ROR}</a>' in page
    assert "Science Park" in page
    assert CODE not in page
    assert structured(page)["sameAs"] == [ROR, "https://acme.example/"]


def test_an_expert_links_to_the_entry(client):
    expert = factories.affiliation(expert=factories.expert(orcid=ORCID)).expert

    page = client.get(expert.get_absolute_url()).text

    assert f'<a href="{ORCID}" rel="noopener">{ORCID}</a>' in page
    assert structured(page)["sameAs"] == [ORCID]
    assert len(structured(page)["affiliation"]) == 1


@pytest.mark.parametrize("odd", ["javascript:alert(1)", "https://ror.org/02mhbdp95"])
def test_an_identifier_that_cannot_be_right_is_not_linked(client, odd):
    page = client.get(factories.organization(ror=odd).get_absolute_url()).text

    assert odd not in page
    assert "sameAs" not in structured(page)


def test_the_page_of_an_event_says_who_its_people_and_organizers_are(client):
    expert = factories.expert(orcid=ORCID)
    appearance = factories.appearance(expert=expert)
    event = appearance.session.event
    factories.role(event=event, role="organizer", organization=factories.organization(ror=ROR))

    data = structured(client.get(event.get_absolute_url()).text)

    assert data["performer"][0]["sameAs"] == [ORCID]
    assert data["organizer"][0]["sameAs"] == [ROR]


@pytest.mark.parametrize("make", [factories.organization, factories.expert])
def test_a_row_that_is_not_public_yet_tells_search_engines_nothing(organizer, make):
    page = organizer.get(make(is_public=False).get_absolute_url()).text

    assert "ld+json" not in page
