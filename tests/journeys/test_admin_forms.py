"""Forms of the admin under impatient hands, in a real browser."""

import pytest
from playwright.sync_api import expect

from events.models import EventSeries
from tests import factories
from tests.cast import make_organizer
from tests.journeys.conftest import DESKTOP

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Two clicks as far apart as those of a hand, while the server is still at the first.
TWICE = "(button) => { button.click(); setTimeout(() => button.click(), 20); }"


def test_double_click_on_save_sends_once(page, live_server, complaints):
    make_organizer()
    page.set_viewport_size(DESKTOP)
    page.goto(f"{live_server.url}/admin/login/?next=/admin/events/eventseries/add/")
    page.fill("input[name=username]", "organizer")
    page.fill("input[name=password]", "x")
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/add/")
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))

    page.fill("input[name=title_en]", "Two Shores")
    page.fill("input[name=title_zh_hans]", "两岸")
    page.fill("input[name=reference_prefix]", "TWO")
    page.locator("input[name=_save]").first.evaluate(TWICE)
    page.wait_for_url("**/admin/events/eventseries/")

    assert len(sent) == 1
    assert [series.title_en for series in EventSeries.objects.all()] == ["Two Shores"]
    assert complaints == []


@pytest.fixture
def organizer(page, live_server):
    person = make_organizer()
    cookie = person.cookies["sessionid"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.set_viewport_size(DESKTOP)
    return person


@pytest.mark.parametrize(("language", "first"), [("en", "en"), ("zh-hans", "zh_hans")])
def test_page_to_add_something_begins_in_its_first_text(
    page, live_server, organizer, complaints, language, first
):
    page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": live_server.url}]
    )

    page.goto(f"{live_server.url}/admin/projects/project/add/")
    page.keyboard.type("Blood test")
    page.keyboard.press("Tab")
    page.keyboard.type("Other language")

    second = {"en": "zh_hans", "zh_hans": "en"}[first]
    expect(page.locator(f"#id_title_{first}")).to_have_value("Blood test")
    expect(page.locator(f"#id_title_{second}")).to_have_value("Other language")
    assert complaints == []


def test_error_above_a_form_leads_to_its_field(page, live_server, organizer, complaints):
    page.goto(f"{live_server.url}/admin/events/session/add/")
    page.locator("[name=_save]").last.click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()

    # A chooser that searches, and a text.
    summary.get_by_role("link", name="Event", exact=True).click()
    expect(page.locator(".field-event .select2-selection")).to_be_focused()
    summary.get_by_role("link", name="Title (English)").click()
    expect(page.locator("#id_title_en")).to_be_focused()
    expect(page.locator("#id_title_en")).to_be_in_viewport()
    assert complaints == []


def test_error_in_a_folded_row_opens_it(page, live_server, organizer, complaints):
    file = factories.event_file()
    page.goto(f"{live_server.url}/admin/events/event/{file.event_id}/files/")
    page.locator("#files-0 summary").click()
    page.fill("#id_files-0-title_en", "")
    page.fill("#id_files-0-title_zh_hans", "")
    page.locator("[name=_save]").last.click()
    summary = page.locator(".error-summary")
    expect(summary).to_contain_text("Files, row 1")
    page.locator("#files-0 summary").click()
    expect(page.locator("#id_files-0-title_en")).to_be_hidden()

    summary.get_by_role("link", name="Title (English)").click()

    expect(page.locator("#id_files-0-title_en")).to_be_focused()
    assert complaints == []


def test_links_to_errors_are_anchors_without_javascript(browser, live_server, organizer, page):
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(f"{live_server.url}/admin/events/eventseries/add/")
    plain.locator("[name=_save]").last.click()

    plain.locator(".error-summary a").first.click()

    assert plain.url.endswith("#id_title_en")
    context.close()
