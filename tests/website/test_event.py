import pytest

from events.models import SiteProfile
from tests import factories

pytestmark = pytest.mark.django_db


def fill(event, sessions: int) -> None:
    """Sessions with two speakers, a host and slides each, projects, a signing and photos."""
    first = None
    for number in range(sessions):
        start = factories.at(9 + number // 6, number % 6 * 10)
        end = factories.at(9 + number // 6, number % 6 * 10 + 9)
        session = factories.session(event=event, starts_at=start, ends_at=end)
        first = first or session
        for order in range(2):
            expert = factories.expert()
            factories.affiliation(expert=expert)
            factories.appearance(session=session, expert=expert, order=order)
        factories.programme_person(event=event, session=session)
        factories.event_file(event=event, session=session)
        factories.recommendation(session=session)
    factories.signed_intention(event=event, session=first)
    factories.role(event=event)
    factories.photo(event=event)


def test_costs_the_same_for_1_and_40_sessions(client, django_assert_num_queries):
    SiteProfile.load()
    small, large = factories.event(series=factories.series()), factories.event()
    fill(small, 1)
    fill(large, 40)

    for event in (small, large):
        with django_assert_num_queries(14):
            client.get(event.get_absolute_url())


def test_projects_stand_once_however_many_recommended_them(client):
    event = factories.event()
    project = factories.project()
    for _ in range(2):
        factories.recommendation(event=event, project=project)
    other = factories.recommendation(event=event)

    recommended = client.get(event.get_absolute_url()).context["recommended"]

    assert [card.project for card in recommended] == [project, other.project]


def test_leaves_out_what_nobody_may_see(client):
    event = factories.event()
    draft = factories.project(status="draft", title_en="Secret project")
    factories.recommendation(event=event, project=draft)
    factories.recommendation(event=event, expert=factories.expert(is_public=False))
    factories.intention(event=event, company=factories.organization(name_en="Secret company"))
    factories.signed_intention(
        event=event, is_public=False, company=factories.organization(name_en="Secret company 2")
    )
    factories.signed_intention(event=event, projects=[draft])

    response = client.get(event.get_absolute_url())

    assert response.context["recommended"] == []
    assert "1 cooperation intention signed" in response.content.decode()
    assert "Secret" not in response.content.decode()


def test_signings_stand_in_the_outcome_of_a_past_event(client):
    event = factories.event()
    signed = factories.signed_intention(event=event)

    page = client.get(event.get_absolute_url()).content.decode()

    assert page.index('id="outcome"') < page.index(signed.reference) < page.index('id="programme"')


def test_a_party_that_is_not_public_any_more_is_not_named(client):
    event = factories.event()
    signed = factories.signed_intention(
        event=event,
        company=factories.organization(name_en="Shy company"),
        expert=factories.expert(name_en="Shy expert"),
    )
    for party in (signed.company, signed.expert):
        type(party).objects.filter(pk=party.pk).update(is_public=False)

    page = client.get(event.get_absolute_url()).content.decode()

    assert signed.reference in page
    assert "Shy" not in page
