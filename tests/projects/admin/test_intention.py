import pytest

from projects.models import CooperationIntention, Project
from tests import factories
from tests.events.admin.posting import errors, inline, save, url


def do(person, obj, verb, **given):
    return person.post(url(obj, "verb", verb), given)


def test_signing_asks_for_the_day_and_shows_what_will_be_fixed(organizer):
    intention = factories.intention()

    page = organizer.get(url(intention, "verb", "sign"))

    assert 'value="2020-10-29"' in page.text
    for named in (intention.company, intention.expert, intention.projects.get()):
        assert str(named) in page.text
    intention.refresh_from_db()
    assert intention.is_draft


def test_signing_gives_the_reference_and_keeps_the_names(organizer):
    intention = factories.intention()

    do(organizer, intention, "sign", signed_on="2020-10-29")

    intention.refresh_from_db()
    assert (intention.status, intention.reference) == ("signed", "SJZ-2020-001")
    assert intention.snapshot["company"]["name"]["en"] == intention.company.name_en
    assert intention.history.latest().history_user == organizer.user


def test_signing_without_what_it_needs_says_everything_that_is_missing(organizer):
    intention = factories.intention(company=None, expert=None, projects=[])

    response = do(organizer, intention, "sign", signed_on="")

    for words in ("which day", "which company", "which expert", "Name a project"):
        assert words in response.text
    intention.refresh_from_db()
    assert intention.is_draft


def test_what_was_signed_cannot_be_changed_any_more(organizer):
    intention = factories.signed_intention()
    before = CooperationIntention.objects.values().get()
    other = factories.organization()

    save(
        organizer,
        intention,
        company=other.pk,
        subject_en="Something else",
        signed_on="2021-01-01",
        is_public=None,
        **inline("project_links", {"project": factories.project().pk, "order": 5}, initial=1),
    )

    assert CooperationIntention.objects.values().get() == {**before, "is_public": False}
    assert intention.project_links.count() == 1


def test_signed_intention_is_shown_as_signed_in_both_languages(organizer):
    intention = factories.signed_intention()
    name = intention.company.name_zh_hans
    intention.company.name_zh_hans = "改名"
    factories.save(intention.company)

    assert name in organizer.get(url(intention, "change")).text


def test_signed_intention_cannot_be_deleted(organizer):
    intention = factories.signed_intention()

    response = organizer.post(url(intention, "delete"), {"post": "yes"})

    assert "Only drafts can be deleted" in response.text
    assert CooperationIntention.objects.exists()


def test_session_of_another_event_is_refused_beside_its_field(organizer):
    intention = factories.intention()

    response = save(organizer, intention, session=factories.session().pk)

    assert "belongs to another event" in str(errors(response)["session"])


@pytest.mark.parametrize(
    ("status", "verb", "becomes"),
    [
        ("draft", "publish", "published"),
        ("published", "withdraw", "withdrawn"),
        ("withdrawn", "publish", "published"),
    ],
)
def test_button_moves_the_status_of_a_project(organizer, status, verb, becomes):
    project = factories.project(status=status)

    do(organizer, project, verb)

    project.refresh_from_db()
    assert project.status == becomes


def test_chosen_projects_are_published_and_refusals_told(organizer):
    draft, published = factories.project(status="draft"), factories.project()

    response = organizer.post(
        url(Project, "changelist"),
        {"action": "publish", "_selected_action": [draft.pk, published.pk]},
        follow=True,
    )

    assert set(Project.objects.values_list("status", flat=True)) == {"published"}
    assert "cannot become" in response.text


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


@pytest.mark.parametrize("model", [Project, CooperationIntention])
def test_list_costs_the_same_with_one_and_three_rows(organizer, django_assert_num_queries, model):
    make, queries = {
        Project: (factories.recommendation, 12),
        CooperationIntention: (factories.intention, 13),
    }[model]
    make()
    organizer.get(url(model, "changelist"))
    with django_assert_num_queries(queries):
        organizer.get(url(model, "changelist"))
    make()
    make()
    with django_assert_num_queries(queries):
        organizer.get(url(model, "changelist"))
