import pytest
from django.db import transaction

from tests.projects.report.world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> World:
    """The world of the reports, built once for a module; each test leaves it as it found it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)
