"""Invented people bear the mark on the pages of what is real."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("invented", [True, False])
def test_invented_speakers_are_marked_in_a_real_programme(client, invented):
    appearance = factories.appearance(expert=factories.expert(is_demonstration=invented))
    page = client.get(appearance.session.event.get_absolute_url()).text
    slot = page[page.index('class="slot-people"') :].partition("</li>")[0]

    assert ("demonstration data" in slot) is invented


@pytest.mark.parametrize("invented", [True, False])
def test_invented_experts_are_marked_at_a_real_institution(client, invented):
    place = factories.affiliation(expert=factories.expert(is_demonstration=invented))

    page = client.get(place.organization.get_absolute_url()).text

    assert ("demonstration data" in page) is invented
