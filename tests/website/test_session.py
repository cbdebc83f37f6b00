import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def references(shown) -> list[str]:
    return [row.reference for row in shown.rows]


def test_shows_what_was_recommended_and_signed_in_it(client):
    session = factories.session()
    elsewhere = factories.session(
        event=session.event, starts_at=factories.at(13), ends_at=factories.at(14)
    )
    recommended = factories.recommendation(session=session)
    signed = factories.signed_intention(session=session)
    factories.recommendation(session=elsewhere)
    factories.signed_intention(session=elsewhere)

    context = client.get(session.get_absolute_url()).context

    assert [card.project for card in context["recommended"]] == [recommended.project]
    assert references(context["intentions"]) == [signed.reference]


def test_leaves_out_what_nobody_may_see(client):
    session = factories.session()
    factories.recommendation(session=session, project=factories.project(status="draft"))
    factories.recommendation(session=session, expert=factories.expert(is_public=False))
    factories.intention(session=session)
    factories.signed_intention(session=session, is_public=False)

    context = client.get(session.get_absolute_url()).context

    assert (context["recommended"], context["intentions"].rows) == ([], [])


def test_shows_what_was_signed_elsewhere_about_what_was_presented(client):
    session = factories.session()
    project = factories.project()
    factories.recommendation(session=session, project=project)
    here = factories.signed_intention(session=session, projects=[project])
    later = factories.signed_intention(projects=[project])
    factories.signed_intention(projects=[project], is_public=False)
    factories.signed_intention()

    context = client.get(session.get_absolute_url()).context

    assert references(context["intentions"]) == [here.reference]
    assert references(context["about"]) == [later.reference]


def test_a_recommendation_that_pages_do_not_name_leads_nowhere(client):
    session = factories.session()
    project = factories.project()
    factories.recommendation(
        session=session, project=project, expert=factories.expert(is_public=False)
    )
    factories.signed_intention(projects=[project])

    assert client.get(session.get_absolute_url()).context["about"].rows == []


def test_expert_page_shows_what_others_signed_about_it(client):
    expert, project = factories.expert(), factories.project()
    factories.recommendation(expert=expert, project=project)
    own = factories.signed_intention(expert=expert, projects=[project])
    others = factories.signed_intention(projects=[project])

    context = client.get(expert.get_absolute_url()).context

    assert references(context["intentions"]) == [own.reference]
    assert references(context["about"]) == [others.reference]
