import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.browser

SUMMIT = "2020-shijiazhuang-british-biomedical-summit"


def summit_path(site, language: str) -> str:
    return next(path for path in site.paths if re.fullmatch(rf"/{language}/events/{SUMMIT}/", path))


def test_root_chooses_the_browsers_language(site, browser):
    for locale, language in (("zh-CN", "zh-hans"), ("en-GB", "en"), ("fr-FR", "en")):
        context = browser.new_context(locale=locale, base_url=site.url)
        page = context.new_page()

        page.goto("/")

        assert page.url == f"{site.url}/{language}/"
        context.close()


def test_language_switch_keeps_the_page(site, page, complaints):
    page.set_viewport_size(PHONE)
    page.goto(summit_path(site, "en"))

    page.get_by_role("link", name="中文").first.click()

    assert page.url == site.url + summit_path(site, "zh-hans")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("h1")).to_contain_text("石家庄·英国国际生物医药前沿项目对接峰会")
    assert complaints == []


def test_story_is_read_from_home_to_the_signed_intention(site, page, complaints):
    page.set_viewport_size(PHONE)
    page.goto("/en/")

    page.goto(summit_path(site, "en"))
    expect(page.locator("body")).to_contain_text("Shijiazhuang Science and Technology Bureau")
    page.locator("main a[href*='/projects/remote-blood']").first.click()
    expect(page.locator("h1")).to_contain_text(re.compile("remote blood testing", re.IGNORECASE))
    page.locator("main a[href*='/intentions/SJZ-2020-']").first.click()

    expect(page.locator("h1")).to_contain_text("SJZ-2020-")
    assert complaints == []


@pytest.mark.parametrize(("language", "word"), [("en", "blood"), ("zh-hans", "血液")])
def test_catalogue_is_searched_without_javascript(site, browser, language, word):
    context = browser.new_context(java_script_enabled=False, base_url=site.url, viewport=PHONE)
    page = context.new_page()
    page.goto(f"/{language}/projects/")

    page.fill("main input[name=q]", word)
    page.press("main input[name=q]", "Enter")

    assert f"q={'blood' if word == 'blood' else '%E8%A1%80%E6%B6%B2'}" in page.url
    expect(page.locator("main a[href*='/projects/remote-blood']").first).to_be_visible()
    context.close()


def test_everything_is_reached_by_keyboard_with_visible_focus(site, page):
    page.set_viewport_size(PHONE)
    page.goto(summit_path(site, "zh-hans"))
    links = page.evaluate(
        "[...document.querySelectorAll('a[href], button, summary, input, select')]"
        ".filter(e => e.checkVisibility() && !e.closest('details:not([open]) > :not(summary)'))"
        ".length"
    )
    reached, unseen = set(), []

    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.getAttribute('href')")
    for _tab in range(links + 5):
        state = page.evaluate(
            "(() => { const e = document.activeElement; const s = getComputedStyle(e);"
            "if (e === document.body) return null;"
            "window.seen ??= new Map();"
            "if (!window.seen.has(e)) window.seen.set(e, window.seen.size);"
            "return [window.seen.get(e), s.outlineStyle !== 'none' || s.boxShadow !== 'none',"
            " e.outerHTML.slice(0, 120)] })()"
        )
        if state is None:
            break
        reached.add(state[0])
        if not state[1]:
            unseen.append(state[2])
        page.keyboard.press("Tab")

    assert first == "#main"
    assert unseen == []
    assert len(reached) == links


def test_visitors_own_time_stands_beside_the_programme(site, browser):
    context = browser.new_context(timezone_id="America/New_York", locale="en-GB", base_url=site.url)
    page = context.new_page()

    page.goto(summit_path(site, "en"))

    expect(page.locator("main")).to_contain_text(re.compile("New York|your time", re.IGNORECASE))
    context.close()
