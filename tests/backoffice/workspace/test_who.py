"""Every page of the workspace with everybody, with nothing and with hostile texts on it."""

import pytest
from django.contrib import admin

from backoffice.workspace.menu import ENTRIES
from events.models import Event, OrganizerScope
from tests import factories
from tests.backoffice.posting import url
from tests.backoffice.workspace.pages import names

pytestmark = pytest.mark.django_db

PAGES = [page.name for page in admin.site.get_model_admin(Event).pages]
# Those that others lead to, below the menu.
IN_MENU = [name for name in PAGES if not ENTRIES[name].under]
# Of people who wrote to the organizers alone.
FOR_ORGANIZERS = {"interests", "submissions", "apart"}
HOSTILE = "<script>alert('x')</script>{{ 7|add:7 }}"


@pytest.fixture(params=PAGES)
def page(request):
    return request.param


def test_page_of_an_empty_event_is_there_for_who_may_read_it(organizer, auditor, superuser, page):
    event = factories.event()

    for person in (organizer, auditor, superuser):
        has_all = person is not auditor
        response = person.get(url(event, page), follow=True)
        if page in FOR_ORGANIZERS and not has_all:
            assert response.status_code == 403
            continue
        assert response.status_code == 200
        assert [name for name in names(response) if name != "change"] == [
            each for each in IN_MENU if has_all or each not in FOR_ORGANIZERS
        ]


def test_page_is_for_nobody_else(stranger, page):
    event = factories.event()

    response = stranger.get(url(event, page))

    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")


def test_limited_organizer_has_the_pages_of_their_events_alone(organizer, page):
    series = factories.series()
    OrganizerScope.objects.create(user=organizer.user, series=series)
    mine, other = factories.event(series=series), factories.event(title_en="Beyond")

    assert organizer.get(url(mine, page), follow=True).status_code == 200
    for answer in (organizer.get(url(other, page)), organizer.post(url(other, page), {})):
        assert (answer.status_code, answer.url) == (302, "/admin/")


def test_hostile_texts_are_shown_as_they_are_written(organizer, page):
    event = factories.event(title_en=HOSTILE, title_zh_hans="")
    place = factories.organization(name_en=HOSTILE, name_zh_hans="")
    expert = factories.affiliation(
        organization=place, expert=factories.expert(name_en=HOSTILE, name_zh_hans="")
    ).expert
    session = factories.session(event=event, kind="signing", title_en=HOSTILE, title_zh_hans="")
    factories.appearance(session=session, expert=expert)
    factories.role(event=event, organization=place)
    project = factories.project(title_en=HOSTILE, title_zh_hans="")
    factories.recommendation(event=event, session=session, expert=expert, project=project)
    factories.intention(event=event, session=session, company=place, expert=expert)

    text = organizer.get(url(event, page), follow=True).text

    assert "<script>alert" not in text
    assert "14" not in text.partition("alert(")[2][:40]
