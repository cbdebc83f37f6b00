"""The screen after sending: it shows what was typed there, and tells nothing of anybody else."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mail.models import OutboundMail
from registrations.domain import correction, personal_link, place, query_code
from registrations.models import Registration
from tests import factories
from tests.backoffice.posting import save
from tests.website.registering import register_url, sends, typed

pytestmark = pytest.mark.django_db
NUMBER = "138 0013 8000"
PHONE = {"name": "王伟", "email": "", "phone": NUMBER}


@pytest.fixture
def event(db):
    return factories.registration_settings(capacity=3).event


def screen(event, more="", language="en"):
    return f"/{language}/events/{event.slug}/registered/{more}"


def test_the_screen_shows_what_was_typed_and_the_ticket_as_a_picture(stranger, event):
    answer = sends(stranger, event, PHONE)

    page = stranger.get(answer["Location"])
    picture = stranger.get(screen(event, "1/ticket.png"))
    entry = stranger.get(screen(event, "1/event.ics"))

    row = Registration.objects.get()
    assert answer["Location"] == screen(event)
    assert all(text in page.text for text in ("王伟", NUMBER, "Confirmed", row.ticket))
    assert "no-store" in page["Cache-Control"]
    assert picture.content.startswith(b"\x89PNG") and "no-store" in picture["Cache-Control"]
    assert entry.content.startswith(b"BEGIN:VCALENDAR")


def test_another_browser_sees_nothing(stranger, event):
    sends(stranger, event, PHONE)

    other = Client()

    assert "王伟" not in other.get(screen(event)).text
    for more in ("1/ticket.png", "1/event.ics", "1/correct/"):
        assert other.get(screen(event, more)).status_code == 404
    assert other.post(screen(event, "1/cancel/")).status_code == 404


def test_leaving_the_computer_ends_the_key(stranger, event):
    sends(stranger, event, PHONE)

    stranger.post(screen(event, "leave/"))

    assert "Nothing is kept here" in stranger.get(screen(event)).text
    assert stranger.get(screen(event, "1/ticket.png")).status_code == 404


def plain(page):
    """The page without its keys: ticket, query code, and what keeps forms from forgery."""
    keys = r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|(?<=ticket-code">)\w+'
    return re.sub(keys, "", page.text)


@pytest.mark.parametrize("capacity", [1, 3, None])
@pytest.mark.parametrize("needs_approval", [False, True])
def test_known_and_unknown_contacts_look_alike(event, capacity, needs_approval):
    how = {"capacity": capacity, "needs_approval": needs_approval}
    pages, queries = [], []
    # The first time warms what is kept in memory.
    for is_known in (False, False, True):
        of = factories.registration_settings(event=factories.upcoming_event(**same()), **how).event
        first = {"name": "王伟" if is_known else "李静", "phone": NUMBER if is_known else ""}
        factories.registered(of, **first, email="wei@example.org" if is_known else "a@example.org")
        client = Client()
        with CaptureQueriesContext(connection) as found:
            sends(client, of, {"name": "王伟", "phone": NUMBER, "email": "wei@example.org"})
            page = client.get(screen(of))
        pages.append(plain(page).replace(of.slug, "slug"))
        queries.append(len(found))

    assert pages[1] == pages[2]
    assert queries[1] == queries[2]


START = timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=30)


def same():
    days = {"starts_at": START, "ends_at": START + dt.timedelta(hours=8)}
    return {"title_en": "Same", "title_zh_hans": "同一", **days}


def test_what_was_typed_is_corrected_at_once(stranger, event):
    sends(stranger, event, {"name": "Wang", "email": "wrong@example.org"})
    before = Registration.objects.get()

    shown = stranger.get(screen(event, "1/correct/"))
    right = {"name": "王伟", "email": "right@example.org", "phone": NUMBER, "category": "company"}
    answer = stranger.post(
        screen(event, "1/correct/"), right | {"organization_name": "Works", "position": ""}
    )

    row = Registration.objects.get()
    assert "wrong@example.org" in shown.text
    assert answer["Location"] == screen(event)
    assert (row.name, row.email, row.readable_phone) == ("王伟", "right@example.org", NUMBER)
    assert row.code != before.code
    assert [(mail.kind, mail.status) for mail in OutboundMail.objects.order_by("pk")] == [
        ("confirmed", "dropped"),
        ("confirmed", "queued"),
    ]
    assert "right@example.org" in stranger.get(screen(event)).text


def test_correcting_into_somebody_known_says_nothing_and_gives_the_seat_back(stranger, event):
    factories.registered(event, **PHONE)
    sends(stranger, event, {"name": "Wang", "email": "", "phone": "139 0013 9000"})

    fields = {"category": "company", "organization_name": "Works", "position": ""}
    answer = stranger.post(screen(event, "1/correct/"), PHONE | fields)

    row = Registration.objects.latest("pk")
    assert answer.status_code == 302
    assert (row.status, row.seen_as) == ("double", "confirmed")
    assert Registration.objects.seated().count() == 1


def test_a_double_that_is_corrected_into_somebody_new_has_a_place(stranger, event):
    factories.registered(event, **PHONE)
    sends(stranger, event, PHONE)

    fields = {"category": "company", "organization_name": "Works", "position": ""}
    stranger.post(screen(event, "1/correct/"), PHONE | fields | {"name": "李静"})

    row = Registration.objects.latest("pk")
    assert (row.status, row.seen_as, row.double_of) == ("confirmed", "", None)


def test_what_was_changed_elsewhere_is_not_shown(stranger, event):
    sends(stranger, event, {"name": "Wang", "email": "wang@example.org"})
    row = Registration.objects.get()

    personal_link.prove(row)
    correction.correct(row, name="Wang Secret", position="Spy")

    page = stranger.get(screen(event))
    assert "Secret" not in page.text and "Spy" not in page.text
    assert stranger.get(screen(event, "1/correct/")).status_code == 404
    assert stranger.post(screen(event, "1/cancel/")).status_code == 404


def test_the_screen_cancels_what_was_typed_there(stranger, event):
    sends(stranger, event, PHONE)

    answer = stranger.post(screen(event, "1/cancel/"))

    assert answer["Location"] == screen(event)
    assert Registration.objects.get().status == "cancelled"
    assert "Cancelled" in stranger.get(screen(event)).text


def test_a_place_in_the_queue_is_told(stranger):
    event = factories.registration_settings(capacity=1).event
    for _n in range(2):
        factories.registered(event)
    sends(stranger, event, PHONE)
    before = stranger.get(screen(event)).text

    place.cancel(Registration.objects.get(status="waitlisted", name__startswith="Person"))

    assert "number 2 in the queue" in before
    assert "number 1 in the queue" in stranger.get(screen(event)).text


def test_two_people_of_one_form_stand_on_one_page(stranger, event):
    data = typed(event, PHONE, PHONE | {"name": "李静"})
    stranger.post(register_url(event, "zh-hans"), data)

    page = stranger.get(screen(event, language="zh-hans"))

    assert "王伟" in page.text and "李静" in page.text


def test_an_edit_by_staff_keeps_the_screen_of_who_has_no_address(stranger, event, organizer):
    sends(stranger, event, PHONE)
    row = Registration.objects.get()

    save(organizer, row, position="Director")

    page = stranger.get(screen(event)).text
    assert "王伟" in page and "Director" in page and query_code.code_of(row) in page
    assert "changed elsewhere" not in page and "Cancel this registration" in page
    assert stranger.post(screen(event, "1/cancel/"), follow=True).status_code == 200
    assert Registration.objects.get().status == "cancelled"


def test_an_edit_by_staff_keeps_the_screen_of_a_group(stranger, event, organizer):
    group = {"contact-email": "", "contact-phone": NUMBER}
    sends(stranger, event, {"name": "Ann", "email": ""}, {"name": "Bea", "email": ""}, **group)

    save(organizer, Registration.objects.get(name="Ann"), position="Director")

    page = stranger.get(screen(event)).text
    assert "Ann" in page and "Director" in page and "Changed elsewhere" not in page


def test_an_edit_by_staff_opens_nothing_to_a_screen_that_was_closed(stranger, event, organizer):
    sends(stranger, event, PHONE)
    Registration.objects.update(organization_name="Changed by somebody else")

    save(organizer, Registration.objects.get(), position="Director")

    assert "Director" not in stranger.get(screen(event)).text
