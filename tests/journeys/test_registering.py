import re

import pytest
from django.core import mail
from django.utils import translation
from playwright.sync_api import expect

from registrations.models import Registration
from tests import factories
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "register": "Register",
        "send": "Send the registration",
        "join": "Join the waiting list",
        "cancel": "Cancel my registration",
        "give": "Cancel my registration",
        "confirmed": "Confirmed",
        "first": "You are number 1 on the waiting list.",
    },
    "zh-hans": {
        "register": "报名",
        "send": "提交报名",
        "join": "加入候补名单",
        "cancel": "取消报名",
        "give": "取消报名",
        "confirmed": "已确认",
        "first": "第1位",
    },
}


def fill(page, words: dict, name: str, button: str) -> None:
    page.get_by_role("link", name=words["register"], exact=True).first.click()
    page.fill("input[name=people-0-name]", name)
    page.fill("input[name=people-0-email]", f"{len(mail.outbox)}@example.org")
    page.fill("input[name=organization_name]", "清曜生物")
    page.select_option("select[name=category]", "company")
    page.check("input[name=consent]")
    page.get_by_role("button", name=words[button]).click()
    page.wait_for_url("**/registered/")


def personal_link(live_url: str) -> str:
    """The link in the latest mail, on the server of this test."""
    path = re.search(r"https?://[^/\s]+(/[\w-]+/my/\S+)", mail.outbox[-1].body)[1]
    return live_url + path


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_registering_cancelling_and_moving_up(
    transactional_db, live_server, page, complaints, language
):
    words = WORDS[language]
    with translation.override(language):
        event = factories.registration_settings(capacity=1).event
    page.set_viewport_size(PHONE)
    event_page = f"{live_server.url}/{language}/events/{event.slug}/"

    page.goto(event_page)
    fill(page, words, "王伟", "send")
    first_link = personal_link(live_server.url)
    page.goto(event_page)
    fill(page, words, "Ann Hale", "join")
    second_link = personal_link(live_server.url)

    page.goto(second_link)
    expect(page.locator("main")).to_contain_text(words["first"])
    page.goto(first_link)
    expect(page.locator("main")).to_contain_text(words["confirmed"])
    expect(page.locator(".ticket svg")).to_be_visible()
    page.get_by_role("link", name=words["cancel"]).click()
    page.get_by_role("button", name=words["give"]).click()
    page.goto(second_link)
    expect(page.locator("main")).to_contain_text(words["confirmed"])

    assert [row.status for row in Registration.objects.order_by("pk")] == ["cancelled", "confirmed"]
    assert complaints == []


def test_the_language_switch_and_back_keep_what_was_typed(
    transactional_db, live_server, page, settings
):
    settings.FORM_MIN_SECONDS = 0
    event = factories.registration_settings().event
    form = f"{live_server.url}/en/events/{event.slug}/register/"
    page.goto(form)
    page.fill("input[name=people-0-name]", "Ann Hale")
    page.fill("input[name=people-0-email]", "ann@example.org")

    page.get_by_role("button", name="中文").first.click()
    page.wait_for_load_state()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("input[name=people-0-name]")).to_have_value("Ann Hale")
    assert page.url == form.replace("/en/", "/zh-hans/")

    # Without consent it is refused; one looks elsewhere and comes back to it.
    page.get_by_role("button", name="提交报名").click()
    expect(page.locator(".errorlist").first).to_be_visible()
    page.locator(".site-name").click()
    page.wait_for_load_state()
    page.go_back()
    expect(page.locator("input[name=people-0-email]")).to_have_value("ann@example.org")
    page.go_back()
    expect(page.locator("input[name=people-0-name]")).to_have_value("Ann Hale")
