"""The desk on a phone: found by pinyin, one tap, undo, a bad connection."""

import re

import pytest
from django.utils import translation
from playwright.sync_api import expect

from registrations.models import CheckIn, Registration, RegistrationSettings
from tests import factories
from tests.cast import make_clerk
from tests.journeys.conftest import DESKTOP, LANGUAGES, PHONE
from tests.journeys.html import errors_of
from tests.journeys.test_accessibility import violations
from tests.journeys.test_registration_pages import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The browser's own notes on answers that refuse and on connections that the test cuts.
EXPECTED = "Failed to load resource"


def search(page, text):
    page.fill("#q", text)
    page.press("#q", "Enter")


def card(page):
    return page.locator(".desk-card")


def count(page, name):
    return page.locator(f"[data-count={name}]")


def heard(complaints):
    return [words for words in complaints if EXPECTED not in words]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_is_found_checked_in_and_undone(at_desk, event, complaints, language):
    page = at_desk(language)
    expect(page.locator("#q")).to_be_focused()
    broken = violations(page)

    search(page, "wang wei")
    expect(card(page)).to_have_count(1)
    expect(card(page)).to_contain_text("王伟")
    broken += violations(page)
    card(page).locator(".button-tap").click()
    expect(page.locator(".desk-card-new")).to_be_visible()
    expect(count(page, "arrived")).to_have_text("1")
    expect(page.locator(".latest")).to_contain_text("王伟")
    expect(page.locator("#q")).to_be_focused()
    broken += violations(page)

    search(page, "ww")
    expect(page.locator(".desk-card-arrived:not(.desk-card-new)")).to_be_visible()
    expect(card(page)).to_contain_text("clerk")
    card(page).locator(".undo summary").click()
    broken += violations(page)
    card(page).locator(".undo button").click()
    expect(page.locator(".desk-card-expected")).to_be_visible()
    expect(count(page, "arrived")).to_have_text("0")

    made = CheckIn.objects.get()
    assert (made.checked_in_by, made.undone_by.username) == (made.undone_by, "clerk")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.url.endswith(f"/desk/{event.slug}/")
    assert broken == []
    assert complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_walk_in_is_registered_in_place(at_desk, event, complaints, language):
    RegistrationSettings.objects.update(capacity=2)
    page = at_desk(language)
    search(page, "赵敏")
    page.locator(".door-results button[name=begin]").click()
    page.wait_for_url("**/walk-in/")
    expect(page.locator("input[name=name]")).to_have_value("赵敏")
    page.locator("form.form .button").click()
    expect(page.locator(".errorlist")).to_have_count(2)
    broken = violations(page)

    page.select_option("select[name=category]", "media")
    page.check("input[name=consent]")
    page.locator("form.form .button").click()
    page.locator("button[name=beyond]").click()
    expect(page.locator(".desk-card-new")).to_contain_text("赵敏")
    broken += violations(page)

    assert Registration.objects.get(name="赵敏").status == "confirmed"
    assert CheckIn.objects.get().registration.name == "赵敏"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert broken == []
    assert heard(complaints) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_search_that_takes_long_says_so(at_desk, complaints, language):
    page = at_desk(language)
    working = page.locator("[data-working]")
    held = []
    page.route("**/desk/**", lambda route: held.append(route))

    search(page, "wang wei")
    expect(working).to_have_text(working.get_attribute("data-working"))
    search(page, "ww")
    expect(working).not_to_be_empty()
    held[-1].continue_()
    expect(card(page)).to_have_count(1)
    expect(working).to_be_empty()

    assert complaints == []


def test_a_log_in_that_has_ended_says_so_with_a_way_back(at_desk, event):
    page = at_desk()
    search(page, "wang wei")
    expect(card(page)).to_have_count(1)
    page.context.clear_cookies(name="sessionid")

    card(page).locator(".button-tap").click()
    expect(card(page).locator(".not-sent")).to_contain_text("You are logged out.")
    card(page).get_by_role("link", name="Log in again").click()
    page.fill("input[name=username]", "clerk")
    page.fill("input[name=password]", "x")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**/desk/{event.slug}/")

    assert CheckIn.objects.count() == 0


def test_a_scanner_that_types_checks_one_after_the_other_in(at_desk, event):
    page = at_desk()
    page.check("input[name=at_once]")
    tickets = dict(Registration.objects.values_list("name", "ticket"))

    for name, ticket in tickets.items():
        page.keyboard.type(ticket)
        page.keyboard.press("Enter")
        expect(page.locator(".desk-card-new")).to_contain_text(name)
    # The last tap was on a button: what is typed goes into the box all the same.
    page.locator(".latest .undo summary").first.focus()
    page.keyboard.type(next(iter(tickets.values())))
    page.keyboard.press("Enter")
    expect(page.locator(".desk-card-arrived:not(.desk-card-new)")).to_be_visible()

    assert CheckIn.objects.count() == 2
    page.reload()
    expect(page.locator("input[name=at_once]")).to_be_checked()


def test_a_desk_that_only_looks_sees_the_counts_change(at_desk, event):
    page = at_desk()
    page.clock.install()
    page.reload()
    expect(count(page, "expected")).to_have_text("2")
    factories.registered(event)

    page.clock.run_for(10500)
    expect(count(page, "expected")).to_have_text("3")
    page.context.set_offline(True)
    page.clock.run_for(10500)
    expect(page.locator("[data-counts] .not-sent")).to_be_visible()
    page.context.set_offline(False)
    page.clock.run_for(10500)
    expect(page.locator("[data-counts] .not-sent")).to_have_count(0)


def test_everything_works_without_a_script(event, browser, live_server):
    make_clerk(event)
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport=PHONE
    )
    page = context.new_page()
    page.goto(f"/admin/login/?next=/desk/{event.slug}/")
    page.fill("input[name=username]", "clerk")
    page.fill("input[name=password]", "x")
    page.press("input[name=password]", "Enter")

    search(page, "wang wei")
    card(page).locator(".button-tap").click()
    expect(page.locator(".desk-card-new")).to_be_visible()
    expect(count(page, "arrived")).to_have_text("1")
    card(page).locator(".undo summary").click()
    card(page).locator(".undo button").click()
    expect(count(page, "arrived")).to_have_text("0")
    expect(page.locator("#q")).to_have_value("wang wei")

    assert CheckIn.objects.get().undone_at
    context.close()


def in_every_state(event, page):
    """Put a person of each status, and one who has come, before the desk."""
    first = None
    for status in Registration.Status.values:
        mine = factories.registered(event, name=f"Wang {status.title()}")
        first = first or mine
        times = dict.fromkeys(
            ("queued_at", "offer_expires_at", "cancelled_at", "held_until"), mine.registered_at
        )
        factories.put_in_status(mine, status, first=first, **times)
    search(page, "wang")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")])
def test_every_state_breaks_no_axe_rule_and_scrolls_one_way(
    at_desk, event, page, complaints, language, size, scheme
):
    RegistrationSettings.objects.update(capacity=0, takes_session_attendance=True)
    with translation.override(language):
        factories.session(event=event, starts_at=event.starts_at, ends_at=event.ends_at)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    at_desk(language, size)
    in_every_state(event, page)
    expect(card(page)).to_have_count(11)
    broken = violations(page)
    look(page, f"desk-found.{language}.{size['width']}.{scheme}")
    # Of who awaits approval: the seat of who was offered one is there already.
    pending = page.locator(".desk-card-waiting").filter(has_text="Wang Pending")
    pending.locator(".button-tap").first.click()
    expect(page.locator("button[name=beyond]").first).to_be_visible()
    broken += violations(page)
    for path in ("/desk/", f"/desk/{event.slug}/walk-in/", "/desk/nothing/"):
        page.goto(path)
        broken += violations(page)
        look(page, f"desk{re.sub(r'[^a-z]+', '-', path)}.{language}.{size['width']}.{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]

    assert broken == []
    assert heard(complaints) == []


def test_every_page_is_valid_html(event, tmp_path):
    clerk = make_clerk(event)
    RegistrationSettings.objects.update(takes_session_attendance=True)
    factories.session(event=event)
    door = f"/desk/{event.slug}/"
    ticket = Registration.objects.get(name="王伟").ticket
    pages = {"check-in": clerk.post(f"{door}check-in/", {"ticket": ticket})}
    pages |= {path: clerk.get(path) for path in ("/desk/", door, f"{door}walk-in/", "/desk/no/")}
    pages |= {
        "found": clerk.post(door, {"q": "a"}),
        "nobody": clerk.post(door, {"q": "7K2M"}),
        "refused": clerk.post(f"{door}walk-in/", {"name": ""}),
    }

    assert errors_of({name: page.content for name, page in pages.items()}, tmp_path) == []
