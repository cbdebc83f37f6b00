"""The visitor's own time beside the event's, which only a browser knows."""

import pytest

from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def path():
    event = factories.event(
        starts_at=factories.at(9), ends_at=factories.at(12), second_time_zone="Europe/London"
    )
    factories.session(event=event, starts_at=factories.at(9), ends_at=factories.at(10))
    return f"/events/{event.slug}/"


def own_times(browser, live_server, path: str, zone: str) -> list[str]:
    page = browser.new_page(base_url=live_server.url, timezone_id=zone)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    found = page.locator(".own-time").all_text_contents()
    page.close()
    return found


def test_a_visitor_elsewhere_reads_the_own_time_too(browser, live_server, path):
    assert own_times(browser, live_server, f"/en{path}", "America/New_York") == [
        "28 October (Wed) 21:00–24:00 your time",
        "28 October (Wed) 21:00–22:00 your time",
        "28 October (Wed) 21:00–24:00 your time",
    ]


def test_the_own_time_speaks_the_pages_language(browser, live_server, path):
    found = own_times(browser, live_server, f"/zh-hans{path}", "Asia/Tokyo")

    assert "10:00–13:00" in found[0]
    assert "your time" not in found[0]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Singapore", "Europe/London"])
def test_who_reads_the_same_clock_is_not_told_twice(browser, live_server, path, zone):
    assert own_times(browser, live_server, f"/en{path}", zone) == []
