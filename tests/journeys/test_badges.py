"""Badges come out of a printer right: Chromium's own PDF of the page is read back."""

import io

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from events.models import Event
from tests import factories
from tests.cast import make_clerk
from tests.journeys.conftest import PHONE
from tests.journeys.html import errors_of
from tests.journeys.pdf import pages
from tests.journeys.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAPER = {"card": (90, 54), "a6": (105, 148), "a4": (210, 297)}
# name, organization, position
PEOPLE = [
    ("欧阳娜娜·阿不都热西提", "石家庄市科学技术局国际科技合作处", "副处长"),
    (
        "Maximiliana Featherstonehaugh-Cholmondeley",
        "Manchester Metropolitan University, Faculty of Science and Engineering",
        "Professor of Sensor Systems and Director of the Institute",
    ),
    ("王伟", "", ""),
    ("Jean-Baptiste de la Rochefoucauld-Montbel", "NHS", "Consultant"),
    ("W" * 100, "Rheinhöhe Biomaterials GmbH", "Head of licensing"),
    ("国" * 100, "河北清曜生物科技有限公司", "研发总监"),
]
# Whatever text leaves its box or its badge, or lies under other text.
CUT_OFF = """() => [...document.querySelectorAll(".badge")].flatMap((badge) => {
    const found = [];
    const box = badge.getBoundingClientRect();
    const ink = (element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        return range.getBoundingClientRect();
    };
    if (badge.scrollWidth > badge.clientWidth || badge.scrollHeight > badge.clientHeight)
        found.push(["badge", badge.innerText]);
    for (const text of badge.querySelectorAll("p, h2, .badge-ticket span")) {
        const { left, right, top, bottom } = ink(text);
        if (left < box.left || right > box.right || top < box.top || bottom > box.bottom)
            found.push(["outside", text.textContent]);
        if (text.tagName === "P" && text.scrollHeight > text.clientHeight + 4)
            found.push(["clamped", text.textContent]);
    }
    const above = badge.querySelector(".badge-event").getBoundingClientRect();
    const below = badge.querySelector(".badge-of p, .badge-category").getBoundingClientRect();
    const code = badge.querySelector(".badge-ticket span").getBoundingClientRect();
    const name = badge.querySelector("h2").getBoundingClientRect();
    if (name.top < above.bottom - 1 || name.bottom > below.top + 1 || name.bottom > code.top)
        found.push(["overlaps", name.top - above.bottom, below.top - name.bottom]);
    return found;
})"""


@pytest.fixture
def event() -> Event:
    event = factories.upcoming_event(
        title_en="2020 Shijiazhuang·British International Biomedical Cutting-edge Project "
        "Docking Summit",
        title_zh_hans="2020石家庄·英国国际生物医药前沿项目对接峰会",
    )
    factories.registration_settings(event=event)
    categories = ("company", "health", "public_body")
    for number, (name, organization, position) in enumerate(PEOPLE):
        factories.registered(
            event,
            name=name,
            organization_name=organization,
            position=position,
            category=categories[number % 3],
        )
    return event


def log_in(page: Page, url: str, event: Event, language: str = "en") -> None:
    clerk: Client = make_clerk(event)
    cookies = {"sessionid": clerk.cookies["sessionid"].value, "django_language": language}
    page.context.add_cookies(
        [{"name": name, "value": value, "url": url} for name, value in cookies.items()]
    )


def show(page: Page, event: Event, size: str) -> None:
    page.goto(f"/desk/{event.slug}/badges/")
    page.check(f"input[name=size][value={size}]")
    page.check("input[name=which][value=all]")
    page.locator("main form.form button").click()
    page.wait_for_selector(".badge")
    page.wait_for_load_state()  # A badge can be there before its style sheet is.


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("size", PAPER)
def test_badges_fill_their_paper_and_nothing_is_cut_off(
    live_server, page, complaints, event, size, language
):
    log_in(page, live_server.url, event, language)
    show(page, event, size)
    shown = ["".join(each.split()) for each in page.locator(".badge").all_text_contents()]

    # The width of a screen has no say in what is printed.
    page.set_viewport_size(PHONE)
    page.emulate_media(media="print", color_scheme="dark")
    cut_off = page.evaluate(CUT_OFF)
    page.emulate_media(color_scheme="dark")
    printed = pages(page.pdf(prefer_css_page_size=True))

    # Paper comes in whole points and pixels.
    assert {(round(each.width), round(each.height)) for each in printed} == {PAPER[size]}
    # Every badge is whole on a page: nothing else is, and none on two.
    per_page = 10 if size == "a4" else 1
    sheets = [shown[at : at + per_page] for at in range(0, len(shown), per_page)]
    assert [each.text for each in printed] == ["".join(sheet) for sheet in sheets]
    assert any("欧阳娜娜·阿不都热西提" in each.text for each in printed)
    assert cut_off == []
    assert complaints == []


def test_badges_are_black_on_white_in_the_dark_too(live_server, page, event):
    log_in(page, live_server.url, event)
    show(page, event, "card")
    colours = """() => ["color", "backgroundColor"].map((name) => [
        getComputedStyle(document.querySelector(".sheet"))[name],
        getComputedStyle(document.querySelector(".badge-person"))[name]])"""
    black, white, nothing = "rgb(0, 0, 0)", "rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"

    for media in ("screen", "print"):
        page.emulate_media(media=media, color_scheme="dark")
        assert page.evaluate(colours) == [[black, black], [white, nothing]]


def test_bar_prints_by_a_button_and_is_not_printed(live_server, page, event):
    log_in(page, live_server.url, event)
    show(page, event, "card")
    page.evaluate("window.print = () => { window.printed = true; }")

    expect(page.locator("[data-print-hint]")).to_be_hidden()
    page.locator("[data-print]").click()

    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    expect(page.locator(".badges-bar")).to_be_hidden()


def test_bar_names_the_keys_without_javascript(live_server, browser, event):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    log_in(page, live_server.url, event)
    show(page, event, "card")

    expect(page.locator("[data-print-hint]")).to_be_visible()
    expect(page.locator("[data-print]")).to_be_hidden()
    context.close()


def test_paper_is_changed_in_the_bar_and_kept_for_the_next(live_server, page, event):
    log_in(page, live_server.url, event)
    show(page, event, "card")

    page.select_option("select[name=size]", "a6")
    page.locator(".badges-size button").click()

    expect(page.locator(".sheet").first).to_have_css("height", "559.359px")
    page.goto(f"/desk/{event.slug}/badges/")
    expect(page.locator("input[value=a6]")).to_be_checked()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_break_no_axe_rule_and_scroll_one_way(live_server, page, event, language):
    log_in(page, live_server.url, event, language)
    page.set_viewport_size(PHONE)

    page.goto(f"/desk/{event.slug}/badges/")
    broken = violations(page)
    for size in PAPER:
        show(page, event, size)
        broken += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

    assert broken == []


def test_pages_are_valid_html(event, tmp_path):
    clerk = make_clerk(event)
    address = f"/desk/{event.slug}/badges/"
    sources = {
        "form": clerk.get(address).content,
        "refused": clerk.post(address, {"size": "poster"}).content,
        **{
            size: clerk.post(
                address, {"size": size, "category": "everybody", "which": "all"}, follow=True
            ).content
            for size in PAPER
        },
    }

    sources["printed"] = clerk.get(address).content

    assert errors_of(sources, tmp_path) == []


def test_codes_are_read_by_a_scanner(live_server, page, event):
    scanner = pytest.importorskip("zxingcpp")
    image = pytest.importorskip("PIL.Image")
    log_in(page, live_server.url, event)
    show(page, event, "card")

    tickets = set()
    for code in page.locator(".badge-ticket").all():
        picture = image.open(io.BytesIO(code.screenshot()))
        tickets |= {found.text for found in scanner.read_barcodes(picture)}

    assert tickets == set(event.registrations.values_list("ticket", flat=True))
