"""Pages of the past tell what was so on the day, pages of the present what is so today."""

import datetime as dt
from types import SimpleNamespace

import pytest

from tests import factories

pytestmark = pytest.mark.django_db

MOVED = factories.DAY + dt.timedelta(days=365)


@pytest.fixture
def told():
    """A speaker of 2020 who moved in 2021 from a bureau that was renamed in 2021."""
    bureau = factories.organization(name_en="Health Commission", short_name_en="Commission")
    factories.former_name(organization=bureau, name_en="Health Bureau", ends_on=MOVED)
    expert = factories.expert()
    last = {"expert": expert, "ends_on": MOVED}
    factories.affiliation(**last, organization=bureau, position_en="Section chief")
    factories.affiliation(
        expert=expert,
        organization=factories.organization(name_en="University"),
        position_en="Professor",
        starts_on=MOVED + dt.timedelta(days=1),
    )
    session = factories.session()
    factories.appearance(session=session, expert=expert)
    factories.role(event=session.event, organization=bureau)
    project = factories.recommendation(session=session, expert=expert).project
    return SimpleNamespace(session=session, expert=expert, bureau=bureau, project=project)


def text(client, row) -> str:
    return client.get(row.get_absolute_url()).content.decode()


def test_past_programme_names_place_and_position_of_its_day(client, told):
    for row in (told.session.event, told.session):
        [person] = client.get(row.get_absolute_url()).context["people"]

        assert (person.place.organization, person.place.position) == (
            "Health Bureau",
            "Section chief",
        )
        page = text(client, row)
        assert "University" not in page and "Professor" not in page
        # The present name stands beside it.
        assert "Health Commission" in page


def test_past_event_names_its_hosts_as_they_were_called(client, told):
    response = client.get(told.session.event.get_absolute_url())

    [(_role, [host])] = response.context["roles"]
    assert (host.name, host.now) == ("Health Bureau", "Health Commission")
    assert response.context["structured"]["sponsor"][0]["name"] == "Health Bureau"


def test_people_of_a_past_programme_are_from_organizations_as_they_were_called(client, told):
    factories.programme_person(
        event=told.session.event, session=told.session, organization=told.bureau, role="guest"
    )

    for row in (told.session.event, told.session):
        page = text(client, row)
        # Of the speaker and of the guest.
        assert page.count("Health Bureau") >= 2


def test_recommendation_names_the_place_of_its_day(client, told):
    response = client.get(told.project.get_absolute_url())

    [(person, _recommendation)] = response.context["recommendations"]
    assert person.place.label == "Health Bureau"


def test_present_event_names_what_is_so_today(client, told):
    event = factories.upcoming_event()
    session = factories.session(event=event, starts_at=event.starts_at, ends_at=event.ends_at)
    factories.appearance(session=session, expert=told.expert)
    factories.role(event=event, organization=told.bureau)

    context = client.get(event.get_absolute_url()).context

    [person], [(_role, [host])] = context["people"], context["roles"]
    assert person.place.organization == "University"
    assert (host.name, host.now) == ("Health Commission", "")


def test_expert_has_present_and_former_affiliations(client, told):
    page = text(client, told.expert)

    assert page.index("Professor") < page.index("Formerly") < page.index("Section chief")
    assert "until 2021" in page
    [person] = client.get("/en/experts/").context["people"]
    assert person.place.organization == "University"


def test_organization_has_former_names_and_people(client, told):
    response = client.get(told.bureau.get_absolute_url())

    assert response.context["people"] == []
    [(person, years)] = response.context["former_people"]
    assert (person.expert, years) == (told.expert, "until 2021")
    assert "Health Bureau" in response.content.decode()


def test_hidden_former_organization_is_named_nowhere(client, told):
    told.bureau.is_public = False
    told.bureau.save()

    for row in (told.session.event, told.session, told.expert, told.project):
        page = text(client, row)
        assert "Health Bureau" not in page and "Section chief" not in page


def test_names_of_the_past_cost_the_same_for_many(client, told, django_assert_num_queries):
    path = told.session.event.get_absolute_url()
    client.get(path)
    with django_assert_num_queries(15):
        client.get(path)

    for _number in range(3):
        bureau = factories.former_name(ends_on=MOVED).organization
        place = factories.affiliation(organization=bureau)
        factories.appearance(session=told.session, expert=place.expert)
        factories.role(event=told.session.event, organization=bureau)

    with django_assert_num_queries(15):
        client.get(path)
