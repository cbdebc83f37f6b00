"""Pages on paper, as a browser prints them."""

import pytest

from summit.lib.web.signed_links import sign
from tests import factories
from tests.journeys import pdf
from tests.journeys.conftest import LANGUAGES

pytestmark = pytest.mark.browser


def printed(page, path: str) -> list[str]:
    """Return the text of each sheet, without its spaces."""
    page.goto(path)
    return [sheet.text for sheet in pdf.pages(page.pdf(format="A4"))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_paper_says_where_it_is_from_and_has_no_sheet_of_the_foot_alone(
    site, page, settings, language
):
    settings.SITE_URL = "https://summit.example"
    lonely = []

    for path in site.one_of_each(language):
        sheets = printed(page, path)
        foot = "".join(page.locator("footer address").text_content().split())
        address = f"https://summit.example{path}"
        assert address in sheets[-1], path
        # Chromium writes what stands in no order of the page.
        left = sheets[-1].replace(address, "").replace(foot, "")
        if len(left) < 10:
            lonely.append((path, len(sheets), sheets[-1]))

    assert lonely == []


def test_the_foot_follows_the_text_wherever_a_sheet_ends(transactional_db, live_server, page):
    expert = factories.expert(biography_en="")
    lonely = []

    for lines in range(20, 50):
        type(expert).objects.update(biography_en="\n\n".join(["A line of text."] * lines))
        sheets = printed(page, f"{live_server.url}{expert.get_absolute_url()}")
        if "Alineoftext." not in sheets[-1]:
            lonely.append((lines, sheets[-1]))

    assert lonely == []


def test_paper_does_not_show_the_key_of_a_personal_page(transactional_db, live_server, page):
    mine = factories.registered(factories.registration_settings().event, name="Ann Hale")
    path = f"/en/my/{sign(mine.code)}/"

    sheets = printed(page, live_server.url + path)

    assert "AnnHale" in "".join(sheets)
    assert sign(mine.code) not in "".join(sheets)
