"""People before a desk, and those who work at it."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from registrations.models import Registration
from tests import factories


@pytest.fixture
def event():
    return factories.registration_settings().event


@pytest.fixture
def mine(event):
    return factories.registered(event)


@pytest.fixture
def clerk():
    return User.objects.create_user("clerk")


@pytest.fixture
def other_clerk():
    return User.objects.create_user("other clerk")


@pytest.fixture
def full():
    """An event whose one seat is given."""
    event = factories.registration_settings(capacity=1).event
    factories.registered(event)
    return event


@pytest.fixture
def in_status(db):
    return _in_status


def _in_status(event, status):
    made = factories.registered(event)
    changes = {"status": status, "queued_at": None, "offer_expires_at": None}
    if status == "waitlisted":
        changes["queued_at"] = timezone.now()
    Registration.objects.filter(pk=made.pk).update(**changes)
    return Registration.objects.get(pk=made.pk)
