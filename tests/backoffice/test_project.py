"""Projects in the admin: their actions, what names them, and what was signed about them."""

import pytest

from projects.models import CooperationIntention, Project
from tests import factories
from tests.backoffice.posting import do, inline, save, select, url, use_on_selected
from tests.backoffice.test_import import confirm, preview, sheet

PROJECTS = "admin:projects_project_import"


@pytest.mark.parametrize("status", ["draft", "published"])
def test_project_that_was_signed_about_cannot_be_deleted_and_the_page_says_what_to_do(
    organizer, status
):
    project = factories.project(status=status)
    signed = factories.signed_intention(projects=[project])

    response = organizer.post(url(project, "delete"), {"post": "yes"})

    assert str(signed) in response.text
    assert "Withdraw the project" in response.text
    project.refresh_from_db()


def test_import_of_a_project_leaves_what_was_signed(organizer):
    signed = factories.signed_intention()
    project = signed.project_links.get().project
    before = CooperationIntention.objects.values().get()
    text = sheet(f"slug,title_en\n{project.slug},Renamed\n")
    confirm(organizer, preview(organizer, text, PROJECTS), PROJECTS)

    project.refresh_from_db()
    assert project.title_en == "Renamed"
    assert CooperationIntention.objects.values().get() == before


@pytest.mark.parametrize(
    ("status", "action", "becomes"),
    [
        ("draft", "publish", "published"),
        ("published", "withdraw", "withdrawn"),
        ("withdrawn", "publish", "published"),
    ],
)
def test_button_moves_the_status_of_a_project(organizer, status, action, becomes):
    project = factories.project(status=status)

    do(organizer, project, action)

    project.refresh_from_db()
    assert project.status == becomes


def test_chosen_projects_are_published_and_others_stay_as_they_are(organizer):
    draft, published = factories.project(status="draft"), factories.project()

    asked = select(organizer, "publish", draft, published)
    response = use_on_selected(organizer, "publish", draft, published)

    assert set(Project.objects.values_list("status", flat=True)) == {"published"}
    assert "1 of the selected rows stays as it is" in asked.text
    assert "1 project has been published in the catalogue." in response.text


def test_recommendation_is_added_on_the_page_of_the_project(organizer):
    project, session, expert = factories.project(), factories.session(), factories.expert()

    save(
        organizer,
        project,
        **inline(
            "recommendations",
            {"expert": expert.pk, "event": session.event_id, "session": session.pk, "order": 0},
        ),
    )

    assert project.recommendations.get().session == session


def test_list_tells_the_number_of_the_maturity_with_its_name_beside(organizer):
    factories.project(maturity=4)

    page = organizer.get(url(Project, "changelist")).text

    assert 'title="TRL 4 · validated in the laboratory">TRL 4<' in page
