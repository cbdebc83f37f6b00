"""The pages of somebody who takes part in meetings, in a browser: in both languages."""

import pytest
from django.test import Client

from meetings.domain import request as requests
from meetings.domain.rather_not import rather_not
from summit.lib.web.signed_links import sign
from tests import factories
from tests.journeys.conftest import DESKTOP, LANGUAGES, PHONE
from tests.journeys.html import errors_of
from tests.journeys.test_accessibility import violations
from tests.meetings import rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def meeting_pages() -> dict[str, str]:
    """The paths of the pages, by what they show."""
    event = rows.meeting_event(rules={"sides": "anybody"})
    group = rows.delegation(event)
    registration = factories.proven(
        event,
        name="王伟 Wang Wei",
        organization_name="Qingyao Biotechnology",
        position="Director",
    )
    me = rows.participant(event, registration=registration, delegation=group)
    rows.participant(event, delegation=group)
    others = [
        rows.owner(event, name=f"Alexandra Featherstonehaugh {number}", topics="Stroke units")
        for number in range(4)
    ]
    others[0].projects.add(factories.project())
    received, sent = rows.request(others[0], me), rows.request(me, others[1])
    agreed = requests.accept(rows.request(others[2], me))
    rather_not(me, others[3])
    new = factories.proven(event)
    mine = f"my/{sign(registration.code)}/meetings/"
    return {
        "meetings": mine,
        "entry": f"{mine}entry/",
        "leave": f"{mine}leave/",
        "away": f"{mine}away/",
        "people": f"{mine}people/",
        "nobody found": f"{mine}people/?q=nobody",
        "person": f"{mine}people/{others[0].pk}/",
        "received": f"{mine}requests/{received.pk}/",
        "sent": f"{mine}requests/{sent.pk}/",
        "who": f"{mine}{agreed.meeting.pk}/who/",
        "before": f"my/{sign(new.code)}/meetings/",
        "application": f"my/{sign(new.code)}/meetings/entry/",
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")])
def test_pages_of_meetings_break_no_axe_rule_and_scroll_one_way(
    live_server, page, complaints, language, size, scheme
):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    broken, scrolling = [], []

    for path in meeting_pages().values():
        page.goto(f"/{language}/{path}")
        broken += violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            scrolling.append(path)

    assert broken == []
    assert scrolling == []
    assert complaints == []


def test_pages_of_meetings_are_valid_html(tmp_path):
    client = Client()
    pages = {
        f"{language} {name}": client.get(f"/{language}/{path}").content
        for language in LANGUAGES
        for name, path in meeting_pages().items()
    }

    assert errors_of(pages, tmp_path) == []
