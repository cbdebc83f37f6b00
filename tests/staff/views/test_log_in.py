"""Name and password, then a code; and all the ways in that are none."""

import logging
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from audit.models import AuditEntry
from mail.models import OutboundMail
from staff.domain import authenticator
from staff.models import LockOut, Login
from tests.staff.people import (
    CODE,
    LOG_IN,
    PASSWORD,
    code_of,
    is_logged_in,
    logged_in,
    member,
    posted,
    send_code,
    send_password,
)
from tests.threads import at_once


def actions(*, subject=None):
    entries = AuditEntry.objects.order_by("pk")
    if subject is not None:
        entries = entries.filter(subject=subject)
    return list(entries.values_list("action", flat=True))


def test_password_and_code_log_in_and_lead_where_one_wanted(client, zhang):
    asked = client.get("/desk/")
    page = client.get(asked.url)
    first = client.post(asked.url, {"username": "zhang", "password": PASSWORD})
    second = client.post(first.url, {"code": code_of(zhang)})

    assert asked.url == "/admin/login/?next=/desk/"
    assert 'autocomplete="current-password"' in page.text
    assert first.url == "/staff/code/?next=%2Fdesk%2F"
    assert second.url == "/desk/"
    assert is_logged_in(client)
    assert actions() == ["logged_in"]


def test_password_alone_opens_nothing(client, zhang):
    send_password(client)

    for path in ("/admin/", "/desk/", "/staff/account/", "/admin/events/event/"):
        response = client.get(path)
        assert (response.status_code, response.url) == (302, f"/admin/login/?next={path}")
    assert Login.objects.count() == 0
    assert "_auth_user_id" not in client.session


def test_session_between_the_steps_is_new_and_holds_no_more_than_it_must(client, zhang):
    client.get("/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key

    send_password(client)

    assert client.session.session_key != planted
    assert set(client.session.keys()) == {"log_in_pending"}
    assert set(client.session["log_in_pending"]) == {"user", "backend", "password", "at"}


def test_stolen_pending_session_is_worth_nothing_once_the_code_was_typed(client, zhang):
    send_password(client)
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value

    send_code(client, code_of(zhang))

    assert is_logged_in(client)
    assert not is_logged_in(thief)
    assert thief.get(CODE).url.startswith("/admin/login/")


def test_code_has_to_come_within_ten_minutes(client, zhang, time_machine):
    time_machine.move_to("2027-03-01 08:00Z", tick=False)
    send_password(client)
    time_machine.move_to("2027-03-01 08:10:01Z", tick=False)

    response = send_code(client, code_of(zhang))

    assert response.url == "/admin/login/?next=%2Fadmin%2F&over=expired"
    assert "Start again." in client.get(response.url).text
    assert not is_logged_in(client)


def test_password_changed_between_the_steps_has_to_be_typed_anew(client, zhang):
    send_password(client)
    zhang.set_password("another one altogether")
    zhang.save()

    assert send_code(client, code_of(zhang)).url.startswith("/admin/login/")
    assert not is_logged_in(client)


@pytest.mark.parametrize(
    "next_page",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""],
)
def test_foreign_host_is_never_led_to(client, zhang, next_page):
    first = send_password(client, next=next_page)
    second = send_code(client, code_of(zhang), next=next_page)

    assert first.url == "/staff/code/?next=%2Fadmin%2F"
    assert second.url == "/admin/"


def answers(client, name, password):
    response = send_password(client, name, password)
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.text)
    return response.status_code, text.replace(f'value="{name}"', "")


def test_unknown_wrong_closed_and_foreign_get_one_answer(zhang, settings):
    member("closed", is_active=False)
    User.objects.create_user("visitor", password=PASSWORD)

    said = [
        answers(Client(), name, password)
        for name, password in (
            ("nobody", PASSWORD),
            ("zhang", "wrong"),
            ("closed", PASSWORD),
            ("visitor", PASSWORD),
        )
    ]

    assert said[0][0] == 422
    assert all(answer == said[0] for answer in said)


def test_unknown_name_costs_the_same_hashing_as_a_known_one(zhang, settings, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, *args, **kwargs: hashed.append(1) or encode(self, *args, **kwargs),
    )

    counts = []
    for name in ("zhang", "nobody"):
        hashed.clear()
        send_password(Client(), name, "wrong")
        counts.append(len(hashed))

    assert counts == [1, 1]


def test_code_is_good_once(zhang):
    code = code_of(zhang)
    logged_in(zhang)
    other = Client()
    send_password(other)

    response = send_code(other, code)

    assert response.status_code == 422
    assert "was used already" in response.text
    assert not is_logged_in(other)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["authenticator", "recovery"])
def test_same_code_raced_twice_logs_in_once(kind):
    zhang = member()
    code = code_of(zhang) if kind == "authenticator" else authenticator.make_codes(zhang)[0]
    browsers = [Client(), Client()]
    for client in browsers:
        send_password(client)

    answered = at_once(*[lambda b=client: send_code(b, code) for client in browsers])

    assert sorted(response.status_code for response in answered) == [302, 422]
    assert sorted(map(is_logged_in, browsers)) == [False, True]
    assert Login.objects.count() == 1


def test_recovery_code_logs_in_once_however_it_is_written(zhang):
    code = authenticator.make_codes(zhang)[0]
    first, second = Client(), Client()
    for client in (first, second):
        send_password(client)

    assert send_code(first, f" {code.upper().replace('-', ' ')} ").status_code == 302
    assert send_code(second, code).status_code == 422
    assert authenticator.codes_left(zhang) == 9
    assert actions() == ["codes_made", "recovery_code_used", "logged_in", "log_in_failed"]


def test_full_width_digits_are_digits(client, zhang):
    send_password(client)
    wide = code_of(zhang).translate({ord("0") + n: 0xFF10 + n for n in range(10)})

    assert send_code(client, wide).status_code == 302


SECRET = "My-Secret-Passphrase-77"


def test_nothing_that_was_typed_is_kept_anywhere(client, zhang, caplog, connection_dump):
    """A password in the field of the name, in the address, in the code: it happens."""
    caplog.set_level(logging.DEBUG)
    client.post(f"{LOG_IN}?q={SECRET}", {"username": SECRET, "password": SECRET, "x": SECRET})
    client.post(LOG_IN, {"username": "zhang", "password": SECRET})
    client.post(LOG_IN, {"username": "zhang", "password": SECRET})
    send_password(client)
    send_code(client, SECRET)
    send_code(client, SECRET[:30])
    client.post("/staff/forgotten/", {"email": f"{SECRET}@example.org"})

    said = connection_dump()

    assert LockOut.objects.count() == 3
    assert "zhang" in said
    assert SECRET not in said
    assert SECRET not in caplog.text
    assert SECRET.lower() not in (said + caplog.text).lower()


# Without the second factor


def test_demo_logs_in_with_the_password_alone(client, settings):
    settings.STAFF_OTP = False
    member(enrolled=False)

    response = send_password(client)

    assert response.url == "/admin/"
    assert is_logged_in(client)


def test_turning_the_second_factor_on_ends_logins_without_it(client, settings):
    settings.STAFF_OTP = False
    member(enrolled=False)
    send_password(client)

    settings.STAFF_OTP = True

    response = client.get("/admin/")
    assert response.url == "/admin/login/?next=%2Fadmin%2F&over=no_code"
    assert Login.objects.count() == 0


def test_who_is_no_longer_staff_is_logged_out(zhang):
    client = logged_in(zhang)
    User.objects.update(is_staff=False)

    assert not is_logged_in(client)
    assert Login.objects.count() == 0


def test_who_is_logged_in_is_led_past_the_log_in(zhang):
    client = logged_in(zhang)

    assert client.get(f"{LOG_IN}?next=/desk/").url == "/desk/"


# Things lost


def test_right_password_without_authenticator_gets_a_link_by_mail(client):
    wang = member("wang", enrolled=False)
    response = client.get(send_password(client, "wang").url)
    page = client.get(response.url)
    sent = client.post(response.url)

    assert response.url.startswith("/staff/no-authenticator/")
    assert "nobody logs in here with a password alone" in page.text
    assert "has been sent" in sent.text
    assert posted()[0].to == ["wang <wang@example.org>"]
    assert OutboundMail.objects.get().payload == {}
    assert not is_logged_in(client)
    assert wang.email not in sent.text


def test_links_by_mail_are_limited(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"staff-link": (2, 3600)}
    member("wang", enrolled=False)
    send_password(client, "wang")

    statuses = [client.post("/staff/no-authenticator/").status_code for _number in range(3)]

    assert statuses == [200, 200, 422]
    assert len(posted()) == 2


def test_account_without_address_is_told_to_ask(client):
    member("wang", enrolled=False, email="")
    send_password(client, "wang")

    page = client.get("/staff/no-authenticator/")

    assert "Ask an administrator." in page.text
    assert client.post("/staff/no-authenticator/").status_code == 422
    assert posted() == []


def test_link_to_an_authenticator_is_not_for_strangers_nor_for_who_has_one(client, zhang):
    assert client.post("/staff/no-authenticator/").url.startswith("/admin/login/")
    send_password(client)
    assert client.post("/staff/no-authenticator/").url.startswith("/admin/login/")
    assert posted() == []


@pytest.mark.parametrize("email", ["zhang@example.org", "ZHANG@example.org", "no@example.org"])
def test_forgotten_password_gets_one_answer(client, zhang, email):
    response = client.post("/staff/forgotten/", {"email": email})

    assert response.status_code == 200
    assert "If there is an account with this address" in response.text
    assert len(posted()) == (0 if email == "no@example.org" else 1)


def test_forgotten_password_mails_nothing_to_closed_accounts(client):
    member("closed", is_active=False)

    client.post("/staff/forgotten/", {"email": "closed@example.org"})

    assert posted() == []


def test_forgotten_password_is_limited_by_network_and_by_address(zhang, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"staff-link": (2, 3600)}
    statuses = [
        Client(REMOTE_ADDR=f"192.0.2.{number}")
        .post("/staff/forgotten/", {"email": "zhang@example.org"})
        .status_code
        for number in range(3)
    ]

    assert statuses == [200, 200, 429]
    assert len(posted()) == 2
