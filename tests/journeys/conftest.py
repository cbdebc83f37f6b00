"""The whole demo site in a real browser."""

import sqlite3
from dataclasses import dataclass, field

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from events.models import SiteProfile
from tests import factories
from tests.cast import make_clerk
from tests.pages import listed_pages

LANGUAGES = ("en", "zh-hans")
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
PASSWORD = "a-long-password-for-journeys"


@dataclass
class Site:
    """The demo data served at ``url``, with every public path that its sitemap lists."""

    url: str
    paths: list[str]
    first_of: dict[str, str] = field(default_factory=dict)

    def one_of_each(self, language: str) -> list[str]:
        """One page of every kind in the language, the 2020 summit's own where there is one."""
        return [path for path in self.first_of.values() if path.startswith(f"/{language}/")]


# The demo as it was built first, one copy a process: each test begins with it.
_built: list[sqlite3.Connection] = []


def _demo() -> None:
    """Fill the database with the demo, from the copy where there is one."""
    connection.ensure_connection()
    if _built:
        _built[0].backup(connection.connection)
        return
    call_command("demo", organizer_password=PASSWORD, verbosity=0)
    _built.append(sqlite3.connect(":memory:", check_same_thread=False))
    connection.connection.backup(_built[0])


@pytest.fixture
def site(transactional_db, live_server) -> Site:
    _demo()
    paths = sorted(set(listed_pages(Client())))
    first_of = {}
    # The summit that the product was first asked for is the fullest page of its kind.
    for path in sorted(paths, key=lambda path: ("2020" not in path, path)):
        parts = path.strip("/").split("/")
        first_of.setdefault(f"{parts[0]}/{'/'.join(parts[1:2])}/{len(parts)}", path)
    return Site(live_server.url, paths, first_of)


# The page reports to the test what its content security policy has kept from happening.
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  window.reportViolation(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""


@pytest.fixture(autouse=True)
def _nothing_breaks_the_policy(request):
    """Fail any browser test in which a page tried what its policy forbids."""
    if "page" not in request.fixturenames and "context" not in request.fixturenames:
        yield
        return
    context = request.getfixturevalue("context")
    violations = []
    context.expose_function("reportViolation", lambda violation: violations.append(violation))
    context.add_init_script(REPORT_VIOLATIONS)
    yield
    assert violations == []


@pytest.fixture
def complaints(page) -> list[str]:
    """What the browser complains of: console errors, which CSP reports are, and foreign hosts."""
    heard = []
    page.on("console", lambda m: heard.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://localhost", "http://127.0.0.1", "data:", "blob:"))
            else heard.append(f"foreign host: {request.url}")
        ),
    )
    return heard


# The desk


@pytest.fixture
def event(db):
    """An event to come, with two people who are expected at its door."""
    profile = SiteProfile.load()
    profile.privacy_notice_en = "We keep what you type for this event and nothing else."
    profile.privacy_notice_zh_hans = "您填写的信息仅用于本次活动。"
    profile.save()
    event = factories.upcoming_event(
        title_en="Shijiazhuang–British Biomedical Project Docking Summit",
        title_zh_hans="石家庄·英国生物医药项目对接峰会",
    )
    factories.registration_settings(event=event)
    factories.registered(event, name="王伟", organization_name="清曜生物", position="总经理")
    factories.registered(event, name="Ann Hale")
    return event


@pytest.fixture
def at_desk(page, event, live_server, complaints):
    """Log in as the event's clerk and open its door."""

    def open_door(language="en", size=PHONE):
        make_clerk(event)
        page.set_viewport_size(size)
        page.context.add_cookies(
            [
                {
                    "name": "django_language",
                    "value": language,
                    "url": live_server.url,
                    "sameSite": "Lax",
                }
            ]
        )
        page.goto("/admin/")
        page.fill("input[name=username]", "clerk")
        page.fill("input[name=password]", "x")
        page.press("input[name=password]", "Enter")
        # Who sees nothing in the admin is led to the desk.
        page.wait_for_url("**/desk/")
        page.click(".desk-event .button")
        page.wait_for_url(f"**/desk/{event.slug}/")
        return page

    return open_door
