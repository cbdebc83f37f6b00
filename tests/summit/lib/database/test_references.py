import pytest

from summit.lib.database.references import referring
from tests import factories

pytestmark = pytest.mark.django_db


def test_nothing_refers_to_a_row_of_its_own():
    assert referring(factories.event()) == []


def test_the_parts_of_a_row_do_not_keep_it():
    session = factories.session()
    factories.photo(event=session.event)

    assert referring(session.event) == []


def test_what_refers_to_a_row_is_named():
    signed = factories.signed_intention()

    assert referring(signed.company) == [signed]
    assert set(referring(signed.event)) == {signed}


def test_what_refers_to_a_part_keeps_the_whole():
    session = factories.session()
    recommendation = factories.recommendation(session=session)

    assert referring(session.event) == [recommendation]


def test_an_experts_appearance_keeps_the_expert():
    appearance = factories.appearance()

    assert referring(appearance.expert) == [appearance]
