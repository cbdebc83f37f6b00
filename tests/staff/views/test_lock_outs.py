"""Who guesses is slowed down, and nobody else is: not on the same network, not by name."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import AuditEntry
from staff.domain import authenticator, lockout
from staff.models import LockOut
from tests.staff.people import (
    LOG_IN,
    PASSWORD,
    code_of,
    is_logged_in,
    logged_in,
    member,
    send_code,
    send_password,
    wrong_code,
)
from tests.staff.views.trying import COOKIE, fail, holding, known_to
from tests.threads import at_once
from throttle.models import RateCount

# What is counted


@pytest.mark.parametrize(
    "form",
    [
        {"next": "/"},
        {"username": "zhang"},
        {"password": PASSWORD},
        {"username": "z" * 151, "password": "x"},
    ],
)
def test_form_in_which_no_password_is_looked_at_counts_for_nothing(client, zhang, form):
    for _number in range(70):
        assert client.post(LOG_IN, form).status_code == 422

    assert LockOut.objects.count() == 0
    assert RateCount.objects.count() == 0
    assert send_password(Client()).status_code == 302


def test_successes_count_for_nothing(zhang, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"log-in": (3, 300)}

    statuses = {send_password(Client()).status_code for _number in range(10)}

    assert statuses == {302}


def test_empty_codes_count_for_nothing(client, zhang):
    send_password(client)

    statuses = {send_code(client, "").status_code for _number in range(10)}

    assert statuses == {422}
    assert send_code(client, code_of(zhang)).status_code == 302


def test_right_password_does_not_forget_the_wrong_codes(zhang, at_eight):
    client = Client()
    for _number in range(4):
        send_password(client)
        assert send_code(client, wrong_code(zhang)).status_code == 422
    send_password(client)

    assert send_code(client, wrong_code(zhang)).status_code == 429


def test_success_forgets_the_failures_before_it(zhang):
    fail(4)

    logged_in(zhang)

    assert LockOut.objects.count() == 0
    assert fail(4).status_code == 422


# How long the next try waits


def test_fifth_failure_slows_every_unknown_browser_from_there_and_nowhere_else(zhang, at_eight):
    locking = fail(5)

    assert locking.status_code == 429
    assert locking["Retry-After"] == "15"
    assert "Try again in 15 seconds." in locking.text
    assert send_password(Client(headers={"user-agent": "Other"})).status_code == 429
    assert send_password(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    # What was not looked at is no failure, and fills no audit trail.
    assert list(actions) == [*["log_in_failed"] * 5, "locked_out"]


def test_pause_doubles_up_to_five_minutes(zhang, at_eight):
    fail(4)
    pauses = []
    for _number in range(8):
        pauses.append(int(fail(1)["Retry-After"]))
        at_eight.shift(pauses[-1])

    assert pauses == [15, 30, 60, 120, 240, 300, 300, 300]


def test_tries_during_the_pause_do_not_prolong_it(client, zhang, at_eight):
    fail(5)
    at_eight.shift(10)
    assert send_password(client).status_code == 429

    at_eight.shift(5)

    assert send_password(client).status_code == 302


def test_right_password_after_the_pause_leaves_no_pause_before_the_code(client, zhang, at_eight):
    fail(9)
    at_eight.shift(300)

    send_password(client)

    assert send_code(client, code_of(zhang)).status_code == 302


def test_failures_are_forgotten_after_a_quiet_while(zhang, at_eight):
    fail(5)
    at_eight.shift(15 * 60 + 1)

    assert lockout.forget() == 1
    assert fail(4).status_code == 422


@pytest.mark.parametrize("forgets", [True, False])
def test_quiet_while_counts_whether_or_not_the_old_failures_are_deleted(zhang, at_eight, forgets):
    fail(4)
    at_eight.shift(15 * 60 + 1)
    if forgets:
        lockout.forget()

    assert fail(4).status_code == 422


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (15, "Try again in 15 seconds.", "请15秒后再试。"),
        (240, "Try again in 4 minutes.", "请4分钟后再试。"),
    ],
)
def test_page_says_what_to_do_in_both_languages(zhang, seconds, english, chinese):
    LockOut.objects.create(
        username="zhang",
        place="network",
        place_key="127.0.0.1",
        failures=9,
        until=timezone.now() + dt.timedelta(seconds=seconds),
    )

    page = send_password(Client())
    zh = send_password(Client(headers={"accept-language": "zh-CN"}))

    assert (page.status_code, zh.status_code) == (429, 429)
    assert english in page.text
    assert "E-mail me the link" in page.text
    assert '<html lang="zh-Hans">' in zh.text
    assert chinese in zh.text
    assert "发送链接" in zh.text


def test_lock_out_is_for_the_whole_network_of_one_subscriber(zhang):
    answers = [
        send_password(Client(REMOTE_ADDR=f"2001:db8:1:2::{number}"), password="wrong").status_code
        for number in range(1, 7)
    ]

    assert answers == [422, 422, 422, 422, 429, 429]
    assert send_password(Client(REMOTE_ADDR="2001:db8:1:3::1")).status_code == 302


def test_names_that_no_account_has_are_slowed_alike(zhang, at_eight):
    theirs, nobodys = fail(5), fail(5, name="nobody")

    assert (nobodys.status_code, nobodys["Retry-After"]) == (429, "15")
    assert nobodys.text.replace("nobody", "zhang").count("zhang") == theirs.text.count("zhang")
    assert not LockOut.objects.filter(username="nobody").exists()


def test_one_network_has_a_limited_number_of_failures_whatever_the_names(zhang, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"log-in": (3, 300)}
    for number in range(3):
        send_password(Client(), f"name{number}", "wrong")

    response = send_password(Client())

    assert response.status_code == 429
    assert "Too many log-ins from your network have failed." in response.text
    assert "E-mail me the link" in response.text
    assert 1 <= int(response["Retry-After"]) <= 300


# Wrong codes


def test_wrong_codes_count_as_failures_and_slow_the_code_too(client, zhang, at_eight):
    send_password(client)
    for _number in range(5):
        response = send_code(client, wrong_code(zhang))

    assert response.status_code == 429
    assert send_code(client, code_of(zhang)).status_code == 429
    assert not is_logged_in(client)
    at_eight.shift(15)
    assert send_code(client, code_of(zhang)).status_code == 302


def test_codes_from_many_unknown_networks_are_counted_together(zhang, at_eight):
    statuses = []
    for number in range(6):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        send_password(client)
        statuses.append(send_code(client, wrong_code(zhang)).status_code)

    assert statuses == [422, 422, 422, 422, 429, 429]


@pytest.mark.parametrize("kind", ["authenticator", "recovery"])
def test_wait_for_a_code_ends_after_five_minutes_whoever_caused_it(zhang, at_eight, kind):
    recovery = authenticator.make_codes(zhang)[0]
    guesser, owner = Client(REMOTE_ADDR="192.0.2.7"), Client()
    for number in range(40):
        send_password(guesser)
        guess = wrong_code(zhang) if number % 2 else "aaaa-bbbb"
        send_code(guesser, guess)
        at_eight.shift(300)
    send_password(guesser)
    send_code(guesser, wrong_code(zhang))
    send_password(owner)
    assert send_code(owner, code_of(zhang)).status_code == 429

    at_eight.shift(300)

    code = code_of(zhang) if kind == "authenticator" else recovery
    assert send_code(owner, code).status_code == 302


# Pages of the account, for who is logged in


def test_password_is_changed_whatever_strangers_on_the_network_do(zhang, at_eight, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"log-in": (5, 300)}
    mine = Client()
    mine.force_login(zhang)
    from django_otp import DEVICE_ID_SESSION_KEY

    session = mine.session
    session[DEVICE_ID_SESSION_KEY] = zhang.totpdevice_set.get().persistent_id
    session.save()
    fail(9)
    for number in range(9):
        send_password(Client(), f"name{number}", "wrong")

    response = mine.post(
        "/staff/account/recovery-codes/", {"current": PASSWORD, "code": code_of(zhang)}
    )

    assert response.url == "/staff/recovery-codes/"


NEW_PASSWORD = "a new and long enough one 7"


def test_guesses_in_an_open_login_slow_nobody_else(zhang, at_eight):
    open_login = logged_in(zhang)
    for _number in range(6):
        form = {"current": "x", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
        response = open_login.post("/staff/account/password/", form)

    assert response.status_code == 429
    assert "E-mail me the link" not in response.text
    assert send_password(Client()).status_code == 302


# At the same moment


@pytest.fixture
def looked_at(monkeypatch):
    """Every password that was compared, in a list."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    seen = []
    verify = MD5PasswordHasher.verify

    def noted(self, password, encoded):
        seen.append(password)
        return verify(self, password, encoded)

    monkeypatch.setattr(MD5PasswordHasher, "verify", noted)
    return seen


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [False, True])
def test_no_more_passwords_are_looked_at_than_the_limit_however_many_come_at_once(looked_at, known):
    zhang = member()
    cookie = known_to(zhang).cookies[COOKIE].value if known else ""
    looked_at.clear()

    answered = at_once(
        *[
            lambda n=n: send_password(holding(cookie), password=f"wrong {n}").status_code
            for n in range(9)
        ]
    )

    assert len(looked_at) == 5
    assert sorted(answered) == [*[422] * 4, *[429] * 5]


@pytest.mark.django_db(transaction=True)
def test_no_more_codes_are_looked_at_than_the_limit_however_many_come_at_once():
    zhang = member()
    browsers = [Client(REMOTE_ADDR=f"192.0.2.{number}") for number in range(9)]
    for browser in browsers:
        send_password(browser)
    wrong = wrong_code(zhang)

    answered = at_once(*[lambda b=b: send_code(b, wrong).status_code for b in browsers])

    assert sorted(answered) == [*[422] * 4, *[429] * 5]
    assert zhang.totpdevice_set.get().throttling_failure_count == 5


@pytest.mark.django_db(transaction=True)
def test_failures_and_successes_at_once_leave_the_failures_counted():
    zhang = member()

    at_once(
        *[lambda: send_password(Client()) for _number in range(2)],
        *[lambda: fail(1) for _number in range(2)],
    )

    assert LockOut.objects.get().failures == 2
    assert LockOut.objects.get().username == zhang.username
    assert RateCount.objects.get().count == 2
