"""From the invitation to the end of the last login, in a real browser."""

import time
from base64 import b32decode

import pytest
from django.contrib.auth.models import Group, User
from django_otp.oath import TOTP

from staff.domain import account
from tests.cast import make_superuser
from tests.journeys.conftest import DESKTOP, LANGUAGES, PHONE
from tests.journeys.test_accessibility import violations
from tests.staff.people import link_of, posted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "bridge over quiet water"


def shown(key: str) -> str:
    """What an authenticator shows that was given the key as it stands on the page."""
    text = key.replace(" ", "")
    totp = TOTP(b32decode(text))
    totp.time = time.time()
    return f"{totp.token():06}"


@pytest.mark.parametrize(("language", "size"), [(LANGUAGES[0], DESKTOP), (LANGUAGES[1], PHONE)])
def test_invited_person_sets_up_logs_out_in_and_ends(
    page, live_server, complaints, settings, language, size
):
    settings.STAFF_OTP = True
    settings.SITE_URL = live_server.url
    Group.objects.get_or_create(name="Auditor")
    account.invite(
        User(username="wang", email="wang@example.org"),
        groups=Group.objects.filter(name="Auditor"),
        by=make_superuser().user,
    )
    page.set_viewport_size(size)
    page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": live_server.url}]
    )
    broken, wide = [], []

    def look(at: str) -> None:
        page.wait_for_url(f"**{at}")
        broken.extend(violations(page))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(page.url)

    # The mailed link: a password, the phone, the recovery codes.
    page.goto(link_of(posted()[0]))
    look(at="/staff/new-password/")
    page.fill("#id_password", NEW)
    page.fill("#id_again", NEW)
    page.click("main button[type=submit]")
    look(at="/staff/new-authenticator/")
    page.click("summary")
    key = page.input_value("#key")
    page.fill("#id_code", shown(key))
    page.press("#id_code", "Enter")
    look(at="/staff/recovery-codes/")
    codes = page.locator(".recovery-codes code").all_inner_texts()
    with page.expect_download() as download:
        page.click("a[href$='recovery-codes.txt']")
    assert download.value.path().read_text().split()[1:] == codes
    page.click("form.screen-only button")
    page.wait_for_url("**/admin/")

    # Out, and in again: the code of this half minute is used up, a recovery code is not.
    page.click("#logout-form button")
    look(at="/admin/logout/")
    page.click("main a.button")
    look(at="/admin/login/**")
    page.fill("#id_username", "wang")
    page.fill("#id_password", NEW)
    page.press("#id_password", "Enter")
    look(at="/staff/code/**")
    page.click("main a[href*=recovery]")
    page.fill("#id_code", codes[0])
    page.press("#id_code", "Enter")
    page.wait_for_url("**/admin/")

    # My account: nine codes are left; this login is ended.
    page.click("#user-tools a[href='/staff/account/']")
    look(at="/staff/account/")
    assert "9" in page.inner_text("main")
    page.click(".login button")
    page.wait_for_url("**/admin/login/**")

    assert broken == []
    assert wide == []
    assert complaints == []
