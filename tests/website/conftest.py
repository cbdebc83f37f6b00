import pytest

from tests import factories


@pytest.fixture
def capped(db, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"unproven": (3, 86400)}
    return factories.registration_settings(capacity=100, hold_hours=24).event
