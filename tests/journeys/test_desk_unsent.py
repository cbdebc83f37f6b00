"""The desk in a hall without signal: people are found, and no tap is lost or counted twice."""

import pytest
from playwright.sync_api import expect

from registrations.models import CheckIn, Registration
from tests import factories
from tests.journeys.conftest import LANGUAGES
from tests.journeys.test_accessibility import violations
from tests.journeys.test_desk import card, count, heard, search

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def door(at_desk):
    """Open the door, and wait until its page has the list for the day."""

    def open_door(language="en"):
        page = at_desk(language)
        with page.expect_response("**/day-list.json"):
            page.reload()
        page.wait_for_load_state("networkidle")
        return page

    return open_door


def unsent(page):
    return page.locator("[data-unsent]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_are_found_and_checked_in_without_signal(door, complaints, language):
    page = door(language)
    page.context.set_offline(True)

    search(page, "wang wei")
    expect(card(page)).to_contain_text("王伟")
    expect(card(page)).to_contain_text("清曜生物")
    broken = violations(page)
    card(page).locator(".button-tap").click()
    expect(unsent(page).locator("li")).to_have_text("王伟")
    expect(card(page).locator(".desk-card-done")).to_be_visible()
    broken += violations(page)
    search(page, "hale")
    expect(card(page)).to_contain_text("Ann Hale")
    card(page).locator(".button-tap").click()
    expect(unsent(page).locator("li")).to_have_count(2)
    assert CheckIn.objects.count() == 0

    page.context.set_offline(False)
    expect(unsent(page)).to_be_hidden()
    expect(count(page, "arrived")).to_have_text("2")
    assert CheckIn.objects.count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert broken == []
    assert heard(complaints) == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Søren Kjærgaard", "soren kjaergaard"),
        ("Łukasz Żółć", "LUKASZ ZOLC"),
        ("Élodie Lefèvre", "lefevre élodie"),
        ("欧阳娜", "ouyang na"),
        ("欧阳娜", "欧阳"),
    ],
)
def test_list_is_searched_as_the_desk_is(door, event, name, typed):
    factories.registered(event, name=name)
    page = door()
    page.context.set_offline(True)

    search(page, typed)

    expect(card(page)).to_have_count(1)
    expect(card(page)).to_contain_text(name)


def test_who_is_in_no_list_is_not_found_in_words(door):
    page = door()
    page.context.set_offline(True)

    search(page, "nobody of this name")

    expect(page.locator("[data-part=results] [role=alert]")).to_contain_text("Nobody was found")
    expect(card(page)).to_have_count(0)


def test_who_has_no_seat_waits_for_the_connection(door, event):
    waiting = factories.registered(event, name="Bo Lind")
    Registration.objects.filter(pk=waiting.pk).update(
        status="waitlisted", queued_at=event.starts_at
    )
    page = door()
    page.context.set_offline(True)

    search(page, "lind")

    expect(card(page)).to_contain_text("Has no seat yet.")
    expect(card(page).locator("button")).to_have_count(0)


def test_tap_that_did_not_arrive_is_sent_by_itself_and_counts_once(at_desk, complaints):
    page = at_desk()
    search(page, "wang wei")
    expect(card(page)).to_have_count(1)

    page.context.set_offline(True)
    card(page).locator(".button-tap").click()
    expect(unsent(page).locator("li")).to_have_text("王伟")
    assert CheckIn.objects.count() == 0
    page.context.set_offline(False)
    expect(page.locator(".desk-card-new")).to_be_visible()

    expect(unsent(page)).to_be_hidden()
    assert CheckIn.objects.count() == 1
    assert heard(complaints) == []


def test_tap_whose_answer_is_lost_counts_once(at_desk):
    page = at_desk()
    search(page, "wang wei")
    expect(card(page)).to_have_count(1)

    def arrives_but_is_not_answered(route):
        route.fetch()
        route.abort()

    page.route("**/check-in/", arrives_but_is_not_answered, times=1)
    card(page).locator(".button-tap").click()
    expect(unsent(page)).to_be_visible()
    assert CheckIn.objects.count() == 1
    page.locator("[data-send]").click()
    expect(unsent(page)).to_be_hidden()
    expect(count(page, "arrived")).to_have_text("1")

    assert CheckIn.objects.count() == 1


def test_tap_that_takes_too_long_is_sent_again(at_desk):
    page = at_desk()
    search(page, "wang wei")
    page.clock.install()
    held = []
    page.route("**/check-in/", lambda route: held.append(route), times=1)

    card(page).locator(".button-tap").click()
    expect(card(page).locator("form[aria-busy=true]")).to_be_visible()
    page.clock.run_for(8500)
    expect(unsent(page)).to_be_visible()
    page.locator("[data-send]").click()
    expect(unsent(page)).to_be_hidden()

    assert len(held) == 1
    assert CheckIn.objects.count() == 1


def test_tap_is_sent_after_the_page_was_opened_anew(door):
    page = door()
    page.on("dialog", lambda dialog: dialog.accept())
    search(page, "wang wei")
    page.route("**/check-in/", lambda route: route.abort())
    card(page).locator(".button-tap").click()
    expect(unsent(page)).to_be_visible()

    page.unroute("**/check-in/")
    page.reload()
    expect(count(page, "arrived")).to_have_text("1")

    expect(unsent(page)).to_be_hidden()
    assert CheckIn.objects.count() == 1


def test_tap_that_is_refused_later_says_why(door):
    page = door()
    search(page, "wang wei")
    page.context.set_offline(True)
    card(page).locator(".button-tap").click()
    expect(unsent(page)).to_be_visible()
    search(page, "hale")
    Registration.objects.filter(name="王伟").update(status="cancelled")

    page.context.set_offline(False)

    expect(unsent(page).locator("[data-refused]")).to_contain_text("王伟")
    assert CheckIn.objects.count() == 0
