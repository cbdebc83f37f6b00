import pytest
from axe_playwright_python.sync_playwright import Axe

from events.models import Event
from tests.journeys.conftest import DESKTOP, LANGUAGES, PASSWORD, PHONE

pytestmark = pytest.mark.browser


def violations(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url} {rule['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")])
def test_every_kind_of_page_breaks_no_axe_rule(site, page, complaints, language, size, scheme):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    broken, scrolling = [], []

    paths = site.one_of_each(language)
    for path in paths:
        page.goto(path)
        broken += violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            scrolling.append(path)

    assert len(paths) > 12
    assert broken == []
    assert scrolling == []
    assert complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_error_and_empty_pages_break_no_axe_rule(site, page, language):
    broken = []

    for path in ("nowhere/", "projects/?q=nothing-is-called-this", "projects/?page=999"):
        page.goto(f"/{language}/{path}")
        broken += violations(page)

    assert broken == []


def log_in(site, page, language: str) -> None:
    """Open the start page of the admin as an organizer."""
    page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": site.url, "sameSite": "Lax"}]
    )
    page.goto("/admin/login/")
    page.fill("input[name=username]", "organizer")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/admin/")


# Between them they have every kind of inline and of box for choosing, lists with and without
# filters, and the search that is posted.
ADMIN_LISTS = (
    *("events/event", "events/expert", "events/session", "events/organization"),
    *("projects/project", "projects/cooperationintention", "registrations/registration"),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")])
def test_the_admin_breaks_no_axe_rule(site, page, complaints, language, size, scheme):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    log_in(site, page, language)
    broken = violations(page)

    for path in ADMIN_LISTS:
        page.goto(f"/admin/{path}/")
        broken += violations(page)
        page.locator("#result_list tbody a").first.click()
        page.wait_for_load_state()
        broken += violations(page)
    page.goto("/admin/events/event/add/")
    broken += violations(page)
    page.goto("/admin/events/expert/add/")
    page.locator(".tabular .add-row a").first.click()
    broken += violations(page)

    assert broken == []
    assert complaints == []


WORKSPACE = (
    *("overview", "programme", "organizations", "experts", "projects", "intentions"),
    *("attendees", "meetings", "messages", "files", "print", "report", "change"),
)


@pytest.mark.parametrize(("language", "size"), [("en", DESKTOP), ("zh-hans", PHONE)])
def test_the_workspace_breaks_no_axe_rule(site, page, complaints, language, size):
    page.set_viewport_size(size)
    page.emulate_media(reduced_motion="reduce")
    log_in(site, page, language)
    event = Event.objects.get(slug="2027-shijiazhuang-british-project-docking-summit")

    broken = []
    for name in WORKSPACE:
        page.goto(f"/admin/events/event/{event.pk}/{name}/")
        broken += [(name, each) for each in violations(page)]

    assert broken == []
    assert complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_admin_runs_under_the_strict_policy(site, page, complaints, language):
    log_in(site, page, language)

    for path in ("events/event/", "events/expert/", "projects/project/", "events/event/add/"):
        page.goto(f"/admin/{path}")
    page.goto("/admin/events/event/")
    page.click("#result_list tbody th a >> nth=0")
    page.wait_for_load_state()

    assert complaints == []
