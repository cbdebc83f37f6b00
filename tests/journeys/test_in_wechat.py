"""Pages in WeChat's own browser, which downloads nothing."""

import pytest

from tests import factories

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("private_files"),
]

WECHAT = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN"
)


@pytest.fixture
def event():
    made = factories.upcoming_event(
        title_zh_hans="项目对接会", city_zh_hans="石家庄", venue_zh_hans="会议中心"
    )
    factories.event_file(event=made, title_zh_hans="会议手册")
    factories.poster(event=made, language="zh-hans")
    return made


def opened(browser, live_server, event, **options):
    page = browser.new_page(base_url=live_server.url, **options)
    page.goto(f"/zh-hans/events/{event.slug}/")
    page.wait_for_load_state("networkidle")
    return page


def test_it_is_said_how_to_open_the_page_elsewhere(browser, live_server, event):
    page = opened(browser, live_server, event, user_agent=WECHAT)

    hint = page.locator("[data-in-wechat]")
    assert hint.is_visible()
    assert "点击右上角“…”，选择“在浏览器中打开”" in hint.inner_text()
    copied = hint.locator(".to-copy").inner_text()
    assert "项目对接会" in copied
    assert "石家庄 会议中心" in copied
    assert event.slug in copied
    page.close()


def test_nothing_there_does_nothing(browser, live_server, event):
    page = opened(browser, live_server, event, user_agent=WECHAT)

    assert not page.get_by_role("link", name="添加到日历").first.is_visible()
    assert page.locator("a[href$='.ics'], a[download][href]").filter(visible=True).count() == 0
    assert page.get_by_text("会议手册").is_visible()
    # A picture is shown, and kept by pressing it.
    assert page.get_by_role("link", name="分享海报").first.is_visible()
    page.close()


def test_other_browsers_show_the_same_page_without_it(browser, live_server, event):
    page = opened(browser, live_server, event)

    assert not page.locator("[data-in-wechat]").is_visible()
    assert page.locator("a[download][href]").filter(visible=True).count() == 1
    page.close()
