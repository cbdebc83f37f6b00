"""A browser that somebody has logged in with is known, and nobody slows it but itself."""

import pytest
from django.test import Client
from django.urls import reverse

from staff.domain import lockout
from staff.models import KnownBrowser, LockOut
from tests.staff.people import (
    PASSWORD,
    code_of,
    is_logged_in,
    logged_in,
    member,
    send_code,
    send_password,
    wrong_code,
)
from tests.staff.views.trying import COOKIE, end_all_by_superuser, fail, holding, known_to


def test_known_browser_is_not_slowed_by_others_on_its_network(zhang, settings, at_eight):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"log-in": (20, 300)}
    mine = known_to(zhang)
    at_eight.shift(60)
    fail(9)
    for number in range(30):
        send_password(Client(), f"name{number}", "wrong")
    assert send_password(Client()).status_code == 429

    assert send_password(mine).status_code == 302
    assert send_code(mine, code_of(zhang)).status_code == 302


def test_known_browser_is_not_slowed_by_who_has_the_password_and_guesses_codes(zhang, at_eight):
    mine = known_to(zhang)
    at_eight.shift(60)
    guesser = Client()
    send_password(guesser)
    for _number in range(9):
        send_code(guesser, wrong_code(zhang))

    send_password(mine)

    assert send_code(mine, code_of(zhang)).status_code == 302


def test_failures_in_a_known_browser_slow_it_alone(zhang, at_eight):
    mine = known_to(zhang)
    at_eight.shift(60)
    statuses = [send_password(mine, password="wrong").status_code for _number in range(6)]

    assert statuses == [422, 422, 422, 422, 429, 429]
    assert send_password(mine).status_code == 429
    assert send_password(Client()).status_code == 302


def test_cookie_is_kept_from_scripts_and_names_nobody(zhang):
    cookie = logged_in(zhang).cookies[COOKIE]
    browser = KnownBrowser.objects.get()

    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/", "Lax")
    assert cookie["domain"] == ""
    assert cookie["max-age"] == 180 * 24 * 3600
    assert "zhang" not in cookie.value
    assert browser.code_hash not in cookie.value
    assert cookie.value.split(".")[0] not in str(KnownBrowser.objects.values())


def test_cookie_comes_only_after_the_second_factor(client, zhang):
    send_password(client)
    send_code(client, wrong_code(zhang))

    assert COOKIE not in client.cookies
    assert KnownBrowser.objects.count() == 0


@pytest.mark.parametrize("cookie", ["", "guess", "a.b", "x" * 3000, "é"])
def test_cookie_that_was_not_signed_here_knows_nobody(zhang, cookie):
    fail(5)

    assert send_password(holding(cookie)).status_code == 429


def test_cookie_of_another_account_is_worth_nothing(zhang):
    theirs = known_to(member("li"))
    fail(5)

    assert send_password(theirs).status_code == 429


def test_one_browser_is_known_to_all_who_log_in_there(zhang, at_eight):
    li = member("li")
    shared = known_to(zhang)
    at_eight.shift(60)
    send_password(shared, "li")
    send_code(shared, code_of(li))
    shared.post(reverse("admin:logout"))
    fail(5)
    fail(5, name="li")

    assert send_password(shared).status_code == 302
    assert send_password(shared, "li").status_code == 302


def test_copy_of_a_cookie_is_worth_nothing_after_the_next_log_in(zhang, at_eight):
    mine = known_to(zhang)
    copy = mine.cookies[COOKIE].value
    at_eight.shift(60)
    send_password(mine)
    send_code(mine, code_of(zhang))
    fail(5)

    assert send_password(holding(copy)).status_code == 429
    assert KnownBrowser.objects.count() == 1


def test_log_in_without_second_factor_makes_the_browser_known_too(client, settings):
    settings.STAFF_OTP = False
    member(enrolled=False)
    send_password(client)
    client.post(reverse("admin:logout"))
    fail(5)

    assert send_password(client).status_code == 302


def end_others(zhang, mine):
    mine.post("/staff/account/end-login/", {"others": "1"})


def close_and_open(zhang, mine):
    from staff.domain import account
    from tests.cast import make_superuser

    root = make_superuser().user
    account.set_active(zhang, False, by=root)
    account.set_active(zhang, True, by=root)


def change_password_in_the_shell(zhang, mine):
    zhang.set_password(PASSWORD)
    zhang.save()


def change_password_elsewhere(zhang, mine):
    form = {"current": PASSWORD, "password": PASSWORD, "again": PASSWORD}
    assert mine.post("/staff/account/password/", form).status_code == 302


@pytest.mark.parametrize(
    "end",
    [
        end_others,
        end_all_by_superuser,
        close_and_open,
        change_password_in_the_shell,
        change_password_elsewhere,
    ],
)
def test_browser_is_unknown_once_its_logins_are_ended(zhang, at_eight, end):
    old = known_to(zhang)
    at_eight.shift(60)
    mine = logged_in(zhang)
    fail(5)
    assert send_password(old).status_code == 302

    end(zhang, mine)

    assert send_password(old).status_code == 429


def test_ending_one_login_makes_its_browser_unknown(zhang, at_eight):
    lost = logged_in(zhang)
    at_eight.shift(60)
    mine = logged_in(zhang)
    login = zhang.logins.get(session_key=lost.session.session_key)

    mine.post("/staff/account/end-login/", {"login": login.pk})

    fail(5)
    assert send_password(lost).status_code == 429
    assert KnownBrowser.objects.count() == 1


def test_own_browser_stays_known_when_others_end_and_the_password_changes(zhang, at_eight):
    mine = logged_in(zhang)
    end_others(zhang, mine)
    change_password_elsewhere(zhang, mine)
    mine.post(reverse("admin:logout"))
    fail(5)

    assert send_password(mine).status_code == 302


def test_account_page_offers_to_forget_browsers_that_are_logged_out(zhang, at_eight):
    known_to(zhang)
    at_eight.shift(60)
    mine = logged_in(zhang)

    page = mine.get("/staff/account/").text
    mine.post("/staff/account/end-login/", {"others": "1"})

    assert "Forget other browsers" in page
    assert "Forget other browsers" not in mine.get("/staff/account/").text
    assert is_logged_in(mine)


def test_browser_that_was_not_seen_for_half_a_year_is_unknown_and_forgotten(zhang, at_eight):
    from staff.domain import known_browsers

    mine = known_to(zhang)
    at_eight.shift(181 * 24 * 3600)
    fail(5)

    assert send_password(mine).status_code == 429
    assert known_browsers.forget() == 1


def test_known_browsers_and_failures_go_with_the_account(zhang):
    known_to(zhang)
    fail(3)

    zhang.delete()
    lockout.forget_account("zhang")

    assert (KnownBrowser.objects.count(), LockOut.objects.count()) == (0, 0)
