"""A mailed link: from an invitation to the desk, and no further than it was meant for."""

import re
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from audit.models import AuditEntry
from staff import account_links
from staff.account_links import Purpose
from staff.domain import account, authenticator
from staff.models import Login
from tests.cast import make_superuser
from tests.staff.people import (
    PASSWORD,
    code_of,
    is_logged_in,
    link_of,
    logged_in,
    member,
    posted,
    send_code,
    send_password,
)
from tests.threads import at_once

NEW = "bridge over quiet water"


def invited(name="wang") -> User:
    user = User(username=name, email=f"{name}@example.org")
    groups = Group.objects.filter(name="Organizer")
    return account.invite(user, groups=groups, by=make_superuser().user)


def path_of(user, purpose) -> str:
    # As it is in the database: a log-in since then has changed it.
    return account_links.url(User.objects.get(pk=user.pk), purpose).removeprefix(
        "http://testserver"
    )


def set_password(client, password=NEW):
    return client.post("/staff/new-password/", {"password": password, "again": password})


def shown_key(client) -> str:
    """The key that the page shows, as the phone that reads its QR code has it."""
    client.get("/staff/new-authenticator/")
    return client.session["staff_link"]["key"]


def enrol(client):
    return client.post("/staff/new-authenticator/", {"code": code_of(shown_key(client))})


def test_invitation_leads_to_the_desk(client):
    user = invited()
    [mail] = posted()

    opened = client.get(link_of(mail))
    page = client.get(opened.url)
    chosen = set_password(client)
    qr_page = client.get(chosen.url)
    confirmed = enrol(client)
    codes_page = client.get(confirmed.url)
    file = client.get("/staff/recovery-codes.txt")
    kept = client.post(confirmed.url)

    assert (opened.status_code, opened.url) == (302, "/staff/new-password/")
    assert opened["Referrer-Policy"] == "no-referrer"
    assert "at least 12 characters" in page.text
    assert chosen.url == "/staff/new-authenticator/"
    assert "<svg" in qr_page.text
    assert 'href="otpauth://totp/Summit%3Awang?' in qr_page.text
    codes = re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", codes_page.text)
    assert len(set(codes)) == 10
    assert file["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert "no-store" in file["Cache-Control"]
    assert file.text.split() == ["http://testserver", *codes]
    assert kept.url == "/admin/"
    assert is_logged_in(client)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        *("account_made", "invited", "password_changed", "device_enrolled", "codes_made"),
        "logged_in",
    ]
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_recovery_codes_are_shown_until_they_are_kept_and_stored_as_hashes(client):
    invited()
    client.get(link_of(posted()[0]))
    set_password(client)
    address = enrol(client).url
    codes = client.session["staff_recovery_codes"]["codes"]

    assert codes[0] in client.get(address).text
    client.post(address)

    assert client.get(address).url == "/staff/account/"
    assert "staff_recovery_codes" not in client.session
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert stored.isdisjoint(code.replace("-", "") for code in codes)


def test_link_says_neither_the_number_nor_the_name_of_the_account(client):
    user = invited()
    link = link_of(posted()[0])

    assert "wang" not in link
    assert f"/{user.pk}/" not in link
    assert client.get(link).url == "/staff/new-password/"


def test_link_is_used_once(client):
    invited()
    link = link_of(posted()[0])
    client.get(link)
    set_password(client)

    again = Client().get(link)

    assert again.status_code == 410
    assert "It was used already, or it is too old" in again.text
    assert again["Referrer-Policy"] == "no-referrer"


def test_authenticator_link_is_used_once(client, zhang):
    TOTPDevice.objects.all().delete()
    path = path_of(zhang, Purpose.AUTHENTICATOR)
    client.get(path)
    enrol(client)

    assert Client().get(path).status_code == 410


@pytest.mark.django_db(transaction=True)
def test_two_who_have_the_link_at_once_set_one_password():
    invited()
    path = link_of(posted()[0])
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.get(path)

    answered = at_once(
        *[
            lambda b=browser, n=number: set_password(b, f"{NEW} {n}")
            for number, browser in enumerate(browsers)
        ]
    )

    assert sorted(response.status_code for response in answered) == [302, 410]


@pytest.mark.django_db(transaction=True)
def test_two_who_have_the_link_at_once_enrol_one_phone():
    zhang = member(enrolled=False)
    path = path_of(zhang, Purpose.AUTHENTICATOR)
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.get(path)

    answered = at_once(*[lambda b=browser: enrol(b) for browser in browsers])

    assert sorted(response.status_code for response in answered) == [302, 410]
    assert TOTPDevice.objects.count() == 1


def test_link_ends_after_three_days(client, zhang, time_machine):
    time_machine.move_to("2027-03-01 08:00Z", tick=False)
    path = path_of(zhang, Purpose.PASSWORD)
    time_machine.move_to("2027-03-04 07:59Z", tick=False)
    assert client.get(path).status_code == 302

    time_machine.move_to("2027-03-04 08:01Z", tick=False)

    assert Client().get(path).status_code == 410
    assert set_password(client).status_code == 410


def test_link_that_was_opened_ends_with_the_account(client, zhang):
    client.get(path_of(zhang, Purpose.PASSWORD))
    account.set_active(zhang, False, by=make_superuser().user)

    assert set_password(client).status_code == 410
    zhang.refresh_from_db()
    assert zhang.check_password(PASSWORD)


def test_guessed_links_are_counted(client, db, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"code": (2, 600)}

    statuses = [client.get(f"/staff/welcome/guess{n}/").status_code for n in range(3)]

    assert statuses == [410, 410, 429]


def test_pages_of_a_link_without_one_lead_to_the_log_in(client, db):
    for path in ("/staff/new-password/", "/staff/new-authenticator/"):
        assert client.get(path).url == "/admin/login/"
    assert client.get("/staff/recovery-codes/").url.startswith("/admin/login/")
    assert client.get("/staff/recovery-codes.txt").url == "/staff/recovery-codes/"


def test_password_link_sets_the_password_and_the_code_is_still_asked_for(client, zhang):
    elsewhere = logged_in(zhang)
    client.get(path_of(zhang, Purpose.PASSWORD))

    done = set_password(client)

    assert done.url == "/admin/login/?over=password"
    assert not is_logged_in(client)
    assert not is_logged_in(elsewhere)
    assert Login.objects.count() == 0
    assert send_password(client, password=NEW).url.startswith("/staff/code/")


def test_password_link_opens_no_page_of_the_authenticator(client, zhang):
    client.get(path_of(zhang, Purpose.PASSWORD))

    assert client.get("/staff/new-authenticator/").status_code == 410


def test_authenticator_link_opens_no_page_of_the_password_and_logs_nobody_in(client):
    wang = member("wang", enrolled=False)
    client.get(path_of(wang, Purpose.AUTHENTICATOR))
    assert client.get("/staff/new-password/").status_code == 410
    client.get(path_of(wang, Purpose.AUTHENTICATOR))

    codes = enrol(client)
    kept = client.post(codes.url)

    assert kept.url == "/admin/login/?over=authenticator"
    assert not is_logged_in(client)
    assert authenticator.is_enrolled(wang)


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", "short", "too short"),
        ("wang-example-org", "something else", "not the same"),
        ("password1234", "password1234", "too common"),
        ("987654321987", "987654321987", "entirely numeric"),
    ],
)
def test_weak_passwords_are_refused_in_words(client, password, again, said):
    user = invited()
    client.get(link_of(posted()[0]))

    response = client.post("/staff/new-password/", {"password": password, "again": again})

    assert response.status_code == 422
    assert said in response.text
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_wrong_first_code_enrols_nothing(client):
    wang = member("wang", enrolled=False)
    client.get(path_of(wang, Purpose.AUTHENTICATOR))
    key = shown_key(client)
    wrong = f"{(int(code_of(key)) + 1) % 1_000_000:06}"

    response = client.post("/staff/new-authenticator/", {"code": wrong})

    assert response.status_code == 422
    assert not authenticator.is_enrolled(wang)
    assert shown_key(client) == key


def test_first_code_cannot_be_used_again_to_log_in(client):
    wang = member("wang", enrolled=False)
    client.get(path_of(wang, Purpose.AUTHENTICATOR))
    code = code_of(shown_key(client))
    client.post("/staff/new-authenticator/", {"code": code})
    other = Client()
    send_password(other, "wang")

    assert send_code(other, code).status_code == 422


def test_without_the_second_factor_the_password_is_all(client, settings):
    settings.STAFF_OTP = False
    invited()
    client.get(link_of(posted()[0]))

    assert set_password(client).url == "/admin/"
    assert is_logged_in(client)


def test_mail_is_in_both_languages_and_its_link_is_made_when_it_is_sent(client):
    invited()
    [mail] = posted()
    html = mail.alternatives[0].content

    assert mail.to == ["wang <wang@example.org>"]
    assert 'lang="zh-Hans"' in html
    assert "Your user name is wang." in mail.body
    assert html.count(unquote(link_of(mail))) == 2
    assert "within 72 hours" in mail.body
