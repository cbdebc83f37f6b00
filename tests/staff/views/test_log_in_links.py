"""Who is slowed is offered an e-mailed link that unblocks log-in in one browser."""

import re

import pytest
from django.test import Client

from staff.models import LogInLink
from summit.lib.web import constant_pace
from tests.staff.people import (
    CODE,
    code_of,
    is_logged_in,
    link_of,
    member,
    posted,
    send_code,
    send_password,
)
from tests.staff.views.trying import COOKIE, LINK, OPEN, end_all_by_superuser, fail, known_to
from tests.threads import at_once


def without_token(answer):
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", answer.text)


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
    assert "unblocked in this browser" in client.get(done.url).text
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
    end_all_by_superuser(zhang)

    assert client.get(path).status_code == 410
    assert LogInLink.objects.count() == 0


def test_mailed_link_opens_no_other_page_of_a_link(client, zhang):
    client.get(opened_link(zhang))

    assert client.get("/staff/new-password/").status_code == 410
    assert client.get("/staff/new-authenticator/").status_code in (302, 410)


def test_mail_tells_what_to_do_in_both_languages(zhang):
    opened_link(zhang)
    [mail] = posted()

    assert "Unblock log-in" in mail.body
    assert "within 30 minutes" in mail.body
    assert 'lang="zh-Hans"' in mail.alternatives[0].content


def test_asking_for_the_link_gets_one_answer(zhang):
    member("closed", is_active=False)
    member("silent", email="")

    said = {
        without_token(answer)
        for name in ("zhang", "nobody", "closed", "silent")
        if (answer := Client().post(LINK, {"username": name})).status_code == 200
    }

    assert len(said) == 1
    assert [mail.to for mail in posted()] == [["zhang <zhang@example.org>"]]


def test_links_are_limited_by_name_from_wherever_they_are_asked_for(zhang, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"staff-link": (2, 300)}

    statuses = [
        Client(REMOTE_ADDR=f"192.0.2.{n}").post(LINK, {"username": "zhang"}).status_code
        for n in range(3)
    ]

    assert statuses == [200, 200, 429]
    assert len(posted()) == 2


@pytest.mark.usefixtures("real_pace")
@pytest.mark.parametrize(
    ("path", "name", "whose"),
    [("/staff/forgotten/", "email", "{}@example.org"), (LINK, "username", "{}")],
)
def test_visitors_on_the_network_keep_nobody_from_a_mailed_link(
    zhang, settings, monkeypatch, path, name, whose
):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"staff-link-network": (4, 300)}
    waited = []
    monkeypatch.setattr(constant_pace.time, "sleep", waited.append)

    def ask(who):
        return Client().post(path, {name: whose.format(who)})

    others = [ask(f"name{number}") for number in range(6)]
    mine = ask("zhang")

    assert {response.status_code for response in [*others, mine]} == {200}
    assert len({without_token(response) for response in [*others, mine]}) == 1
    assert len(posted()) == 1
    # Whoever asks so often keeps threads busy no longer than it takes.
    assert [seconds > constant_pace.SHORT_SECONDS for seconds in waited] == [True] * 4 + [False] * 3


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
    from staff import account_links

    wang = member("wang")
    for _number in range(9):
        Client().post("/staff/new-password/", {"password": "x", "again": "x"})
        send_password(Client(), "wang", "wrong")
    client.get(
        account_links.url(wang, account_links.Purpose.PASSWORD).removeprefix("http://testserver")
    )

    new = {"password": "bridge over quiet water", "again": "bridge over quiet water"}
    assert client.post("/staff/new-password/", new).url == "/admin/login/?over=password"
