"""My account: both factors before the second one changes, and logins seen and ended."""

import re

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from staff.domain import authenticator
from staff.models import Login
from tests.staff.people import (
    PASSWORD,
    code_of,
    is_logged_in,
    logged_in,
    member,
    send_code,
    send_password,
)

NEW = "bridge over quiet water"


@pytest.fixture
def mine(zhang, time_machine) -> Client:
    """A browser that is logged in, half a minute later: the code that it used is used up."""
    time_machine.move_to("2027-03-01 08:00Z", tick=False)
    client = logged_in(zhang)
    time_machine.shift(60)
    return client


def test_account_names_every_login_and_marks_this_one(zhang, mine):
    other = Client(
        REMOTE_ADDR="192.0.2.7", headers={"user-agent": "X (Windows NT 10.0) Firefox/120.0"}
    )
    send_password(other)
    send_code(other, code_of(zhang))

    text = mine.get("/staff/account/").text

    assert text.count("this one") == 1
    assert "Firefox · Windows" in text
    assert "192.0.2.7" in text
    assert "China time" in text
    assert "0 recovery codes are left." in text


def test_ending_a_login_logs_that_browser_out(zhang, mine):
    other = Client()
    other.force_login(zhang)
    login = Login.objects.get(session_key=other.session.session_key)

    mine.post("/staff/account/end-login/", {"login": login.pk})
    mine.post("/staff/account/end-login/", {"login": login.pk})

    assert "_auth_user_id" not in other.session
    assert is_logged_in(mine)


def test_ending_ones_own_login_logs_out(mine):
    mine.post("/staff/account/end-login/", {"login": Login.objects.get().pk})

    assert not is_logged_in(mine)


def test_ending_all_others_leaves_this_one(zhang, mine):
    Client().force_login(zhang)
    Client().force_login(zhang)

    mine.post("/staff/account/end-login/", {"others": "1"})

    assert Login.objects.get().session_key == mine.session.session_key
    assert is_logged_in(mine)


@pytest.mark.parametrize("which", ["theirs", "nonsense", "", "999999999999999999999"])
def test_nobody_ends_a_login_of_somebody_else(mine, which):
    theirs = logged_in(member("li"))
    login = Login.objects.get(user__username="li")

    response = mine.post(
        "/staff/account/end-login/", {"login": login.pk if which == "theirs" else which}
    )

    assert response.url == "/staff/account/"
    assert is_logged_in(theirs)


def test_password_change_ends_the_other_logins_and_keeps_this_one(zhang, mine):
    other = Client()
    other.force_login(zhang)

    response = mine.post(
        "/staff/account/password/", {"current": PASSWORD, "password": NEW, "again": NEW}
    )

    assert response.url == "/staff/account/"
    assert is_logged_in(mine)
    assert Login.objects.get().session_key == mine.session.session_key
    assert "_auth_user_id" not in other.session


def test_password_change_asks_for_the_current_one(zhang, mine):
    response = mine.post(
        "/staff/account/password/", {"current": "wrong", "password": NEW, "again": NEW}
    )

    assert response.status_code == 422
    assert "This is not your current password." in response.text
    zhang.refresh_from_db()
    assert zhang.check_password(PASSWORD)


def test_guessing_at_the_current_password_locks_out(mine):
    for _number in range(5):
        response = mine.post("/staff/account/recovery-codes/", {"current": "x", "code": "000000"})

    assert response.status_code == 429


def test_admins_own_page_of_the_password_leads_here(mine):
    assert mine.get("/admin/password_change/").url == "/staff/account/password/"


@pytest.mark.parametrize("wrong", [{"current": "wrong"}, {"code": "000000"}, {"code": ""}])
@pytest.mark.parametrize("page", ["authenticator", "recovery-codes"])
def test_second_factor_changes_only_for_both_factors(zhang, mine, page, wrong):
    before = TOTPDevice.objects.values().get()["key"]

    response = mine.post(
        f"/staff/account/{page}/", {"current": PASSWORD, "code": code_of(zhang), **wrong}
    )

    assert response.status_code == 422
    assert TOTPDevice.objects.values().get()["key"] == before
    assert authenticator.codes_left(zhang) == 0


def test_authenticator_is_replaced_and_this_login_goes_on(zhang, mine):
    old = TOTPDevice.objects.get()
    other = Client()
    other.force_login(zhang)
    asked = mine.post(
        "/staff/account/authenticator/", {"current": PASSWORD, "code": code_of(zhang)}
    )
    mine.get(asked.url)
    key = mine.session["staff_link"]["key"]

    done = mine.post(asked.url, {"code": code_of(key)})

    assert done.url == "/staff/recovery-codes/"
    assert TOTPDevice.objects.get().key == key != old.key
    assert is_logged_in(mine)
    assert "_auth_user_id" not in other.session


def test_new_recovery_codes_end_the_old_ones(zhang, mine):
    old = authenticator.make_codes(zhang)[0]

    made = mine.post(
        "/staff/account/recovery-codes/", {"current": PASSWORD, "code": code_of(zhang)}
    )

    assert len(re.findall("<code>", mine.get(made.url).text)) == 10
    other = Client()
    send_password(other)
    assert send_code(other, old).status_code == 422


def test_who_logged_in_by_a_recovery_code_stays_logged_in_with_new_ones(client, zhang):
    first, second = authenticator.make_codes(zhang)[:2]
    send_password(client)
    send_code(client, first)

    client.post("/staff/account/recovery-codes/", {"current": PASSWORD, "code": second})

    assert is_logged_in(client)
    assert authenticator.codes_left(zhang) == 10
