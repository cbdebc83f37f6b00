"""The form that asks for a list of attendees, and three people to be on it."""

import pytest
from django.contrib.auth.models import User

from registrations.domain import check_in
from registrations.models import Registration
from tests import factories

USUAL = {
    "file_format": "csv",
    "headers": "names",
    "language": "en",
    "order": "name",
    "columns": ["name", "email"],
}


@pytest.fixture
def address(url):
    return url("desk-export")


@pytest.fixture
def ask(clerk, address):
    """Press a button of the form, ``download`` where none is given."""

    def press(do="download", by=clerk, **fields):
        return by.post(address, {**USUAL, "do": do, **fields})

    return press


@pytest.fixture
def three(event):
    """王伟 of a company, Zhao Min of the media who came, and Ann Hale, cancelled."""
    made = [
        factories.registered(event, name="赵敏", email="min@example.org", category="media"),
        factories.registered(event, name="王伟", email="wei@example.org", language="zh-hans"),
        factories.registered(event, name="Ann Hale", email="ann@example.org"),
    ]
    check_in.check_in(made[0], by=User.objects.create_user("door"))
    Registration.objects.filter(pk=made[2].pk).update(status="cancelled")
    return made
