"""The projects of an event: recommendations in place, new projects in rows, drafts published."""

import pytest

from events.models import Organization
from projects.models import Project, Recommendation
from tests import factories
from tests.backoffice.posting import buttons, do, errors, inline, save, url
from tests.backoffice.workspace.pages import cost

pytestmark = pytest.mark.django_db

NEW = {
    "title_en": "Remote blood testing",
    "title_zh_hans": "远程血液检测",
    "kind": "offer",
    "order": 0,
}


def draft(**fields):
    return factories.project(status="draft", published_at=None, **fields)


def test_rows_make_projects_with_their_owner_and_recommendation(organizer):
    session, expert = factories.session(), factories.expert()
    event, owner = session.event, factories.organization()

    response = save(
        organizer,
        event,
        "projects",
        **inline(
            "recommendations",
            {**NEW, "owner": owner.pk, "expert": expert.pk, "session": session.pk},
            {"title_zh_hans": "传感器", "kind": "request", "owner": "new:北方大学"}
            | {"expert": expert.pk, "order": 1, "note_zh_hans": "适合本地"},
        ),
    )

    assert response.url == url(event, "projects")
    one, two = event.recommendations.order_by("order")
    assert (one.project.title_zh_hans, one.project.owner, one.session) == (
        "远程血液检测",
        owner,
        session,
    )
    assert (one.project.status, one.expert) == ("draft", expert)
    assert (two.project.kind, two.project.owner.kind) == ("request", "university")
    assert two.note_zh_hans == "适合本地"
    assert one.project.history.get().history_user == organizer.user


def test_project_that_is_there_is_chosen(organizer):
    project, expert, event = factories.project(), factories.expert(), factories.event()

    save(
        organizer,
        event,
        "projects",
        **inline("recommendations", {"project": project.pk, "expert": expert.pk, "order": 0}),
    )

    assert event.recommendations.get().project == project


@pytest.mark.parametrize(
    ("row", "box"),
    [
        ({"note_en": "Good"}, "project"),
        ({**NEW, "title_en": "x" * 201}, "title_en"),
        ({**NEW, "expert": ""}, "expert"),
        ({**NEW, "expert": "9" * 30}, "expert"),
        ({**NEW, "kind": "gift"}, "kind"),
        ({**NEW, "owner": "new:"}, "owner"),
    ],
)
def test_wrong_row_is_refused_beside_its_box(organizer, row, box):
    expert = factories.expert()

    refused = save(
        organizer,
        factories.event(),
        "projects",
        **inline("recommendations", {"expert": expert.pk, **row}),
    )

    assert f"recommendations-0-{box}" in errors(refused)
    assert not Project.objects.exists()
    assert not Organization.objects.exists()


def test_project_and_title_together_are_refused(organizer):
    project, expert = factories.project(), factories.expert()
    row = {**NEW, "project": project.pk, "expert": expert.pk}

    refused = save(organizer, factories.event(), "projects", **inline("recommendations", row))

    assert "not both" in str(errors(refused))


def test_title_like_one_that_exists_is_asked_about_once(organizer):
    factories.project(title_en="Remote blood testing")
    event, row = factories.event(), {**NEW, "expert": factories.expert().pk}

    refused = save(organizer, event, "projects", **inline("recommendations", row))

    assert "exists already" in str(errors(refused)["recommendations-0-title_en"])
    [formset] = [each.formset for each in refused.context["inline_admin_formsets"]]
    told = formset.forms[0].data["recommendations-0-told"]
    save(organizer, event, "projects", **inline("recommendations", {**row, "told": told}))

    assert event.recommendations.get().project.title_en == "Remote blood testing"
    assert Project.objects.count() == 2


def test_two_new_rows_of_one_title_are_pointed_out(organizer):
    row = {**NEW, "expert": factories.expert().pk}

    refused = save(organizer, factories.event(), "projects", **inline("recommendations", row, row))

    assert "has this name" in str(errors(refused))
    assert not Project.objects.exists()


def test_session_of_another_event_cannot_be_chosen(organizer):
    event, other = factories.event(), factories.session()
    row = {"expert": factories.expert().pk, "project": factories.project().pk, "order": 0}

    response = save(
        organizer, event, "projects", **inline("recommendations", {**row, "session": other.pk})
    )

    assert "recommendations-0-session" in errors(response)


def test_recommendation_is_edited_in_place_and_taken_out(organizer):
    recommendation = factories.recommendation()
    event = recommendation.event

    save(organizer, event, "projects", **{"recommendations-0-note_en": "Very good"})

    recommendation.refresh_from_db()
    assert recommendation.note_en == "Very good"

    save(organizer, event, "projects", **{"recommendations-0-DELETE": "on"})

    assert not Recommendation.objects.exists()


def test_drafts_among_recommended_projects_are_said_and_published_in_one_step(organizer):
    event = factories.event()
    drafts = [
        factories.recommendation(event=event, session=None, project=draft()).project
        for _number in range(2)
    ]
    untouched = draft()

    page = organizer.get(url(event, "projects"))

    assert page.context["drafts"] == 2
    assert "2 recommended projects are drafts" in page.text
    assert "publish-projects" in buttons(organizer, event)

    response = organizer.post(page.context["publish_url"])

    assert response.url == url(event, "projects")
    statuses = [Project.objects.get(pk=each.pk).status for each in (*drafts, untouched)]
    assert statuses == ["published", "published", "draft"]
    assert "publish-projects" not in buttons(organizer, event)
    assert "No project recommended here is a draft" in do(organizer, event, "publish-projects").text


def test_auditor_reads_and_changes_nothing(auditor):
    recommendation = factories.recommendation(project=draft())
    event = recommendation.event

    page = auditor.get(url(event, "projects"))

    assert str(recommendation.project) in page.text
    assert page.context["publish_url"] == ""
    assert auditor.post(url(event, "projects"), {}).status_code == 403
    assert do(auditor, event, "publish-projects").status_code == 403


def test_page_costs_the_same_with_one_and_three_rows(organizer):
    event = factories.event()
    factories.recommendation(event=event, session=factories.session(event=event))
    few = cost(organizer, url(event, "projects"))
    for _number in range(2):
        factories.recommendation(event=event, session=None)

    assert cost(organizer, url(event, "projects")) == few <= 15


def test_hostile_titles_are_shown_as_they_are_written(organizer):
    event = factories.event()
    project = factories.project(title_en="<script>alert(1)</script>", title_zh_hans="")
    factories.recommendation(event=event, session=None, project=project)

    assert "<script>alert" not in organizer.get(url(event, "projects")).text
