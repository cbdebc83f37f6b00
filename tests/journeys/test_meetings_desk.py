"""The desk of the meetings on a phone: taps, a hall without signal, and targets for a thumb."""

import pytest
from playwright.sync_api import expect

from meetings.models import Meeting
from tests.cast import make_clerk
from tests.journeys.conftest import LANGUAGES, PHONE
from tests.journeys.test_accessibility import violations
from tests.journeys.test_desk import heard
from tests.journeys.test_small_screens import BROKEN, SMALL
from tests.meetings.day import day_event, let_it_be_now, pair

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def event(db):
    made = day_event(title_en="Harbour Summit", title_zh_hans="海港峰会")
    let_it_be_now(made)
    return made


@pytest.fixture
def at_tables(page, event, live_server, complaints):
    """Log in as the event's clerk and open the desk of its meetings."""

    def open_desk(language="en", size=PHONE):
        make_clerk(event)
        page.set_viewport_size(size)
        cookie = {"name": "django_language", "value": language, "sameSite": "Lax"}
        page.context.add_cookies([cookie | {"url": live_server.url}])
        page.goto(f"/admin/login/?next=/desk/{event.slug}/meetings/")
        page.fill("input[name=username]", "clerk")
        page.fill("input[name=password]", "x")
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"**/desk/{event.slug}/meetings/")
        return page

    return open_desk


def status(meeting):
    return Meeting.objects.get(pk=meeting.pk).status


@pytest.mark.parametrize("language", LANGUAGES)
def test_not_come_and_replaced_in_three_taps_without_leaving_the_page(
    event, at_tables, complaints, language
):
    meeting, waiting = pair(event), pair(event, slot=None)
    page = at_tables(language)
    card = page.locator(f'[data-part="meeting-{meeting.code}"]')

    card.locator("summary").click()
    card.locator("[value^='missed:']").first.click()
    expect(card.locator(".stand-in")).to_be_visible()
    broken = violations(page)
    card.locator(".stand-in").click()
    expect(card.locator("[value=here]")).to_be_visible()
    name = waiting.people.first().participant.registration.name
    expect(card).to_contain_text(name)

    assert status(meeting) == "no_show"
    assert Meeting.objects.get(pk=waiting.pk).stands_in_for == meeting
    assert broken == []
    assert heard(complaints) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_taps_without_signal_wait_on_the_page_and_are_sent(event, at_tables, complaints, language):
    meeting = pair(event)
    page = at_tables(language)
    card = page.locator(f'[data-part="meeting-{meeting.code}"]')
    unsent = page.locator("[data-unsent]")
    page.context.set_offline(True)

    card.locator("[value=here]").click()
    expect(unsent.locator("li")).to_have_count(1)
    expect(page.locator("[data-part=fresh] .not-sent")).to_be_visible()
    broken = violations(page)
    before = status(meeting)
    page.context.set_offline(False)
    expect(unsent).to_be_hidden()
    expect(page.locator("[data-part=fresh] .not-sent")).to_have_count(0)

    assert (before, status(meeting)) == ("agreed", "running")
    assert broken == []
    assert heard(complaints) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_fit_a_phone_and_a_thumb(event, at_tables, language):
    meeting = pair(event)
    pair(event, slot=1)
    page = at_tables(language)
    found = []

    for path in ("", f"{meeting.code}/", f"{meeting.code}/move/", *PATHS):
        page.goto(f"/desk/{event.slug}/meetings/{path}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{path}: {wide} wide"] if wide > PHONE["width"] else []
        found += [f"{path}: {text}" for text in page.evaluate(BROKEN)]
        found += [f"{path}: {text}" for text in page.evaluate(SMALL)]
        found += [f"{path}: {each}" for each in violations(page)]

    assert found == []


PATHS = ("walk-up/", "tables/", "queues/", "queues/?table=A1", "paper/", "?show=next", "hall/")
