"""Where saving a row ends."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from events.models import Session
from tests import factories
from tests.backoffice.posting import do, filled, save, url

pytestmark = pytest.mark.django_db

TIMES = {"starts_at": "2020-10-29T10:00", "ends_at": "2020-10-29T11:00", "title_en": "Blood"}


def add_session(person, query, button="_save"):
    address = f"{url(Session, 'add')}?{query}"
    data = {**filled(person.get(address)), **TIMES, button: "Save"}
    return person.post(address, data)


def test_new_row_is_prefilled_and_saving_it_ends_on_the_page_that_led_there(organizer):
    event = factories.event()
    back = url(event, "change")

    response = add_session(organizer, f"event={event.pk}&kind=signing&_back={back}")

    assert response.url == back
    session = event.sessions.get()
    assert session.kind == "signing"


def test_save_and_add_another_keeps_what_is_prefilled_and_where_to_end(organizer):
    event = factories.event()
    back = url(event, "change")

    response = add_session(organizer, f"event={event.pk}&_back={back}", button="_addanother")

    assert parse_qs(urlsplit(response.url).query) == {"event": [str(event.pk)], "_back": [back]}


@pytest.mark.parametrize(
    "back",
    [
        *("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"),
        *("/en/", "/desk/", "nowhere", "", "/admin/../en/", "/admin/nowhere/"),
        *("http:/admin/", "/admin\x7f/"),
    ],
)
def test_page_that_is_none_of_the_admin_is_ignored(organizer, back):
    event = factories.event()

    response = add_session(organizer, f"event={event.pk}&_back={back}")

    assert response.url == url(event, "programme")


def test_changed_session_ends_in_its_event_and_not_in_the_list_of_all(organizer):
    session = factories.session()

    assert save(organizer, session).url == url(session.event, "programme")


def test_list_that_was_filtered_is_found_again(organizer):
    session = factories.session()
    address = f"{url(session, 'change')}?_changelist_filters=kind__exact%3Dkeynote"

    response = organizer.post(address, {**filled(organizer.get(address)), "_save": "Save"})

    assert response.url == f"{url(Session, 'changelist')}?kind__exact=keynote"


def test_deleted_row_ends_on_the_page_that_led_there(organizer):
    session = factories.session()
    back = url(session.event, "overview")
    page = organizer.get(f"{url(session, 'change')}?_back={back}")

    assert f'href="{url(session, "delete")}?{urlencode({"_back": back})}"' in page.text

    response = organizer.post(f"{url(session, 'delete')}?_back={back}", {"post": "yes"})

    assert response.url == back
    assert not Session.objects.exists()


def test_action_ends_on_the_page_that_led_there(organizer):
    event = factories.event(status="draft", published_at=None)
    back = "/admin/"

    page = organizer.get(f"{url(event, 'action', 'publish')}?_back={back}")
    response = organizer.post(f"{url(event, 'action', 'publish')}?_back={back}")

    assert page.context["change_url"] == back
    assert response.url == back
    assert do(organizer, event, "return-to-draft").url == url(event, "overview")
