"""The organizations of an event: their roles, edited in place."""

import pytest

from events.models import EventRole, Organization
from tests import factories
from tests.backoffice.posting import errors, filled, inline, save, url
from tests.backoffice.workspace.pages import cost

pytestmark = pytest.mark.django_db


def test_roles_are_added_and_edited_in_place(organizer):
    role = factories.role(role="sponsor")
    event, media = role.event, factories.organization()

    response = save(
        organizer,
        event,
        "organizations",
        **inline("roles", {}, {"organization": media.pk, "role": "media", "order": 3}, initial=1),
        **{"roles-0-role": "organizer", "roles-1-order": 0},
    )

    assert response.url == url(event, "organizations")
    assert list(event.roles.values_list("organization", "role", "order")) == [
        (role.organization_id, "organizer", role.order),
        (media.pk, "media", 3),
    ]


def test_new_organization_is_typed_in_the_row_and_once_for_two_roles(organizer):
    event = factories.event()
    row = {"organization": "new:石家庄市科学技术局 / Science and Technology Bureau", "order": 0}

    save(
        organizer,
        event,
        "organizations",
        **inline("roles", {**row, "role": "sponsor"}, {**row, "role": "organizer"}),
    )

    bureau = Organization.objects.get()
    assert (bureau.name_en, bureau.name_zh_hans, bureau.kind, bureau.country) == (
        "Science and Technology Bureau",
        "石家庄市科学技术局",
        "public_body",
        "CN",
    )
    assert set(event.roles.values_list("organization", "role")) == {
        (bureau.pk, "sponsor"),
        (bureau.pk, "organizer"),
    }
    assert f"{url(bureau, 'change')}?_back=" in organizer.get(url(event, "organizations")).text


def test_organization_like_one_that_exists_is_asked_about_once(organizer):
    event = factories.event()
    factories.organization(name_en="Science Bureau")
    row = {"organization": "new:Science Bureau", "role": "sponsor", "order": 0}

    refused = save(organizer, event, "organizations", **inline("roles", row))

    assert "exists already" in str(errors(refused)["roles-0-organization"])
    told = refused.context["inline_admin_formsets"][0].formset.forms[0].data["roles-0-told"]
    save(organizer, event, "organizations", **inline("roles", {**row, "told": told}))

    assert event.roles.get().organization.name_en == "Science Bureau"
    assert Organization.objects.count() == 2


@pytest.mark.parametrize("twice", ["stored", "chosen", "typed"])
def test_role_that_an_organization_has_is_refused_beside_it(organizer, twice):
    role = factories.role(role="sponsor")
    before = list(EventRole.objects.values())
    other = factories.role(event=role.event, role="organizer", organization=role.organization)
    rows = {
        "stored": {"roles-1-role": "sponsor"},
        "chosen": inline(
            "roles",
            {"organization": role.organization_id, "role": "sponsor", "order": 0},
            initial=2,
        ),
        "typed": inline(
            "roles",
            {"organization": "new:New one", "role": "media", "order": 0},
            {"organization": "new:NEW ONE", "role": "media", "order": 0},
            initial=2,
        ),
    }[twice]

    refused = save(organizer, role.event, "organizations", **rows)

    assert "has this role already" in str(errors(refused))
    other.delete()
    assert list(EventRole.objects.values()) == before


def test_role_is_taken_out(organizer):
    role = factories.role()

    save(organizer, role.event, "organizations", **{"roles-0-DELETE": "on"})

    assert not EventRole.objects.exists()
    history = organizer.get(url(role.event, "history"))
    assert str(role.organization) in history.text


def test_who_saves_second_is_told_of_a_change_of_the_roles_alone(organizer, superuser):
    role = factories.role(role="sponsor")
    event, page = role.event, url(role.event, "organizations")
    opened = {**filled(organizer.get(page)), "roles-0-order": 9, "_save": "Save"}
    save(superuser, event, title_en="Another title")

    assert organizer.post(page, opened).status_code == 302

    opened = {**filled(organizer.get(page)), "roles-0-order": 2, "_save": "Save"}
    save(superuser, event, "organizations", **{"roles-0-role": "media"})
    refused = organizer.post(page, opened)

    assert "This was changed by" in refused.text
    role.refresh_from_db()
    assert (role.role, role.order) == ("media", 9)


def test_form_of_the_event_is_not_refused_for_a_change_of_its_roles(organizer, superuser):
    role = factories.role(role="sponsor")
    event, page = role.event, url(role.event, "change")
    opened = {**filled(organizer.get(page)), "title_en": "Another title", "_save": "Save"}
    save(superuser, event, "organizations", **{"roles-0-role": "media"})

    assert organizer.post(page, opened).status_code == 302


def test_saving_without_a_change_changes_nothing(organizer):
    role = factories.role()

    save(organizer, role.event, "organizations")

    assert role.history.count() == 1
    assert role.event.history.count() == 1


def test_auditor_reads_and_changes_nothing(auditor):
    role = factories.role()

    page = auditor.get(url(role.event, "organizations"))

    assert str(role.organization) in page.text
    assert 'type="submit"' not in page.text.split('id="content-main"')[1]
    assert auditor.post(url(role.event, "organizations"), {}).status_code == 403


def test_others_who_take_part_are_shown(organizer):
    at = factories.affiliation()
    appearance = factories.appearance(expert=at.expert)
    event = appearance.session.event
    intention = factories.intention(event=event)
    factories.organization(name_en="Elsewhere")

    page = organizer.get(url(event, "organizations"))

    rows = {place["row"] for place in page.context["places"]}
    assert {at.organization, intention.company} <= rows
    assert "Elsewhere" not in page.text


def test_page_costs_the_same_with_one_and_three_rows(organizer):
    event = factories.event()
    factories.role(event=event)
    factories.intention(event=event)
    few = cost(organizer, url(event, "organizations"))
    for _number in range(2):
        factories.role(event=event)
        factories.intention(event=event)

    assert cost(organizer, url(event, "organizations")) == few <= 14
