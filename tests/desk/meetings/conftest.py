"""A desk of meetings with somebody who works at it."""

import pytest
from django.urls import reverse

from events.models import Event
from tests.cast import Person, make_clerk
from tests.meetings.day import day_event, let_it_be_now


@pytest.fixture
def event(db) -> Event:
    """An event whose first slot of meetings began five minutes ago; registration is open."""
    made = day_event(title_en="Harbour Summit", title_zh_hans="海港峰会")
    let_it_be_now(made)
    return Event.objects.get(pk=made.pk)


@pytest.fixture
def clerk(event) -> Person:
    return make_clerk(event)


@pytest.fixture
def url(event):
    """The address of a page of this event's desk: ``url("meetings-desk")``."""
    return lambda name, *more: reverse(name, args=[event.slug, *more])


@pytest.fixture
def tap(clerk, url):
    """Press a button of a meeting as a script does, or with ``script=False`` as a browser does."""

    def press(meeting, do: str, *, script: bool = True, **fields):
        headers = {"X-Requested-With": "fetch"} if script else {}
        sent = {"meeting": meeting.code, "do": do, "page": "list", "show": "now"} | fields
        return clerk.post(url("meetings-tap"), sent, headers=headers)

    return press
