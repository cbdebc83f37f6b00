"""The form for several people in a real browser: what Enter does, and where the focus goes."""

import pytest
from playwright.sync_api import expect

from registrations.models import Registration
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Notes what is read out: a live region is, once it stands on the page before its words.
LISTEN = """
window.heard = [];
const regions = document.querySelectorAll("[role=status]");
for (const region of regions) {
  new MutationObserver(() => window.heard.push(region.textContent.trim()))
    .observe(region, { childList: true, characterData: true, subtree: true });
}
"""


def name_of(page, number: int):
    return page.locator(f"input[name=people-{number}-name]")


def test_adding_taking_out_and_sending_by_the_keyboard(live_server, page, complaints, settings):
    settings.FORM_MIN_SECONDS = 0
    event = factories.registration_settings().event
    page.goto(f"{live_server.url}/en/events/{event.slug}/register/")
    page.evaluate(LISTEN)
    name_of(page, 0).fill("Ann")

    add = page.get_by_role("button", name="Add another person")
    add.press("Enter")
    expect(name_of(page, 1)).to_be_focused()
    assert page.evaluate("window.heard") == ["Person 2 was added."]
    name_of(page, 1).fill("Bea")
    add.press("Enter")
    expect(name_of(page, 2)).to_be_focused()
    name_of(page, 2).fill("Cleo")

    page.get_by_role("button", name="Take out person 2").press("Enter")
    expect(name_of(page, 1)).to_have_value("Cleo")
    expect(name_of(page, 1)).to_be_focused()
    assert page.evaluate("window.heard").pop() == "Person 2 was taken out."

    page.fill("input[name=contact-name]", "Ann Contact")
    page.fill("input[name=contact-email]", "contact@example.org")
    page.fill("input[name=organization_name]", "Harbour Works")
    page.select_option("select[name=category]", "company")
    page.check("input[name=informed]")
    name_of(page, 1).press("Enter")
    page.wait_for_url("**/registered/")

    assert [row.name for row in Registration.objects.order_by("pk")] == ["Ann", "Cleo"]
    assert complaints == []
