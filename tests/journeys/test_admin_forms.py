"""Forms of the admin under impatient hands, in a real browser."""

import pytest

from events.models import EventSeries
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
