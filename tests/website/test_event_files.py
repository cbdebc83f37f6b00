"""Who is given a file of an event, how, and what is kept of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from events.models import Event, EventFile, OrganizerScope
from registrations.domain import place
from registrations.models import Registration
from summit.lib.files.file_types import FileType
from summit.lib.web.signed_links import sign
from tests import factories
from tests.files import fetch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]

AUDIENCES = ("public", "attendees", "staff")


def at(file):
    return reverse("event-file", args=[file.code])


def personal(registration, file):
    with translation.override("en"):
        return reverse("my-file", args=[sign(registration.code), file.code])


@pytest.fixture
def event():
    made = factories.upcoming_event()
    factories.registration_settings(event=made)
    return made


def by_audience(event):
    return {each: factories.event_file(event=event, audience=each) for each in AUDIENCES}


def test_public_file_is_given_to_everybody_to_keep(client, event):
    file = factories.event_file(event=event, title_en="Notice of 2027", data=b"%PDF-1.7 notice")

    response = fetch(client, at(file))

    assert response.bytes == b"%PDF-1.7 notice"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="Notice of 2027.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("content_type", "ending"),
    [(FileType.PPTX, "pptx"), (FileType.DOCX, "docx"), (FileType.XLSX, "xlsx")],
)
def test_office_file_is_an_attachment_that_no_browser_opens(client, event, content_type, ending):
    file = factories.event_file(
        event=event, title_zh_hans="课件", title_en="", content_type=content_type
    )

    headers = fetch(client, at(file)).headers

    assert headers["Content-Type"] == content_type
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["Content-Disposition"].endswith(f".{ending}")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    with translation.override("zh-hans"):
        assert ending.upper() in client.get(event.get_absolute_url()).text


@pytest.mark.parametrize("audience", ["attendees", "staff"])
def test_stranger_gets_nothing_that_is_not_public(client, event, audience):
    file = factories.event_file(event=event, audience=audience)

    assert fetch(client, at(file)).status_code == 404


@pytest.mark.parametrize("audience", AUDIENCES)
def test_staff_get_every_file_and_nothing_of_it_is_kept(organizer, auditor, event, audience):
    file = factories.event_file(event=event, audience=audience)

    for person in (organizer, auditor):
        response = fetch(person, at(file))
        assert response.status_code == 200
        assert response.bytes
        kept = "no-cache" if audience == "public" else "no-store, private"
        assert response.headers["Cache-Control"] == kept


def test_files_of_a_draft_are_for_staff_alone(client, organizer):
    file = factories.event_file(event=factories.event(status="draft"))

    assert fetch(client, at(file)).status_code == 404
    response = fetch(organizer, at(file))
    assert response.bytes
    assert response.headers["Cache-Control"] == "no-store, private"


def test_files_beyond_ones_limits_are_not_given(organizer, event):
    OrganizerScope.objects.create(user=organizer.user, event=factories.event())
    files = by_audience(event)

    assert {each: fetch(organizer, at(file)).status_code for each, file in files.items()} == {
        "public": 200,
        "attendees": 404,
        "staff": 404,
    }


def test_attendee_with_a_confirmed_place_gets_what_attendees_see(client, event):
    person = factories.registered(event)
    files = by_audience(event)

    answers = {each: fetch(client, personal(person, file)) for each, file in files.items()}

    assert {each: answer.status_code for each, answer in answers.items()} == {
        "public": 200,
        "attendees": 200,
        "staff": 404,
    }
    headers = answers["attendees"].headers
    assert headers["Cache-Control"].startswith("no-store") or "no-store" in headers["Cache-Control"]
    assert "private" in headers["Cache-Control"]
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    "status",
    # A possible double has what its own pages say.
    sorted(set(Registration.Status) - {Registration.Status.CONFIRMED, Registration.Status.DOUBLE}),
)
def test_without_a_confirmed_place_there_is_no_file(client, event, status):
    person = factories.registered(event)
    file = factories.event_file(event=event, audience="attendees")
    assert fetch(client, personal(person, file)).status_code == 200
    factories.put_in_status(person, status, first=factories.registered(event))

    assert fetch(client, personal(person, file)).status_code == 404


def test_personal_page_of_somebody_who_cancelled_lists_no_file(client, event):
    person = factories.registered(event)
    file = factories.event_file(event=event, audience="attendees")
    place.cancel(person)

    page = client.get(reverse("my-registration", args=[sign(person.code)]))

    assert page.status_code == 200
    assert file.code not in page.text


def test_file_of_another_event_is_not_given_by_ones_link(client, event):
    person = factories.registered(event)
    elsewhere = factories.event_file(audience="attendees")

    assert fetch(client, personal(person, elsewhere)).status_code == 404


def test_unsigned_link_gives_nothing(client, event):
    file = factories.event_file(event=event, audience="attendees")
    with translation.override("en"):
        address = reverse("my-file", args=["guess", file.code])

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_list_the_public_files_with_kind_type_and_size(client, event, language):
    session = factories.session(event=event, starts_at=event.starts_at, ends_at=event.ends_at)
    of_event, of_session = (
        factories.event_file(event=event),
        factories.event_file(event=event, session=session, kind="slides"),
    )
    hidden = [factories.event_file(event=event, audience=each) for each in AUDIENCES[1:]]
    with translation.override(language):
        pages = client.get(event.get_absolute_url()), client.get(session.get_absolute_url())

    for page, shown in zip(pages, [[of_event, of_session], [of_session]], strict=True):
        for file in shown:
            assert f'href="{at(file)}"' in page.text
        assert "PDF" in page.text
        for file in hidden:
            assert file.code not in page.text
            assert file.title_en not in page.text
            assert file.title_zh_hans not in page.text
    assert at(of_event) not in pages[1].text


def test_personal_page_lists_what_one_may_have(client, event):
    person = factories.registered(event)
    files = by_audience(event)

    page = client.get(reverse("my-registration", args=[sign(person.code)])).text

    assert personal(person, files["public"]) in page
    assert personal(person, files["attendees"]) in page
    assert files["staff"].code not in page


def test_file_that_is_gone_from_the_storage_is_no_error(client, event):
    file = factories.event_file(event=event)
    file.file.storage.delete(file.file.name)

    assert fetch(client, at(file)).status_code == 404


def test_event_page_costs_the_same_for_few_and_many_files(client, event):
    def count():
        factories.event_file(event=event, session=factories.session(event=event, **hours))
        with CaptureQueriesContext(connection) as queries:
            client.get(event.get_absolute_url())
        return len(queries)

    hours = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    client.get(event.get_absolute_url())

    assert count() == count()


def test_cancelled_event_still_gives_out_its_public_files(client):
    event = factories.event(status=Event.Status.CANCELLED)
    file = factories.event_file(event=event, audience=EventFile.Audience.PUBLIC)

    assert fetch(client, at(file)).status_code == 200
