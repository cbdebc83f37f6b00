"""What the choosers of the admin offer, and how they name it."""

import datetime as dt

import pytest
from django.urls import reverse

from tests import factories
from tests.backoffice.posting import url


def search(person, field, term, **more):
    """Ask as the chooser of ``app.model.field`` does; return the labels."""
    app, model, name = field.split(".")
    asked = {"app_label": app, "model_name": model, "field_name": name, "term": term, **more}
    found = person.get(reverse("admin:autocomplete"), asked).json()["results"]
    return [each["text"] for each in found]


@pytest.fixture
def namesakes():
    """Two experts of one name, each at an organization of its own."""
    experts = []
    for place in ("Asagiri Medical Robotics", "Calderfen Instruments"):
        expert = factories.expert(name_en="Wang Wei", name_zh_hans="王伟")
        at = factories.organization(name_en=place)
        factories.affiliation(expert=expert, organization=at, position_en="Chief physician")
        experts.append(expert)
    return experts


@pytest.mark.parametrize(
    "field",
    [
        "events.appearance.expert",
        "projects.recommendation.expert",
        "projects.cooperationintention.expert",
    ],
)
def test_experts_of_one_name_are_told_apart(organizer, namesakes, field):
    assert search(organizer, field, "Wang Wei") == [
        f"{expert} · {place} · Chief physician · {expert.slug}"
        for expert, place in zip(
            namesakes, ("Asagiri Medical Robotics", "Calderfen Instruments"), strict=True
        )
    ]


def test_experts_of_one_name_at_one_place_are_told_apart(organizer):
    at = factories.organization()
    for _each in range(2):
        factories.affiliation(expert=factories.expert(name_en="Wang Wei"), organization=at)
    for _each in range(2):
        factories.expert(name_en="Wang Wei", country="GB")

    found = search(organizer, "events.appearance.expert", "Wang Wei")

    assert len(found) == len(set(found)) == 4


def test_expert_whose_name_is_alone_has_no_address_in_the_label(organizer):
    expert = factories.expert(name_en="Ann Hale", country="GB")

    assert search(organizer, "events.appearance.expert", "Hale") == [f"{expert} · United Kingdom"]


def test_organizations_of_one_name_are_told_apart(organizer):
    for city in ("Baoding", "Shijiazhuang"):
        factories.organization(name_en="First Hospital", city_en=city)

    found = search(organizer, "events.eventrole.organization", "First Hospital")

    assert [each.split(" · ")[:2] for each in found] == [
        ["First Hospital", "Baoding"],
        ["First Hospital", "Shijiazhuang"],
    ]
    assert len(set(found)) == 2


def test_organizations_of_one_name_and_city_are_told_apart_by_their_kind(organizer):
    for kind in ("hospital", "company"):
        factories.organization(name_en="First", city_en="Baoding", kind=kind)

    found = search(organizer, "events.eventrole.organization", "First")

    assert sorted(each.split(" · ")[2] for each in found) == ["company", "hospital"]


def test_organization_is_found_by_its_former_name_and_called_by_its_present_one(organizer):
    present = factories.organization(name_en="Commission", city_en="Baoding")
    factories.former_name(organization=present, name_en="Bureau")

    assert search(organizer, "events.affiliation.organization", "bureau") == [
        "Commission · Baoding"
    ]


def test_expert_is_called_by_the_affiliation_of_today(organizer):
    left = factories.affiliation(expert=factories.expert(name_en="Mover"), ends_on=factories.DAY)
    factories.affiliation(
        expert=left.expert,
        organization=factories.organization(name_en="University"),
        starts_on=factories.DAY + dt.timedelta(days=1),
    )

    [label] = search(organizer, "events.appearance.expert", "Mover")

    assert label.split(" · ")[1] == "University"


def test_projects_of_one_title_are_told_apart(organizer):
    for owner in ("North Lab", "South Lab"):
        factories.project(
            title_en="Blood test", owner=factories.organization(name_en=owner, short_name_en="")
        )

    found = search(organizer, "projects.intentionproject.project", "Blood")

    assert sorted(each.split(" · ")[1] for each in found) == ["North Lab", "South Lab"]


def test_who_is_chosen_already_is_told_apart_on_the_form(organizer, namesakes):
    session = factories.session()
    for expert in namesakes:
        factories.appearance(session=session, expert=expert)

    page = organizer.get(url(session, "change")).text

    assert "Asagiri Medical Robotics · Chief physician" in page
    assert "Calderfen Instruments · Chief physician" in page


def test_sessions_of_one_title_are_told_apart_among_the_projects_of_an_event(organizer):
    event = factories.event()
    first, second = (factories.session(event=event, title_en="Talks") for _each in range(2))
    factories.recommendation(event=event, session=first)

    page = organizer.get(url(event, "projects")).text

    for session in (first, second):
        assert session.title_and_start in page


def test_sessions_are_those_of_the_event_that_is_chosen(organizer):
    here = factories.session(title_en="Signing in Leeds")
    there = factories.session(title_en="Signing in York", event=factories.event())
    field = "projects.cooperationintention.session"

    assert len(search(organizer, field, "Signing")) == 2
    assert [
        each.split(" · ")[0] for each in search(organizer, field, "", within=here.event_id)
    ] == ["Signing in Leeds"]
    assert search(organizer, field, "Signing", within="9" * 30) == []
    assert search(organizer, field, "Leeds", within=there.event_id) == []


def test_choosers_of_sessions_say_within_what_they_search(organizer):
    page = organizer.get(url(factories.intention(), "change")).text

    [session] = [part for part in page.split("<select")[1:] if 'name="session"' in part]
    assert 'data-within="event"' in session
    [company] = [part for part in page.split("<select")[1:] if 'name="company"' in part]
    assert "data-within" not in company


def test_chooser_finds_what_has_a_part_in_the_event_first(organizer):
    event = factories.event()
    before = factories.expert(name_en="Ann", name_zh_hans="")
    here = factories.appearance(
        session=factories.session(event=event),
        expert=factories.expert(name_en="Zoe", name_zh_hans=""),
    ).expert
    asked = {"app_label": "projects", "model_name": "recommendation", "field_name": "expert"}

    def found(**more):
        rows = organizer.get(reverse("admin:autocomplete"), {**asked, **more}).json()["results"]
        return [int(row["id"]) for row in rows]

    assert found() == [before.pk, here.pk]
    assert found(near=event.pk) == [here.pk, before.pk]
    assert found(near="x") == found(near="9" * 40) == [before.pk, here.pk]
