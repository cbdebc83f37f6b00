import pytest

from projects.models import Project, Sector
from tests import factories
from tests.backoffice.posting import url


@pytest.mark.parametrize("field", ["sectors", "modes"])
def test_term_that_projects_bear_stays_and_they_are_named(organizer, field):
    term = factories.sector() if field == "sectors" else factories.mode()
    bearing = factories.project(**{field: [term]}, title_en="Blood box")

    page = organizer.post(url(term, "delete"), {"post": "yes"})

    assert url(bearing, "change") in page.text
    assert "Blood box" in page.text
    assert "object (" not in page.text
    assert list(getattr(bearing, field).all()) == [term]


def test_selected_terms_that_projects_bear_stay(organizer):
    sector = factories.project(sectors=[factories.sector()]).sectors.get()
    given = {"action": "delete_selected", "_selected_action": [sector.pk], "post": "yes"}

    page = organizer.post(url(Sector, "changelist"), given)

    assert "cannot be deleted" in page.text
    assert Sector.objects.filter(pk=sector.pk).exists()


def test_term_that_nothing_bears_can_go(organizer):
    sector = factories.sector()

    organizer.post(url(sector, "delete"), {"post": "yes"})

    assert not Sector.objects.filter(pk=sector.pk).exists()


def test_deleting_a_draft_lists_only_what_people_know(organizer):
    draft = factories.project(status="draft", sectors=[factories.sector()], title_en="Blood box")

    page = organizer.get(url(draft, "delete"))

    assert "Blood box" in page.text
    assert "relationship" not in page.text
    assert "object (" not in page.text
    organizer.post(url(draft, "delete"), {"post": "yes"})
    assert not Project.objects.exists()
