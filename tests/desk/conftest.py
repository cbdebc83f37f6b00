"""A desk with somebody who works at it."""

import datetime as dt

import pytest
from django.urls import reverse

from events.models import Event
from tests import factories
from tests.cast import Person, make_clerk


@pytest.fixture
def event(db) -> Event:
    day = dt.date.today() + dt.timedelta(days=30)
    event = factories.event(
        title_en="Harbour Summit",
        title_zh_hans="海港峰会",
        starts_at=factories.at(9, day=day),
        ends_at=factories.at(17, day=day),
    )
    return factories.registration_settings(event=event).event


@pytest.fixture
def clerk(event) -> Person:
    return make_clerk(event)


@pytest.fixture
def url(event):
    """The address of a page of this event's desk: ``url("desk-door")``."""
    return lambda name: reverse(name, kwargs={"slug": event.slug})


@pytest.fixture
def tap(clerk, url):
    """Send a form of the desk as a script does, or with ``script=False`` as a browser does."""

    def send(page: str, /, *, script: bool = True, **fields):
        headers = {"X-Requested-With": "fetch"} if script else {}
        return clerk.post(url(page), fields, headers=headers)

    return send
