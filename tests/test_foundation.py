"""The ground that the other tests stand on."""

import pytest
from django.contrib.auth.models import AnonymousUser

from tests import factories


@pytest.mark.django_db
def test_every_factory_makes_a_valid_row():
    made = [
        factories.series(),
        factories.event(),
        factories.upcoming_event(),
        factories.role(),
        factories.affiliation(),
        factories.appearance(),
        factories.photo(),
        factories.project(sectors=[factories.sector()], modes=[factories.mode()]),
        factories.recommendation(),
        factories.intention(),
        factories.signed_intention(),
    ]

    assert all(row.pk for row in made)


def test_the_cast_is_who_it_says(cast):
    assert [person.user.is_authenticated for person in cast] == [True, True, True, False]
    assert cast.stranger.user == AnonymousUser()
