"""Pages in WeChat's own browser, which downloads nothing."""

import pytest
from django.conf import settings as django_settings

from tests import factories
from tests.website.registering import typed

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


@pytest.fixture
def on_own_screen(browser, live_server, event, client):
    """The screen after registering, in WeChat, with the session of who has just sent the form."""
    settings = factories.registration_settings(event=event)
    client.post(f"/zh-hans/events/{event.slug}/register/", typed(settings.event))
    context = browser.new_context(base_url=live_server.url, user_agent=WECHAT)
    [key] = [
        {"name": name, "value": cookie.value, "url": live_server.url}
        for name, cookie in client.cookies.items()
        if name == django_settings.SESSION_COOKIE_NAME
    ]
    context.add_cookies([key])
    page = context.new_page()
    page.goto(f"/zh-hans/events/{event.slug}/registered/")
    page.wait_for_load_state("networkidle")
    yield page
    context.close()


def test_nothing_on_the_screen_after_registering_does_nothing(on_own_screen):
    assert on_own_screen.locator(".ticket").is_visible()
    assert on_own_screen.get_by_role("link", name="添加到日历").count() == 0
    assert on_own_screen.locator("[data-in-wechat]").is_visible()


def test_nothing_on_the_start_page_does_nothing(browser, live_server, event):
    page = browser.new_page(base_url=live_server.url, user_agent=WECHAT)
    page.goto("/zh-hans/")
    page.wait_for_load_state("networkidle")

    assert page.get_by_role("link", name="项目对接会").first.is_visible()
    assert page.get_by_role("link", name="添加到日历").count() == 0
    assert page.locator("[data-in-wechat]").is_visible()
    page.close()


def test_other_browsers_show_the_same_page_without_it(browser, live_server, event):
    page = opened(browser, live_server, event)

    assert not page.locator("[data-in-wechat]").is_visible()
    assert page.locator("a[download][href]").filter(visible=True).count() == 1
    page.close()
