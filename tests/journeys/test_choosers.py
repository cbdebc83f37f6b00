"""The choosers of the admin under fast hands, in a real browser."""

import re

import pytest

from tests import factories
from tests.cast import make_organizer
from tests.journeys.conftest import DESKTOP

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEARCH = re.compile(r"/admin/autocomplete/\?.*term=\S")


@pytest.fixture
def draft(page, live_server, complaints):
    """The page of a new intention, before an organizer who has logged in."""
    make_organizer()
    page.set_viewport_size(DESKTOP)
    page.goto(f"{live_server.url}/admin/login/?next=/admin/projects/cooperationintention/add/")
    page.fill("input[name=username]", "organizer")
    page.fill("input[name=password]", "x")
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/add/")
    return page


def open_chooser(page, name, shows):
    """Open it, and wait for what it offers before anything is typed."""
    page.locator(f"select[name={name}] + .select2 .select2-selection").click()
    page.locator(".select2-results__option", has_text=shows).wait_for()


def chosen(page, name):
    return page.locator(f"select[name={name}]").evaluate("(box) => box.selectedOptions[0]?.text")


def test_enter_before_the_search_has_answered_chooses_nothing_old(draft, complaints):
    factories.organization(name_en="Aardvark Ltd", name_zh_hans="")
    factories.organization(name_en="滹沱医科大学", name_zh_hans="滹沱医科大学", city_en="Leeds")
    held = []
    draft.route(SEARCH, lambda route: held.append(route))
    open_chooser(draft, "company", "Aardvark")

    draft.keyboard.insert_text("滹沱医科大学")
    draft.keyboard.press("Enter")
    draft.wait_for_timeout(300)

    assert not chosen(draft, "company")
    assert draft.locator(".select2-results__option", has_text="Aardvark").count() == 0
    held[-1].continue_()
    draft.locator(".select2-results__option", has_text="滹沱医科大学").wait_for()
    draft.keyboard.press("Enter")
    assert chosen(draft, "company") == "滹沱医科大学 · Leeds"
    assert complaints == []


def test_sessions_are_searched_within_the_event_that_is_chosen(draft, complaints):
    here = factories.session(title_en="Signing here", event=factories.event(title_en="Leeds"))
    factories.session(title_en="Signing there", event=factories.event(title_en="York"))

    open_chooser(draft, "event", "York")
    draft.keyboard.insert_text("Leeds")
    draft.locator(".select2-results__option", has_text="York").wait_for(state="detached")
    draft.locator(".select2-results__option", has_text="Leeds").wait_for()
    draft.keyboard.press("Enter")
    open_chooser(draft, "session", "Signing here")

    options = draft.locator(".select2-results__option[role=option]").all_inner_texts()
    assert [text.split(" · ")[0] for text in options] == [here.title_en]
    assert complaints == []


def test_follow_up_is_opened_from_the_page_of_its_intention(draft, live_server, complaints):
    signed = factories.signed_intention()
    draft.goto(f"{live_server.url}/admin/projects/cooperationintention/{signed.pk}/change/")

    draft.locator("td.field-due a").first.click()

    draft.wait_for_url("**/projects/followup/*/change/")
    assert complaints == []


def test_text_that_searches_becomes_no_new_organization_by_itself(draft, live_server, complaints):
    event = factories.event()
    bureau = factories.organization(name_en="Science Bureau", name_zh_hans="石家庄市科学技术局")
    draft.goto(f"{live_server.url}/admin/events/event/{event.pk}/organizations/")

    for key, expected in (("Escape", None), ("Enter", str(bureau.pk))):
        open_chooser(draft, "roles-0-organization", "Science Bureau")
        draft.keyboard.type("sci")
        draft.locator(".select2-results__option", has_text="New: sci").wait_for()
        draft.keyboard.press(key)

        box = draft.locator("select[name=roles-0-organization]")
        assert (box.input_value() or None) == expected
    assert complaints == []


def test_new_organization_is_taken_when_it_is_chosen(draft, live_server, complaints):
    event = factories.event()
    factories.organization(name_en="Aardvark Ltd")
    draft.goto(f"{live_server.url}/admin/events/event/{event.pk}/organizations/")

    open_chooser(draft, "roles-0-organization", "Aardvark")
    draft.keyboard.insert_text("石家庄市科学技术局")
    draft.locator(".select2-results__option", has_text="石家庄市科学技术局").wait_for()
    draft.keyboard.press("Enter")

    draft.locator("[name=_save]").click()
    draft.locator(".messagelist").first.wait_for()
    assert event.roles.get().organization.name_zh_hans == "石家庄市科学技术局"
    assert complaints == []
