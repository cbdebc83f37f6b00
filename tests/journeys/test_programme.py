"""A programme typed by keyboard alone, in a real browser."""

import pytest

from tests import factories
from tests.cast import make_organizer
from tests.factories import at
from tests.journeys.conftest import DESKTOP

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def event():
    return factories.event(status="draft")


@pytest.fixture
def table(page, live_server, event, complaints):
    """The programme of an event, before an organizer who has logged in."""
    make_organizer()
    page.set_viewport_size(DESKTOP)
    page.goto(f"{live_server.url}/admin/login/?next=/admin/events/event/{event.pk}/programme/")
    page.fill("input[name=username]", "organizer")
    page.fill("input[name=password]", "x")
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/programme/")
    page.locator("[data-add-session]").first.wait_for()
    return page


def type_in(page, *texts):
    """Type into one box after the other; nothing leaves a box as it is."""
    for text in texts:
        if text:
            page.keyboard.insert_text(text)
        page.keyboard.press("Tab")


def focused(page) -> str:
    return page.evaluate("document.activeElement.name")


def value(page, name) -> str:
    return page.locator(f"[name=sessions-{name}]").input_value()


def test_three_sessions_are_typed_without_a_mouse(table, event, complaints):
    expert = factories.expert(name_en="Ann Hale", name_zh_hans="安·黑尔")

    table.locator("[data-add-session]").focus()
    table.keyboard.press("Enter")
    first = int(focused(table).split("-")[1])
    type_in(table, "0900", "9：30")
    table.keyboard.type("opening")
    table.keyboard.press("Tab")
    type_in(table, "Opening")
    table.keyboard.insert_text("开幕式")
    # The next row begins when this one ends, and lasts as long.
    table.keyboard.press("Enter")
    second = first + 1
    assert focused(table) == f"sessions-{second}-starts"
    assert (value(table, f"{first}-starts"), value(table, f"{first}-ends")) == ("09:00", "09:30")
    assert (value(table, f"{second}-starts"), value(table, f"{second}-ends")) == ("09:30", "10:00")
    # A later start takes the end along.
    type_in(table, "10")
    assert value(table, f"{second}-ends") == "10:30"
    type_in(table, "11", "", "Blood", "")
    table.keyboard.insert_text("Hale")
    table.locator(".select2-results__option", has_text="Ann Hale").wait_for()
    table.keyboard.press("Enter")
    table.locator(f"#id_sessions-{second}-room_en").focus()
    table.keyboard.insert_text("Hall 1")
    table.keyboard.press("Enter")
    assert value(table, f"{second + 1}-starts") == "11:00"
    type_in(table, "", "")
    table.keyboard.type("meal")
    # One more row, in which nothing is typed, is not sent.
    table.locator(f"#id_sessions-{second + 1}-title_en").focus()
    table.keyboard.insert_text("Lunch")
    table.keyboard.press("Enter")
    with table.expect_navigation():
        table.locator("[name=_save]").focus()
        table.keyboard.press("Enter")

    found = list(event.sessions.values_list("title_en", "starts_at", "ends_at", "room_en"))
    assert found == [
        ("Opening", at(9), at(9, 30), ""),
        ("Blood", at(10), at(11), "Hall 1"),
        ("Lunch", at(11), at(12), ""),
    ]
    assert event.sessions.get(title_en="Opening").kind == "opening"
    assert list(event.sessions.get(title_en="Blood").experts.all()) == [expert]
    assert complaints == []


def test_enter_takes_composed_characters_and_adds_no_row(table, complaints):
    table.locator("[data-add-session]").click()
    before = table.locator("[data-session]").count()

    table.locator("[name$=-title_zh_hans]").last.focus()
    table.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
        "{key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )

    assert table.locator("[data-session]").count() == before
    assert complaints == []


def test_host_is_added_below_a_row_and_taken_off_again(table, event, complaints):
    table.locator("[data-add-session]").click()
    number = int(focused(table).split("-")[1])
    table.locator(f"#id_sessions-{number}-title_en").fill("Opening")
    row = table.locator("[data-session]").last
    row.locator(".more summary").click()
    for name in ("Ann", "Bo"):
        row.locator("[data-add-person]").click()
        row.locator("[name$=-name_en]").last.fill(name)
    row.locator("[data-person] [data-remove]").first.click()
    with table.expect_navigation():
        table.locator("[name=_save]").click()

    assert [person.name_en for person in event.programme_people.all()] == ["Bo"]
    assert complaints == []
