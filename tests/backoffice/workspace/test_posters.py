"""The posters of an event in its workspace: shown, to download, and why one is not there."""

import pytest

from events.domain import poster as posters
from tests import factories
from tests.backoffice.posting import url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]


def test_posters_are_shown_with_a_button_to_download_each(organizer):
    event = factories.event()
    posters.draw_due()

    page = organizer.get(url(event, "files")).content.decode()

    for made in event.posters.all():
        assert f'<img src="{made.url}"' in page
        assert f'href="{made.url}" download>Download</a>' in page
    assert "Being made" not in page
    assert "PNG, 750 × 1000" in page


def test_what_is_being_made_is_said(organizer):
    event = factories.event()

    first = organizer.get(url(event, "files")).content.decode()
    posters.draw_due()
    event.title_en = "Another title"
    event.save()
    then = organizer.get(url(event, "files")).content.decode()

    assert first.count("Being made.") == 4
    assert (then.count("Out of date."), then.count("Being made.")) == (2, 0)


def test_why_one_cannot_be_made_is_said_there_and_on_the_overview(organizer):
    event = factories.event(title_en="Docking 😀", title_zh_hans="对接会")
    posters.draw_due()

    page = organizer.get(url(event, "files")).content.decode()
    overview = organizer.get(url(event, "overview")).content.decode()

    assert page.count("no font has “😀”") == 2
    assert "The share posters cannot be made: no font has “😀”." in overview
    assert url(event, "files") in overview


def test_of_a_draft_none_is_made(organizer):
    event = factories.event(status="draft")

    page = organizer.get(url(event, "files")).content.decode()

    assert "The posters are made by themselves once the event is published." in page


def test_auditors_see_them_too(auditor):
    event = factories.event()
    made = factories.poster(event=event)

    assert made.url in auditor.get(url(event, "files")).content.decode()
