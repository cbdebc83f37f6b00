"""Who guesses is slowed down, and nobody else is: not on the same network, not by name."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from staff.domain import authenticator, lockout
from staff.models import KnownBrowser, LockOut, LogInLink
from tests.staff.people import (
    CODE,
    LOG_IN,
    PASSWORD,
    code_of,
    is_logged_in,
    link_of,
    logged_in,
    member,
    posted,
    send_code,
    send_password,
    wrong_code,
)
from tests.threads import at_once
from throttle.models import RateCount

COOKIE = "known-browser"
LINK = "/staff/log-in-link/"
OPEN = "/staff/open-log-in/"


def fail(times, *, name="zhang", **headers):
    for _number in range(times):
        response = send_password(Client(**headers), name, "wrong")
    return response


def known_to(user) -> Client:
    """A browser in which somebody logged in and out again."""
    client = logged_in(user)
    client.post(reverse("admin:logout"))
    assert client.cookies[COOKIE].value
    return client


def holding(cookie) -> Client:
    client = Client()
    client.cookies[COOKIE] = cookie
    return client


@pytest.fixture
def at_eight(time_machine):
    """The clock stands still, so that what has to wait does so until it is moved."""
    time_machine.move_to("2027-03-01 08:00Z", tick=False)
    return time_machine


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
    assert "Mail me the link" in page.text
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
    assert "Mail me the link" in response.text
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


# Known browsers


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


def end_all_by_superuser(zhang, mine):
    from staff.domain import logins
    from tests.cast import make_superuser

    logins.end_all(zhang, by=make_superuser().user)


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
    assert "Mail me the link" not in response.text
    assert send_password(Client()).status_code == 302


# The mailed link


def opened_link(zhang, **headers):
    """The path of the link in the mail that a browser past the limit asks for."""
    response = Client(**headers).post(LINK, {"username": "zhang"})
    assert response.status_code == 200
    return link_of(posted()[-1])


def test_mailed_link_opens_the_log_in_in_one_browser(client, zhang, settings, at_eight):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"log-in": (5, 300)}
    fail(9)
    path = opened_link(zhang)

    asked = client.get(path)
    page = client.get(asked.url)
    done = client.post(asked.url)

    assert asked.url == OPEN
    assert "zhang" in page.text
    assert done.url == "/admin/login/?over=opened"
    assert "open in this browser" in client.get(done.url).text
    assert not is_logged_in(client)
    assert send_password(Client()).status_code == 429
    assert send_password(client).url.startswith(CODE)
    assert send_code(client, code_of(zhang)).status_code == 302


def test_mailed_link_begins_the_count_of_a_known_browser_anew(zhang, at_eight):
    mine = known_to(zhang)
    at_eight.shift(60)
    for _number in range(5):
        send_password(mine, password="wrong")
    assert send_password(mine).status_code == 429

    mine.get(opened_link(zhang))
    mine.post(OPEN)

    assert send_password(mine).status_code == 302


def test_mailed_link_is_used_once_and_not_by_looking_at_it(zhang):
    path = opened_link(zhang)
    scanner, first, second = Client(), Client(), Client()
    for browser in (scanner, first, second):
        assert browser.get(path).url == OPEN

    assert first.post(OPEN).status_code == 302
    assert second.post(OPEN).status_code == 410
    assert Client().get(path).status_code == 410
    assert COOKIE not in second.cookies


@pytest.mark.django_db(transaction=True)
def test_mailed_link_raced_opens_the_log_in_once():
    path = opened_link(member())
    browsers = [Client() for _number in range(4)]
    for browser in browsers:
        browser.get(path)

    answered = at_once(*[lambda b=browser: b.post(OPEN) for browser in browsers])

    assert sorted(response.status_code for response in answered) == [302, 410, 410, 410]


def test_mailed_link_holds_for_half_an_hour(client, zhang, at_eight):
    path = opened_link(zhang)
    at_eight.shift(30 * 60 + 1)

    assert client.get(path).status_code == 410


def test_mailed_link_ends_with_the_logins(client, zhang):
    path = opened_link(zhang)
    end_all_by_superuser(zhang, None)

    assert client.get(path).status_code == 410
    assert LogInLink.objects.count() == 0


def test_mailed_link_opens_no_other_page_of_a_link(client, zhang):
    client.get(opened_link(zhang))

    assert client.get("/staff/new-password/").status_code == 410
    assert client.get("/staff/new-authenticator/").status_code in (302, 410)


def test_mail_tells_what_to_do_in_both_languages(zhang):
    opened_link(zhang)
    [mail] = posted()

    assert "Open the log-in" in mail.body
    assert "within 30 minutes" in mail.body
    assert 'lang="zh-Hans"' in mail.alternatives[0].content


def test_asking_for_the_link_gets_one_answer(zhang):
    member("closed", is_active=False)
    member("silent", email="")

    said = {
        re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", answer.text)
        for name in ("zhang", "nobody", "closed", "silent")
        if (answer := Client().post(LINK, {"username": name})).status_code == 200
    }

    assert len(said) == 1
    assert [mail.to for mail in posted()] == [["zhang <zhang@example.org>"]]


def test_links_are_limited_by_name_and_by_network(zhang, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {
        "staff-link": (2, 300),
        "staff-link-network": (4, 300),
    }

    by_name = [
        Client(REMOTE_ADDR=f"192.0.2.{n}").post(LINK, {"username": "zhang"}).status_code
        for n in range(3)
    ]
    by_network = [Client().post(LINK, {"username": f"name{n}"}).status_code for n in range(5)]

    assert by_name == [200, 200, 429]
    assert by_network == [200, 200, 200, 200, 429]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/staff/forgotten/", {"email": "zhang@example.org"}),
        (LINK, {"username": "zhang"}),
    ],
)
def test_known_browser_gets_its_link_whatever_others_ask_for(zhang, settings, path, form):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {
        "staff-link": (1, 300),
        "staff-link-network": (1, 300),
    }
    mine = known_to(zhang)
    Client().post(path, form)
    assert Client().post(path, form).status_code == 429

    assert mine.post(path, form).status_code == 200


def test_wait_for_a_link_ends_after_five_minutes(zhang, time_machine):
    time_machine.move_to("2027-03-01 08:02Z", tick=False)
    form = {"email": "zhang@example.org"}
    for _number in range(3):
        Client().post("/staff/forgotten/", form)
    assert Client().post("/staff/forgotten/", form).status_code == 429

    time_machine.shift(300)

    assert Client().post("/staff/forgotten/", form).status_code == 200


def test_stranger_on_the_network_keeps_nobody_from_setting_up_an_account(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"staff-set-up": (2, 300)}
    from staff import links

    wang = member("wang")
    for _number in range(9):
        Client().post("/staff/new-password/", {"password": "x", "again": "x"})
        send_password(Client(), "wang", "wrong")
    client.get(links.url(wang, links.Purpose.PASSWORD).removeprefix("http://testserver"))

    new = {"password": "bridge over quiet water", "again": "bridge over quiet water"}
    assert client.post("/staff/new-password/", new).url == "/admin/login/?over=password"


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
