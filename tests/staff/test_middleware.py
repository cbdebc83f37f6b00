"""How long a login lasts, and what it costs to know."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from audit.models import AuditEntry
from events.models import SiteProfile
from staff.domain import logins
from staff.models import Login
from tests import factories
from tests.cast import make_clerk
from tests.staff.people import is_logged_in, logged_in, member

START = dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC)


@pytest.fixture
def at(time_machine):
    """Move to so many minutes after the start."""

    def move(minutes: float) -> None:
        time_machine.move_to(START + dt.timedelta(minutes=minutes), tick=False)

    move(0)
    return move


def test_login_ends_after_an_hour_in_which_nothing_is_done(at, zhang):
    client = logged_in(zhang)
    at(59)
    assert is_logged_in(client)
    at(59 + 60)
    assert is_logged_in(client)

    at(59 + 60 + 61)
    response = client.get("/admin/events/event/?q=docking")

    assert response.url == (
        "/admin/login/?next=%2Fadmin%2Fevents%2Fevent%2F%3Fq%3Ddocking&over=idle"
    )
    assert "after a period of inactivity" in client.get(response.url).text
    assert Login.objects.count() == 0
    assert AuditEntry.objects.latest("pk").details == {"reason": "idle"}


def test_login_ends_after_fourteen_hours_however_busy(at, zhang):
    client = logged_in(zhang)
    for half_hours in range(1, 29):
        at(30 * half_hours - 1)
        assert is_logged_in(client)

    at(14 * 60 + 1)

    assert client.get("/admin/").url.startswith("/admin/login/")


def test_form_of_a_login_that_was_ended_elsewhere_says_that_nothing_is_saved(zhang):
    client = logged_in(zhang)
    logins.end_all(zhang, by=zhang)

    shown = client.get("/admin/events/event/")
    sent = client.post("/admin/events/event/add/", headers={"referer": "http://testserver/admin/"})

    assert shown.url == "/admin/login/?next=%2Fadmin%2Fevents%2Fevent%2F&over=ended"
    assert sent.url.endswith("&over=ended&unsent=1")
    assert "What you had typed" not in client.get(shown.url).text
    page = client.get(sent.url).text
    assert "This login was ended. Log in to go on." in page
    assert "What you had typed was not saved." in page


def test_stranger_is_told_of_no_login_that_ended(db):
    SiteProfile.load()

    response = Client().get("/admin/events/event/")

    assert response.url == "/admin/login/?next=/admin/events/event/"


def test_form_that_was_open_too_long_leads_back_to_its_page(at, zhang):
    client = logged_in(zhang)
    at(90)

    response = client.post(
        "/admin/events/series/add/",
        headers={"referer": "http://testserver/admin/events/eventseries/add/"},
    )

    back = "http%3A%2F%2Ftestserver%2Fadmin%2Fevents%2Feventseries%2Fadd%2F"
    assert response.url == f"/admin/login/?next={back}&over=idle&unsent=1"


def test_foreign_page_is_not_led_back_to(at, zhang):
    client = logged_in(zhang)
    at(90)

    response = client.post("/admin/", headers={"referer": "https://evil.example/"})

    assert response.url == "/admin/login/?next=%2Fadmin%2F&over=idle&unsent=1"


def test_screen_that_asks_by_itself_is_no_sign_of_a_person(at):
    event = factories.registration_settings().event
    user = member("clerk", group="Desk")
    make_clerk(event)
    client = logged_in(user)
    for minutes in range(5, 65, 5):
        at(minutes)
        response = client.get(f"/desk/{event.slug}/counts.json")
        if minutes <= 60:
            assert response.status_code == 200, (minutes, response.text[-900:])

    at(61)

    assert client.get("/desk/").url == "/admin/login/?next=%2Fdesk%2F&over=idle"


def test_drafts_on_public_pages_go_with_the_login(at, zhang):
    draft = factories.event(status="draft")
    client = logged_in(zhang)
    assert client.get(draft.get_absolute_url()).status_code == 200

    at(61)

    assert client.get(draft.get_absolute_url()).status_code == 404


def test_ordinary_request_costs_nothing_more_than_the_session(at, zhang, django_assert_num_queries):
    client = logged_in(zhang)
    client.get("/staff/account/")
    at(0.9)

    # The session, the account, its authenticator; the logins, the known browsers and the codes
    # that the page shows.
    with django_assert_num_queries(7):
        client.get("/staff/account/")


def test_activity_is_written_once_a_minute(at, zhang):
    client = logged_in(zhang)
    at(0.9)
    client.get("/staff/account/")
    assert Login.objects.get().seen_at == START
    at(1.5)
    client.get("/staff/account/")

    assert Login.objects.get().seen_at == START + dt.timedelta(seconds=90)


def test_login_says_where_and_with_what(zhang):
    client = Client(
        REMOTE_ADDR="192.0.2.7",
        headers={"user-agent": "Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/120 Safari/5"},
    )
    client.force_login(zhang)

    login = Login.objects.get()
    assert (login.user, login.device) == (zhang, "")
    assert login.session_key == client.session.session_key


def test_logging_out_deletes_the_login(zhang):
    client = logged_in(zhang)

    page = client.post("/admin/logout/")

    assert "You are logged out" in page.text
    assert Login.objects.count() == 0
    assert AuditEntry.objects.latest("pk").action == "logged_out"


def test_page_after_logging_out_bears_the_name_of_the_site(zhang):
    profile = SiteProfile.load()
    profile.site_name_en = "Summit of Zhengding"
    profile.save()

    page = logged_in(zhang).post("/admin/logout/")

    assert page.text.count("Summit of Zhengding") == 2  # in the title and the head


def test_periodic_step_forgets_what_has_ended(at, zhang):
    logged_in(zhang)
    stays = logged_in(member("li"))
    lost = logged_in(member("wu"))
    Session.objects.filter(session_key=lost.session.session_key).delete()
    at(40)
    is_logged_in(stays)
    at(65)

    forgotten = logins.forget_ended()

    assert forgotten == 2
    assert [login.user.username for login in Login.objects.all()] == ["li"]
    assert Session.objects.count() == 1
    assert is_logged_in(stays)
    assert logins.forget_ended() == 0
