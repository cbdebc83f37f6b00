"""Affiliations and names with their days, as they are edited."""

import datetime as dt

import pytest

from events.models import FormerName
from tests import factories
from tests.backoffice.posting import errors, inline, save, url

pytestmark = pytest.mark.django_db

LAST = dt.date(2020, 12, 31)


def test_expert_moves_from_one_organization_to_another(organizer):
    first, place = factories.affiliation(), factories.organization()
    new = {"organization": place.pk, "starts_on": "2021-01-01", "is_primary": "on"}

    response = save(
        organizer,
        first.expert,
        **{"affiliations-0-ends_on": "2020-12-31"},
        **inline("affiliations", new, initial=1),
    )

    assert response.status_code == 302, errors(response)
    assert first.expert.primary_affiliation.organization == place
    assert first.expert.affiliation_at(LAST) == first


def test_affiliations_can_change_places(organizer):
    """One is closed and another opened at the same organization, in either order."""
    first = factories.affiliation(ends_on=LAST)
    second = factories.affiliation(
        expert=first.expert, organization=first.organization, starts_on=dt.date(2022, 1, 1)
    )

    # The second one comes first on the page: both are primary, and it has the larger key.
    response = save(
        organizer,
        first.expert,
        **{
            "affiliations-0-starts_on": "2022-01-01",
            "affiliations-0-ends_on": None,
            "affiliations-1-starts_on": None,
            "affiliations-1-ends_on": "2020-12-31",
        },
    )

    assert response.status_code == 302, errors(response)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.ends_on, second.ends_on) == (None, LAST)


@pytest.mark.parametrize(
    ("days", "field", "words"),
    [
        (
            {"starts_on": "2020-06-01"},
            "affiliations-1-starts_on",
            "already at this organization during this time",
        ),
        ({"starts_on": "2022-02-02", "ends_on": "2022-02-01"}, "", "before the first"),
    ],
)
def test_period_that_cannot_be_is_refused_in_words(organizer, days, field, words):
    first = factories.affiliation(ends_on=LAST)
    new = {"organization": first.organization_id, **days}

    response = save(organizer, first.expert, **inline("affiliations", new, initial=1))

    found = errors(response)
    assert words in str(found[field] if field else found)
    assert first.expert.affiliations.count() == 1


def test_move_without_a_day_points_to_past_events(organizer):
    first, place = factories.affiliation(), factories.organization(name_en="Elsewhere")
    factories.appearance(expert=first.expert)
    changes = {"affiliations-0-is_primary": None}
    new = {"organization": place.pk, "is_primary": "on"}

    save(organizer, first.expert, **changes, **inline("affiliations", new, initial=1))

    page = organizer.get(url(type(first.expert), "changelist")).text
    assert "pages of past events now name “Elsewhere”" in page


@pytest.mark.parametrize("has_day", [True, False])
def test_move_of_which_no_past_event_knows_is_not_pointed_out(organizer, has_day):
    first, place = factories.affiliation(), factories.organization()
    if has_day:
        factories.appearance(expert=first.expert)
    days = {"starts_on": "2021-01-01"} if has_day else {}
    changes = {"affiliations-0-is_primary": None}
    new = {"organization": place.pk, "is_primary": "on", **days}

    save(organizer, first.expert, **changes, **inline("affiliations", new, initial=1))

    assert "past events" not in organizer.get(url(type(first.expert), "changelist")).text


def test_organization_gets_a_former_name_by_which_it_is_found(organizer):
    organization = factories.organization()
    new = {"name_zh_hans": "市卫生局", "ends_on": "2020-12-31"}

    save(organizer, organization, **inline("former_names", new))

    assert organization.former_names.get().ends_on == LAST
    found = organizer.get(url(type(organization), "changelist"), {"q": "卫生局"})
    assert list(found.context["cl"].result_list) == [organization]
    answer = organizer.get(
        "/admin/autocomplete/",
        {
            "term": "卫生局",
            "app_label": "events",
            "model_name": "eventrole",
            "field_name": "organization",
        },
    )
    assert [each["id"] for each in answer.json()["results"]] == [str(organization.pk)]


def test_former_name_that_is_deleted_finds_nothing_any_more(organizer):
    former = factories.former_name(name_en="Bygone")
    organization = former.organization

    save(organizer, organization, **{"former_names-0-DELETE": "on"})

    assert not FormerName.objects.exists()
    found = organizer.get(url(type(organization), "changelist"), {"q": "bygone"})
    assert not found.context["cl"].result_list


def test_former_names_of_one_time_are_refused(organizer):
    former = factories.former_name(ends_on=LAST)
    new = {"name_en": "Other", "starts_on": "2020-01-01", "ends_on": "2021-12-31"}

    response = save(organizer, former.organization, **inline("former_names", new, initial=1))

    assert "in use during this time" in str(errors(response)["former_names-1-starts_on"])


def test_renaming_without_a_former_name_points_to_past_events(organizer):
    role = factories.role(organization=factories.organization(name_en="Old name"))

    save(organizer, role.organization, name_en="OLD  Name")
    silent = organizer.get(url(type(role.organization), "changelist")).text
    save(organizer, role.organization, name_en="New name")
    told = organizer.get(url(type(role.organization), "changelist")).text

    assert "past events" not in silent
    assert "add “OLD Name” to its former names" in told


def test_past_draft_is_signed_with_the_position_of_its_day(organizer):
    moved = factories.affiliation(position_en="Reader", ends_on=LAST)
    factories.affiliation(expert=moved.expert, starts_on=dt.date(2021, 1, 1))

    signed = factories.signed_intention(expert=moved.expert, expert_organization=None)

    assert signed.expert_organization == moved.organization
    assert signed.snapshot["position"]["en"] == "Reader"
